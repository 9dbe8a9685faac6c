package org.touchline;

import com.auth0.jwt.JWT;
import com.auth0.jwt.exceptions.JWTDecodeException;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/** JSON Web Tokens (RFC 7519) that anybody may have written: ours as a stranger offers them, and the Learning Center's. */
public final class Jwt {
    private Jwt() {}

    /**
     * What a token says, which is not verified; empty for a text that is none. The library takes JSON {@code null} for a header or
     * a payload, and fails when it is asked what they hold.
     */
    public static Optional<DecodedJWT> decode(String token) {
        try {
            var decoded = JWT.decode(token);
            return isObject(decoded.getHeader()) && isObject(decoded.getPayload())
                    ? Optional.of(decoded)
                    : Optional.empty();
        } catch (JWTDecodeException noJwt) {
            return Optional.empty();
        }
    }

    /** @param part JSON in base64, as the library has read it already */
    private static boolean isObject(String part) {
        try (var parser = Json.TOKENS.createParser(Base64.getUrlDecoder().decode(part))) {
            return parser.nextToken() == JsonToken.START_OBJECT;
        } catch (IOException notJson) {
            return false;
        }
    }
}
