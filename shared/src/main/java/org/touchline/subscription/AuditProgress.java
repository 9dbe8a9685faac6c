package org.touchline.subscription;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * How far an audit has come: first the list of subscriptions is read, page by page, then whoever seems to be missing in it is
 * looked at once more, in the order of their ids.
 *
 * @param startedAt when it began, which also tells its saved pages from those of another
 * @param nextPage the page to read next; 0 once all have been read
 * @param pieces in how many pieces what was read is saved
 * @param repairing whether it subscribes what is missing
 * @param checkedUntil the last id that was looked at once more; null if none was
 * @param missingCount how many were missing then
 * @param missing the first of them, packed
 * @param repaired for how many a subscription was asked for
 */
record AuditProgress(
        Instant startedAt,
        int nextPage,
        int pieces,
        boolean repairing,
        @Nullable UssfId checkedUntil,
        int missingCount,
        byte[] missing,
        int repaired) {
    static AuditProgress begin(Instant now, boolean repairing) {
        return new AuditProgress(now, 1, 0, repairing, null, 0, new byte[0], 0);
    }

    boolean isRead() {
        return nextPage == 0;
    }

    /** The same list, but everybody who seems to be missing is looked at again: who was only reported is to be repaired. */
    AuditProgress checkedAnew(boolean repair) {
        return new AuditProgress(startedAt, nextPage, pieces, repair, null, 0, new byte[0], 0);
    }

    /** Whether a person was looked at once more. */
    boolean isChecked(UssfId ussfId) {
        return checkedUntil != null && ussfId.compareTo(checkedUntil) <= 0;
    }

    AuditProgress read(int next) {
        return new AuditProgress(startedAt, next, pieces, repairing, checkedUntil, missingCount, missing, repaired);
    }

    /** One piece more is saved. */
    AuditProgress saved() {
        return new AuditProgress(
                startedAt, nextPage, pieces + 1, repairing, checkedUntil, missingCount, missing, repaired);
    }

    AuditProgress checked(UssfId until) {
        return new AuditProgress(startedAt, nextPage, pieces, repairing, until, missingCount, missing, repaired);
    }

    /** This one is missing; where it repairs, a subscription was asked for. */
    AuditProgress missing(UssfId until, byte[] listed) {
        return new AuditProgress(
                startedAt,
                nextPage,
                pieces,
                repairing,
                until,
                missingCount + 1,
                listed,
                repaired + (repairing ? 1 : 0));
    }
}
