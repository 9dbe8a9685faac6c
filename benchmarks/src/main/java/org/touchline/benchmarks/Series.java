package org.touchline.benchmarks;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.touchline.lambda.Metrics;

/** Series of metrics of our own, by when they are written: each costs for the hours in which it is. */
enum Series {
    /** By the minute's sweep. */
    EACH_MINUTE(
            "each minute: ages, what is owed, the silence of each of four webhooks",
            Map.of(Metrics.WEBHOOK_SILENCE, 4),
            Metrics.RECONCILIATION_AGE,
            Metrics.CATALOG_SYNC_AGE,
            Metrics.PERSON_REFRESH_AGE,
            Metrics.SUBSCRIPTION_AUDIT_AGE,
            Metrics.LICENSE_EXPIRY_AGE,
            Metrics.OLDEST_REFRESH_AGE,
            Metrics.OLDEST_FOLLOW_UP_AGE,
            Metrics.FOLLOW_UPS_OUTSTANDING),
    /** By whoever is asked, told or streamed something, and while something is owed. */
    IN_USE(
            "in hours in which something comes, changes or is owed",
            // Of any queue, and of each; of two tables, and of the history.
            Map.of(Metrics.OVERDUE_FOLLOW_UP_AGE, 5, Metrics.STREAM_DELAY, 3),
            Metrics.WEBHOOKS_RECEIVED,
            Metrics.WEBHOOKS_APPLIED,
            Metrics.WEBHOOKS_UNCHANGED,
            Metrics.VERIFICATIONS_VALID,
            Metrics.VERIFICATIONS_NOT_VALID,
            Metrics.ENTRIES_KEPT,
            Metrics.CHANGES_PUBLISHED,
            Metrics.SESSIONS_RENEWED,
            Metrics.LICENSES_MARKED_ABSENT),
    /** By what is on a schedule. */
    IN_RUNS(
            "once a night or a week, in two hours of a day at most",
            Map.of(),
            Metrics.CHANGES_SCANNED,
            Metrics.CHANGES_REPAIRED,
            Metrics.CHANGES_UNCHANGED,
            Metrics.LICENSES_EXPIRING,
            Metrics.LICENSES_EXPIRED,
            Metrics.SUBSCRIPTIONS_EXPECTED,
            Metrics.SUBSCRIPTIONS_LISTED,
            Metrics.SUBSCRIPTIONS_EXTRA,
            Metrics.UNFINISHED_AUDIT_AGE),
    /** What should not happen. */
    IN_TROUBLE(
            "when something is wrong, say in an hour of a day",
            Map.of(),
            Metrics.WEBHOOKS_REFUSED,
            Metrics.WEBHOOKS_THROTTLED,
            Metrics.QUARANTINED,
            Metrics.IN_QUARANTINE,
            Metrics.OLDEST_QUARANTINE_AGE,
            Metrics.CHANGES_MISSED,
            Metrics.MISSED_CHANGE_AGE,
            Metrics.CHANGES_FAILED,
            Metrics.PAGES_PASSED_OVER,
            Metrics.CHANGES_REFUSED,
            Metrics.LOGINS_REFUSED,
            Metrics.FOLLOW_UPS_FAILING,
            Metrics.UNKNOWN_USSF_IDS,
            Metrics.UNKNOWN_FIELDS,
            Metrics.UNUSABLE_ANSWERS,
            Metrics.UNREADABLE_ROWS,
            Metrics.SUBSCRIPTIONS_MISSING,
            Metrics.SUBSCRIPTIONS_REPAIRED,
            Metrics.SUBSCRIPTIONS_UNDECIDED,
            Metrics.ANSWERS_DOUBTED,
            Metrics.REFRESHES_STOPPED,
            Metrics.VERIFICATIONS_REFUSED,
            Metrics.SECRETS_UNUSABLE);

    private static final double HOURS_OF_RUNS = 2.0 / 24;
    private static final double HOURS_OF_TROUBLE = 1.0 / 24;

    private final String title;
    private final List<String> metrics;

    /** @param several how many series there are of a metric that a dimension tells apart */
    Series(String title, Map<String, Integer> several, String... metrics) {
        this.title = title;
        this.metrics = Stream.concat(
                        several.entrySet().stream()
                                .flatMap(each -> Collections.nCopies(each.getValue(), each.getKey()).stream()),
                        Arrays.stream(metrics))
                .toList();
    }

    String title() {
        return title;
    }

    /** The metric of each; one that is told apart by a dimension is there as often as it has series. */
    List<String> metrics() {
        return metrics;
    }

    /**
     * The share of hours in which they are written.
     *
     * @param inUse that of hours in which something comes or changes
     */
    double hours(double inUse) {
        return switch (this) {
            case EACH_MINUTE -> 1;
            case IN_USE -> inUse;
            case IN_RUNS -> HOURS_OF_RUNS;
            case IN_TROUBLE -> HOURS_OF_TROUBLE;
        };
    }

    static int all() {
        return Arrays.stream(values()).mapToInt(each -> each.metrics.size()).sum();
    }
}
