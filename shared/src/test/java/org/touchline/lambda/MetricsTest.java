package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.touchline.Json;
import org.touchline.MutableClock;

class MetricsTest {
    @Test
    void countIsOneLineInTheEmbeddedMetricFormat() throws Exception {
        var out = new ByteArrayOutputStream();

        new Metrics(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        "staging",
                        new MutableClock("2026-03-01T12:00:00Z"))
                .count(Metrics.QUARANTINED, 3);

        var line = out.toString(StandardCharsets.UTF_8);
        assertEquals(1, line.lines().count());
        assertEquals(Json.MAPPER.readTree("""
                        {"_aws":{"Timestamp":1772366400000,"CloudWatchMetrics":[{"Namespace":"Touchline","Dimensions":[["StackName"]],
                        "Metrics":[{"Name":"Quarantined","Unit":"Count"}]}]},"StackName":"staging","Quarantined":3}"""), Json.MAPPER.readTree(line));
    }
}
