package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.wire.AnswerObserver;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import org.touchline.time.RequestRate;

/** Design rule 10, where the Learning Center does not answer as it should: against the simulator over real HTTP. */
class FollowUpOutagesTest {
    private static final String EXPERIENCE = "GET /users/{ussf_id}/referee-experience";

    private FollowUpStack stack;

    @BeforeEach
    void createStack() {
        stack = new FollowUpStack();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void whatFailedInAnOutageIsDoneAfterIt() {
        var person = ask(1);
        stack.connected.simulator.addFault(Fault.answer(503).times(4).on("GET", "/users"));

        assertEquals(new Tally(0, 1, 0), sweep());
        assertEquals(
                "GET /users/{ussf_id}/referee-experience was answered 503",
                owed(person).reason());
        advance(Duration.ofSeconds(15));

        assertEquals(new Tally(1, 0, 0), sweep());
        assertEquals(1, stack.experience(person));
    }

    @Test
    @Tag("rule-10")
    void retryAfterOf429HaltsAllUntilThen() {
        ask(1);
        ask(2);
        stack.connected.simulator.addFault(Fault.retryAfter(429, Duration.ofHours(1)));

        assertEquals(new Tally(0, 1, 0), sweep());
        var until = stack.connected.now().plus(Duration.ofHours(1));
        assertTrue(stack.journal.getLast().endsWith("no follow-ups before " + until), stack.journal.toString());

        // Neither another environment, nor what is new, nor a person who asks for everything.
        ask(3);
        advance(Duration.ofMinutes(59));
        assertEquals(new Tally(0, 0, 0), sweep());
        assertEquals(new Tally(0, 0, 0), stack.runner().all(soon()));
        assertEquals(0, callsFor(EXPERIENCE));

        advance(Duration.ofMinutes(1));
        assertEquals(new Tally(3, 0, 0), sweep());
    }

    @Test
    void nobodyIsLeftAloneForMoreThanSixHours() {
        ask(1);
        stack.connected.simulator.addFault(Fault.retryAfter(429, Duration.ofDays(1_000)));

        sweep();
        advance(Duration.ofHours(6));

        assertEquals(1, sweep().done());
    }

    @Test
    void retryAfterHaltsTheBackgroundToo() {
        ask(1);
        stack.connected.simulator.addFault(Fault.retryAfter(429, Duration.ofHours(1)));

        stack.runner().background(FollowUpOutagesTest::assertNothingIsDone, soon());
        stack.runner().background(FollowUpOutagesTest::assertNothingIsDone, soon());
    }

    /** Rules 10 and 33: whoever is told so. */
    @Test
    @Tag("rule-10")
    void retryAfterOfTheBackgroundHaltsAllUntilThen() {
        var person = stack.person(1, 1);
        var people = stack.people(FollowUpStack.EVERYTHING);
        var pieces = new int[1];
        stack.connected.simulator.addFault(Fault.retryAfter(429, Duration.ofHours(1)));

        stack.runner()
                .background(
                        () -> pieces[0]++ < 2
                                ? Optional.of(new Piece(
                                        person.value(), deadline -> people.fetchRefereeExperience(person, deadline)))
                                : Optional.empty(),
                        soon());
        assertEquals(1, pieces[0]);

        ask(2);
        advance(Duration.ofMinutes(59));
        assertEquals(new Tally(0, 0, 0), sweep());
        advance(Duration.ofMinutes(1));
        assertEquals(new Tally(1, 0, 0), sweep());
    }

    @Test
    void threeUnansweredInARowEndAnExecution() {
        IntStream.range(1, 6).forEach(this::ask);
        stack.connected.simulator.addFault(Fault.answer(503).times(1_000).on("GET", "/users"));

        assertEquals(new Tally(0, 3, 0), sweep());
    }

    @Test
    void answerInBetweenIsNoOutage() {
        for (var person = 1; person <= 5; person++) {
            ask(person);
            advance(Duration.ofSeconds(1));
        }
        for (var unanswered : new int[] {1, 2, 4, 5}) {
            failFor(FollowUpStack.id(unanswered));
        }

        assertEquals(new Tally(1, 4, 0), sweep());
    }

    @Test
    void refusalInBetweenIsNoOutage() {
        for (var person = 1; person <= 5; person++) {
            ask(person);
            advance(Duration.ofSeconds(1));
        }
        for (var unanswered : new int[] {1, 2, 4, 5}) {
            failFor(FollowUpStack.id(unanswered));
        }
        stack.connected.simulator.addFault(
                Fault.answer(400).on("GET", "/users/" + FollowUpStack.id(3)).times(4));

        assertEquals(new Tally(0, 5, 0), sweep());
    }

    @Test
    void threeUnansweredInARowEndTheBackgroundAndAnAnswerInBetweenDoesNot() {
        var pieces = new int[1];
        var people = stack.people(FollowUpStack.EVERYTHING);
        IntStream.range(1, 9).forEach(person -> stack.person(person, person));
        for (var unanswered : new int[] {1, 2, 4, 5, 6}) {
            failFor(FollowUpStack.id(unanswered));
        }

        stack.runner()
                .background(
                        () -> {
                            var person = FollowUpStack.id(++pieces[0]);
                            return Optional.of(new Piece(
                                    person.value(), deadline -> people.fetchRefereeExperience(person, deadline)));
                        },
                        soon());

        assertEquals(6, pieces[0]);
        assertEquals(3, stack.experience(FollowUpStack.id(3)));
    }

    /** Rules 18 and 26: four tries, hours apart; and whoever failed is asked about again a day later. */
    @Test
    @Tag("rule-18")
    @Tag("rule-26")
    void unknownIdIsTriedFourTimesHoursApartThenItsMembersAreTold() {
        var nobody = FollowUpStack.id(404);
        stack.enrolled("M-1", nobody);
        stack.enrolled("M-2", FollowUpStack.id(1));
        stack.followUps.ask(new Subscribe(nobody));

        for (var hours : List.of(2, 4, 8)) {
            assertEquals(new Tally(0, 1, 0), sweep());
            assertEquals(Status.ENROLLED, stack.enrollment("M-1").status());
            var owed = stack.followUps.find(new Subscribe(nobody).id()).orElseThrow();
            assertEquals(stack.connected.now().plus(Duration.ofHours(hours)), owed.dueAt());
            advance(Duration.ofHours(hours));
        }
        assertEquals(new Tally(1, 0, 1), sweep());

        assertEquals(Status.FAILED, stack.enrollment("M-1").status());
        assertEquals(nobody, stack.enrollment("M-1").heldUssfId());
        assertEquals(Status.ENROLLED, stack.enrollment("M-2").status());
        assertEquals(0, stack.followUps.outstanding(1_000).count());
        assertEquals(
                stack.connected.now().plus(Duration.ofDays(1)),
                stack.followUps
                        .find(new EnrollAgain(new MemberIdentifier("M-1")).id())
                        .orElseThrow()
                        .dueAt());
        assertEquals(
                "follow-up subscribe#0000000000000404 is given up after 4 attempts: the USSF-ID does not exist",
                stack.journal.getLast());
    }

    /** Wire contract §2: whether somebody exists is not decided by what is optional. */
    @Test
    void optionalCallThatSaysSoNeverFailsAnybodyAndIsTriedOn() {
        var nobody = FollowUpStack.id(404);
        stack.enrolled("M-1", nobody);
        stack.followUps.ask(new FetchRefereeExperience(nobody));

        for (var attempt = 1; attempt <= 6; attempt++) {
            assertEquals(new Tally(0, 1, 0), sweep());
            advance(Duration.ofHours(6));
        }

        assertEquals(Status.ENROLLED, stack.enrollment("M-1").status());
        assertEquals(6, owed(nobody).attempts());
        assertEquals(
                "GET /users/{ussf_id}/referee-experience was refused with 404",
                owed(nobody).reason());
    }

    /** Rule 26. */
    @Test
    @Tag("rule-26")
    void unknownIdIsGivenUpAtOnceForWhoAsksForEverythingFourTimes() {
        stack.enrolled("M-1", FollowUpStack.id(404));
        stack.followUps.ask(new Subscribe(FollowUpStack.id(404)));

        IntStream.range(0, 3).forEach(_ -> stack.runner().all(soon()));
        assertEquals(Status.ENROLLED, stack.enrollment("M-1").status());
        stack.runner().all(soon());

        assertEquals(Status.FAILED, stack.enrollment("M-1").status());
    }

    /** An outage says nothing of a person. */
    @Test
    void attemptsThatNobodyAnsweredAreNoTriesOfAnUnknownId() {
        var nobody = FollowUpStack.id(404);
        stack.enrolled("M-1", nobody);
        stack.followUps.ask(new Subscribe(nobody));
        stack.connected.simulator.addFault(Fault.answer(503).times(12).on("POST", "/users"));
        IntStream.range(0, 3).forEach(_ -> stack.runner().all(soon()));

        IntStream.range(0, 3).forEach(_ -> stack.runner().all(soon()));

        assertEquals(Status.ENROLLED, stack.enrollment("M-1").status());
        assertEquals(1, stack.runner().all(soon()).givenUp());
    }

    /** Wire contract §2: only licenses and subscribe decide whether a person exists. */
    @Test
    void noExperienceIsNoSignOfAnUnknownPerson() {
        var person = stack.person(1, 1);
        stack.enrolled("M-1", person);
        ask(1);
        stack.connected.simulator.addFault(Fault.answer(
                        404, Map.of("Content-Type", "application/json"), "{\"message\":\"ussf_id does not exist\"}")
                .on("GET", "/users/{ussf_id}/referee-experience")
                .times(10));

        IntStream.range(0, 6).forEach(_ -> stack.runner().all(soon()));

        assertEquals(Status.ENROLLED, stack.enrollment("M-1").status());
    }

    /** Rule 20: nothing has failed before anybody has set the secret, and then nothing waits for hours. */
    @Test
    void untilTheCredentialsAreSetNothingIsCountedAsFailed() {
        var person = ask(1);
        credentials("replace-me");

        for (var minute = 0; minute < 10; minute++) {
            assertTrue(assertThrows(UnusableSecretException.class, this::sweep).isUnset());
            advance(Duration.ofMinutes(1));
        }
        assertEquals(0, owed(person).attempts());
        assertTrue(owed(person).reason().contains("LearningCenterCredentialsSecret"));

        credentials("local-password");
        assertEquals(1, sweep().done());
    }

    @Test
    void wrongCredentialsCountAsFailuresAndWhenTheyAreCorrectedNothingWaitsForHours() {
        var person = ask(1);
        credentials("wrong");

        for (var minute = 0; minute < 6; minute++) {
            assertThrows(UnusableSecretException.class, this::sweep);
            advance(Duration.ofMinutes(1));
        }
        assertEquals(6, owed(person).attempts());
        assertEquals(1, stack.followUps.outstanding(1_000).failing());

        credentials("local-password");
        assertEquals(1, sweep().done());
    }

    /** What asks nobody is not held up by what cannot be asked. */
    @Test
    void withoutCredentialsEachExecutionTriesAnother() {
        IntStream.range(1, 4).forEach(this::ask);
        credentials("replace-me");

        IntStream.range(0, 3).forEach(_ -> assertThrows(UnusableSecretException.class, this::sweep));

        IntStream.range(1, 4)
                .forEach(person ->
                        assertTrue(owed(FollowUpStack.id(person)).dueAt().isAfter(stack.connected.now())));
    }

    @Test
    @Tag("rule-10")
    void callsArePacedByOneSetting() {
        IntStream.range(1, 11).forEach(this::ask);
        stack.connected.client(stack.connected.session()).catalog(soon());
        var before = stack.connected.now();
        try (var http = LearningCenterHttp.newHttpClient()) {
            var paced = new LearningCenterHttp(
                    http,
                    stack.connected.simulator.baseUrl(),
                    stack.connected.pacing,
                    RequestRate.perSecond(5, stack.connected.pacing),
                    AnswerObserver.NONE);

            stack.runner(stack.worker(new LearningCenterClient(paced, stack.connected.session())))
                    .sweep(soon());
        }

        assertEquals(10, callsFor(EXPERIENCE));
        assertEquals(Duration.ofMillis(1_800), Duration.between(before, stack.connected.now()));
    }

    @Test
    void outageOfTheLearningCenterStoresNothingHalf() {
        var person = ask(1);
        stack.connected.simulator.addFault(Fault.answer(503).times(4).on("GET", "/users"));

        sweep();

        assertNull(stack.experience(person));
    }

    private UssfId ask(int number) {
        var person = stack.person(number, number);
        stack.followUps.ask(new FetchRefereeExperience(person));
        return person;
    }

    /** Whatever is asked about that person, four times. */
    private void failFor(UssfId person) {
        stack.connected.simulator.addFault(
                Fault.answer(503).on("GET", "/users/" + person).times(4));
    }

    private static Optional<Piece> assertNothingIsDone() {
        throw new AssertionError("the Learning Center is to be left alone");
    }

    private Tally sweep() {
        return stack.runner().sweep(soon());
    }

    private OwedFollowUp owed(UssfId person) {
        return stack.followUps.find(new FetchRefereeExperience(person).id()).orElseThrow();
    }

    private void credentials(String password) {
        stack.connected.stack.putSecret(
                "LearningCenterCredentialsSecret",
                String.format(Locale.ROOT, "{\"username\":\"local-username\",\"password\":\"%s\"}", password));
    }

    private int callsFor(String call) {
        return stack.connected.simulator.calls(call);
    }

    private void advance(Duration duration) {
        stack.connected.clock.advance(duration);
    }

    private Deadline soon() {
        return stack.connected.in(Duration.ofMinutes(15));
    }
}
