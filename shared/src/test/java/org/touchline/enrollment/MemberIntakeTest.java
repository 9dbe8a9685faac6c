package org.touchline.enrollment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.enrollment.EnrolledStack.TIM;
import static org.touchline.member.Members.member;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Calls;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** A member and what is owed for them are stored together, or neither is. */
class MemberIntakeTest {
    private static final MemberIdentifier A1 = MemberIdentifier.parse("A1");

    private final Interrupted interrupted = new Interrupted("TransactWriteItems");
    private final Calls calls = new Calls();
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
    void newMemberAndTheirEnrollmentAreOneTransaction() {
        counting().put(member("A1", ""));

        assertEquals(List.of("GetItem", "GetItem", "TransactWriteItems"), calls.drain());
        assertEquals(Map.of("enroll#A1", 0L), stack.owed());
    }

    @Test
    void samePutOfWhoIsPendingOrEnrolledReadsOnce() {
        stack.put("A1", "");

        counting().put(member("A1", ""));
        assertEquals(List.of("GetItem"), calls.drain());

        stack.work();
        counting().put(member("A1", ""));
        assertEquals(List.of("GetItem"), calls.drain());
        assertEquals(Map.of(), stack.owed());
    }

    @Test
    void deletionAndTheEndOfTheSubscriptionAreOneTransaction() {
        stack.enroll("A1", "");

        counting().delete(A1);

        assertEquals(List.of("GetItem", "GetItem", "TransactWriteItems"), calls.drain());
        assertEquals(Map.of("unsubscribe#" + TIM, 0L), stack.owed());
    }

    @Test
    void nothingIsOwedForAMemberWhoCannotBeStored() {
        interrupted.once(() -> {
            throw SdkClientException.create("the network is down");
        });

        assertThrows(SdkClientException.class, () -> interruptedIntake().put(member("A1", "")));

        assertEquals(Optional.empty(), stack.stack.members.find(A1));
        assertEquals(Map.of(), stack.owed());
    }

    /** Design §8: DynamoDB does not try again by itself. */
    @ParameterizedTest
    @CsvSource({
        "TransactionConflict,None",
        "None,TransactionConflict",
        "None,ThrottlingError",
        "ConditionalCheckFailed,None"
    })
    void canceledTransactionIsTriedAgain(String ofMember, String ofFollowUp) {
        interrupted.cancelOnce(ofMember, ofFollowUp);

        interruptedIntake().put(member("A1", ""));

        assertTrue(stack.stack.members.find(A1).isPresent());
        assertEquals(Map.of("enroll#A1", 0L), stack.owed());
    }

    @Test
    void transactionThatCanNeverSucceedIsNot() {
        interrupted.cancelOnce("ValidationError", "None");

        assertThrows(
                TransactionCanceledException.class, () -> interruptedIntake().put(member("A1", "")));
    }

    /** What is owed is that of the version that is replaced. */
    @Test
    void putThatLosesARaceIsDecidedAnew() {
        stack.enroll("A1", "");
        interrupted.once(() -> stack.put("A1", "\"firstName\":\"Timothy\""));

        assertTrue(interruptedIntake().delete(A1));

        assertEquals(
                List.of("enroll#A1", "unsubscribe#" + TIM),
                List.copyOf(stack.owed().keySet()));
        stack.work();
        assertFalse(stack.simulator.isSubscribed(TIM));
    }

    @ParameterizedTest
    @CsvSource({
        "'\"ussfId\":\"2020000004136762\"', DOB_MISMATCH",
        "'\"ussfId\":\"3000000000000001\"', FAILED",
        "'\"email\":\"t@example.org\",\"firstName\":\"T\"', NO_MATCH"
    })
    void putTriesAgainWhoeverDidNotMatchAndAnImportOnlyIfSomethingChanged(String fields, Status outcome) {
        stack.enroll("A1", fields);
        for (var hour = 0; hour < 24; hour++) {
            stack.pass(Duration.ofHours(1));
            stack.work();
        }
        assertEquals(outcome, stack.enrollment("A1").status());

        assertFalse(stack.intake().putIfChanged(member("A1", fields)));
        assertFalse(stack.owed().containsKey("enroll#A1"));

        assertTrue(stack.intake().putIfChanged(member("A1", fields + ",\"city\":\"Reno\"")));
        assertTrue(stack.owed().containsKey("enroll#A1"));
        stack.work();

        stack.put("A1", fields + ",\"city\":\"Reno\"");
        assertTrue(stack.owed().containsKey("enroll#A1"));
    }

    private MemberIntake counting() {
        calls.drain();
        return stack.stack.intake(calls.listening(stack.stack.dynamoDb()));
    }

    private MemberIntake interruptedIntake() {
        return stack.stack.intake(interrupted.client(stack.stack.dynamoDb()));
    }
}
