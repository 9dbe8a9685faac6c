package org.touchline.secret;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.touchline.Sha256;

/**
 * A key that others must show us, kept in a secret as {@code {"current", "previous"?, "previousUntil"?}} (wire contract §8).
 * During a rotation two are live: the previous one until {@code previousUntil} (ISO-8601, UTC), or, where there is none, until
 * it is taken out.
 *
 * <p>Keys are compared in constant time: both sides are digested, and every candidate is compared (design rule 19). An
 * empty, missing or placeholder value is no key; without any, everybody is refused by an exception (design rule 20).
 *
 * <p>Safe for use by several threads.
 */
public final class RotatingKey {
    private final HeldSecret<Keys> secret;
    private final InstantSource clock;

    /** @param clock tells whether the previous key is still live */
    public RotatingKey(SecretReader secret, InstantSource clock) {
        this.secret = secret.held("\"current\"", this::read);
        this.clock = clock;
    }

    private record Keys(Optional<String> current, Optional<String> previous, Instant previousUntil) {
        List<String> live(Instant now) {
            return Stream.concat(current.stream(), previous.filter(_ -> now.isBefore(previousUntil)).stream())
                    .toList();
        }
    }

    /**
     * Whether one of the offered texts is a live key. Where none is, the secret may have been rotated a moment ago, and is
     * read again.
     *
     * @param offered nothing at all is no match
     * @throws UnusableSecretException if the secret cannot be read or holds no key
     */
    public boolean matches(List<String> offered) {
        var keys = liveKeys();
        if (keys.isEmpty() || (!matches(keys, offered) && !offered.isEmpty())) {
            if (secret.reread()) {
                keys = liveKeys();
            }
        }
        if (keys.isEmpty()) {
            throw secret.unset();
        }
        return matches(keys, offered);
    }

    /**
     * Reads the secret anew, for a person who wants to know whether it is of its form.
     *
     * @throws UnusableSecretException if it is not
     */
    public void judge() {
        secret.judge();
    }

    private List<String> liveKeys() {
        return secret.value().live(clock.instant());
    }

    private Optional<Keys> read(SecretVersion version) {
        version.requireOneOf("current", "previous");
        var keys = new Keys(version.text("current"), version.text("previous"), version.previousUntil());
        return Optional.of(keys).filter(some -> !some.live(clock.instant()).isEmpty());
    }

    private static boolean matches(List<String> keys, List<String> offered) {
        var matches = false;
        for (var key : keys) {
            for (var candidate : offered) {
                matches |= MessageDigest.isEqual(digest(key), digest(candidate));
            }
        }
        return matches;
    }

    private static byte[] digest(String text) {
        return Sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
