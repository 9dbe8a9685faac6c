package org.touchline.lookup;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.catalog.Catalog;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.time.OrganizationCalendar;

/**
 * Looks up a person's licenses in what the connector keeps, for the organization's systems (wire contract §5). It never asks the
 * Learning Center. Safe for use by several threads.
 */
public final class LicenseLookup {
    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final CatalogStore catalog;
    private final MemberDirectory members;
    private final Checkpoint checkpoint;
    private final OrganizationCalendar calendar;

    /** @param calendar tells which licenses are past their expiration date */
    public LicenseLookup(
            LicenseStore licenses,
            ProfileStore profiles,
            CatalogStore catalog,
            MemberDirectory members,
            Checkpoint checkpoint,
            OrganizationCalendar calendar) {
        this.licenses = licenses;
        this.profiles = profiles;
        this.catalog = catalog;
        this.members = members;
        this.checkpoint = checkpoint;
        this.calendar = calendar;
    }

    /**
     * What is known of a person.
     *
     * @param licenses those that were asked for, by rank
     * @param asOf the instant up to which they are known to be complete; null if that is not known
     */
    public record Result(
            Person person,
            List<HeldLicense> licenses,
            @Nullable Instant asOf) {}

    /** Nothing is known of that person or member. The message says which. */
    public static final class UnknownPersonException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        UnknownPersonException(String message) {
            super(message);
        }
    }

    /** The person has another USSF-ID now. */
    public static final class FormerUssfIdException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        private final transient UssfId newUssfId;

        FormerUssfIdException(UssfId newUssfId) {
            super("ussf_id has been changed");
            this.newUssfId = newUssfId;
        }

        /** The identifier to ask for instead. */
        public UssfId newUssfId() {
            return newUssfId;
        }
    }

    /** No member who holds the USSF-ID has the birth date that was given. */
    public static final class BirthDateMismatchException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        BirthDateMismatchException() {
            super("dob does not match ussf_id");
        }
    }

    /**
     * The licenses of a person.
     *
     * @param birthDate compared with the members who hold the id; null for no comparison
     * @throws UnknownPersonException if nothing is known of the person
     * @throws FormerUssfIdException if the person has another USSF-ID now
     * @throws BirthDateMismatchException unless one of the members has the birth date
     */
    public Result ofPerson(UssfId ussfId, LicenseFilter filter, @Nullable LocalDate birthDate) {
        return ofPerson(ussfId, filter, birthDate, null);
    }

    /**
     * The licenses of a person as they will be on a day; see {@link #ofPerson(UssfId, LicenseFilter, LocalDate)}.
     *
     * @param on by the dates that are known now; null for today
     */
    public Result ofPerson(UssfId ussfId, LicenseFilter filter, @Nullable LocalDate birthDate, @Nullable LocalDate on) {
        return find(ussfId, filter, birthDate, List.of(), on(on));
    }

    /**
     * The licenses of a member; see {@link #ofPerson}.
     *
     * @throws UnknownPersonException also if there is no such member, or no USSF-ID of theirs is known
     */
    public Result ofMember(MemberIdentifier identifier, LicenseFilter filter, @Nullable LocalDate birthDate) {
        return ofMember(identifier, filter, birthDate, null);
    }

    /**
     * The licenses of a member as they will be on a day; see {@link #ofMember(MemberIdentifier, LicenseFilter, LocalDate)}.
     *
     * @param on by the dates that are known now; null for today
     */
    public Result ofMember(
            MemberIdentifier identifier, LicenseFilter filter, @Nullable LocalDate birthDate, @Nullable LocalDate on) {
        var look = on(on);
        var enrolled = members.find(identifier)
                .orElseThrow(() -> new UnknownPersonException("there is no member of that identifier"));
        var ussfId = enrolled.enrollment().heldUssfId();
        if (ussfId == null) {
            throw new UnknownPersonException("no USSF-ID is known to be that member's: enrollment "
                    + enrolled.enrollment().status().wireName());
        }
        try {
            return find(ussfId, filter, birthDate, List.of(enrolled), look);
        } catch (FormerUssfIdException movesThisMoment) {
            // The licenses move before the members do, and a member is asked for by their own identifier.
            return find(movesThisMoment.newUssfId(), filter, birthDate, List.of(enrolled), look);
        }
    }

    private Result find(
            UssfId ussfId,
            LicenseFilter filter,
            @Nullable LocalDate birthDate,
            List<EnrolledMember> knownHolders,
            Look look) {
        var person = licenses.person(ussfId)
                .orElseThrow(() -> new UnknownPersonException("nothing is known of that person"));
        var movedTo = person.profile().movedTo();
        if (movedTo != null) {
            throw new FormerUssfIdException(profiles.present(movedTo));
        }
        if (birthDate != null) {
            requireHolderBornOn(birthDate, ussfId, knownHolders);
        }
        return look.at(person, filter);
    }

    /**
     * A look at people as they will be on a day. What is the same for all of them, it reads when it is first needed, and once.
     *
     * @param on null for today
     */
    Look on(@Nullable LocalDate on) {
        return new Look(on);
    }

    /** See {@link #on}. For one thread. */
    final class Look {
        private final @Nullable LocalDate on;
        private @Nullable Catalog entries;
        private boolean looked;
        private @Nullable Instant reconciledUntil;

        private Look(@Nullable LocalDate on) {
            this.on = on;
        }

        Result at(Person person, LicenseFilter filter) {
            var now = calendar.clock().instant();
            // A clock of the Learning Center's that runs ahead does not make us know the future.
            var asOf = person.asOf(person.profile().subscribed() ? reconciledUntil() : null)
                    .map(known -> known.isAfter(now) ? now : known);
            return new Result(person, filter.apply(held(person)), asOf.orElse(null));
        }

        private List<HeldLicense> held(Person person) {
            if (person.licenses().isEmpty()) {
                return List.of();
            }
            var day = on == null ? calendar.today() : on;
            var held = new ArrayList<HeldLicense>();
            for (var license : person.licenses()) {
                held.add(new HeldLicense(license, entries().entry(license.licenseId()), license.statusOn(day)));
            }
            return held;
        }

        private Catalog entries() {
            var known = entries;
            if (known == null) {
                known = catalog.read();
                entries = known;
            }
            return known;
        }

        private @Nullable Instant reconciledUntil() {
            if (!looked) {
                reconciledUntil = checkpoint.completeUntil().orElse(null);
                looked = true;
            }
            return reconciledUntil;
        }
    }

    /** The index of holders follows the directory a moment later, so a holder who is known already is looked at first. */
    private void requireHolderBornOn(LocalDate birthDate, UssfId ussfId, List<EnrolledMember> knownHolders) {
        var known = knownHolders.stream()
                .anyMatch(holder -> holder.member().dateOfBirth().equals(birthDate));
        if (!known && !members.birthDatesOf(ussfId).contains(birthDate)) {
            throw new BirthDateMismatchException();
        }
    }
}
