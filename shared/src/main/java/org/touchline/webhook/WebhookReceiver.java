package org.touchline.webhook;

import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.quarantine.Quarantine;
import org.touchline.webhook.Webhook.Outcome;
import org.touchline.webhook.Webhook.Payload;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Receives what one webhook sends, after its sender proved who it is: applies it, or, where that cannot be, quarantines it.
 * Either way it is durable when {@link #receive} returns, for the sender may never try again (design rules 6 and 7).
 */
public final class WebhookReceiver {
    private final Webhook webhook;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /** @param clock tells when a payload was received */
    public WebhookReceiver(Webhook webhook, Quarantine quarantine, InstantSource clock) {
        this.webhook = webhook;
        this.quarantine = quarantine;
        this.clock = clock;
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
        var receivedAt = clock.instant();
        try {
            return new Receipt(webhook.apply(new Payload(body, receivedAt, false)), null);
        } catch (SdkException notStored) {
            throw notStored;
        } catch (UnintelligibleException unintelligible) {
            return quarantine(body, unintelligible.getMessage(), receivedAt);
        } catch (RuntimeException bug) {
            // A mistake of ours must not cost what the sender may never send again.
            return quarantine(body, "not understood: " + bug.getClass().getSimpleName(), receivedAt);
        }
    }

    private Receipt quarantine(byte[] body, String reason, Instant receivedAt) {
        quarantine.keep(webhook.path(), body, reason, receivedAt);
        webhook.quarantined(new Payload(body, receivedAt, false));
        return new Receipt(null, reason);
    }
}
