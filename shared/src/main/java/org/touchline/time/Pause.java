package org.touchline.time;

import java.time.Duration;

/** How time is let pass: {@code Thread::sleep}, or in a test whatever takes no time. */
@FunctionalInterface
public interface Pause {
    /** Returns when so much time has passed. */
    void pause(Duration duration) throws InterruptedException;
}
