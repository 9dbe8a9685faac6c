package org.touchline.followup.work;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.touchline.JsonObject;
import org.touchline.enrollment.PersonEnrollment;
import org.touchline.enrollment.PersonUnsubscription;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.LookForHolders;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUp.Unsubscribe;
import org.touchline.followup.FollowUpRunner;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.UssfId;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.time.Deadline;

/** What is done about each kind of follow-up. Safe for use by several threads. */
public final class FollowUpWork implements FollowUpRunner.Worker {
    private final PersonMove moves;
    private final PersonRefresh people;
    private final PersonEnrollment enrollment;
    private final PersonUnsubscription unsubscription;
    private final Quarantine quarantine;
    private final InstantSource clock;

    /** @param clock tells when a change was kept that contradicts an earlier one */
    public FollowUpWork(
            PersonMove moves,
            PersonRefresh people,
            PersonEnrollment enrollment,
            PersonUnsubscription unsubscription,
            Quarantine quarantine,
            InstantSource clock) {
        this.moves = moves;
        this.people = people;
        this.enrollment = enrollment;
        this.unsubscription = unsubscription;
        this.quarantine = quarantine;
        this.clock = clock;
    }

    /** What is done about a kind, and what giving it up means. */
    private record Task(Consumer<Deadline> carryOut, Runnable giveUp) {
        /** It asks nobody, or nothing that decides whether somebody exists (design rule 24). */
        static Task decidingNothing(Consumer<Deadline> carryOut) {
            return new Task(carryOut, () -> {});
        }
    }

    private Task task(FollowUp work) {
        return switch (work) {
            case Move(var former, var successor) -> Task.decidingNothing(_ -> move(former, successor));
            case LookAgain(var former) -> Task.decidingNothing(_ -> moves.lookAgain(former));
            case FetchRefereeExperience(var ussfId) ->
                Task.decidingNothing(deadline -> people.fetchRefereeExperience(ussfId, deadline));
            case FetchGrassrootsCertificate(var ussfId) ->
                Task.decidingNothing(deadline -> people.fetchGrassrootsCertificate(ussfId, deadline));
            case Unsubscribe(var ussfId) ->
                Task.decidingNothing(deadline -> unsubscription.unsubscribe(ussfId, deadline));
            case Subscribe(var ussfId) ->
                new Task(deadline -> people.subscribe(ussfId, deadline), () -> enrollment.giveUp(ussfId));
            case Refresh(var ussfId) ->
                new Task(deadline -> people.refresh(ussfId, deadline), () -> enrollment.giveUp(ussfId));
            case LookForHolders(var ussfId) ->
                new Task(deadline -> unsubscription.lookForHolders(ussfId, deadline), () -> enrollment.giveUp(ussfId));
            case Enroll(var member) ->
                new Task(deadline -> enrollment.enroll(member, deadline), () -> enrollment.giveUp(member));
            case EnrollAgain(var member) ->
                new Task(deadline -> enrollment.tryAgain(member, deadline), () -> enrollment.giveUp(member));
        };
    }

    @Override
    public void carryOut(FollowUp work, Deadline deadline) {
        task(work).carryOut().accept(deadline);
    }

    /** Rule 18: the licenses stay, and whoever put the member in is told. Whether a person exists, only licenses and subscribe decide. */
    @Override
    public void giveUp(FollowUp work) {
        task(work).giveUp().run();
    }

    /** A member who waits is told why; of the others nobody waits for the outcome. */
    @Override
    public void postponed(FollowUp work, LearningCenterException why, int attempts, Instant dueAt) {
        if (work instanceof Enroll(var member)) {
            enrollment.postponed(member, why, attempts, dueAt);
        }
    }

    /** It was recorded before anybody looked whether it can be: what contradicts is kept as its webhook would have been. */
    private void move(UssfId former, UssfId successor) {
        try {
            moves.move(former, successor);
        } catch (ContradictoryMoveException contradictory) {
            var payload =
                    new JsonObject().put("current_ussf_id", former.value()).put("new_ussf_id", successor.value());
            quarantine.keep(
                    Source.USSF_ID_WEBHOOK,
                    payload.toString().getBytes(StandardCharsets.UTF_8),
                    contradictory.getMessage(),
                    clock.instant());
        }
    }
}
