package org.touchline.dynamodb;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The wait before something that lost a race, or was left undone, is tried again. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(10);
    private static final Duration LONGEST = Duration.ofMillis(200);

    private Backoff() {}

    /**
     * Waits a random time, of at most 10 ms at first, doubling to 200 ms.
     *
     * @param attempt how many tries there were before the last, from 0
     */
    public static void pause(int attempt) {
        var most = Math.min(LONGEST.toNanos(), FIRST.toNanos() << Math.min(attempt, 10));
        LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(1, most));
    }
}
