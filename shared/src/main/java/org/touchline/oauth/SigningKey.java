package org.touchline.oauth;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.SignatureVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.util.Base64;

/**
 * A key that signs and verifies tokens with HS256 (RFC 7518 §3.2).
 *
 * @param kid the name by which a token says what it was signed with
 */
record SigningKey(String kid, Algorithm algorithm) {
    /** Whether a token says that it was signed with this key, and was. The algorithm that it names is not looked at. */
    boolean hasSigned(DecodedJWT token) {
        if (!kid.equals(token.getKeyId())) {
            return false;
        }
        try {
            algorithm.verify(token);
            return isCanonical(token.getSignature());
        } catch (SignatureVerificationException forged) {
            return false;
        }
    }

    /** The last character of a signature has bits that no byte needs, and decoders ignore: one way to write it is enough. */
    private static boolean isCanonical(String signature) {
        var bytes = Base64.getUrlDecoder().decode(signature);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(signature);
    }
}
