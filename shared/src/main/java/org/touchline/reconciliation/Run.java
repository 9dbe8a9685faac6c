package org.touchline.reconciliation;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one run did (design rule 14, wire contract §7).
 *
 * @param window null if it was skipped
 * @param stoppedBy why it is partial, in one line: the time, or the call and its answer; null if it is not
 */
public record Run(
        Status status,
        @Nullable Window window,
        Pages pages,
        Rows rows,
        @Nullable String stoppedBy) {
    /** How a run ended. */
    public enum Status {
        /** Every page of the window is applied. */
        COMPLETE,
        /** Some pages are not: time ran out, or they could not be read. The next run goes on, unless they were passed over. */
        PARTIAL,
        /** There was nothing to go on with, or another run is at work. */
        SKIPPED;

        /** The spelling on the wire: lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The pages of a run.
     *
     * @param read how many were read for good
     * @param lastDone the page read last; 0 if none was
     * @param passedOver how many were passed over for good, since they failed in three runs (wire contract §2)
     */
    public record Pages(int read, int lastDone, int passedOver) {
        static final Pages NONE = new Pages(0, 0, 0);

        Pages with(int page) {
            return new Pages(read + 1, page, passedOver);
        }
    }

    /**
     * The rows of one page, or of all that were read.
     *
     * @param scanned how many there were
     * @param repaired licenses written
     * @param missed those of them that a webhook should have brought
     * @param quarantined rows that could not be understood
     * @param failed rows that could not be stored: their page is read again
     * @param latest how old the oldest of the missed changes was
     */
    public record Rows(int scanned, int repaired, int missed, int quarantined, int failed, Duration latest) {
        static final Rows NONE = new Rows(0, 0, 0, 0, 0, Duration.ZERO);

        /** Rows that said what was known. */
        public int unchanged() {
            return scanned - repaired - quarantined - failed;
        }

        Rows plus(Rows more) {
            return new Rows(
                    scanned + more.scanned,
                    repaired + more.repaired,
                    missed + more.missed,
                    quarantined + more.quarantined,
                    failed + more.failed,
                    latest.compareTo(more.latest) >= 0 ? latest : more.latest);
        }
    }

    /** A run that did nothing. */
    static final Run SKIPPED = new Run(Status.SKIPPED, null, Pages.NONE, Rows.NONE, null);

    /** A run that has not read a page. */
    static Run begin(Window window) {
        return new Run(Status.PARTIAL, window, Pages.NONE, Rows.NONE, null);
    }

    /** A run of which every page is applied. */
    Run complete(int pagesPassedOver) {
        return ended(Status.COMPLETE, pagesPassedOver, null);
    }

    /** A run that something stopped. */
    Run partial(int pagesPassedOver, String why) {
        return ended(Status.PARTIAL, pagesPassedOver, why);
    }

    private Run ended(Status how, int pagesPassedOver, @Nullable String why) {
        return new Run(how, window, new Pages(pages.read(), pages.lastDone(), pagesPassedOver), rows, why);
    }

    /** With one page more. */
    Run with(int page, Rows ofPage) {
        return new Run(status, window, pages.with(page), rows.plus(ofPage), stoppedBy);
    }
}
