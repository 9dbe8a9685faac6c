package org.touchline.lambda;

import java.io.PrintStream;
import java.time.Duration;
import java.time.InstantSource;
import org.touchline.Json;

/**
 * Metrics in CloudWatch's embedded metric format: one JSON line each, straight to standard output, in one write. Through
 * Lambda's logger they would be nested in a text, and CloudWatch would not see them.
 *
 * <p>Namespace {@code Touchline}, with the stack's name as the one dimension, so that several stacks live in one account.
 */
public final class Metrics {
    /** Payloads and rows that could not be understood (design rule 7). */
    public static final String QUARANTINED = "Quarantined";

    /** Follow-ups outstanding that have failed several times (design rule 10); told with each sweep. */
    public static final String FOLLOW_UPS_FAILING = "FollowUpsFailing";

    /** Follow-ups outstanding; told with each sweep. */
    public static final String FOLLOW_UPS_OUTSTANDING = "FollowUpsOutstanding";

    /** How long ago the oldest follow-up outstanding was asked for; told with each sweep, 0 if there is none. */
    public static final String OLDEST_FOLLOW_UP_AGE = "OldestFollowUpAge";

    /** People whose USSF-ID the Learning Center turned out not to know (design rule 18). */
    public static final String UNKNOWN_USSF_IDS = "UnknownUssfIds";

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
        print(metric, "Count", count);
    }

    /** Tells a length of time, in whole seconds. */
    public void seconds(String metric, Duration time) {
        print(metric, "Seconds", time.toSeconds());
    }

    private void print(String metric, String unit, long value) {
        var line = Json.MAPPER.createObjectNode();
        var definition = line.putObject("_aws")
                .put("Timestamp", clock.millis())
                .putArray("CloudWatchMetrics")
                .addObject()
                .put("Namespace", "Touchline");
        definition.putArray("Dimensions").addArray().add("StackName");
        definition.putArray("Metrics").addObject().put("Name", metric).put("Unit", unit);
        line.put("StackName", stackName).put(metric, value);
        out.print(line + "\n");
        out.flush();
    }
}
