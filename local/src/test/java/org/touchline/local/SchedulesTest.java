package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On a rate of 5 minutes, a cron expression at 00:30 in New York, and one that is not enabled. */
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
    void rateFiresWithItsInputAndNothingElse() throws Exception {
        firedAfter(Duration.ofMinutes(5));

        output.awaitLine("[ScheduledFunction] {\"sweep\":true}");
    }

    /** In the time zone of the schedule: 00:30 in New York, where it is summer. */
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

        output.awaitLine("sweep");
        output.awaitLine("resume");
        assertEquals(2, output.lines().size(), "nothing but those two");
    }

    private long firedAfter(Duration time) {
        clock.advance(time);
        return schedules.fireDue();
    }
}
