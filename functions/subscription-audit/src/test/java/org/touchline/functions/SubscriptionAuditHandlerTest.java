package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.Deadline;
import org.touchline.license.UssfId;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import org.touchline.secret.UnusableSecretException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7, against the simulator; the audit itself is tested in {@code shared}. */
class SubscriptionAuditHandlerTest {
    private static final String TIM = "2020000004152809";

    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private Map<String, String> environment;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        simulator = LearningCenterSimulator.start();
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        environment = new HashMap<>(stack.environment("SubscriptionAuditFunction"));
        environment.put("LEARNING_CENTER_BASE_URL", simulator.baseUrl().toString());
        function = harness(Duration.ofMinutes(15));
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("MemberDirectoryTable"))
                        .item(Map.of(
                                "memberIdentifier", AttributeValue.fromS("CYSA-1001"),
                                "enrollmentStatus", AttributeValue.fromS("enrolled"),
                                "holdsUssfId", AttributeValue.fromS(TIM))));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ""})
    void reportsWhatIsMissing(String payload) {
        assertEquals(document(0), invoke(payload));
        assertEquals(0, followUps());
    }

    @Test
    void itsScheduleReports() {
        assertEquals(document(0), invoke(FunctionHarness.sampleText("subscription-audit")));
    }

    @Test
    void repairsOnRequest() {
        assertEquals(document(1), invoke("{\"repair\":true}"));
        assertEquals(1, followUps());
    }

    @Test
    void logTellsHowFarItHasCome() {
        invoke("{}");

        assertEquals("""
                subscription audit: page 1 of 1; 0 subscriptions in all
                subscription audit: 1 expected, 0 subscribed, 1 missing, 0 extra, 0 repaired
                """, function.logged());
    }

    /** What is listed is saved piece by piece, compared, and forgotten once the audit is complete. */
    @Test
    void whoIsListedIsNotMissing() {
        new Wiring(environment)
                .learningCenter()
                .subscribe(new UssfId(TIM), Deadline.in(Duration.ofMinutes(1), InstantSource.system()));

        var result = invoke("{}");

        assertEquals(1, result.path("subscribed").intValue());
        assertEquals(0, result.path("missingCount").intValue());
    }

    /** What is not known yet is null, and the next invocation goes on. */
    @Test
    void aRunCutShortSaysSo() {
        var result = FunctionHarness.json(harness(Duration.ofSeconds(20)).invoke("{}"));

        assertEquals(
                FunctionHarness.json("{\"expected\":null,\"subscribed\":null,\"missingCount\":null,\"missing\":null,"
                        + "\"extraCount\":null,\"extra\":null,\"repaired\":null}"),
                result);
        assertEquals(document(0), invoke("{}"));
    }

    /** Rule 27: so that somebody else notices when it stops. What was tried in vain is noted, too, as long as nothing was done. */
    @Test
    void endIsNotedAndAPartIsNoEnd() {
        var notes = new ScheduleNotes(stack.dynamoDb(), stack.table("LicenseStoreTable"), InstantSource.system());
        assertEquals(Map.of(), notes.read().since());
        harness(Duration.ofSeconds(20)).invoke("{}");
        var tried = notes.read().since().get(Scheduled.SUBSCRIPTION_AUDIT);

        harness(Duration.ofSeconds(20)).invoke("{}");
        assertEquals(tried, notes.read().since().get(Scheduled.SUBSCRIPTION_AUDIT));
        invoke("{}");
        assertTrue(notes.read().since().get(Scheduled.SUBSCRIPTION_AUDIT).isAfter(tried));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"repair\":false}", "{\"repair\":\"true\"}", "{\"repair\":true,\"all\":true}", "[]"})
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refused.getMessage().contains("{\"repair\":true} subscribes them"), refused.getMessage());
    }

    /** Rule 20. */
    @Test
    void withoutCredentialsAPersonGetsAnErrorAndTheScheduleEndsQuietly() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertThrows(UnusableSecretException.class, () -> invoke("{}"));
        var skipped = invoke(FunctionHarness.sampleText("subscription-audit"));

        assertEquals("skipped", skipped.path("status").asText());
        assertTrue(function.logged().contains("LearningCenterCredentialsSecret"), function.logged());
    }

    private static JsonNode document(int repaired) {
        return FunctionHarness.json("{\"expected\":1,\"subscribed\":0,\"missingCount\":1,\"missing\":[\"" + TIM
                + "\"],\"extraCount\":0,\"extra\":[],\"repaired\":" + repaired + "}");
    }

    private int followUps() {
        return stack.dynamoDb()
                .scan(request -> request.tableName(stack.table("FollowUpTable")))
                .count();
    }

    private FunctionHarness harness(Duration remaining) {
        return new FunctionHarness(new SubscriptionAuditHandler(environment), remaining);
    }

    private JsonNode invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }
}
