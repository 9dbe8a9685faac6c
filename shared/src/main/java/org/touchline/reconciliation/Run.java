package org.touchline.reconciliation;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What one run did (design rule 14, wire contract §7).
 *
 * @param window null if it was skipped
 * @param pages how many were read for good
 * @param scanned rows on them
 * @param repaired licenses written
 * @param missed those of them that a webhook should have brought
 * @param unchanged rows that said what was known
 * @param quarantined rows that could not be understood
 * @param failed rows that could not be stored: their page is read again
 * @param passedOver pages that were passed over for good, since they failed in three runs (wire contract §2)
 * @param latest how old the oldest of the missed changes was
 * @param lastPageDone the page read last; 0 if none was
 * @param stoppedBy why it is partial, in one line: the time, or the call and its answer; null if it is not
 */
public record Run(
        Status status,
        @Nullable Window window,
        int pages,
        int scanned,
        int repaired,
        int missed,
        int unchanged,
        int quarantined,
        int failed,
        int passedOver,
        Duration latest,
        int lastPageDone,
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

    /** A run that did nothing. */
    static final Run SKIPPED = new Run(Status.SKIPPED, null, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0, null);

    /** A run that has not read a page. */
    static Run begin(Window window) {
        return new Run(Status.PARTIAL, window, 0, 0, 0, 0, 0, 0, 0, 0, Duration.ZERO, 0, null);
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
        return new Run(
                how,
                window,
                pages,
                scanned,
                repaired,
                missed,
                unchanged,
                quarantined,
                failed,
                pagesPassedOver,
                latest,
                lastPageDone,
                why);
    }

    /** With one page more. */
    Run with(int page, PageResult result) {
        return new Run(
                status,
                window,
                pages + 1,
                scanned + result.rows(),
                repaired + result.repaired(),
                missed + result.missed(),
                unchanged + result.rows() - result.repaired() - result.quarantined() - result.failed(),
                quarantined + result.quarantined(),
                failed + result.failed(),
                passedOver,
                latest.compareTo(result.latest()) >= 0 ? latest : result.latest(),
                page,
                stoppedBy);
    }

    /**
     * What the rows of one page brought.
     *
     * @param whyFailed of the first that could not be stored; null if all could
     */
    record PageResult(
            int rows,
            int repaired,
            int missed,
            int quarantined,
            int failed,
            Duration latest,
            @Nullable String whyFailed) {}
}
