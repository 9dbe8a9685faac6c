package org.touchline.member;

import java.util.Optional;
import java.util.regex.Pattern;
import org.touchline.time.OrganizationCalendar;

/**
 * Answers whether a member number is real and who that is (User Verification API; design §4). Whoever is not a good member is
 * the same as nobody: nothing tells them apart.
 */
public final class MemberVerification {
    private static final Pattern SUFFIX = Pattern.compile(
            "(?<name>.*[^\\s\\p{Z},])[\\s\\p{Z},]+(jr|sr|ii|iii|iv)\\.?", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private final MemberDirectory members;
    private final OrganizationCalendar calendar;

    /** @param calendar tells which memberships are past their last day */
    public MemberVerification(MemberDirectory members, OrganizationCalendar calendar) {
        this.members = members;
        this.calendar = calendar;
    }

    /**
     * The member of an identifier, if the membership is good today: one strongly consistent read, none where the text cannot
     * be an identifier.
     */
    public Optional<Member> verify(String identifier) {
        return MemberIdentifier.tryParse(identifier)
                .flatMap(members::find)
                .map(EnrolledMember::member)
                .filter(member -> member.isGoodOn(calendar.today()));
    }

    /**
     * A last name without a suffix (User Verification API: "Do not include suffixes such as Jr, Sr, III, etc."): Jr, Sr, II,
     * III or IV in any case, with or without a comma before and a period behind, if another word stands before it.
     */
    public static String withoutSuffix(String lastName) {
        var suffixed = SUFFIX.matcher(lastName.strip());
        return suffixed.matches() ? suffixed.group("name") : lastName.strip();
    }
}
