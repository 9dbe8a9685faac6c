package org.touchline.lambda;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.Queue;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.webhook.HeardWebhooks;

/**
 * Tells the metrics how far the organization's copy can be relied on (design rule 27): up to when it is known to be complete, how
 * long ago each schedule completed, since when each webhook is silent, and how old each backlog is. The minute's sweep writes it, so
 * that work which stopped is noticed by somebody else.
 *
 * <p>Not safe for use by several threads.
 */
public final class HealthReport {
    /** The sweep comes every minute; alarms look at quarters of an hour. */
    private static final Duration EVERY = Duration.ofMinutes(5);

    /** What a look is at: no part of it reads more (design rule 32). */
    private static final int MOST_COUNTED = 1_000;

    private final Checkpoint checkpoint;
    private final HeardWebhooks heard;
    private final Quarantine quarantine;
    private final FollowUpStore followUps;
    private final ScheduleNotes schedules;
    private final AuditCheckpoint audit;
    private final Metrics metrics;
    private final InstantSource clock;
    private @Nullable Instant writtenAt;

    /** @param metrics where it is written */
    public HealthReport(
            Checkpoint checkpoint,
            HeardWebhooks heard,
            Quarantine quarantine,
            FollowUpStore followUps,
            ScheduleNotes schedules,
            AuditCheckpoint audit,
            Metrics metrics,
            InstantSource clock) {
        this.checkpoint = checkpoint;
        this.heard = heard;
        this.quarantine = quarantine;
        this.followUps = followUps;
        this.schedules = schedules;
        this.audit = audit;
        this.metrics = metrics;
        this.clock = clock;
    }

    /**
     * Looks and writes, unless it did so less than five minutes ago. What has never happened has no age, and is left out: a new stack
     * raises no alarm. What one part of it finds does not keep the others from being told.
     *
     * @throws RuntimeException the last of the parts' that failed
     */
    public void writeNowAndThen() {
        var now = clock.instant();
        if (writtenAt != null && now.isBefore(writtenAt.plus(EVERY))) {
            return;
        }
        writtenAt = now;
        RuntimeException failed = null;
        for (var part : List.<Runnable>of(
                () -> reconciliation(now), () -> schedules(now), () -> backlogs(now), () -> webhooks(now))) {
            try {
                part.run();
            } catch (RuntimeException failure) {
                failed = failure;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }

    private void reconciliation(Instant now) {
        checkpoint.behindSince().ifPresent(since -> metrics.seconds(Metrics.RECONCILIATION_AGE, age(since, now)));
    }

    private void schedules(Instant now) {
        var notes = schedules.read();
        notes.since().forEach((schedule, since) -> metrics.seconds(metric(schedule), age(since, now)));
        if (notes.oldestRefresh() != null) {
            metrics.seconds(Metrics.OLDEST_REFRESH_AGE, age(notes.oldestRefresh(), now));
        }
    }

    private void backlogs(Instant now) {
        overdue(now);
        failing(now);
        var waiting = quarantine.waiting(MOST_COUNTED);
        if (waiting.oldest() != null) {
            metrics.line()
                    .count(Metrics.IN_QUARANTINE, waiting.count())
                    .seconds(Metrics.OLDEST_QUARANTINE_AGE, age(waiting.oldest(), now))
                    .write();
        }
        audit.unfinishedSince().ifPresent(since -> metrics.seconds(Metrics.UNFINISHED_AUDIT_AGE, age(since, now)));
    }

    /** By queue, since one may be long and another must not be; and of all. */
    private void overdue(Instant now) {
        var overdue = new EnumMap<Queue, Instant>(Queue.class);
        followUps.longestDue().forEach((queue, due) -> {
            if (due.isBefore(now)) {
                overdue.put(queue, due);
            }
        });
        overdue.forEach((queue, due) -> metrics.line()
                .by(Metrics.QUEUE, queue.storedName())
                .seconds(Metrics.OVERDUE_FOLLOW_UP_AGE, age(due, now))
                .write());
        overdue.values().stream()
                .min(Instant::compareTo)
                .ifPresent(due -> metrics.seconds(Metrics.OVERDUE_FOLLOW_UP_AGE, age(due, now)));
    }

    private void failing(Instant now) {
        var outstanding = followUps.outstanding(MOST_COUNTED);
        var failing = outstanding.failing() + followUps.failingLater();
        if (failing > 0) {
            metrics.count(Metrics.FOLLOW_UPS_FAILING, failing);
        }
        metrics.seconds(
                Metrics.OLDEST_FOLLOW_UP_AGE,
                outstanding.oldest() == null ? Duration.ZERO : age(outstanding.oldest(), now));
    }

    private void webhooks(Instant now) {
        heard.lastHeard()
                .forEach((path, at) -> metrics.line()
                        .by(Metrics.WEBHOOK, path)
                        .seconds(Metrics.WEBHOOK_SILENCE, age(at, now))
                        .write());
    }

    private static String metric(Scheduled schedule) {
        return switch (schedule) {
            case LICENSE_CATALOG_SYNC -> Metrics.CATALOG_SYNC_AGE;
            case PERSON_REFRESH -> Metrics.PERSON_REFRESH_AGE;
            case SUBSCRIPTION_AUDIT -> Metrics.SUBSCRIPTION_AUDIT_AGE;
            case LICENSE_EXPIRY -> Metrics.LICENSE_EXPIRY_AGE;
        };
    }

    /** Our clocks differ a little. */
    private static Duration age(Instant since, Instant now) {
        return since.isAfter(now) ? Duration.ZERO : Duration.between(since, now);
    }
}
