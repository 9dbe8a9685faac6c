package org.touchline.lookup;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;

/** Everybody with their licenses (wire contract §5). Safe for use by several threads. */
public final class Roster {
    private final MemberDirectory members;
    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final LicenseLookup lookup;

    public Roster(MemberDirectory members, LicenseStore licenses, ProfileStore profiles, LicenseLookup lookup) {
        this.members = members;
        this.licenses = licenses;
        this.profiles = profiles;
        this.lookup = lookup;
    }

    /**
     * A member.
     *
     * @param ussfId the id that the member holds; null if none is known
     * @param held what is known of that person; null if nothing is
     */
    public record Row(EnrolledMember member, @Nullable UssfId ussfId, LicenseLookup.@Nullable Result held) {}

    /**
     * A part of the roster.
     *
     * @param next the identifier to go on after; null at the end
     */
    public record Page(List<Row> rows, @Nullable MemberIdentifier next) {}

    /**
     * Members in the order of their identifiers. At most 10 requests, and one for each person (design §6); two where they are
     * moving this moment.
     *
     * @param on the day as of which licenses are good; null for today
     * @param limit how many at most
     * @param after the identifier to go on after, which need not exist; null for the beginning
     */
    public Page page(LicenseFilter filter, @Nullable LocalDate on, int limit, @Nullable MemberIdentifier after) {
        var look = lookup.on(on);
        var page = members.everybody(limit, after);
        var people = new HashMap<UssfId, Optional<Person>>();
        var rows = new ArrayList<Row>();
        for (var member : page.members()) {
            var held = member.enrollment().heldUssfId();
            var person = held == null ? Optional.<Person>empty() : people.computeIfAbsent(held, this::present);
            rows.add(new Row(
                    member,
                    person.map(Person::ussfId).orElse(held),
                    person.map(known -> look.at(known, filter)).orElse(null)));
        }
        return new Page(rows, page.next());
    }

    /** The licenses move before the members do. */
    private Optional<Person> present(UssfId held) {
        var person = licenses.person(held);
        var movedTo = person.map(known -> known.profile().movedTo()).orElse(null);
        return movedTo == null ? person : licenses.person(profiles.present(movedTo));
    }
}
