package org.touchline.member;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * A member as the organization put them in (wire contract §5).
 *
 * @param lastName as given, a suffix such as Jr included
 * @param ussfId the USSF-ID as the organization knows it, if it does
 * @param expiresOn the last day of the membership; null if it does not expire
 * @param optionalFields the consumer's optional fields that the member has, by their names in {@link #OPTIONAL_FIELDS}
 */
public record Member(
        MemberIdentifier identifier,
        String firstName,
        String lastName,
        String email,
        LocalDate dateOfBirth,
        @Nullable UssfId ussfId,
        boolean active,
        @Nullable LocalDate expiresOn,
        Map<String, String> optionalFields) {
    /** The optional fields of the User Verification API, which are passed through. */
    public static final List<String> OPTIONAL_FIELDS = List.of(
            "membershipExpiration", "position", "gender", "country", "region", "city", "postal", "address", "address2");

    public Member {
        optionalFields = Map.copyOf(optionalFields);
    }

    /** Whether a membership is good on a day (design §4): active, and not past its last day. */
    public boolean isGoodOn(LocalDate today) {
        return active && (expiresOn == null || !expiresOn.isBefore(today));
    }

    /** Whether another version of this member would be looked up in the Learning Center by the same details. */
    public boolean looksUpLike(Member other) {
        return firstName.equals(other.firstName)
                && lastName.equals(other.lastName)
                && email.equals(other.email)
                && dateOfBirth.equals(other.dateOfBirth)
                && Objects.equals(ussfId, other.ussfId);
    }
}
