package org.touchline.embedded.learningcenter;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * A promise to pay for a person's next background check.
 *
 * @param subsidyId its id
 * @param payerOrganization id of the {@link Organization} that pays
 * @param ussfId the person; null when only the e-mail of somebody unknown was given
 * @param email as it was given; null when an id was
 * @param createdAt when it was made or last renewed
 * @param expiresAt one year later
 * @param usedAt when a check used it; null until then
 */
public record Subsidy(
        String subsidyId,
        String payerOrganization,
        @Nullable String ussfId,
        @Nullable String email,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant usedAt) {

    /** An unused one that is good for a year from {@code now}. */
    static Subsidy unused(String id, String payer, @Nullable String ussfId, @Nullable String email, Instant now) {
        var expiresAt = now.atOffset(ZoneOffset.UTC).plusYears(1).toInstant();
        return new Subsidy(id, payer, ussfId, email, now, expiresAt, null);
    }

    Subsidy renewed(Instant now) {
        return unused(subsidyId, payerOrganization, ussfId, email, now);
    }

    Subsidy used(Instant now) {
        return new Subsidy(subsidyId, payerOrganization, ussfId, email, createdAt, expiresAt, now);
    }

    Subsidy of(String ussfId) {
        return new Subsidy(subsidyId, payerOrganization, ussfId, email, createdAt, expiresAt, usedAt);
    }
}
