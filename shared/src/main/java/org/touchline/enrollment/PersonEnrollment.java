package org.touchline.enrollment;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.touchline.enrollment.PersonSearch.Outcome;
import org.touchline.enrollment.PersonSearch.Outcome.Found;
import org.touchline.enrollment.PersonSearch.Outcome.NotFound;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.OwedFollowUp;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Enrollment;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.person.PersonRefresh;
import org.touchline.time.Deadline;

/**
 * Enrolls a member in the Learning Center (design §5): finds them, holds the USSF-ID, subscribes, asks for everything, and keeps the
 * outcome on the member. The id is held before it is subscribed to, so that whoever unsubscribes, and looks for holders after that,
 * cannot miss it. Everything may be done again; what was found of details that have changed meanwhile is dropped.
 *
 * <p>Safe for use by several threads. Every method throws what {@link LearningCenterClient} throws, and {@code SdkException} if
 * DynamoDB cannot do it within the client's time limits: then a member who is pending stays so.
 */
public final class PersonEnrollment {
    /** After this a member who did not match, or has failed, is tried again, and after ever longer, at most a week. */
    private static final Duration FIRST_WAIT = Duration.ofDays(1);

    private static final Duration LONGEST_WAIT = Duration.ofDays(7);

    private static final int TOLD_OF_REFUSALS_FROM = 3;

    private final MemberDirectory members;
    private final MemberIntake intake;
    private final FollowUpStore followUps;
    private final PersonSearch search;
    private final PersonRefresh people;
    private final ProfileStore profiles;
    private final InstantSource clock;

    /** @param clock tells when the Learning Center was asked */
    public PersonEnrollment(
            MemberDirectory members,
            MemberIntake intake,
            FollowUpStore followUps,
            PersonSearch search,
            PersonRefresh people,
            ProfileStore profiles,
            InstantSource clock) {
        this.members = members;
        this.intake = intake;
        this.followUps = followUps;
        this.search = search;
        this.people = people;
        this.profiles = profiles;
        this.clock = clock;
    }

    /** Enrolls a member, if there is one, or begins to try again ever more seldom. */
    public void enroll(MemberIdentifier identifier, Deadline deadline) {
        var enrolled = members.find(identifier);
        if (enrolled.isEmpty() || isNew(enrolled.get().enrollment())) {
            // Other details than were tried in vain, or nobody.
            followUps.forget(new EnrollAgain(identifier));
        }
        if (enrolled.isEmpty()) {
            return;
        }
        var member = enrolled.get().member();
        try {
            switch (find(enrolled.get(), deadline)) {
                case Found(var ussfId) ->
                    subscribe(member, ussfId, enrolled.get().enrollment().heldUssfId(), deadline);
                case NotFound(var outcome) -> {
                    if (intake.settle(member, outcome)) {
                        askAgain(identifier);
                    }
                }
            }
        } catch (UnknownUssfIdException unknown) {
            unknownSoFar(identifier);
            throw unknown;
        }
    }

    /** Looks for a member who did not match, or has failed; who is found now is to be enrolled. */
    public void tryAgain(MemberIdentifier identifier, Deadline deadline) {
        var enrolled = members.find(identifier)
                .filter(known -> known.enrollment().status().didNotMatch());
        if (enrolled.isEmpty()) {
            return;
        }
        var enrollment = enrolled.get().enrollment();
        var settled = true;
        try {
            switch (find(enrolled.get(), deadline)) {
                case Found _ -> followUps.ask(new Enroll(identifier));
                case NotFound(var outcome) ->
                    settled = intake.settle(enrolled.get().member(), outcome);
            }
        } catch (UnknownUssfIdException unknown) {
            if (enrollment.status() == Status.FAILED) {
                settled = intake.settle(enrolled.get().member(), enrollment.checked(clock.instant()));
            } else {
                // Found for the first time: that has four tries before it, too (design rule 26).
                followUps.ask(new Enroll(identifier));
            }
        }
        if (settled) {
            askEverMoreSeldom(identifier);
        }
    }

    /** The Learning Center does not know the id that was given for a member, or that it names itself, again and again. */
    public void giveUp(MemberIdentifier identifier) {
        members.find(identifier).ifPresent(enrolled -> {
            if (intake.settle(enrolled.member(), failed(enrolled))) {
                askAgain(identifier);
            }
        });
    }

    /**
     * It could not be done, and is tried again: the member, who stays pending, says why. A refusal may pass; from the third on it is
     * told (wire contract §2).
     *
     * @param attempts how often it has failed
     * @param dueAt before when it is not tried again
     */
    public void postponed(MemberIdentifier identifier, LearningCenterException why, int attempts, Instant dueAt) {
        if (why instanceof RefusedException refused && attempts >= TOLD_OF_REFUSALS_FROM) {
            members.explainPending(identifier, pending -> pending.refused(refused.getMessage(), clock.instant()));
        } else if (why instanceof LearningCenterUnavailableException) {
            members.explainPending(identifier, pending -> pending.unanswered(dueAt));
        }
    }

    /** The same of a person who was enrolled: their members are told, and tried again (design rules 18 and 26). */
    public void giveUp(UssfId ussfId) {
        var present = profiles.present(ussfId);
        members.failUssfId(present, clock.instant()).forEach(this::askAgain);
        if (!members.isHeld(present)) {
            // Of whom nobody is told any more, nobody need be asked either.
            profiles.unsubscribed(present);
        }
    }

    private Enrollment failed(EnrolledMember enrolled) {
        var now = clock.instant();
        if (enrolled.enrollment().status() == Status.FAILED) {
            return enrolled.enrollment().checked(now);
        }
        return enrolled.member().ussfId() == null ? Enrollment.foundInVain(now) : Enrollment.unknownUssfId(now);
    }

    /**
     * Finds a member; for one who has failed, and holds the id with which they were enrolled before, that is asked for first, and
     * only another id takes its place: what it said of them stays (design rule 18).
     */
    private Outcome find(EnrolledMember enrolled, Deadline deadline) {
        var member = enrolled.member();
        var enrollment = enrolled.enrollment();
        var held = enrollment.status() == Status.FAILED ? enrollment.heldUssfId() : null;
        if (held == null || member.ussfId() != null) {
            return search.find(member, deadline);
        }
        try {
            return new Found(people.confirm(held, member.dateOfBirth(), deadline));
        } catch (UnknownUssfIdException | BirthDateMismatchException stillInVain) {
            return search.find(member, deadline) instanceof Found other
                    ? other
                    : new NotFound(enrollment.checked(clock.instant()));
        }
    }

    private void subscribe(Member member, UssfId found, @Nullable UssfId held, Deadline deadline) {
        if (!found.equals(held) && !intake.settle(member, Enrollment.found(found, clock.instant()))) {
            return;
        }
        people.subscribe(found, deadline);
        if (intake.settle(member, Enrollment.enrolled(profiles.present(found), clock.instant()))) {
            followUps.forget(new EnrollAgain(member.identifier()));
        }
    }

    /** Whoever put the member in is told at once what may be a mistake of theirs. */
    private void unknownSoFar(MemberIdentifier identifier) {
        members.find(identifier)
                .filter(enrolled -> enrolled.enrollment().status() == Status.PENDING)
                .ifPresent(enrolled ->
                        intake.settle(enrolled.member(), enrolled.enrollment().unknownSoFar(clock.instant())));
    }

    private static boolean isNew(Enrollment enrollment) {
        return enrollment.status() == Status.PENDING && enrollment.checkedAt() == null;
    }

    /** What was tried in vain is tried again in a day, or when it is to be anyway. */
    private void askAgain(MemberIdentifier identifier) {
        var work = new EnrollAgain(identifier);
        if (followUps.find(work.id()).isEmpty()) {
            followUps.askLater(work, FIRST_WAIT);
        }
    }

    /**
     * The wish is the same one, renewed: since when it is there tells for how long it has been in vain, and so how long to wait, which
     * is as long again and a day: 1, 2, 4, 7, 7 days (design rule 26).
     */
    private void askEverMoreSeldom(MemberIdentifier identifier) {
        var work = new EnrollAgain(identifier);
        var now = clock.instant();
        var wait = followUps
                .find(work.id())
                .map(OwedFollowUp::askedAt)
                .map(askedAt -> Duration.between(askedAt, now).plus(FIRST_WAIT))
                .orElse(FIRST_WAIT);
        followUps.askNotBefore(work, wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    }
}
