package org.touchline.enrollment;

import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.UserMatch;
import org.touchline.learningcenter.UserMatch.Match;
import org.touchline.learningcenter.UserMatch.MultipleMatches;
import org.touchline.learningcenter.UserMatch.NoMatch;
import org.touchline.learningcenter.UserQuery;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.Member;
import org.touchline.member.MemberVerification;
import org.touchline.person.PersonRefresh;
import org.touchline.time.Deadline;

/**
 * Finds out who a member is in the Learning Center (design §5): by the USSF-ID that is given, else with everything known, then with
 * the e-mail address alone, then with names and birth date, without a suffix at last. Whatever gave the id, the birth date confirms
 * it: a typed id may be somebody else's, and families share addresses.
 *
 * <p>Safe for use by several threads. Every method throws what {@link LearningCenterClient} throws: an outage is no outcome.
 */
public final class PersonSearch {
    private final LearningCenterClient learningCenter;
    private final PersonRefresh people;
    private final InstantSource clock;

    /**
     * A search in the Learning Center.
     *
     * @param people follows those who have another id by now
     * @param clock tells when the Learning Center was asked
     */
    public PersonSearch(LearningCenterClient learningCenter, PersonRefresh people, InstantSource clock) {
        this.learningCenter = learningCenter;
        this.people = people;
        this.clock = clock;
    }

    /** What a search came to. */
    public sealed interface Outcome {
        /** The USSF-ID that the member has now, confirmed. */
        record Found(UssfId ussfId) implements Outcome {}

        /** Nobody whom the member is known to be; the enrollment says why. */
        record NotFound(Enrollment enrollment) implements Outcome {}
    }

    /**
     * Finds a member.
     *
     * @throws UnknownUssfIdException if the Learning Center does not know the id that is given, or that it names itself: no outcome
     *     before it has said so several times (design rule 26)
     */
    public Outcome find(Member member, Deadline deadline) {
        return member.ussfId() == null ? search(member, deadline) : check(member, member.ussfId(), deadline);
    }

    /** A given id is never replaced by a look-up. */
    private Outcome check(Member member, UssfId given, Deadline deadline) {
        try {
            return new Outcome.Found(people.confirm(given, member.dateOfBirth(), deadline));
        } catch (BirthDateMismatchException ofAnother) {
            return new Outcome.NotFound(Enrollment.ussfIdOfAnother(given, clock.instant()));
        }
    }

    private Outcome search(Member member, Deadline deadline) {
        var byEmail = byEmail(member, deadline);
        if (byEmail != null) {
            var confirmed = confirmed(byEmail, member, deadline);
            if (confirmed.isPresent()) {
                return new Outcome.Found(confirmed.get());
            }
        }
        return switch (byNameAndBirthDate(member, deadline)) {
            case Match(var ussfId) ->
                confirmed(ussfId, member, deadline)
                        .<Outcome>map(Outcome.Found::new)
                        .orElseGet(() -> new Outcome.NotFound(Enrollment.emailOfAnother(clock.instant())));
            case MultipleMatches _ -> new Outcome.NotFound(Enrollment.multipleMatches(clock.instant()));
            case NoMatch _ ->
                new Outcome.NotFound(
                        byEmail == null
                                ? Enrollment.noMatch(clock.instant())
                                : Enrollment.emailOfAnother(clock.instant()));
        };
    }

    /** Whom the e-mail address finds, with all else that is known or alone; null if nobody. */
    private @Nullable UssfId byEmail(Member member, Deadline deadline) {
        var everything = new UserQuery(member.email(), member.firstName(), member.lastName(), member.dateOfBirth());
        if (learningCenter.findUser(everything, deadline) instanceof Match(var ussfId)) {
            return ussfId;
        }
        return learningCenter.findUser(UserQuery.byEmail(member.email()), deadline) instanceof Match(var ussfId)
                ? ussfId
                : null;
    }

    private UserMatch byNameAndBirthDate(Member member, Deadline deadline) {
        var asGiven = byNameAndBirthDate(member, member.lastName(), deadline);
        var bare = MemberVerification.withoutSuffix(member.lastName());
        return asGiven instanceof NoMatch && !bare.equals(member.lastName())
                ? byNameAndBirthDate(member, bare, deadline)
                : asGiven;
    }

    private UserMatch byNameAndBirthDate(Member member, String lastName, Deadline deadline) {
        return learningCenter.findUser(
                UserQuery.byNameAndBirthDate(member.firstName(), lastName, member.dateOfBirth()), deadline);
    }

    /** The id that a person has now, if the member's birth date is theirs. */
    private Optional<UssfId> confirmed(UssfId found, Member member, Deadline deadline) {
        try {
            return Optional.of(people.confirm(found, member.dateOfBirth(), deadline));
        } catch (BirthDateMismatchException ofAnother) {
            return Optional.empty();
        }
    }
}
