package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.lambda.UnusableSettingException;

/** Wire contract §7, on the event that {@code events/} holds. */
class MemberImportHandlerTest {
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(
                new MemberImportHandler(stack.environment("MemberImportFunction")), Duration.ofMinutes(15));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void membersAreStoredWithTheirEnrollmentAndTheSameImportAgainChangesNothing() {
        var sample = FunctionHarness.sampleText("member-import");

        assertEquals("{\"stored\":2,\"unchanged\":0,\"rejected\":[]}", function.invoke(sample));
        assertEquals(2, rows("MemberDirectoryTable"));
        assertEquals(2, rows("FollowUpTable"));
        assertEquals("{\"stored\":0,\"unchanged\":2,\"rejected\":[]}", function.invoke(sample));
    }

    @Test
    void badOnesAreRejectedOneByOne() {
        var answer = function.invoke("{\"members\":[{\"memberIdentifier\":\"A1\",\"firstName\":\"Tim\"},{}]}");

        assertEquals(
                "{\"stored\":0,\"unchanged\":0,\"rejected\":["
                        + "{\"memberIdentifier\":null,\"reason\":\"memberIdentifier: required, a text (no. 2 of the list)\"},"
                        + "{\"memberIdentifier\":\"A1\",\"reason\":\"lastName: required\"}]}",
                answer);
    }

    @Test
    void textThatIsNoneIsRejectedAndTheOthersStored() {
        var sample = FunctionHarness.sampleText("member-import").strip();
        var others = ",{\"memberIdentifier\":\"\\ud800\"},{\"memberIdentifier\":\"A1\",\"firstName\":\"\\udc00\"}]}";

        var answer = FunctionHarness.json(function.invoke(sample.replaceFirst("\\s*]\\s*}$", "") + others));

        assertEquals(2, answer.path("stored").asInt(), answer.toString());
        assertEquals(2, answer.path("rejected").size(), answer.toString());
    }

    /** As with a secret (design rule 20). */
    @Test
    void timeZoneThatDoesNotExistIsNamed() {
        var environment = new HashMap<>(stack.environment("MemberImportFunction"));
        environment.put("TIME_ZONE", "America/Newyork");
        var elsewhere = new FunctionHarness(new MemberImportHandler(environment), Duration.ofMinutes(15));

        var failed = assertThrows(
                UnusableSettingException.class, () -> elsewhere.invoke(FunctionHarness.sampleText("member-import")));

        assertTrue(failed.getMessage().contains("TimeZone"), failed.getMessage());
    }

    /** What is left is for the result: with less than that, nothing is begun. */
    @Test
    void membersWhomTheTimeDoesNotSufficeForAreRejected() {
        var late = new FunctionHarness(
                new MemberImportHandler(stack.environment("MemberImportFunction")), Duration.ofSeconds(10));

        var answer = FunctionHarness.json(late.invoke(FunctionHarness.sampleText("member-import")));

        assertEquals(2, answer.path("rejected").size());
        assertEquals(0, rows("MemberDirectoryTable"));
    }

    /** Rule 21. */
    @Test
    @Tag("rule-21")
    void progressIsLoggedWithoutAnythingPersonal() {
        function.invoke(FunctionHarness.sampleText("member-import"));

        assertEquals("import: 0 of 2 members still to do; 2 stored, 0 unchanged, 0 rejected\n", function.logged());
        assertFalse(function.logged().contains("CYSA"));
    }

    /** Rule 21: the answer names them, the log counts them. */
    @Test
    @Tag("rule-21")
    void whoIsRejectedIsCountedInTheLogAndNotNamed() {
        var sample = FunctionHarness.sampleText("member-import").strip();
        var rejected = ",{\"memberIdentifier\":\"A1\",\"firstName\":\"Tim\"}]}";
        function.invoke(sample.replaceFirst("\\s*]\\s*}$", "") + rejected);
        var late = new FunctionHarness(
                new MemberImportHandler(stack.environment("MemberImportFunction")), Duration.ofSeconds(10));
        late.invoke(sample);

        assertEquals("import: 0 of 3 members still to do; 2 stored, 0 unchanged, 1 rejected\n", function.logged());
        assertEquals("import: 0 of 2 members still to do; 0 stored, 0 unchanged, 2 rejected\n", late.logged());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"members\":{}}",
                "{\"members\":[],\"dryRun\":true}",
                "{\"source\":\"aws.events\",\"detail-type\":\"Scheduled Event\"}"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));

        assertEquals(
                "accepted payloads: {\"members\":[…]}, each of them as in PUT /members with \"memberIdentifier\"",
                refused.getMessage());
    }

    private int rows(String table) {
        return stack.dynamoDb()
                .scan(request -> request.tableName(stack.table(table)))
                .count();
    }
}
