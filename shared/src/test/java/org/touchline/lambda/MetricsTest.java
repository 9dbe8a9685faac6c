package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.touchline.Json;
import org.touchline.MutableClock;

class MetricsTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Metrics metrics = new Metrics(
            new PrintStream(out, true, StandardCharsets.UTF_8), "staging", new MutableClock("2026-03-01T12:00:00Z"));

    @Test
    void countIsOneLineInTheEmbeddedMetricFormat() throws Exception {
        metrics.count(Metrics.QUARANTINED, 3);

        assertLine("""
            {"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Touchline","Dimensions":[["StackName"]],
            "Metrics":[{"Name":"Quarantined","Unit":"Count"}]}]},"StackName":"staging","Quarantined":3}\
            """);
    }

    @Test
    void lengthOfTimeIsInWholeSeconds() throws Exception {
        metrics.seconds(Metrics.OLDEST_FOLLOW_UP_AGE, Duration.ofMillis(90_900));

        assertLine("""
            {"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Touchline","Dimensions":[["StackName"]],
            "Metrics":[{"Name":"OldestFollowUpAge","Unit":"Seconds"}]}]},"StackName":"staging","OldestFollowUpAge":90}\
            """);
    }

    private void assertLine(String expected) throws Exception {
        var line = out.toString(StandardCharsets.UTF_8);
        assertEquals(1, line.lines().count());
        assertEquals(Json.read(expected), Json.read(line));
    }

    /** CloudWatch takes a metric's name for a key of the line, and so its dimensions. */
    @Test
    void severalAreOneLineAndMayBeToldApart() throws Exception {
        var out = new ByteArrayOutputStream();

        new Metrics(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        "staging",
                        new MutableClock("2026-03-01T12:00:00Z"))
                .line()
                .by(Metrics.WEBHOOK, "/webhooks/user-update")
                .count(Metrics.WEBHOOKS_RECEIVED, 1)
                .seconds(Metrics.WEBHOOK_SILENCE, Duration.ofMillis(61_500))
                .write();

        var line = out.toString(StandardCharsets.UTF_8);
        assertEquals(1, line.lines().count());
        assertEquals(Json.read("""
            {"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Touchline",
            "Dimensions":[["StackName","Webhook"]],
            "Metrics":[{"Name":"WebhooksReceived","Unit":"Count"},{"Name":"WebhookSilence","Unit":"Seconds"}]}]},
            "StackName":"staging","Webhook":"/webhooks/user-update","WebhooksReceived":1,"WebhookSilence":61}\
            """), Json.read(line));
    }
}
