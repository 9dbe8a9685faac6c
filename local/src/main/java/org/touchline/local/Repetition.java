package org.touchline.local;

import java.time.Duration;

/** Does one thing over and over, on a thread of its own, with a short pause in between, until it is closed. */
final class Repetition implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Thread thread;

    private Repetition(String name, Step step) {
        thread = Thread.ofVirtual().name(name).start(() -> repeat(step));
    }

    /** What is done each time; an exception but {@link InterruptedException} ends it all. */
    @FunctionalInterface
    interface Step {
        void run() throws InterruptedException;
    }

    static Repetition of(String name, Step step) {
        return new Repetition(name, step);
    }

    private static void repeat(Step step) {
        try {
            while (true) {
                step.run();
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** Interrupts it, and waits a moment for its end. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
