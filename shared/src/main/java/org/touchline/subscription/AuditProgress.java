package org.touchline.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * How far an audit has come: first the list of subscriptions is read, page by page, then whoever seems to be missing in it is
 * looked at once more, in the order of their ids.
 *
 * @param startedAt when it began, which also tells its saved pages from those of another
 * @param list how far the list is read
 * @param repairing whether it subscribes what is missing
 * @param repairOwed whether that is still to be done by another once this one has reported
 * @param checkedUntil the last id that was looked at once more; null if none was
 * @param missingCount how many were missing then
 * @param missing the first of them, packed
 * @param repaired for how many a subscription was asked for
 * @param undecided how many people, rows and pages could not be read or asked about
 */
record AuditProgress(
        Instant startedAt,
        Reading list,
        boolean repairing,
        boolean repairOwed,
        @Nullable UssfId checkedUntil,
        int missingCount,
        byte[] missing,
        int repaired,
        int undecided) {
    /**
     * How far the list is read.
     *
     * @param nextPage the page to read next; 0 once all have been read
     * @param lastPage how many pages there were when one was read last; 0 before that
     * @param failures in how many runs the next page could not be read
     * @param pieces in how many pieces what was read is saved
     */
    record Reading(int nextPage, int lastPage, int failures, int pieces) {}

    static AuditProgress begin(Instant now, boolean repairing) {
        return new AuditProgress(now, new Reading(1, 0, 0, 0), repairing, false, null, 0, new byte[0], 0, 0);
    }

    boolean isRead() {
        return list.nextPage() == 0;
    }

    /**
     * The same list, but everybody who seems to be missing is looked at again: who was only reported is to be repaired; and where
     * somebody asks for a report in the middle of a repair, that is still owed.
     */
    AuditProgress checkedAnew(boolean repair) {
        return new AuditProgress(
                startedAt, list, repair, !repair && (repairing || repairOwed), null, 0, new byte[0], 0, undecided);
    }

    /** Whether a person was looked at once more. */
    boolean isChecked(UssfId ussfId) {
        return checkedUntil != null && ussfId.compareTo(checkedUntil) <= 0;
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

    AuditProgress checked(UssfId until) {
        return new AuditProgress(
                startedAt, list, repairing, repairOwed, until, missingCount, missing, repaired, undecided);
    }

    /** This one is missing; where it repairs, a subscription was asked for. */
    AuditProgress missing(UssfId until, byte[] listed) {
        return new AuditProgress(
                startedAt,
                list,
                repairing,
                repairOwed,
                until,
                missingCount + 1,
                listed,
                repaired + (repairing ? 1 : 0),
                undecided);
    }

    /** Something more could not be decided. */
    AuditProgress undecidedOnce() {
        return new AuditProgress(
                startedAt, list, repairing, repairOwed, checkedUntil, missingCount, missing, repaired, undecided + 1);
    }

    private AuditProgress with(Reading reading) {
        return new AuditProgress(
                startedAt, reading, repairing, repairOwed, checkedUntil, missingCount, missing, repaired, undecided);
    }
}
