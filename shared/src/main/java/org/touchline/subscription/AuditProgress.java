package org.touchline.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * How far an audit has come: first the list of subscriptions is read, page by page, then whoever seems to be missing in it is
 * looked at once more, in the order of their ids.
 *
 * @param startedAt when it began, which also tells its saved pages from those of another
 * @param undecided how many people, rows and pages could not be read or asked about
 */
record AuditProgress(Instant startedAt, Reading list, Purpose purpose, SecondLook secondLook, int undecided) {
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
     * What came of those who were looked at once more.
     *
     * @param until the last id; null if there was none
     * @param missingCount how many were missing then
     * @param missing the first of them
     * @param repaired for how many a subscription was asked for
     */
    record SecondLook(@Nullable UssfId until, int missingCount, UssfIds missing, int repaired) {
        static final SecondLook NOBODY = new SecondLook(null, 0, UssfIds.NONE, 0);

        SecondLook at(UssfId ussfId) {
            return new SecondLook(ussfId, missingCount, missing, repaired);
        }
    }

    static AuditProgress begin(Instant now, boolean repairing) {
        return new AuditProgress(now, Reading.NOTHING, new Purpose(repairing, false), SecondLook.NOBODY, 0);
    }

    boolean isRead() {
        return list.nextPage() == 0;
    }

    boolean repairing() {
        return purpose.repairing();
    }

    /**
     * The same list, but everybody who seems to be missing is looked at again: who was only reported is to be repaired; and where
     * somebody asks for a report in the middle of a repair, that is still owed.
     */
    AuditProgress checkedAnew(boolean repair) {
        var owed = !repair && (purpose.repairing() || purpose.repairOwed());
        return new AuditProgress(startedAt, list, new Purpose(repair, owed), SecondLook.NOBODY, undecided);
    }

    /** Whether a person was looked at once more. */
    boolean isChecked(UssfId ussfId) {
        return secondLook.until() != null && ussfId.compareTo(secondLook.until()) <= 0;
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

    AuditProgress checked(UssfId ussfId) {
        return with(secondLook.at(ussfId));
    }

    /** This one is missing; where it repairs, a subscription was asked for. */
    AuditProgress missing(UssfId ussfId) {
        var listed = secondLook.missing();
        return with(new SecondLook(
                ussfId,
                secondLook.missingCount() + 1,
                listed.size() < AuditResult.MOST_LISTED ? listed.and(ussfId) : listed,
                secondLook.repaired() + (repairing() ? 1 : 0)));
    }

    /** Something more could not be decided. */
    AuditProgress undecidedOnce() {
        return new AuditProgress(startedAt, list, purpose, secondLook, undecided + 1);
    }

    private AuditProgress with(Reading reading) {
        return new AuditProgress(startedAt, reading, purpose, secondLook, undecided);
    }

    private AuditProgress with(SecondLook looked) {
        return new AuditProgress(startedAt, list, purpose, looked, undecided);
    }
}
