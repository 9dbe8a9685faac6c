package org.touchline.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.ScheduleNotes.Notes;

/** Design rule 27. */
class ScheduleNotesTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final MutableClock clock = new MutableClock(NOON.toString());
    private final Calls calls = new Calls();
    private TestStack stack;
    private ScheduleNotes notes;

    @BeforeEach
    void createStack() {
        stack = Backend.EMBEDDED.newStack();
        notes = new ScheduleNotes(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"), clock);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void whatNeverRanIsNotNoted() {
        assertEquals(new Notes(Map.of(), null), notes.read());
    }

    @Test
    @Tag("rule-27")
    void lastCompletionCounts() {
        assertEquals("result", run(true));
        clock.advance(Duration.ofDays(1));
        run(true);
        clock.advance(Duration.ofDays(1));
        run(false);

        assertEquals(
                Map.of(Scheduled.SUBSCRIPTION_AUDIT, NOON.plus(Duration.ofDays(1))),
                notes.read().since());
    }

    /** What never succeeds gets old too: from the first time that it was tried. */
    @Test
    @Tag("rule-27")
    void firstTryCountsUntilItIsComplete() {
        assertThrows(
                IllegalStateException.class,
                () -> notes.noting(Scheduled.SUBSCRIPTION_AUDIT, _ -> HowFar.TO_THE_END, () -> {
                    throw new IllegalStateException("the Learning Center does not answer");
                }));
        clock.advance(Duration.ofDays(1));
        run(false);

        assertEquals(Map.of(Scheduled.SUBSCRIPTION_AUDIT, NOON), notes.read().since());
    }

    @Test
    void allIsReadAtOnce() {
        for (var each : Scheduled.values()) {
            notes.noting(each, _ -> HowFar.TO_THE_END, () -> each);
        }
        notes.oldestRefresh(NOON.minusSeconds(5));
        calls.drain();

        var read = notes.read();

        assertEquals(Scheduled.values().length, read.since().size());
        assertEquals(NOON.minusSeconds(5), read.oldestRefresh());
        assertEquals(List.of("Query"), calls.drain());
    }

    private String run(boolean complete) {
        return notes.noting(
                Scheduled.SUBSCRIPTION_AUDIT, _ -> complete ? HowFar.TO_THE_END : HowFar.HALFWAY, () -> "result");
    }
}
