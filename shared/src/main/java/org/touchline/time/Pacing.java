package org.touchline.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.random.RandomGenerator;

/**
 * What decides when something is tried again: time, waiting and chance. All three must be safe for use by several threads.
 *
 * @param random for jitter, so that those who failed together do not come back together
 */
public record Pacing(InstantSource clock, Pause pause, RandomGenerator random) {
    /** The system's clock, real pauses, real chance. */
    public static Pacing system() {
        return new Pacing(InstantSource.system(), Thread::sleep, new Random());
    }

    /** What time it is. */
    public Instant now() {
        return clock.instant();
    }

    /** {@code first}, doubled that many times, and at most {@code longest}. */
    public static Duration doubled(Duration first, Duration longest, int times) {
        var wait = first;
        for (var i = 0; i < times && wait.compareTo(longest) < 0; i++) {
            wait = wait.multipliedBy(2);
        }
        return wait.compareTo(longest) < 0 ? wait : longest;
    }

    /** Any time up to that: full jitter. */
    public Duration upTo(Duration longest) {
        return Duration.ofMillis(random.nextLong(longest.toMillis() + 1));
    }

    /**
     * Waits, unless nothing would be left of the time after that.
     *
     * @return whether it waited; not either if the thread was interrupted, which it stays: then there is nothing to wait for any more
     */
    public boolean pause(Duration wait, Deadline deadline) {
        if (wait.compareTo(deadline.remaining(clock)) >= 0) {
            return false;
        }
        try {
            pause.pause(wait);
            return true;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
