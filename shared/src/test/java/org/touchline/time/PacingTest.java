package org.touchline.time;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
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
}
