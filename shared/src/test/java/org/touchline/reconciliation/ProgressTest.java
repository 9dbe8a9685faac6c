package org.touchline.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Wire contract §2: pages that fail, and what becomes of the walk. */
class ProgressTest {
    private static final Progress AT_PAGE_FIVE =
            Progress.begin(new Window(Instant.EPOCH, Instant.EPOCH), true).counted(5, 10);

    @Test
    void walkIsGoneOnWithFromTheHighestPageThatIsNotPassedOver() {
        var progress =
                AT_PAGE_FIVE.failed(2, "no answer").failed(3, "no answer").failed(5, "no answer");
        progress = progress.failed(5, "no answer").failed(5, "no answer");

        assertTrue(progress.isPassedOver(5));
        assertFalse(progress.isOver());
        assertEquals(3, progress.again().nextPage());
    }

    /** Once it is answered, a page has a clean slate. */
    @Test
    void pageThatWasAppliedHasNotFailed() {
        var progress = AT_PAGE_FIVE.failed(1, "no answer").failed(1, "no answer");
        assertTrue(progress.isLastTry(1));

        progress = progress.applied(1).failed(1, "no answer");

        assertFalse(progress.isLastTry(1));
    }

    /** The checkpoint is one item: what is remembered has a limit, and beyond it the window is over, not stuck. */
    @Test
    void listOfWhichAThousandPagesFailIsGivenUp() {
        var progress = AT_PAGE_FIVE;
        for (var page = 2_000; page > 1_000; page--) {
            progress = progress.failed(page, "no answer");
        }
        assertFalse(progress.isWalked());

        progress = progress.failed(1_000, "no answer").below();

        assertTrue(progress.isOver());
        assertFalse(progress.isComplete());
        assertEquals(1_000, progress.passedOver());
        assertEquals(
                "page 1001 fails and is passed over after 3 runs: no answer; so do 999 pages more",
                progress.describeFailures());
    }
}
