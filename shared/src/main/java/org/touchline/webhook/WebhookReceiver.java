package org.touchline.webhook;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement;
import org.touchline.statement.Statement.Outcome;
import org.touchline.statement.Statement.Payload;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Receives what one webhook sends, after its sender proved who it is: applies it, or, where that cannot be, quarantines it.
 * Either way it is durable when {@link #receive} returns, for the sender may never try again (design rules 6 and 7).
 */
public final class WebhookReceiver {
    private final Source source;
    private final Statement statement;
    private final Quarantine quarantine;
    private final InstantSource clock;
    private final Consumer<JsonValue> observer;

    /**
     * A receiver of one webhook.
     *
     * @param source which one
     * @param statement what it says
     * @param clock tells when a payload was received
     * @param observer looks at each payload that is JSON, once it is durable; it must not fail
     */
    public WebhookReceiver(
            Source source,
            Statement statement,
            Quarantine quarantine,
            InstantSource clock,
            Consumer<JsonValue> observer) {
        this.source = source;
        this.statement = statement;
        this.quarantine = quarantine;
        this.clock = clock;
        this.observer = observer;
    }

    /**
     * What became of a payload.
     *
     * @param outcome what it changed; null if it is in quarantine
     * @param reason why it is in quarantine, without anything of what it held; null if it is not
     */
    public record Receipt(
            @Nullable Outcome outcome, @Nullable String reason) {}

    /**
     * Applies or quarantines a payload.
     *
     * @throws SdkException if it could not be stored: the sender should try again
     */
    public Receipt receive(byte[] body) {
        var payload = new Payload(body, clock.instant(), false);
        var receipt = applyOrQuarantine(payload, body);
        observe(payload);
        return receipt;
    }

    /** Goes through the motions of {@link #receive}, and changes nothing; whatever is thrown is to be ignored. */
    public void rehearse() {
        observer.accept(new JsonObject());
        statement.rehearse();
    }

    private Receipt applyOrQuarantine(Payload payload, byte[] body) {
        try {
            return new Receipt(statement.apply(payload), null);
        } catch (SdkException notStored) {
            throw notStored;
        } catch (UnintelligibleException unintelligible) {
            return quarantine(body, unintelligible.getMessage(), payload.receivedAt());
        } catch (RuntimeException bug) {
            // A mistake of ours must not cost what the sender may never send again.
            return quarantine(body, "not understood: " + bug.getClass().getSimpleName(), payload.receivedAt());
        }
    }

    private void observe(Payload payload) {
        try {
            observer.accept(payload.json());
        } catch (UnintelligibleException noJson) {
            // That is why it is in quarantine.
        }
    }

    private Receipt quarantine(byte[] body, String reason, Instant receivedAt) {
        quarantine.keep(source, body, reason, receivedAt);
        statement.quarantined(new Payload(body, receivedAt, false));
        return new Receipt(null, reason);
    }
}
