package org.touchline.person;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.touchline.enrollment.MemberIntake;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.OwedFollowUp;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.person.PersonSearch.Outcome.Found;
import org.touchline.person.PersonSearch.Outcome.NotFound;

/**
 * Enrolls a member in the Learning Center (design §5): finds them, holds the USSF-ID, subscribes, asks for everything, and keeps the
 * outcome on the member. The id is held before it is subscribed to, so that whoever unsubscribes, and looks for holders after that,
 * cannot miss it. Everything may be done again; what was found of details that have changed meanwhile is dropped.
 *
 * <p>Safe for use by several threads. Every method throws what {@link LearningCenterClient} throws, and {@code SdkException} if
 * DynamoDB cannot do it within the client's time limits: then a member who is pending stays so.
 */
public final class PersonEnrollment {
    /** After this a member who did not match is tried again, and after as long as it has been in vain, at most a week. */
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
    void enroll(MemberIdentifier identifier, Deadline deadline) {
        var enrolled = members.find(identifier);
        followUps.forget(new EnrollAgain(identifier));
        if (enrolled.isEmpty()) {
            return;
        }
        var member = enrolled.get().member();
        switch (search.find(member, deadline)) {
            case Found(var ussfId) ->
                subscribe(member, ussfId, enrolled.get().enrollment().heldUssfId(), deadline);
            case NotFound(var outcome) -> {
                if (intake.settle(member, outcome)) {
                    followUps.askLater(new EnrollAgain(identifier), FIRST_WAIT);
                }
            }
        }
    }

    /** Looks for a member who did not match; who is found now is to be enrolled. */
    void tryAgain(MemberIdentifier identifier, Deadline deadline) {
        var enrolled = members.find(identifier)
                .filter(known -> known.enrollment().status().didNotMatch());
        if (enrolled.isEmpty()) {
            return;
        }
        var member = enrolled.get().member();
        switch (search.find(member, deadline)) {
            case Found _ -> followUps.ask(new Enroll(identifier));
            case NotFound(var outcome) -> {
                if (intake.settle(member, outcome)) {
                    askEverMoreSeldom(new EnrollAgain(identifier));
                }
            }
        }
    }

    /** The Learning Center names an id for a member that it does not know, again and again. */
    void giveUp(MemberIdentifier identifier) {
        members.find(identifier).ifPresent(enrolled -> {
            if (intake.settle(enrolled.member(), Enrollment.foundInVain(clock.instant()))) {
                askEverMoreSeldom(new EnrollAgain(identifier));
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
    void postponed(MemberIdentifier identifier, LearningCenterException why, int attempts, Instant dueAt) {
        if (why instanceof RefusedException refused && attempts >= TOLD_OF_REFUSALS_FROM) {
            members.explainPending(identifier, pending -> pending.refused(refused.getMessage(), clock.instant()));
        } else if (why instanceof LearningCenterUnavailableException) {
            members.explainPending(identifier, pending -> pending.unanswered(dueAt));
        }
    }

    private void subscribe(Member member, UssfId found, @Nullable UssfId held, Deadline deadline) {
        if (!found.equals(held) && !intake.settle(member, Enrollment.found(found, clock.instant()))) {
            return;
        }
        people.subscribe(found, deadline);
        intake.settle(member, Enrollment.enrolled(profiles.present(found), clock.instant()));
    }

    /** The wish is the same one, renewed: since when it is there tells for how long it has been in vain. */
    private void askEverMoreSeldom(EnrollAgain work) {
        var now = clock.instant();
        var inVain = followUps
                .find(work.id())
                .map(OwedFollowUp::askedAt)
                .map(askedAt -> Duration.between(askedAt, now))
                .orElse(FIRST_WAIT);
        var wait = inVain.compareTo(FIRST_WAIT) < 0 ? FIRST_WAIT : inVain;
        followUps.askLater(work, wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT);
    }
}
