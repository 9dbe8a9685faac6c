package org.touchline.embedded.learningcenter;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * The latest change of one license of one person: the body of the user-license-update webhook, and a row of
 * {@code GET /user-licenses}.
 *
 * @param ussfId the person
 * @param action what happened last
 * @param licenseId the license; it need not be in the catalog
 * @param issuer the organization that hosted the course
 * @param issueDate when it was issued
 * @param expirationDate its last good day, if it has one
 * @param updatedAt when it changed last
 */
public record UserLicense(
        String ussfId,
        LicenseAction action,
        String licenseId,
        @Nullable String issuer,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate expirationDate,
        Instant updatedAt) {

    public UserLicense {
        requireNonNull(ussfId, "ussf_id is missing");
        requireNonNull(action, "action is missing");
        requireNonNull(licenseId, "license_id is missing");
        requireNonNull(updatedAt, "updated_at is missing");
    }

    /** Whether {@code GET /users/{ussf_id}/user-licenses} lists it. */
    @JsonIgnore
    public boolean isActive() {
        return action != LicenseAction.REMOVED;
    }

    /** The same license after another action. */
    public UserLicense with(LicenseAction action) {
        return new UserLicense(ussfId, action, licenseId, issuer, issueDate, expirationDate, updatedAt);
    }

    /** The same license in the hands of {@code ussfId}. */
    public UserLicense of(String ussfId) {
        return new UserLicense(ussfId, action, licenseId, issuer, issueDate, expirationDate, updatedAt);
    }
}
