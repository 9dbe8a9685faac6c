package org.touchline.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.OutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import org.touchline.JsonArray;
import org.touchline.JsonObject;

/**
 * Metrics in CloudWatch's embedded metric format: JSON lines, straight to standard output, each in one write. Through
 * Lambda's logger they would be nested in a text, and CloudWatch would not see them.
 *
 * <p>Namespace {@value #NAMESPACE}, with the stack's name as the one dimension, so that several stacks live in one account. What is
 * counted is told as it happens; what is measured, such as an age, is told by whoever looks at it on a schedule.
 */
public final class Metrics {
    /** Where CloudWatch keeps them. */
    public static final String NAMESPACE = "Touchline";

    /** Webhooks with a good key and a body that is not too large; each of them is applied, unchanged or quarantined. */
    public static final String WEBHOOKS_RECEIVED = "WebhooksReceived";

    /** Webhooks that changed something. */
    public static final String WEBHOOKS_APPLIED = "WebhooksApplied";

    /** Webhooks that said what was known, or something older. */
    public static final String WEBHOOKS_UNCHANGED = "WebhooksUnchanged";

    /** Webhooks without a good key (design rule 19). */
    public static final String WEBHOOKS_REFUSED = "WebhooksRefused";

    /** How long ago a webhook came last, by {@link #WEBHOOK}. */
    public static final String WEBHOOK_SILENCE = "WebhookSilence";

    /** The dimension of {@link #WEBHOOK_SILENCE}: the webhook's path. */
    public static final String WEBHOOK = "Webhook";

    /** Payloads and rows that could not be understood (design rule 7). */
    public static final String QUARANTINED = "Quarantined";

    /** What waits in quarantine (design rule 7); told only where something does. */
    public static final String IN_QUARANTINE = "InQuarantine";

    /** How long ago the oldest of that came first; told only where something waits. */
    public static final String OLDEST_QUARANTINE_AGE = "OldestQuarantineAge";

    /** Rows that reconciliation looked at (design rule 14, as the next four). */
    public static final String CHANGES_SCANNED = "ChangesScanned";

    /** Licenses that reconciliation wrote. */
    public static final String CHANGES_REPAIRED = "ChangesRepaired";

    /** Those of them that a webhook should have brought; told only where there are some. */
    public static final String CHANGES_MISSED = "ChangesMissed";

    /** Rows that said what was known. */
    public static final String CHANGES_UNCHANGED = "ChangesUnchanged";

    /** Rows that could not be stored, and are read again (design rule 24); told only where there are some. */
    public static final String CHANGES_FAILED = "ChangesFailed";

    /** Pages that failed in three runs, and were passed over (wire contract §2); told only where there are some. */
    public static final String PAGES_PASSED_OVER = "PagesPassedOver";

    /** How old the oldest of the missed changes of a run was; told only where one was missed. */
    public static final String MISSED_CHANGE_AGE = "MissedChangeAge";

    /**
     * How long ago the last window ended that was applied completely (design rule 13); before there is one, how long ago the Learning
     * Center was first asked, and not told before that.
     */
    public static final String RECONCILIATION_AGE = "ReconciliationAge";

    /**
     * How long ago the list of licenses was last taken over (design rule 27, as the next two); before it ever was, how long ago that was
     * first tried, and not told before that.
     */
    public static final String CATALOG_SYNC_AGE = "CatalogSyncAge";

    /** How long ago a share of all people was last refreshed. */
    public static final String PERSON_REFRESH_AGE = "PersonRefreshAge";

    /** How long ago an audit of subscriptions was last complete. */
    public static final String SUBSCRIPTION_AUDIT_AGE = "SubscriptionAuditAge";

    /** How long ago all notices of licenses that end were last given (design rule 31). */
    public static final String LICENSE_EXPIRY_AGE = "LicenseExpiryAge";

    /** Notices that a license will end; told with each run. */
    public static final String LICENSES_EXPIRING = "LicensesExpiring";

    /** Notices that a license has ended; told with each run. */
    public static final String LICENSES_EXPIRED = "LicensesExpired";

    /** Entries that were put on the event bus, repeats included (design rule 29). */
    public static final String CHANGES_PUBLISHED = "ChangesPublished";

    /** Entries that EventBridge will never take; told only where there are some. */
    public static final String CHANGES_REFUSED = "ChangesRefused";

    /** How long ago an audit began that is not at its end; told only where there is one. */
    public static final String UNFINISHED_AUDIT_AGE = "UnfinishedAuditAge";

    /** How long ago the person was asked about whose turn was the longest ago, as the last refresh saw it. */
    public static final String OLDEST_REFRESH_AGE = "OldestRefreshAge";

    /** Sessions with the Learning Center that were obtained by a login or a refresh (design rule 15). */
    public static final String SESSIONS_RENEWED = "SessionsRenewed";

    /** Logins that the Learning Center refused (design rule 16). */
    public static final String LOGINS_REFUSED = "LoginsRefused";

    /** Follow-ups of any queue that have failed several times (design rule 10), of those that are due first; told where there are some. */
    public static final String FOLLOW_UPS_FAILING = "FollowUpsFailing";

    /** Follow-ups outstanding, counted up to 10,000; told with each sweep. */
    public static final String FOLLOW_UPS_OUTSTANDING = "FollowUpsOutstanding";

    /** How long ago the oldest follow-up outstanding was asked for, of those that are due first; 0 if there is none. */
    public static final String OLDEST_FOLLOW_UP_AGE = "OldestFollowUpAge";

    /** For how long the follow-up has been due that is due the longest: of any queue, and by {@link #QUEUE}; told only where one is. */
    public static final String OVERDUE_FOLLOW_UP_AGE = "OverdueFollowUpAge";

    /** The dimension of {@link #OVERDUE_FOLLOW_UP_AGE}: what kind of work waits in that line (design rule 33). */
    public static final String QUEUE = "Queue";

    /** People whose USSF-ID the Learning Center turned out not to know (design rule 18). */
    public static final String UNKNOWN_USSF_IDS = "UnknownUssfIds";

    /** Fields that the wire contract does not know, in webhooks and in answers: a format that changes (§1). */
    public static final String UNKNOWN_FIELDS = "UnknownFields";

    /** Calls that the Learning Center refused, or whose answer cannot be read (design rule 24). */
    public static final String UNUSABLE_ANSWERS = "UnusableAnswers";

    /** Rows of its lists that cannot be read, and were passed over (wire contract §2). */
    public static final String UNREADABLE_ROWS = "UnreadableRows";

    /** People of whom the Learning Center should tell us; told with each complete audit, as the next five. */
    public static final String SUBSCRIPTIONS_EXPECTED = "SubscriptionsExpected";

    /** People of whom it tells us. */
    public static final String SUBSCRIPTIONS_LISTED = "SubscriptionsListed";

    /** Those of the expected of whom it does not; not told where there are none. */
    public static final String SUBSCRIPTIONS_MISSING = "SubscriptionsMissing";

    /** People of whom it tells us without need; not told where there are none. */
    public static final String SUBSCRIPTIONS_EXTRA = "SubscriptionsExtra";

    /** Those of the missing for whom a subscription was asked for; not told where there are none. */
    public static final String SUBSCRIPTIONS_REPAIRED = "SubscriptionsRepaired";

    /** People, rows and pages that an audit could not read or ask about (design rule 24); not told where there are none. */
    public static final String SUBSCRIPTIONS_UNDECIDED = "SubscriptionsUndecided";

    /** Licenses that count as removed since a full answer did not show them (design rules 3b and 25). */
    public static final String LICENSES_MARKED_ABSENT = "LicensesMarkedAbsent";

    /** Full answers that would take all licenses of somebody away, and are doubted (design rule 25). */
    public static final String ANSWERS_DOUBTED = "AnswersDoubted";

    /** Shares of the refresh that stopped themselves, for too many people lost everything (design rule 25). */
    public static final String REFRESHES_STOPPED = "RefreshesStopped";

    /** Verifications that found a valid member (design section 4). */
    public static final String VERIFICATIONS_VALID = "VerificationsValid";

    /** Verifications that did not: many at once may be somebody who guesses (design rule 23). */
    public static final String VERIFICATIONS_NOT_VALID = "VerificationsNotValid";

    /** Verifications without a good token. */
    public static final String VERIFICATIONS_REFUSED = "VerificationsRefused";

    /**
     * Webhooks that the gateway turned away with 429, above what the template lets through; told by the template's filter on the
     * access log, since no function hears of them.
     */
    public static final String WEBHOOKS_THROTTLED = "WebhooksThrottled";

    /** Reads of a secret that failed, or brought what is not of its form: what is in memory is used on, for an hour at most. */
    public static final String SECRETS_UNUSABLE = "SecretsUnusable";

    /** Entries of the history that are new (wire contract §9). */
    public static final String ENTRIES_KEPT = "EntriesKept";

    /** How old the oldest record of a stream was when its entry was kept, by {@link #STREAM} (design rule 29). */
    public static final String STREAM_DELAY = "StreamDelay";

    /** The dimension of {@link #STREAM_DELAY}: the table whose stream it is. */
    public static final String STREAM = "Stream";

    private static final String STACK_NAME = "StackName";

    private final PrintStream out;
    private final String stackName;
    private final InstantSource clock;

    /** @param out standard output, in Lambda */
    public Metrics(PrintStream out, String stackName, InstantSource clock) {
        this.out = out;
        this.stackName = stackName;
        this.clock = clock;
    }

    /** Counts some of something. */
    public void count(String metric, int count) {
        line().count(metric, count).write();
    }

    /** Tells a length of time, in whole seconds. */
    public void seconds(String metric, Duration time) {
        line().seconds(metric, time).write();
    }

    /** Several metrics at once. */
    public Line line() {
        return new Line();
    }

    /** One line to be written. Not safe for use by several threads. */
    public final class Line {
        private final JsonObject values = new JsonObject();
        private final JsonArray dimensions;
        private final JsonArray metrics;

        private Line() {
            var definition = values.putObject("_aws")
                    .put("Timestamp", clock.millis())
                    .putArray("CloudWatchMetrics")
                    .addObject()
                    .put("Namespace", NAMESPACE);
            dimensions = definition.putArray("Dimensions").addArray();
            metrics = definition.putArray("Metrics");
            by(STACK_NAME, stackName);
        }

        /** Tells all metrics of this line apart by one dimension more. */
        public Line by(String dimension, String value) {
            dimensions.add(dimension);
            values.put(dimension, value);
            return this;
        }

        /** Says more to whoever reads the log, and tells no metrics apart by it: nothing personal or secret. */
        public Line saying(String field, String text) {
            values.put(field, text);
            return this;
        }

        /** Counts some of something. */
        public Line count(String metric, int count) {
            return with(metric, "Count", count);
        }

        /** Counts what should not happen: it is told only where it did (design rule 27). */
        public Line countIfAny(String metric, int count) {
            return count == 0 ? this : count(metric, count);
        }

        /** Tells a length of time, in whole seconds. */
        public Line seconds(String metric, Duration time) {
            return with(metric, "Seconds", time.toSeconds());
        }

        private Line with(String metric, String unit, long value) {
            metrics.addObject().put("Name", metric).put("Unit", unit);
            values.put(metric, value);
            return this;
        }

        /** Writes it. */
        public void write() {
            writeTo(out);
        }

        /** Writes it to nobody: the first real one then finds its classes loaded. */
        public void rehearse() {
            writeTo(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        }

        private void writeTo(PrintStream out) {
            out.print(values + "\n");
            out.flush();
        }
    }
}
