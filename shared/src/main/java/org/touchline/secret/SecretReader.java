package org.touchline.secret;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.touchline.Json;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * Reads one secret, which is a JSON object (wire contract §8): not before it is asked for, and then at most once in five
 * minutes. Who finds that a value does not fit may {@linkplain #reread ask again} earlier, for it may just have been rotated
 * (design rule 19): twenty times at once, and once in two seconds after that, so that nobody can make us hammer.
 *
 * <p>Safe for use by several threads; while one reads, the others wait.
 */
public final class SecretReader {
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration REREAD_EVERY = Duration.ofSeconds(2);
    private static final int REREADS_AT_ONCE = 20;

    private final SecretsManagerClient secretsManager;
    private final String secret;
    private final InstantSource clock;
    private @Nullable SecretVersion version;
    private Instant readAt = Instant.MIN;
    /** Rereads are paid for ahead: this moves on by {@link #REREAD_EVERY} with each, and may lead by twenty of them. */
    private Instant rereadsPaidUntil = Instant.MIN;

    /** @param secret name or ARN */
    public SecretReader(SecretsManagerClient secretsManager, String secret, InstantSource clock) {
        this.secretsManager = secretsManager;
        this.secret = secret;
        this.clock = clock;
    }

    /**
     * The secret's value, at most five minutes old.
     *
     * @throws UnusableSecretException if it cannot be read, or is no JSON object
     */
    public JsonNode value() {
        return version().value();
    }

    /**
     * The secret's value and the id of its version, at most five minutes old.
     *
     * @throws UnusableSecretException if it cannot be read, or is no JSON object
     */
    public synchronized SecretVersion version() {
        var now = clock.instant();
        var old = !now.isBefore(readAt.plus(KEPT));
        if (old || (version == null && mayReread(now))) {
            readAt = now;
            version = null;
            version = read();
        }
        if (version == null) {
            throw unusable("could not be used a moment ago");
        }
        return version;
    }

    /**
     * Reads the secret again although its value is fresh, unless that was done too often.
     *
     * @return whether it was read
     * @throws UnusableSecretException if it cannot be read, or is no JSON object; the value that was read before stays
     */
    public synchronized boolean reread() {
        var now = clock.instant();
        if (!mayReread(now)) {
            return false;
        }
        version = read();
        readAt = now;
        return true;
    }

    private boolean mayReread(Instant now) {
        var paidUntil = (rereadsPaidUntil.isAfter(now) ? rereadsPaidUntil : now).plus(REREAD_EVERY);
        if (paidUntil.isAfter(now.plus(REREAD_EVERY.multipliedBy(REREADS_AT_ONCE)))) {
            return false;
        }
        rereadsPaidUntil = paidUntil;
        return true;
    }

    /** An exception that names this secret, for who finds its value unusable. */
    public UnusableSecretException unusable(String problem) {
        return new UnusableSecretException(secret, problem, false);
    }

    /**
     * An exception that names this secret, for who finds no value in it, or the placeholder.
     *
     * @param fields what is to be set, such as {@code "current"} with its quotes
     */
    public UnusableSecretException unset(String fields) {
        return new UnusableSecretException(secret, "has no value yet: set " + fields, true);
    }

    private SecretVersion read() {
        try {
            var answer = secretsManager.getSecretValue(request -> request.secretId(secret));
            var text = answer.secretString();
            var json = text == null ? null : Json.MAPPER.readTree(text);
            if (json != null && json.isObject()) {
                return new SecretVersion(answer.versionId(), json);
            }
        } catch (SdkException unreadable) {
            throw unusable("cannot be read: " + unreadable.getClass().getSimpleName());
        } catch (JsonProcessingException notJson) {
            // Its message would quote the secret.
        }
        throw unusable("is not a JSON object");
    }
}
