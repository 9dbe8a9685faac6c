package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.touchline.secret.SecretReader;
import org.touchline.secret.SecretVersion;
import org.touchline.secret.UnusableSecretException;

/**
 * The keys of our tokens, kept in a secret as {@code {"kid", "current", "previousKid"?, "previous"?, "previousUntil"?}} (wire
 * contract §8). The current one signs; during a rotation the previous one still verifies.
 *
 * <p>A key is a text of at least 32 bytes: RFC 7518 §3.2 asks for no less than the hash has. A shorter one, a placeholder, and
 * a key or a {@code kid} without the other fail closed (design rule 20). Safe for use by several threads.
 */
public final class SigningKeys {
    private static final int LEAST_BYTES = 32;

    private final SecretReader secret;
    private final InstantSource clock;

    /** @param clock tells whether the previous key is still live */
    public SigningKeys(SecretReader secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * The key that signs.
     *
     * @throws UnusableSecretException if the secret cannot be read or its keys cannot be used
     */
    SigningKey current() {
        return live().getFirst();
    }

    /**
     * The live key that a token was signed with; empty if it was none of ours.
     *
     * @throws UnusableSecretException if the secret cannot be read or its keys cannot be used
     */
    Optional<SigningKey> thatSigned(DecodedJWT token) {
        return live().stream().filter(key -> key.hasSigned(token)).findFirst();
    }

    /** The current one first. */
    private List<SigningKey> live() {
        var value = secret.value();
        var keys = new ArrayList<SigningKey>();
        keys.add(key(value, "kid", "current"));
        var hasPrevious = SecretVersion.usable(value.get("previous")).isPresent()
                || SecretVersion.usable(value.get("previousKid")).isPresent();
        if (hasPrevious && SecretVersion.previousIsLive(value, clock.instant())) {
            keys.add(key(value, "previousKid", "previous"));
        }
        if (keys.size() > 1 && keys.getFirst().kid().equals(keys.getLast().kid())) {
            throw secret.unusable("has two keys of one name: \"kid\" and \"previousKid\" must differ");
        }
        return keys;
    }

    /** Looks whether the keys were rotated a moment ago, unless that was done too often (design rule 19). */
    boolean reread() {
        return secret.reread();
    }

    private SigningKey key(JsonNode value, String kidField, String keyField) {
        var kid = SecretVersion.usable(value.get(kidField));
        var key = SecretVersion.usable(value.get(keyField)).map(text -> text.getBytes(UTF_8));
        if (kid.isEmpty() || key.isEmpty()) {
            throw secret.unusable("has no value yet: set \"" + kidField + "\" and \"" + keyField + "\"");
        }
        if (key.get().length < LEAST_BYTES) {
            throw secret.unusable("has too short a key: \"" + keyField + "\" needs at least " + LEAST_BYTES + " bytes");
        }
        return new SigningKey(kid.get(), Algorithm.HMAC256(key.get()));
    }
}
