package org.touchline.lambda;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import org.touchline.Json;

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

    /** What waits in quarantine (design rule 7). */
    public static final String IN_QUARANTINE = "InQuarantine";

    /** Rows that reconciliation looked at (design rule 14, as the next four). */
    public static final String CHANGES_SCANNED = "ChangesScanned";

    /** Licenses that reconciliation wrote. */
    public static final String CHANGES_REPAIRED = "ChangesRepaired";

    /** Those of them that a webhook should have brought. */
    public static final String CHANGES_MISSED = "ChangesMissed";

    /** Rows that said what was known. */
    public static final String CHANGES_UNCHANGED = "ChangesUnchanged";

    /** How old the oldest of the missed changes of a run was, 0 if none was missed. */
    public static final String MISSED_CHANGE_AGE = "MissedChangeAge";

    /** How long ago the last window ended that was applied completely (design rule 13); not told before there is one. */
    public static final String RECONCILIATION_AGE = "ReconciliationAge";

    /** Sessions with the Learning Center that were obtained by a login or a refresh (design rule 15). */
    public static final String SESSIONS_RENEWED = "SessionsRenewed";

    /** Logins that the Learning Center refused (design rule 16). */
    public static final String LOGINS_REFUSED = "LoginsRefused";

    /** Follow-ups outstanding that have failed several times (design rule 10); told with each sweep. */
    public static final String FOLLOW_UPS_FAILING = "FollowUpsFailing";

    /** Follow-ups outstanding; told with each sweep. */
    public static final String FOLLOW_UPS_OUTSTANDING = "FollowUpsOutstanding";

    /** How long ago the oldest follow-up outstanding was asked for; told with each sweep, 0 if there is none. */
    public static final String OLDEST_FOLLOW_UP_AGE = "OldestFollowUpAge";

    /** People whose USSF-ID the Learning Center turned out not to know (design rule 18). */
    public static final String UNKNOWN_USSF_IDS = "UnknownUssfIds";

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
        private final ObjectNode values = Json.MAPPER.createObjectNode();
        private final ArrayNode dimensions;
        private final ArrayNode metrics;

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

        /** Counts some of something. */
        public Line count(String metric, int count) {
            return with(metric, "Count", count);
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
            out.print(values + "\n");
            out.flush();
        }
    }
}
