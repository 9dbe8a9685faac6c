package org.touchline.local;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.touchline.console.StartedByMaven;

/** A program of this module: it runs until the process that started it ends, or until Ctrl-C. */
final class Program {
    private Program() {}

    /**
     * Starts it, and never returns. Where it cannot start, the reason is the last line, and the process ends with 1.
     *
     * @param start what throws a {@link StartException} then
     */
    static void run(Supplier<? extends AutoCloseable> start) {
        try {
            var running = start.get();
            Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> closeQuietly(running)));
        } catch (StartException e) {
            System.err.println(e.getMessage());
            StartedByMaven.end();
            System.exit(1);
        }
        var parentEnds = ProcessHandle.current().parent().map(ProcessHandle::onExit);
        parentEnds.orElseGet(CompletableFuture::new).join();
        System.exit(0);
    }

    /** Closes what is about to end anyway. */
    static void closeQuietly(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            // Others are to be closed all the same.
        }
    }
}
