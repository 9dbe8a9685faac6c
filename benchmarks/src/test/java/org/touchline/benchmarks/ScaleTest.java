package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.benchmarks.Scale.Measured;
import org.touchline.benchmarks.Scale.Size;

/**
 * What is done for everybody, for a few: what is counted there holds for a million. With {@code -Dtouchline.scale.people=100} it is
 * every kind of work, for as many.
 */
@Tag("long")
class ScaleTest {
    private static final int PEOPLE = Integer.getInteger("touchline.scale.people", 20);
    private static final int COPIES = 30;
    private static final Set<Work> WORK = System.getProperty("touchline.scale.people") == null
            ? EnumSet.of(Work.IMPORT, Work.ENROLLING, Work.AUDIT, Work.ALL_NEW, Work.ALL_KNOWN, Work.ROSTER)
            : EnumSet.allOf(Work.class);

    private static Measured measured;

    @BeforeAll
    static void measure() throws IOException {
        measured = Scale.measure(
                new Size(PEOPLE + COPIES, 1_000, Duration.ofMillis(1), Duration.ofMinutes(2), PEOPLE, 5), WORK);
    }

    @Test
    void workIsMeasured() {
        assertEquals(WORK, measured.steps().keySet(), "failed: " + measured.failed());
        measured.steps().forEach((work, step) -> {
            assertTrue(step.sums().requests() > 0, work.title());
            assertTrue(step.sums().readUnits() + step.sums().writeUnits() > 0, work.title());
            assertTrue(step.sums().heap() > 1 << 20, work.title());
        });
    }

    @Test
    void enrollingAsksFiveTimesForEach() {
        var calls = measured.steps().get(Work.ENROLLING).calls();
        assertTrue(calls > 5 * PEOPLE, "and logs in: " + calls);
        assertTrue(calls < 5.5 * PEOPLE, "few are asked again: " + calls);
    }

    /** The audit finds each held and subscribed to; the roster reads each. */
    @Test
    void whoIsACopyCountsAsTheOthers() {
        var audit = measured.steps().get(Work.AUDIT);
        assertEquals(PEOPLE + COPIES, audit.rows());
        assertEquals("0 missing", audit.left());
        assertEquals(PEOPLE + COPIES, measured.steps().get(Work.ROSTER).rows());
    }

    /** Nobody is put in, so that the roster is shorter than it is to be. */
    @Test
    void whatFailsDoesNotEndTheOthers() throws IOException {
        var nobody = Scale.measure(
                new Size(1, 1_000, Duration.ofMillis(1), Duration.ofMinutes(2)),
                EnumSet.of(Work.ROSTER, Work.VERIFICATION));
        assertEquals(Set.of(Work.ROSTER), nobody.failed());
        assertEquals(Set.of(Work.VERIFICATION), nobody.steps().keySet());
    }

    /** Design §6: 0 license writes, and at most one read unit per row. Notes of the walk are written, whatever the number of rows. */
    @Test
    void reconcilingWhatIsAlreadyTrueWritesNothingAndReadsAtMostAUnitARow() {
        var known = measured.steps().get(Work.ALL_KNOWN);
        assertTrue(known.readUnits() <= 1, "read units: " + known.readUnits());
        assertTrue(
                known.sums().writeUnits() < 12 + 2 * Math.ceilDiv(known.rows(), 100),
                "write units: " + known.sums().writeUnits());
    }
}
