package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * One thing that the Learning Center said of one license of one person, whichever way it came.
 *
 * @param issuer the organization that hosted the course, or null
 * @param issueDate the day it was issued, or null
 * @param expirationDate the last day it is good; null if it does not expire
 * @param updatedAt when anything about this license last changed, by the Learning Center's clock; fractions of a second count
 */
public record LicenseChange(
        UssfId ussfId,
        LicenseId licenseId,
        LicenseState state,
        @Nullable String issuer,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate expirationDate,
        Instant updatedAt) {

    /** The same of another person, or of the same person under another id. */
    public LicenseChange of(UssfId other) {
        return new LicenseChange(other, licenseId, state, issuer, issueDate, expirationDate, updatedAt);
    }

    /** Where this change stands among all changes of the same license. */
    public Revision revision() {
        return Revision.of(this);
    }
}
