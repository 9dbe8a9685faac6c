package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;

/**
 * A license of a person as the store holds it, a tombstone included.
 *
 * @param removed whether the person no longer holds it: it was removed, or is missing in a full answer (design rule 3b)
 * @param revision what the row's content is as of; see {@link LicenseChange} for the rest
 * @param answeredAt the instant of the full answer that marked the license absent, or ended that, since the revision was written;
 *     null if none did
 */
public record License(
        LicenseId licenseId,
        boolean removed,
        @Nullable String issuer,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate expirationDate,
        Revision revision,
        @Nullable Instant answeredAt) {

    /** When anything about this license last changed, by the Learning Center's clock. */
    public Instant updatedAt() {
        return revision.updatedAt();
    }

    /**
     * Where this state stands among all states of the license (design rule 3b), as text that sorts as they do: the revision, and
     * behind it, where a full answer marked or unmarked the license since, {@code ~} and that answer's instant.
     */
    public String stateRevision() {
        return answeredAt == null ? revision.text() : revision + "~" + Item.sortable(answeredAt);
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
