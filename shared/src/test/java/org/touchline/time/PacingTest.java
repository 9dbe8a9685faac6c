package org.touchline.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PacingTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @Test
    void whoIsInterruptedHasNotWaitedAndStaysInterrupted() {
        var pacing = new Pacing(
                InstantSource.fixed(NOON),
                _ -> {
                    throw new InterruptedException();
                },
                new Random(1));

        assertFalse(pacing.pause(Duration.ofSeconds(1), new Deadline(NOON.plusSeconds(2))));
        assertTrue(Thread.interrupted());
    }

    @Test
    void nobodyWaitsForWhatWouldLeaveNoTime() {
        var pacing = new Pacing(InstantSource.fixed(NOON), _ -> {}, new Random(1));

        assertTrue(pacing.pause(Duration.ofMillis(1_999), new Deadline(NOON.plusSeconds(2))));
        assertFalse(pacing.pause(Duration.ofSeconds(2), new Deadline(NOON.plusSeconds(2))));
    }

    @Test
    void waitsDoubleUpToTheLongest() {
        assertEquals(
                List.of(5, 10, 20, 40, 60, 60),
                IntStream.range(0, 6)
                        .mapToObj(times -> (int) Pacing.doubled(Duration.ofSeconds(5), Duration.ofSeconds(60), times)
                                .toSeconds())
                        .toList());
        assertEquals(
                Duration.ofSeconds(60), Pacing.doubled(Duration.ofSeconds(5), Duration.ofSeconds(60), 1_000_000_000));
        assertEquals(Duration.ofSeconds(3), Pacing.doubled(Duration.ofSeconds(5), Duration.ofSeconds(3), 0));
    }

    /** Full jitter: nothing of it, all of it, and whatever is between. */
    @Test
    void chanceChoosesAnyTimeUpToTheLongest() {
        var pacing = new Pacing(InstantSource.fixed(NOON), _ -> {}, new Random(1));

        var chosen = Stream.generate(() -> pacing.upTo(Duration.ofMillis(3)).toMillis())
                .limit(1_000)
                .collect(Collectors.toSet());

        assertEquals(Set.of(0L, 1L, 2L, 3L), chosen);
    }

    @Test
    void systemsOwnTimeGoesOn() {
        var pacing = Pacing.system();
        var before = Instant.now();

        assertFalse(pacing.now().isBefore(before));
    }
}
