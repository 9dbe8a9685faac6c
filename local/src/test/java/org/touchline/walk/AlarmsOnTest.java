package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.StandardOutput;
import org.touchline.embedded.Template;
import org.touchline.lambda.Metrics;

/** Alarms, told from what functions print. */
class AlarmsOnTest {
    private final Template template =
            Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "touchline", Map.of());

    @Test
    void sweepThatSaysNothingRingsAndOneThatSaysThatNothingIsOwedDoesNot() {
        assertEquals(Set.of("SweepAlarm"), AlarmsOn.after(template, List.of()));
        assertEquals(Set.of(), AlarmsOn.after(template, printed("touchline", "", 0)));
        assertEquals(Set.of("SweepAlarm"), AlarmsOn.after(template, printed("another", "", 0)));
    }

    @Test
    void sumsAndDimensionsCount() {
        assertEquals(Set.of(), AlarmsOn.after(template, printed("touchline", "moves", 4_000)));
        assertEquals(
                Set.of("OverdueSubscriptionsAlarm"),
                AlarmsOn.after(template, printed("touchline", "subscription", 4_000)));
    }

    private static List<JsonNode> printed(String stack, String queue, int seconds) {
        try (var printed = StandardOutput.captured()) {
            var metrics = new Metrics(System.out, stack, InstantSource.system());
            metrics.count(Metrics.FOLLOW_UPS_OUTSTANDING, 0);
            if (!queue.isEmpty()) {
                metrics.line()
                        .by(Metrics.QUEUE, queue)
                        .count(Metrics.OVERDUE_FOLLOW_UP_AGE, seconds)
                        .write();
            }
            return printed.metrics();
        }
    }
}
