package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Intercepted;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.followup.FollowUpStack;
import org.touchline.followup.OwedFollowUp;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.LicenseChange;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Outcome;
import org.touchline.statement.UssfIdUpdate;
import org.touchline.webhook.WebhookReceiver;
import org.touchline.webhook.WebhookReceiver.Receipt;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Design rules 5, 8 and 18: a USSF-ID changes, and whoever dies on the way loses nothing. */
class PersonMoveTest {
    private static final UssfId FORMER = FollowUpStack.id(1);
    private static final UssfId SUCCESSOR = FollowUpStack.id(2);
    private static final UssfId THIRD = FollowUpStack.id(3);
    private static final Receipt APPLIED = new Receipt(Outcome.APPLIED, null);
    private static final Receipt UNCHANGED = new Receipt(Outcome.UNCHANGED, null);

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
    @Tag("rule-5")
    void licensesProfileAndMembersGoToTheNewIdBeforeTheWebhookIsAnswered() {
        known(FORMER, "M-1");

        assertEquals(APPLIED, receive(FORMER, SUCCESSOR));

        assertMoved(FORMER, SUCCESSOR, "M-1");
        assertEquals(5, stack.experience(SUCCESSOR));
        assertTrue(find(new Move(FORMER, SUCCESSOR)).isEmpty());
        assertEquals(Map.of(), stack.connected.simulator.calls());
    }

    @Test
    @Tag("rule-5")
    void newIdIsSubscribedToAndAskedForEverything() {
        known(FORMER, "M-1");
        stack.person(1, 9);
        stack.connected.simulator.change().license(FORMER.value(), "coach_5");
        stack.connected.simulator.changeSilently().ussfId(FORMER.value(), SUCCESSOR.value());

        receive(FORMER, SUCCESSOR);
        assertEquals(new Tally(1, 0, 0), sweep());

        assertTrue(stack.connected.simulator.isSubscribed(SUCCESSOR.value()));
        assertTrue(stack.licenses.person(SUCCESSOR).orElseThrow().profile().subscribed());
        assertEquals(9, stack.experience(SUCCESSOR));
        assertTrue(held(SUCCESSOR).contains("coach_5"));
    }

    @Test
    void repeatedChangeIsUnchangedAndLeavesNothingToDo() {
        known(FORMER, "M-1");
        receive(FORMER, SUCCESSOR);
        stack.followUps.forget(new Subscribe(SUCCESSOR));

        assertEquals(UNCHANGED, receive(FORMER, SUCCESSOR));

        assertEquals(0, stack.followUps.outstanding(1_000).count());
    }

    @Test
    void chainEndsAtTheLastId() {
        known(FORMER, "M-1");

        receive(SUCCESSOR, THIRD);
        receive(FORMER, SUCCESSOR);

        assertMoved(FORMER, THIRD, "M-1");
        assertTrue(find(new Subscribe(THIRD)).isPresent());
    }

    @Test
    @Tag("rule-5")
    void circleIsQuarantinedAndNothingIsLeftToDo() {
        receive(FORMER, SUCCESSOR);
        stack.followUps.forget(new Subscribe(SUCCESSOR));

        assertEquals(new Receipt(null, "the change of the USSF-ID would make a circle"), receive(SUCCESSOR, FORMER));

        assertEquals(1, stack.quarantine.open().toList().size());
        assertEquals(0, stack.followUps.outstanding(1_000).count());
    }

    /** It was recorded before anybody looked whether it can be. */
    @Test
    void contradictionThatTheSweepFindsIsQuarantinedAsTheWebhookWouldHave() {
        receive(FORMER, SUCCESSOR);
        sweep();
        stack.followUps.ask(new Move(FORMER, THIRD));

        assertEquals(1, sweep().done());

        var entry = stack.quarantine.open().toList().getFirst();
        assertEquals("the USSF-ID has moved elsewhere before", entry.reason());
        assertEquals(Source.USSF_ID_WEBHOOK.route(), entry.route());
        var payload = stack.quarantine.payload(entry.id()).orElseThrow();
        assertEquals(
                THIRD,
                LearningCenterJson.ussfIdChange(LearningCenterJson.parse(payload))
                        .successor());
    }

    /** Rule 8, after each of the webhook's requests. */
    @Test
    @Tag("long")
    @Tag("rule-8")
    void webhookThatDiesAnywhereLosesNothing() {
        var deaths = 0;
        for (var answered = false; !answered; deaths++) {
            var former = FollowUpStack.id(100 + 2 * deaths);
            var successor = FollowUpStack.id(101 + 2 * deaths);
            var member = "M-" + deaths;
            moveUpstream(former, successor, 100 + 2 * deaths, member);

            answered = isAnswered(former, successor, Intercepted.dyingAfter(deaths, stack.dynamoDb()));

            if (!answered && find(new Move(former, successor)).isEmpty()) {
                assertEquals(former, stack.profiles.present(former), "before it is recorded nothing is done");
                assertTrue(isAnswered(former, successor, stack.dynamoDb()));
            }
            advance(Duration.ofSeconds(60));
            assertEquals(0, sweep().failed());
            assertMoved(former, successor, member);
            assertTrue(stack.connected.simulator.isSubscribed(successor.value()), "subscribed after " + deaths);
            assertTrue(find(new LookAgain(former)).isPresent(), "looked at once more after " + deaths);
            assertEquals(0, stack.followUps.outstanding(1_000).count());
        }
        assertTrue(deaths > 15, "it has that many requests to die after: " + deaths);
    }

    /** Rules 8 and 10: so does the sweep that finishes what a webhook left. */
    @Test
    @Tag("long")
    @Tag("rule-8")
    void sweepThatDiesAnywhereIsFinishedByTheNext() {
        var deaths = 0;
        for (var ended = false; !ended; deaths++) {
            var former = FollowUpStack.id(100 + 2 * deaths);
            var successor = FollowUpStack.id(101 + 2 * deaths);
            var member = "M-" + deaths;
            moveUpstream(former, successor, 100 + 2 * deaths, member);
            stack.followUps.ask(new Move(former, successor));

            ended = ends(Intercepted.dyingAfter(deaths, stack.dynamoDb()));
            advance(Duration.ofMinutes(2));

            sweep();
            assertMoved(former, successor, member);
            assertTrue(stack.connected.simulator.isSubscribed(successor.value()), "subscribed after " + deaths);
            assertEquals(0, stack.followUps.outstanding(1_000).count(), "after " + deaths);
        }
        assertTrue(deaths > 30, "it has that many requests to die after: " + deaths);
    }

    /** Rule 5: by a writer that has looked before the move, and dies before it looks again. */
    @Test
    @Tag("rule-5")
    void whatALateWriterLeftUnderTheFormerIdIsTakenAlongOnceNoneLivesAnyMore() {
        known(FORMER, "M-1");
        receive(FORMER, SUCCESSOR);
        var late = stack.licenses(Intercepted.dyingAfter(1, stack.dynamoDb()));
        assertThrows(SdkException.class, () -> late.apply(license(FORMER, "referee_5")));
        Members.put(stack.members, Members.member("M-2", "\"ussfId\":\"" + FORMER + "\""));
        stack.followUps.forget(new Subscribe(SUCCESSOR));

        advance(Duration.ofMinutes(16).minusSeconds(1));
        assertEquals(0, sweep().done());
        assertEquals(List.of("referee_5"), List.copyOf(held(FORMER)));
        advance(Duration.ofSeconds(1));
        assertEquals(1, sweep().done());

        assertEquals(List.of(), List.copyOf(held(FORMER)));
        assertTrue(held(SUCCESSOR).contains("referee_5"));
        assertEquals(SUCCESSOR, holds("M-2"));
    }

    /** Rule 18: 410, here twice. */
    @Test
    void moveThatAnAnswerTellsIsFollowedAndTakenInAsIfByItsWebhook() {
        moveUpstream(FORMER, SUCCESSOR, 1, "M-1");
        stack.connected.simulator.changeSilently().ussfId(SUCCESSOR.value(), THIRD.value());
        stack.connected.simulator.changeSilently().refereeExperience(THIRD.value(), 9);
        stack.followUps.ask(new FetchRefereeExperience(FORMER));

        sweep();

        assertMoved(FORMER, THIRD, "M-1");
        assertEquals(9, stack.experience(THIRD));
        assertTrue(stack.connected.simulator.isSubscribed(THIRD.value()));
    }

    /** A person of whom licenses, experience and a member are known. */
    private void known(UssfId ussfId, String member) {
        stack.licenses.apply(license(ussfId, "referee_8"));
        stack.profiles.refereeExperience(ussfId, 5, Instant.parse("2026-02-01T00:00:00Z"));
        Members.put(stack.members, Members.member(member, "\"ussfId\":\"" + ussfId + "\""));
    }

    /** The same, who has moved in the Learning Center, and the webhook was not sent yet. */
    private void moveUpstream(UssfId former, UssfId successor, int number, String member) {
        known(former, member);
        stack.person(number, 5);
        stack.connected.simulator.changeSilently().license(former.value(), "referee_8");
        stack.connected.simulator.changeSilently().ussfId(former.value(), successor.value());
    }

    private void assertMoved(UssfId former, UssfId successor, String member) {
        assertEquals(successor, stack.profiles.present(former));
        assertEquals(List.of(), List.copyOf(held(former)));
        assertTrue(held(successor).contains("referee_8"));
        assertEquals(successor, holds(member));
    }

    private TreeSet<String> held(UssfId ussfId) {
        var held = new TreeSet<String>();
        stack.licenses
                .person(ussfId)
                .ifPresent(person -> person.licenses().stream()
                        .filter(license -> !license.removed())
                        .forEach(license -> held.add(license.licenseId().value())));
        return held;
    }

    private UssfId holds(String member) {
        return stack.members
                .find(new MemberIdentifier(member))
                .orElseThrow()
                .enrollment()
                .ussfId();
    }

    private static LicenseChange license(UssfId ussfId, String licenseId) {
        var webhook = """
                {"ussf_id":"%s","action":"added","license_id":"%s","updated_at":"2026-02-01T00:00:00Z"}""";
        return LearningCenterJson.licenseChange(
                LearningCenterJson.parse(bytes(webhook.formatted(ussfId, licenseId))),
                Instant.parse("2026-03-01T12:00:00Z"));
    }

    private Receipt receive(UssfId former, UssfId successor) {
        return receive(former, successor, stack.dynamoDb());
    }

    private Receipt receive(UssfId former, UssfId successor, DynamoDbClient client) {
        return new WebhookReceiver(
                        Source.USSF_ID_WEBHOOK,
                        new UssfIdUpdate(stack.moves(client)),
                        stack.quarantine(client),
                        stack.connected.clock,
                        _ -> {})
                .receive(bytes("{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(former, successor)));
    }

    private boolean isAnswered(UssfId former, UssfId successor, DynamoDbClient client) {
        try {
            return receive(former, successor, client).equals(APPLIED);
        } catch (SdkException died) {
            return false;
        }
    }

    private boolean ends(DynamoDbClient client) {
        try {
            stack.runner(client).sweep(stack.connected.in(Duration.ofMinutes(5)));
            return true;
        } catch (SdkException died) {
            return false;
        }
    }

    private Optional<OwedFollowUp> find(FollowUp work) {
        return stack.followUps.find(work.id());
    }

    private Tally sweep() {
        return stack.runner().sweep(stack.connected.in(Duration.ofMinutes(5)));
    }

    private void advance(Duration duration) {
        stack.connected.clock.advance(duration);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
