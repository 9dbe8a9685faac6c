package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.learningcenter.LearningCenterHttp;
import org.touchline.learningcenter.RequestRate;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.secret.UnusableSecretException;

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

        stack.runner().background(_ -> assertNothingIsDone(), soon());
        stack.runner().background(_ -> assertNothingIsDone(), soon());
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
                        deadline -> {
                            people.fetchRefereeExperience(FollowUpStack.id(++pieces[0]), deadline);
                            return true;
                        },
                        soon());

        assertEquals(6, pieces[0]);
        assertEquals(3, stack.experience(FollowUpStack.id(3)));
    }

    /** Rule 18. */
    @Test
    void unknownIdIsTriedThreeMoreTimesThenItsMembersAreTold() {
        var nobody = FollowUpStack.id(404);
        stack.members.put(Members.member("M-1", "\"ussfId\":\"" + nobody + "\""));
        stack.members.put(Members.member("M-2", "\"ussfId\":\"" + FollowUpStack.id(1) + "\""));
        stack.followUps.ask(new Subscribe(nobody));

        for (var attempt = 1; attempt <= 3; attempt++) {
            assertEquals(new Tally(0, 1, 0), sweep());
            assertEquals(Status.PENDING, status("M-1"));
            assertEquals(
                    attempt,
                    stack.followUps
                            .find(new Subscribe(nobody).id())
                            .orElseThrow()
                            .attempts());
            advance(Duration.ofHours(1));
        }
        assertEquals(new Tally(1, 0, 1), sweep());

        assertEquals(Status.FAILED, status("M-1"));
        assertEquals(Status.PENDING, status("M-2"));
        assertEquals(0, stack.followUps.outstanding().count());
        assertEquals(
                "follow-up subscribe#0000000000000404 is given up after 4 attempts: the USSF-ID does not exist",
                stack.journal.getLast());
    }

    /** Wire contract §2: whether somebody exists is not decided by what is optional. */
    @Test
    void optionalCallThatSaysSoNeverFailsAnybodyAndIsTriedOn() {
        var nobody = FollowUpStack.id(404);
        stack.members.put(Members.member("M-1", "\"ussfId\":\"" + nobody + "\""));
        stack.followUps.ask(new FetchRefereeExperience(nobody));

        for (var attempt = 1; attempt <= 6; attempt++) {
            assertEquals(new Tally(0, 1, 0), sweep());
            advance(Duration.ofHours(6));
        }

        assertEquals(Status.PENDING, status("M-1"));
        assertEquals(6, owed(nobody).attempts());
        assertEquals(
                "GET /users/{ussf_id}/referee-experience was refused with 404",
                owed(nobody).reason());
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
        assertEquals(1, stack.followUps.outstanding().failing());

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
    void callsArePacedByOneSetting() {
        IntStream.range(1, 11).forEach(this::ask);
        stack.connected.client(stack.connected.session()).catalog(soon());
        var before = stack.connected.now();
        try (var http = LearningCenterHttp.newHttpClient()) {
            var paced = new LearningCenterHttp(
                    http,
                    stack.connected.simulator.baseUrl(),
                    stack.connected.pacing,
                    RequestRate.perSecond(5, stack.connected.pacing));

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

    private static boolean assertNothingIsDone() {
        throw new AssertionError("the Learning Center is to be left alone");
    }

    private Tally sweep() {
        return stack.runner().sweep(soon());
    }

    private OwedFollowUp owed(UssfId person) {
        return stack.followUps.find(new FetchRefereeExperience(person).id()).orElseThrow();
    }

    private Status status(String identifier) {
        return stack.members
                .find(new MemberIdentifier(identifier))
                .orElseThrow()
                .enrollment()
                .status();
    }

    private void credentials(String password) {
        stack.connected.stack.putSecret(
                "LearningCenterCredentialsSecret",
                "{\"username\":\"local-username\",\"password\":\"%s\"}".formatted(password));
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
