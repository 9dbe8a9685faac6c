package org.touchline.walk;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of a {@link World}: it passes when somebody waits, and when it is told to. Thread-safe. */
final class WorldClock implements InstantSource {
    private Instant now = World.BEGINNING;

    @Override
    public synchronized Instant instant() {
        return now;
    }

    synchronized void set(Instant instant) {
        now = instant;
    }

    synchronized void pass(Duration duration) {
        now = now.plus(duration);
    }
}
