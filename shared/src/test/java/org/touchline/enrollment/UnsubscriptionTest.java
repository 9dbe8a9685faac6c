package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.enrollment.EnrolledStack.TIM;
import static org.touchline.enrollment.EnrolledStack.UNSUBSCRIBE;
import static org.touchline.enrollment.EnrolledStack.VIDAR;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §5: a subscription ends when nobody holds the USSF-ID any longer, and never for somebody who does. */
class UnsubscriptionTest {
    private static final String VIDARS = "\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1999-01-01\"";
    private static final String TIMS = "\"ussfId\":\"" + TIM + "\"";
    private static final String NEW_ID = "3000000000000009";

    private EnrolledStack stack;

    @BeforeEach
    void createStack() {
        stack = new EnrolledStack();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void subscriptionEndsWithTheOnlyMember() {
        stack.enroll("A1", "");

        stack.delete("A1");
        assertTrue(stack.simulator.isSubscribed(TIM));
        stack.work();

        assertFalse(stack.simulator.isSubscribed(TIM));
        assertFalse(stack.showsSubscribed(TIM));
        assertEquals(5, stack.licensesOf(TIM));
    }

    @Test
    void subscriptionStaysWhileAnotherMemberHasTheId() {
        stack.enroll("A1", "");
        stack.enroll("A2", TIMS);

        stack.delete("A1");
        stack.work();

        stack.assertEnrolled(TIM, "A2");
        assertEquals(0, stack.simulator.calls(UNSUBSCRIBE));
        stack.delete("A2");
        stack.work();
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @Test
    void inactiveAndExpiredMembersStaySubscribed() {
        stack.enroll("A1", "");

        stack.enroll("A1", "\"active\":false,\"expiresOn\":\"2020-01-01\"");

        stack.assertEnrolled(TIM, "A1");
    }

    @Test
    void changedUssfIdEndsTheOldSubscription() {
        stack.enroll("A1", TIMS);

        stack.enroll("A1", VIDARS);

        stack.assertEnrolled(VIDAR, "A1");
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @Test
    void anotherIdThatIsFoundEndsTheOldSubscription() {
        stack.enroll("A1", "");

        stack.put("A1", "\"email\":\"" + VIDAR + "@test.com\",\"firstName\":\"Vidar\",\"dateOfBirth\":\"1999-01-01\"");
        assertTrue(stack.simulator.isSubscribed(TIM));
        stack.work();

        stack.assertEnrolled(VIDAR, "A1");
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @Test
    void whoIsNotFoundByNewDetailsLosesTheOldSubscription() {
        stack.enroll("A1", "");

        assertEquals(
                Status.NO_MATCH,
                stack.enroll("A1", "\"email\":\"new@example.org\",\"firstName\":\"Timothy\"")
                        .status());

        stack.work();
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    /** Who typed somebody else's id does not hold it: neither does it keep a subscription. */
    @Test
    void mismatchKeepsNoSubscription() {
        stack.enroll("A1", VIDARS);
        stack.enroll("A2", "\"ussfId\":\"" + VIDAR + "\"");

        stack.delete("A1");
        stack.work();

        assertFalse(stack.simulator.isSubscribed(VIDAR));
    }

    @Test
    void memberWhoIsPutInAgainAtOnceKeepsTheSubscription() {
        stack.enroll("A1", TIMS);

        stack.delete("A1");
        stack.put("A2", TIMS);
        stack.work();

        stack.assertEnrolled(TIM, "A2");
    }

    @Test
    void memberWhoIsPutInBetweenTheLookAndTheCallKeepsTheSubscription() {
        stack.enroll("A1", TIMS);
        stack.delete("A1");
        var raced = beforeTheCall(() -> stack.put("A2", TIMS));

        stack.work(raced.client(stack.stack.dynamoDb()));

        assertEquals(1, stack.simulator.calls(UNSUBSCRIBE));
        stack.assertEnrolled(TIM, "A2");
    }

    /** They hold the id before they subscribe, and here holders are looked for after the subscription has ended. */
    @Test
    void memberWhomAnotherExecutionEnrollsBetweenTheLookAndTheCallKeepsTheSubscription() {
        stack.enroll("A1", TIMS);
        stack.delete("A1");
        var raced = beforeTheCall(() -> {
            stack.put("A2", TIMS);
            var enroll = new Enroll(MemberIdentifier.parse("A2"));
            stack.another().carryOut(enroll, stack.stack.connected.soon());
            stack.stack.followUps.forget(enroll);
        });

        stack.work(raced.client(stack.stack.dynamoDb()));

        assertEquals(1, stack.simulator.calls(UNSUBSCRIBE));
        stack.assertEnrolled(TIM, "A2");
    }

    private Interrupted beforeTheCall(Runnable event) {
        var raced = new Interrupted(request -> request.toString().contains("late-holders#"));
        raced.once(event);
        return raced;
    }

    /** The index of holders may follow late. */
    @Test
    void holderWhomTheIndexShowsLateIsSubscribedToAgain() {
        stack.enroll("A1", "");
        stack.enroll("A2", TIMS);
        hideFromTheIndex("A2");
        stack.delete("A1");
        stack.work();
        assertFalse(stack.simulator.isSubscribed(TIM));
        assertEquals(Map.of("late-holders#" + TIM, 15L), stack.owed());

        showInTheIndex("A2");
        stack.pass(Duration.ofMinutes(15));
        stack.work();

        stack.assertEnrolled(TIM, "A2");
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void lateLookLeavesAloneWhomNobodyHolds() {
        stack.enroll("A1", "");
        stack.delete("A1");
        stack.work();

        stack.pass(Duration.ofMinutes(15));
        stack.work();

        assertFalse(stack.simulator.isSubscribed(TIM));
        assertEquals(Map.of(), stack.owed());
    }

    /** A move asks for a subscription to the new id, which an outage may hold up for longer than the look waits. */
    @Test
    void lateLookWaitsForASubscriptionThatIsStillAskedFor() {
        stack.enroll("A1", "");
        stack.delete("A1");
        stack.work();
        stack.simulator.changeSilently().ussfId(TIM, NEW_ID);
        stack.simulator.addFault(Fault.answer(503).times(1_000));
        stack.stack.moves(stack.stack.dynamoDb()).recordAndMove(new UssfId(TIM), new UssfId(NEW_ID));
        stack.pass(Duration.ofMinutes(15));
        stack.work();
        stack.simulator.clearFaults();
        stack.pass(Duration.ofMinutes(15));
        stack.work();

        stack.pass(Duration.ofMinutes(15));
        stack.work();

        assertFalse(stack.simulator.isSubscribed(NEW_ID));
        assertFalse(stack.showsSubscribed(NEW_ID));
    }

    @Test
    void whoMovedIsUnsubscribedFromUnderTheirNewId() {
        stack.enroll("A1", "");
        stack.simulator.changeSilently().ussfId(TIM, NEW_ID);
        stack.simulator.addFault(Fault.answer(
                        410,
                        Map.of("Content-Type", "application/json"),
                        "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"" + NEW_ID + "\"}")
                .on("DELETE", "/users"));
        assertTrue(stack.simulator.isSubscribed(NEW_ID));

        stack.delete("A1");
        stack.work();

        assertFalse(stack.simulator.isSubscribed(NEW_ID));
        assertFalse(stack.showsSubscribed(NEW_ID));
    }

    /** Somebody of whom the Learning Center knows nothing cannot be told of. */
    @Test
    void unknownIdIsAsGoodAsUnsubscribed() {
        stack.put("A1", "\"ussfId\":\"3000000000000001\"");
        stack.delete("A1");
        stack.simulator.addFault(Fault.answer(404).on("DELETE", "/users"));

        stack.work();

        assertFalse(stack.owed().containsKey("unsubscribe#3000000000000001"));
        assertEquals(Optional.empty(), stack.stack.licenses.person(new UssfId("3000000000000001")));
    }

    @Test
    void outageOfTheCallIsTriedAgain() {
        stack.enroll("A1", "");
        stack.simulator.addFault(Fault.answer(503).on("DELETE", "/users").times(4));
        stack.delete("A1");
        stack.work();
        assertTrue(stack.simulator.isSubscribed(TIM));
        assertFalse(stack.showsSubscribed(TIM));

        stack.pass(Duration.ofMinutes(1));
        stack.work();

        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    /** A move takes members along, and nobody has stopped holding anything. */
    @Test
    void moveEndsNoSubscription() {
        stack.enroll("A1", "");
        stack.simulator.changeSilently().ussfId(TIM, NEW_ID);

        stack.stack.moves(stack.stack.dynamoDb()).recordAndMove(new UssfId(TIM), new UssfId(NEW_ID));
        stack.work();

        stack.assertEnrolled(NEW_ID, "A1");
        assertEquals(0, stack.simulator.calls(UNSUBSCRIBE));
    }

    @Test
    void deletionWithoutAnIdOwesNothing() {
        stack.enroll("A1", "\"email\":\"new@example.org\",\"firstName\":\"Timothy\"");

        stack.delete("A1");

        assertEquals(Map.of("enroll-again#A1", 24L * 60), stack.owed());
        stack.pass(Duration.ofDays(1));
        stack.work();
        assertEquals(Map.of(), stack.owed());
    }

    private void hideFromTheIndex(String identifier) {
        update(identifier, "SET away = holdsUssfId REMOVE holdsUssfId");
    }

    private void showInTheIndex(String identifier) {
        update(identifier, "SET holdsUssfId = away REMOVE away");
    }

    /** DynamoDB Local's indexes follow at once. */
    private void update(String identifier, String expression) {
        var key = MemberIdentifier.parse(identifier).value();
        stack.stack
                .dynamoDb()
                .updateItem(request -> request.tableName(stack.stack.connected.stack.table("MemberDirectoryTable"))
                        .key(Map.of("memberIdentifier", AttributeValue.fromS(key)))
                        .updateExpression(expression));
    }
}
