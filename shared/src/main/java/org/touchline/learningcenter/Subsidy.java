package org.touchline.learningcenter;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * The promise of an organization to pay for a person's next background check; good for a year (Connect API, "Background
 * checks").
 *
 * @param payerOrganization the id of a {@link SubsidyOrganization}
 * @param ussfId the person; null if only an e-mail address was given
 * @param email the address that was given, or null
 * @param createdAt when it was made, or last renewed
 * @param usedAt null until a background check used it
 */
public record Subsidy(
        String subsidyId,
        @Nullable String payerOrganization,
        @Nullable UssfId ussfId,
        @Nullable String email,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Instant usedAt) {}
