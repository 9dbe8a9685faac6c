package org.touchline.lambda;

import java.util.function.Consumer;
import org.touchline.enrollment.MemberIntake;
import org.touchline.enrollment.PersonEnrollment;
import org.touchline.enrollment.PersonSearch;
import org.touchline.enrollment.PersonUnsubscription;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.work.FollowUpWork;
import org.touchline.license.TakenOver;
import org.touchline.person.PersonMove;
import org.touchline.person.PersonRefresh;

/** What works on follow-ups is composed of: the function {@code follow-up}, and {@code person-refresh} in its background. */
public final class FollowUpWiring {
    private final Wiring wiring;

    /** @param wiring names the tables, the Learning Center, and what is wanted of people */
    public FollowUpWiring(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * Works on what is owed.
     *
     * @param journal is told a line of each that failed
     */
    public FollowUpRunner runner(Consumer<String> journal) {
        return new FollowUpRunner(wiring.followUps(), work(), wiring.pacing(), wiring.atOnce(), journal);
    }

    /** Asks the Learning Center about people. */
    public PersonRefresh people() {
        var metrics = wiring.metrics();
        return new PersonRefresh(
                wiring.learningCenter(),
                wiring.licenses(),
                wiring.profiles(),
                wiring.members(),
                moves(),
                wiring.followUps(),
                wiring.countingQuarantine(),
                wiring.extras(),
                wiring.calendar(),
                taken -> count(taken, metrics));
    }

    private FollowUpWork work() {
        var members = wiring.members();
        var followUps = wiring.followUps();
        var profiles = wiring.profiles();
        var clock = wiring.clock();
        var people = people();
        var intake = new MemberIntake(members, followUps);
        var search = new PersonSearch(wiring.learningCenter(), people, clock);
        return new FollowUpWork(
                moves(),
                people,
                new PersonEnrollment(members, intake, followUps, search, people, profiles, clock),
                new PersonUnsubscription(members, followUps, people, profiles),
                wiring.countingQuarantine(),
                clock);
    }

    private PersonMove moves() {
        return new PersonMove(wiring.licenses(), wiring.profiles(), wiring.members(), wiring.followUps());
    }

    /** Rule 25; what should not happen is told only when it does. */
    private static void count(TakenOver taken, Metrics metrics) {
        if (taken.markedAbsent() > 0) {
            metrics.count(Metrics.LICENSES_MARKED_ABSENT, taken.markedAbsent());
        }
        if (taken.doubtedAt() != null) {
            metrics.count(Metrics.ANSWERS_DOUBTED, 1);
        }
    }
}
