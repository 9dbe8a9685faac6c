package org.touchline.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;
import org.touchline.license.UssfIds;

/**
 * How far an audit has come: first the list of subscriptions is read, page by page; then it is compared with whom we hold; then whoever
 * seems to be missing in it is looked at once more.
 *
 * @param startedAt when it began, which also tells what it has saved from what another has
 * @param comparison what came of comparing; null before that
 * @param undecided how many people, rows and pages could not be read or asked about
 */
record AuditProgress(
        Instant startedAt,
        Reading list,
        Purpose purpose,
        @Nullable Comparison comparison,
        SecondLook secondLook,
        int undecided) {
    /**
     * How far the list is read.
     *
     * @param nextPage the page to read next; 0 once all have been read
     * @param lastPage how many pages there were when one was read last; 0 before that
     * @param failures in how many runs the next page could not be read
     * @param pieces in how many pieces what was read is saved
     */
    record Reading(int nextPage, int lastPage, int failures, int pieces) {
        static final Reading NOTHING = new Reading(1, 0, 0, 0);
    }

    /**
     * What it is for.
     *
     * @param repairing whether it subscribes what is missing
     * @param repairOwed whether that is still to be done by another once this one has reported
     */
    record Purpose(boolean repairing, boolean repairOwed) {}

    /**
     * What came of comparing the list with whom we hold.
     *
     * @param expected how many people we should be told of
     * @param subscribed how many the list shows
     * @param extraCount how many of these we are told of without need
     * @param extra the first of them
     * @param seemMissing how many of the expected the list does not show
     * @param marked how many others are marked as subscribed, and the list does not show them; they are looked at behind the others
     */
    record Comparison(int expected, int subscribed, int extraCount, UssfIds extra, int seemMissing, int marked) {
        int toBeLookedAt() {
            return seemMissing + marked;
        }
    }

    /**
     * What came of those who were looked at once more.
     *
     * @param looked at how many
     * @param found how many of them turned out to be subscribed to
     * @param foundExtra how many of these without need
     * @param missingCount how many were missing then
     * @param missing the first of them
     * @param repaired for how many a subscription was asked for
     */
    record SecondLook(int looked, int found, int foundExtra, int missingCount, UssfIds missing, int repaired) {
        static final SecondLook NOBODY = new SecondLook(0, 0, 0, 0, UssfIds.NONE, 0);
    }

    static AuditProgress begin(Instant now, boolean repairing) {
        return new AuditProgress(now, Reading.NOTHING, new Purpose(repairing, false), null, SecondLook.NOBODY, 0);
    }

    boolean isRead() {
        return list.nextPage() == 0;
    }

    boolean repairing() {
        return purpose.repairing();
    }

    /**
     * The same list, but it is compared anew, and everybody who seems to be missing is looked at again: who was only reported is to be
     * repaired; and where somebody asks for a report in the middle of a repair, that is still owed.
     */
    AuditProgress checkedAnew(boolean repair) {
        var owed = !repair && (purpose.repairing() || purpose.repairOwed());
        return new AuditProgress(startedAt, list, new Purpose(repair, owed), null, SecondLook.NOBODY, undecided);
    }

    /** The next page is read, or passed over. */
    AuditProgress read(int next, int lastPage) {
        return with(new Reading(next, lastPage, 0, list.pieces()));
    }

    /** One run more could not read the next page. */
    AuditProgress failed() {
        return with(new Reading(list.nextPage(), list.lastPage(), list.failures() + 1, list.pieces()));
    }

    /** One piece more is saved. */
    AuditProgress saved() {
        return with(new Reading(list.nextPage(), list.lastPage(), list.failures(), list.pieces() + 1));
    }

    AuditProgress compared(Comparison compared) {
        return new AuditProgress(startedAt, list, purpose, compared, SecondLook.NOBODY, undecided);
    }

    /** One more was looked at, and is not to be counted. */
    AuditProgress looked() {
        return with(new SecondLook(
                secondLook.looked() + 1,
                secondLook.found(),
                secondLook.foundExtra(),
                secondLook.missingCount(),
                secondLook.missing(),
                secondLook.repaired()));
    }

    /** One more was looked at, and is subscribed to. */
    AuditProgress found(boolean isExpected) {
        return with(new SecondLook(
                secondLook.looked() + 1,
                secondLook.found() + 1,
                secondLook.foundExtra() + (isExpected ? 0 : 1),
                secondLook.missingCount(),
                secondLook.missing(),
                secondLook.repaired()));
    }

    /** One more was looked at, and is missing; where it repairs, a subscription was asked for. */
    AuditProgress missing(UssfId ussfId) {
        var listed = secondLook.missing();
        return with(new SecondLook(
                secondLook.looked() + 1,
                secondLook.found(),
                secondLook.foundExtra(),
                secondLook.missingCount() + 1,
                listed.size() < AuditResult.MOST_LISTED ? listed.and(ussfId) : listed,
                secondLook.repaired() + (repairing() ? 1 : 0)));
    }

    /** Something more could not be decided. */
    AuditProgress undecidedOnce() {
        return new AuditProgress(startedAt, list, purpose, comparison, secondLook, undecided + 1);
    }

    private AuditProgress with(Reading reading) {
        return new AuditProgress(startedAt, reading, purpose, comparison, secondLook, undecided);
    }

    private AuditProgress with(SecondLook looked) {
        return new AuditProgress(startedAt, list, purpose, comparison, looked, undecided);
    }
}
