package org.touchline.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.touchline.MutableClock;

class DeadlineTest {
    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final Instant noon = clock.instant();

    @Test
    void timeThatIsLeftGoesDownToZeroAndNotBelow() {
        var deadline = Deadline.in(Duration.ofSeconds(2), clock);

        assertEquals(Duration.ofSeconds(2), deadline.remaining(clock));
        clock.advance(Duration.ofMillis(1_999));
        assertEquals(Duration.ofMillis(1), deadline.remaining(clock));
        clock.advance(Duration.ofMillis(1));
        assertEquals(Duration.ZERO, deadline.remaining(clock));
        clock.advance(Duration.ofHours(1));
        assertEquals(Duration.ZERO, deadline.remaining(clock));
    }

    @Test
    void ofTwoTheEarlierCounts() {
        var deadline = new Deadline(noon);

        assertEquals(new Deadline(noon.minusNanos(1)), deadline.orEarlier(noon.minusNanos(1)));
        assertEquals(deadline, deadline.orEarlier(noon));
        assertEquals(deadline, deadline.orEarlier(noon.plusNanos(1)));
    }
}
