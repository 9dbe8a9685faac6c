package org.touchline.local;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** How threads are brought to an end. */
final class Shutdown {
    private Shutdown() {}

    /** Interrupts what the executor runs, and waits a second at most for its end. */
    static void now(ExecutorService executor) {
        executor.shutdownNow();
        try {
            executor.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
