package org.touchline.member;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Function;
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

    /** The fields, by their names on the wire, that are not what they are in another version of this member. */
    public List<String> fieldsOtherThanIn(Member before) {
        var fields = new ArrayList<String>();
        BiConsumer<String, Function<Member, @Nullable Object>> compare = (name, field) -> {
            if (!Objects.equals(field.apply(this), field.apply(before))) {
                fields.add(name);
            }
        };
        compare.accept("firstName", Member::firstName);
        compare.accept("lastName", Member::lastName);
        compare.accept("email", Member::email);
        compare.accept("dateOfBirth", Member::dateOfBirth);
        compare.accept("ussfId", Member::ussfId);
        compare.accept("active", Member::active);
        compare.accept("expiresOn", Member::expiresOn);
        OPTIONAL_FIELDS.forEach(
                name -> compare.accept(name, member -> member.optionalFields().get(name)));
        return fields;
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
