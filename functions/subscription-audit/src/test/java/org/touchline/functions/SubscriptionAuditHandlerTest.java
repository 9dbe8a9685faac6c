package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
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
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.lambda.Wiring;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7, against the simulator; the audit itself is tested in {@code shared}. */
class SubscriptionAuditHandlerTest {
    private static final String TIM = "2020000004152809";
    private static final String VIDAR = "2020000004136762";
    private static final String RESUME = "{\"resume\":true}";
    private static final JsonNode SKIPPED = FunctionHarness.json("{\"status\":\"skipped\"}");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
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

    /** Wire contract §7: an event of EventBridge means the defaults. */
    @Test
    void eventOfEventBridgeReports() {
        assertEquals(document(0), invoke(FunctionHarness.sampleText("person-refresh")));
        assertEquals(0, followUps());
    }

    @Test
    void itsScheduleRepairs() {
        assertEquals(document(1), invoke(FunctionHarness.sampleText("subscription-audit")));
        assertEquals(1, followUps());
    }

    /** Wire contract §7. */
    @Test
    void resumeGoesOnWithWhatIsUnfinishedElseItIsSkipped() {
        assertEquals(SKIPPED, invoke(RESUME));
        harness(Duration.ofSeconds(20)).invoke("{\"repair\":true}");

        assertEquals(document(1), invoke(RESUME));
        assertEquals(SKIPPED, invoke(RESUME));
    }

    /** Design rule 27: what should not happen is told where it did. */
    @Test
    void completeAuditTellsWhatItFound() {
        invoke("{\"repair\":true}");
        assertEquals(
                Map.of(
                        "SubscriptionsExpected", 1,
                        "SubscriptionsListed", 0,
                        "SubscriptionsMissing", 1,
                        "SubscriptionsRepaired", 1),
                metrics());

        printed.reset();
        subscribe(TIM);
        subscribe(VIDAR);
        simulator.addFault(Fault.answer(200, Map.of(), "{\"data\":[]}").on("GET", "/subscriptions"));
        simulator.addFault(Fault.answer(400).on("GET", "/subscriptions"));
        invoke("{}");
        assertEquals(
                Map.of("SubscriptionsExpected", 1, "SubscriptionsListed", 0, "SubscriptionsUndecided", 1), metrics());

        printed.reset();
        invoke("{}");
        assertEquals(Map.of("SubscriptionsExpected", 1, "SubscriptionsListed", 2, "SubscriptionsExtra", 1), metrics());
    }

    @Test
    void whatIsSkippedOrUnfinishedTellsNothing() {
        invoke(RESUME);
        harness(Duration.ofSeconds(20)).invoke("{}");

        assertEquals("", printed.toString(StandardCharsets.UTF_8).replaceAll(".*SessionsRenewed.*\\n", ""));
    }

    /** Wire contract §5, and what the policies name for it. */
    @Test
    void whomTheListNamesIsMarkedUnlessTheyAreStrangers() {
        subscribe(TIM);
        subscribe(VIDAR);

        assertEquals(1, invoke("{\"repair\":true}").path("extraCount").intValue());

        var licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        assertTrue(licenses.person(new UssfId(TIM)).orElseThrow().profile().subscribed());
        assertTrue(licenses.person(new UssfId(VIDAR)).isEmpty());
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
        subscribe(TIM);

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
    @ValueSource(
            strings = {
                "{\"repair\":false}",
                "{\"repair\":\"true\"}",
                "{\"repair\":true,\"all\":true}",
                "{\"repair\":true,\"resume\":true}",
                "{\"resume\":false}",
                "[]"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refused.getMessage().contains("{\"repair\":true} subscribes them"), refused.getMessage());
    }

    /** Rule 20. */
    @Test
    void withoutCredentialsAPersonGetsAnErrorAndTheScheduleEndsQuietly() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertThrows(UnusableSecretException.class, () -> invoke("{}"));

        assertEquals(SKIPPED, invoke(FunctionHarness.sampleText("subscription-audit")));
        assertEquals(SKIPPED, invoke(RESUME));
        assertTrue(function.logged().contains("LearningCenterCredentialsSecret"), function.logged());
    }

    private void subscribe(String ussfId) {
        new Wiring(environment)
                .learningCenter()
                .subscribe(new UssfId(ussfId), Deadline.in(Duration.ofMinutes(1), InstantSource.system()));
    }

    /** What was told of subscriptions. */
    private Map<String, Integer> metrics() {
        var told = new HashMap<String, Integer>();
        printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(FunctionHarness::json)
                .forEach(line -> line.properties().stream()
                        .filter(value -> value.getKey().startsWith("Subscriptions"))
                        .forEach(value ->
                                told.put(value.getKey(), value.getValue().intValue())));
        return told;
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
        var before = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            return new FunctionHarness(new SubscriptionAuditHandler(environment), remaining);
        } finally {
            System.setOut(before);
        }
    }

    private JsonNode invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }
}
