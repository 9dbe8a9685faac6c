package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Stream;
import org.touchline.InvalidValueException;
import org.touchline.secret.HeldSecret;
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

    private final HeldSecret<Keys> secret;
    private final InstantSource clock;

    /** @param clock tells whether the previous key is still live */
    public SigningKeys(SecretReader secret, InstantSource clock) {
        this.secret = secret.held("\"kid\" and \"current\"", this::read);
        this.clock = clock;
    }

    private record Keys(SigningKey current, Optional<SigningKey> previous, Instant previousUntil) {
        /** The current one first. */
        Stream<SigningKey> live(Instant now) {
            return Stream.concat(Stream.of(current), previous.filter(_ -> now.isBefore(previousUntil)).stream());
        }
    }

    /**
     * The key that signs.
     *
     * @throws UnusableSecretException if the secret cannot be read or its keys cannot be used
     */
    SigningKey current() {
        return secret.value().current();
    }

    /**
     * The live key that a token was signed with; empty if it was none of ours.
     *
     * @throws UnusableSecretException if the secret cannot be read or its keys cannot be used
     */
    Optional<SigningKey> thatSigned(DecodedJWT token) {
        return secret.value()
                .live(clock.instant())
                .filter(key -> key.hasSigned(token))
                .findFirst();
    }

    /** Looks whether the keys were rotated a moment ago, unless that was done too often (design rule 19). */
    boolean reread() {
        return secret.reread();
    }

    /**
     * Reads the secret anew, for a person who wants to know whether it is of its form.
     *
     * @throws UnusableSecretException if it is not
     */
    public void judge() {
        secret.judge();
    }

    private Optional<Keys> read(SecretVersion version) {
        version.requireOneOf("kid", "current");
        var current = key(version, "kid", "current");
        if (current.isEmpty()) {
            return Optional.empty();
        }
        var until = version.previousUntil();
        // One whose time is over is none; what it holds does not matter then.
        var previous = clock.instant().isBefore(until) ? previous(version) : Optional.<SigningKey>empty();
        if (previous.filter(key -> key.kid().equals(current.get().kid())).isPresent()) {
            throw new InvalidValueException("it has two keys of one name: \"kid\" and \"previousKid\" must differ");
        }
        return Optional.of(new Keys(current.get(), previous, until));
    }

    private static Optional<SigningKey> previous(SecretVersion version) {
        if (version.text("previous").isPresent() != version.text("previousKid").isPresent()) {
            throw new InvalidValueException("\"previousKid\" and \"previous\" belong together");
        }
        return key(version, "previousKid", "previous");
    }

    private static Optional<SigningKey> key(SecretVersion version, String kidField, String keyField) {
        var kid = version.text(kidField);
        var key = version.text(keyField).map(text -> text.getBytes(UTF_8));
        if (kid.isEmpty() || key.isEmpty()) {
            return Optional.empty();
        }
        if (key.get().length < LEAST_BYTES) {
            throw new InvalidValueException("\"" + keyField + "\" needs at least " + LEAST_BYTES + " bytes");
        }
        return Optional.of(new SigningKey(kid.get(), Algorithm.HMAC256(key.get())));
    }
}
