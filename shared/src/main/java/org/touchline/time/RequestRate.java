package org.touchline.time;

import java.time.Duration;
import java.time.Instant;

/**
 * How fast a function may call the Learning Center (design rule 10): the calls of one function instance are spread evenly. Safe
 * for use by several threads.
 */
public final class RequestRate {
    private final Duration interval;
    private final Pacing pacing;
    private Instant next = Instant.MIN;

    private RequestRate(Duration interval, Pacing pacing) {
        this.interval = interval;
        this.pacing = pacing;
    }

    /** So many calls a second at most; from 1 on. */
    public static RequestRate perSecond(long calls, Pacing pacing) {
        return new RequestRate(Duration.ofSeconds(1).dividedBy(calls), pacing);
    }

    /** As fast as they come. */
    public static RequestRate unlimited(Pacing pacing) {
        return new RequestRate(Duration.ZERO, pacing);
    }

    /**
     * Waits for a call's turn.
     *
     * @return whether it has come; if not, it would come too late
     */
    public boolean await(Deadline deadline) {
        if (interval.isZero()) {
            return true;
        }
        var wait = Duration.between(pacing.now(), turn());
        return wait.isNegative() || wait.isZero() || pacing.pause(wait, deadline);
    }

    private synchronized Instant turn() {
        var now = pacing.now();
        var turn = next.isAfter(now) ? next : now;
        next = turn.plus(interval);
        return turn;
    }
}
