package org.touchline.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Until when a caller can wait, retries and their pauses included: a function knows how long Lambda lets it run.
 *
 * @param at the first instant that is too late
 */
public record Deadline(Instant at) {
    /** So much time from now. */
    public static Deadline in(Duration time, InstantSource clock) {
        return new Deadline(clock.instant().plus(time));
    }

    /** The time that is left; zero once it has passed, never less. */
    public Duration remaining(InstantSource clock) {
        var left = Duration.between(clock.instant(), at);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** This one, or the given instant if it comes first. */
    public Deadline orEarlier(Instant other) {
        return other.isBefore(at) ? new Deadline(other) : this;
    }
}
