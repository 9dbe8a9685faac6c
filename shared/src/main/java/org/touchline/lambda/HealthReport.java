package org.touchline.lambda;

import java.time.Duration;
import java.time.InstantSource;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.webhook.HeardWebhooks;

/**
 * Tells the metrics how far the organization's copy can be relied on: up to when it is known to be complete, since when each
 * webhook is silent, and what waits in quarantine. Whoever runs on a schedule writes it, whether or not there is other work.
 */
public final class HealthReport {
    private final Checkpoint checkpoint;
    private final HeardWebhooks heard;
    private final Quarantine quarantine;
    private final Metrics metrics;
    private final InstantSource clock;

    HealthReport(
            Checkpoint checkpoint, HeardWebhooks heard, Quarantine quarantine, Metrics metrics, InstantSource clock) {
        this.checkpoint = checkpoint;
        this.heard = heard;
        this.quarantine = quarantine;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Looks, and writes. What has never happened has no age, and is left out: a new stack raises no alarm.
     *
     * @throws software.amazon.awssdk.core.exception.SdkException if DynamoDB cannot do it within the client's time limits
     */
    public void write() {
        var now = clock.instant();
        var line = metrics.line().count(Metrics.IN_QUARANTINE, quarantine.open().size());
        checkpoint
                .completeUntil()
                .ifPresent(until -> line.seconds(Metrics.RECONCILIATION_AGE, Duration.between(until, now)));
        line.write();
        heard.lastHeard()
                .forEach((path, at) -> metrics.line()
                        .by(Metrics.WEBHOOK, path)
                        .seconds(Metrics.WEBHOOK_SILENCE, Duration.between(at, now))
                        .write());
    }
}
