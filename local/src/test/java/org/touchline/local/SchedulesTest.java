package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a rate of 5 minutes, a cron expression at 04:30 with an input, and one that is not enabled. */
class SchedulesTest {
    private final Output output = new Output();
    private final HandSetClock clock = new HandSetClock("2026-03-12T04:00:00Z");
    private Functions functions;
    private Schedules schedules;

    @BeforeEach
    void make() {
        functions = TestStack.functions(Path.of("none"), output);
        schedules = new Schedules(functions, clock);
    }

    @AfterEach
    void close() {
        functions.close();
    }

    @Test
    void rateFiresOnePeriodAfterTheStartAndThenEveryPeriod() {
        assertEquals(0, schedules.fireDue());
        assertEquals(0, firedAfter(Duration.ofMinutes(5).minusSeconds(1)));
        assertEquals(1, firedAfter(Duration.ofSeconds(1)));
        assertEquals(0, firedAfter(Duration.ofMinutes(5).minusSeconds(1)));
        assertEquals(1, firedAfter(Duration.ofSeconds(1)));
    }

    @Test
    void scheduleWithoutInputSendsEventBridgesOwnEvent() throws Exception {
        firedAfter(Duration.ofMinutes(5));

        output.awaitLine("EveryMinutes");
        var line = output.lines().getFirst();
        var event = Json.read(line.substring(line.indexOf('{')).getBytes(UTF_8));
        assertEquals("aws.events", event.get("source").asText());
        assertEquals("Scheduled Event", event.get("detail-type").asText());
        assertEquals("2026-03-12T04:05:00Z", event.get("time").asText());
        assertEquals("0", event.get("version").asText());
        assertEquals("{}", event.get("detail").toString());
        assertTrue(event.at("/resources/0").asText().endsWith("rule/ScheduledFunctionEveryMinutes"));
    }

    @Test
    void cronFiresAtItsTimeWithItsInput() throws Exception {
        firedAfter(Duration.ofMinutes(29));

        assertEquals(2, firedAfter(Duration.ofMinutes(1)), "04:30 is also the rate's sixth time");
        output.awaitLine("[ScheduledFunction] {\"resume\":true}");
    }

    @Test
    void whatFellDueOftenWhileTheMachineSleptFiresOnce() {
        assertEquals(2, firedAfter(Duration.ofDays(3).plusMinutes(2)));
        assertEquals(0, schedules.fireDue());
        assertEquals(1, firedAfter(Duration.ofMinutes(3)));
    }

    @Test
    void disabledScheduleNeverFires() throws Exception {
        firedAfter(Duration.ofHours(1));

        output.awaitLine("EveryMinutes");
        output.awaitLine("resume");
        assertEquals(2, output.lines().size(), "nothing but those two");
    }

    private long firedAfter(Duration time) {
        clock.advance(time);
        return schedules.fireDue();
    }
}
