package org.touchline.secret;

import java.io.IOException;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.secret.UnusableSecretException.Reason;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/**
 * Reads one secret, which is a JSON object (wire contract §8), from Secrets Manager: each time that it is asked to. What is to be kept
 * is {@linkplain #held held}.
 *
 * <p>Safe for use by several threads.
 */
public final class SecretReader {
    private final SecretsManagerClient secretsManager;
    private final String secret;
    private final InstantSource clock;
    private final Consumer<UnusableSecretException> troubled;

    /**
     * A reader of a secret.
     *
     * @param secret name or ARN
     * @param troubled is told of each read that failed, or brought what is not of its form; not of a secret that has no value yet,
     *     which is so while a stack is new
     */
    public SecretReader(
            SecretsManagerClient secretsManager,
            String secret,
            InstantSource clock,
            Consumer<UnusableSecretException> troubled) {
        this.secretsManager = secretsManager;
        this.secret = secret;
        this.clock = clock;
        this.troubled = troubled;
    }

    /**
     * The secret, read when it is first asked for, and kept.
     *
     * @param fields what is to be set where it has no value, such as {@code "current"} with its quotes
     */
    public <T> HeldSecret<T> held(String fields, SecretForm<T> form) {
        return new HeldSecret<>(this, fields, form, clock);
    }

    /**
     * Asks for a version that no secret has, so that the first one who reads it finds classes loaded: where no secret may come yet
     * (design rule 20).
     *
     * @throws SdkException always, if only since there is no such version
     */
    public void rehearse() {
        secretsManager.getSecretValue(request -> request.secretId(secret).versionStage("none"));
    }

    /** An exception that names this secret, for who finds its value unusable. */
    UnusableSecretException unusable(Reason reason, String problem) {
        return new UnusableSecretException(secret, problem, reason);
    }

    /** An exception that names this secret, for who finds no value in it, or the placeholder. */
    UnusableSecretException unset(String fields) {
        return unusable(Reason.UNSET, "has no value yet: set " + fields);
    }

    /** @throws UnusableSecretException if it cannot be read, has no value or one of another form */
    <T> T read(String fields, SecretForm<T> form) {
        try {
            return form.read(version(fields)).orElseThrow(() -> unset(fields));
        } catch (InvalidValueException malformed) {
            throw tell(unusable(Reason.TROUBLE, "cannot be used: " + malformed.getMessage()));
        }
    }

    private SecretVersion version(String fields) {
        try {
            var answer = secretsManager.getSecretValue(request -> request.secretId(secret));
            var text = answer.secretString();
            if (text != null && SecretVersion.isNoValue(text)) {
                throw unset(fields);
            }
            var json = text == null ? null : Json.read(text);
            if (json != null && json.isObject()) {
                return new SecretVersion(answer.versionId(), json);
            }
        } catch (ResourceNotFoundException | InvalidRequestException gone) {
            // No failure of Secrets Manager: somebody deleted it.
            throw tell(
                    unusable(Reason.GONE, "cannot be read: " + gone.getClass().getSimpleName()));
        } catch (SdkException unreadable) {
            throw tell(unusable(
                    Reason.TROUBLE, "cannot be read: " + unreadable.getClass().getSimpleName()));
        } catch (IOException notJson) {
            // Its message would quote the secret.
        }
        throw tell(unusable(Reason.TROUBLE, "is not a JSON object"));
    }

    private UnusableSecretException tell(UnusableSecretException unusable) {
        troubled.accept(unusable);
        return unusable;
    }
}
