package org.touchline.benchmarks;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The line that says how far a program is: on standard error, so that standard output holds the tables alone. */
final class Progress {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final PrintStream out;
    private final InstantSource clock;
    private Instant told = Instant.EPOCH;

    Progress() {
        this(System.err, InstantSource.system());
    }

    Progress(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    /** Tells how many of how many are done, at most once a second, and at the end. */
    synchronized void at(String what, long done, long of) {
        var now = clock.instant();
        if (done == of || !now.isBefore(told.plus(EVERY))) {
            told = now;
            tell(what + ": " + done + " of " + of);
        }
    }

    /** Tells what is not to be missed. */
    synchronized void tell(String what) {
        out.println(what);
    }
}
