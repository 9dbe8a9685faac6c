package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * A license of a person as the store holds it, a tombstone included.
 *
 * @param removed whether the person no longer holds it: it was removed, or is missing in a full answer (design rule 3b)
 * @param revision what the row's content is as of; see {@link LicenseChange} for the rest
 */
public record License(
        LicenseId licenseId,
        boolean removed,
        @Nullable String issuer,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate expirationDate,
        Revision revision) {

    /** When anything about this license last changed, by the Learning Center's clock. */
    public Instant updatedAt() {
        return revision.updatedAt();
    }

    /**
     * Active, expired or removed on a day. A license is good through its expiration date (wire contract §5).
     *
     * @param today the day in the organization's time zone
     */
    public LicenseStatus statusOn(LocalDate today) {
        if (removed) {
            return LicenseStatus.REMOVED;
        }
        return expirationDate != null && expirationDate.isBefore(today) ? LicenseStatus.EXPIRED : LicenseStatus.ACTIVE;
    }
}
