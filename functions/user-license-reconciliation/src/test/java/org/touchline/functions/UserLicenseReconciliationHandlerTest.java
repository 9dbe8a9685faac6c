package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.DynamoDbBetween;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.StandardOutput;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7, against the simulator; the rules are tested in {@code shared}. */
class UserLicenseReconciliationHandlerTest {
    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        simulator = LearningCenterSimulator.start();
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        function = newFunction();
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void scheduledEventReconcilesTheNextWindow() {
        var result = invoke(FunctionHarness.sampleText("user-license-reconciliation"));

        assertEquals("complete", result.path("status").asText());
        assertEquals(0, result.path("scanned").intValue());
        assertEquals(1, result.path("pages").intValue());
        assertEquals(1, result.path("lastPageDone").intValue());
        assertFalse(result.path("windowStart").isNull());
        assertEquals(9, result.size());
    }

    @Test
    void withoutAnUnfinishedWindowThereIsNothingToResume() {
        assertEquals("skipped", invoke("{\"resume\":true}").path("status").asText());
    }

    /** Rule 14. */
    @Test
    @Tag("rule-14")
    void runIsCounted() {
        var person = UssfId.parse("2020000004136762");
        subscribe(person);
        simulator.changeSilently().license(person.value(), "referee_7");
        simulator.changeSilently().license(person.value(), "referee_8");

        try (var output = StandardOutput.captured()) {
            function = newFunction();
            invoke("{}");
            assertEquals(2, output.sum(Metrics.CHANGES_SCANNED));
            assertEquals(2, output.sum(Metrics.CHANGES_REPAIRED));
            invoke("{}");
            assertEquals(4, output.sum(Metrics.CHANGES_SCANNED));
            assertEquals(2, output.sum(Metrics.CHANGES_REPAIRED));
            assertEquals(2, output.sum(Metrics.CHANGES_UNCHANGED));
            assertEquals(0, output.sum(Metrics.CHANGES_MISSED));
        }
    }

    /** Wire contract §2 and §7: `partial` says why, in the result and in the log, and what is passed over raises an alarm. */
    @Test
    void pageThatAlwaysFailsIsToldAndPassedOver() {
        var person = UssfId.parse("2020000004136762");
        subscribe(person);
        simulator.changeSilently().license(person.value(), "referee_7");
        simulator.addFault(
                Fault.answer(422).on("GET", "/user-licenses?page=1").after(1).times(1_000));

        try (var output = StandardOutput.captured()) {
            function = newFunction();
            var first = invoke("{}");
            assertEquals("partial", first.path("status").asText());
            assertEquals(
                    "page 1 fails and is read again: GET /user-licenses was refused with 422",
                    first.path("stoppedBy").asText());
            assertEquals("reconciliation is partial: " + first.path("stoppedBy").asText() + "\n", function.logged());
            invoke("{\"resume\":true}");
            assertTrue(output.metrics().stream().noneMatch(line -> line.has(Metrics.PAGES_PASSED_OVER)));

            var third = invoke("{\"resume\":true}");

            assertEquals(
                    "page 1 fails and is passed over after 3 runs: GET /user-licenses was refused with 422",
                    third.path("stoppedBy").asText());
            assertEquals(1, output.sum(Metrics.PAGES_PASSED_OVER));
            assertEquals("skipped", invoke("{\"resume\":true}").path("status").asText());
        }

        simulator.clearFaults();
        var mended = invoke("{}");
        assertEquals("complete", mended.path("status").asText());
        assertEquals(1, mended.path("repaired").intValue());
    }

    /** Rule 27. */
    @Test
    @Tag("rule-27")
    void whatShouldNotHappenIsToldOnlyWhereItDid() {
        try (var output = StandardOutput.captured()) {
            function = newFunction();
            invoke("{}");

            var line = output.metrics().getLast();
            for (var metric : List.of(
                    Metrics.CHANGES_MISSED,
                    Metrics.MISSED_CHANGE_AGE,
                    Metrics.CHANGES_FAILED,
                    Metrics.PAGES_PASSED_OVER,
                    Metrics.QUARANTINED)) {
                assertFalse(line.has(metric), metric);
            }
            assertTrue(line.has(Metrics.CHANGES_SCANNED));
        }
    }

    /** Wire contract §7. */
    @Test
    void windowOfOnesOwnIsGoneOnWithByTheSamePayload() {
        var person = UssfId.parse("2020000004136762");
        subscribe(person);
        simulator.changeSilently().license(person.value(), "referee_7");
        var payload = "{\"startDate\":\"2026-01-01T00:00:00Z\",\"endDate\":\"%s\"}"
                .formatted(Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS));
        var hurried = new FunctionHarness(new UserLicenseReconciliationHandler(environment()), Duration.ofSeconds(30));

        var cut = FunctionHarness.json(hurried.invoke(payload));
        assertEquals("its time ended before page 1", cut.path("stoppedBy").asText());

        assertEquals(1, invoke(payload).path("repaired").intValue());
        assertEquals("skipped", invoke("{\"resume\":true}").path("status").asText());
    }

    @Test
    void windowOfOnesOwnIsWalkedAsGiven() {
        var result = invoke("{\"startDate\":\"2026-01-01T00:00:00Z\",\"endDate\":\"2026-02-01T00:00:00Z\"}");

        assertEquals("complete", result.path("status").asText());
        assertEquals("2026-01-01T00:00:00Z", result.path("windowStart").asText());
        assertEquals("2026-02-01T00:00:00Z", result.path("windowEnd").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resume\":false}",
                "{\"startDate\":\"2026-01-01T00:00:00Z\"}",
                "{\"startDate\":\"yesterday\",\"endDate\":\"today\"}",
                "{\"startDate\":\"2026-02-01T00:00:00Z\",\"endDate\":\"2026-01-01T00:00:00Z\"}",
                "{\"all\":true}",
                "[]"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refused.getMessage().contains("{\"resume\":true} only goes on"), refused.getMessage());
    }

    /** Rule 20. */
    @Test
    void withoutCredentialsTheInvocationFailsAndNamesTheSecret() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        var refused = assertThrows(UnusableSecretException.class, () -> invoke("{}"));

        assertTrue(refused.getMessage().contains("LearningCenterCredentialsSecret"), refused.getMessage());
        assertEquals(0, simulator.calls("POST /login"));
    }

    /** Rule 20: the daily schedule begins a window, the other one goes on with it; neither raises an alarm meanwhile. */
    @Test
    void withoutCredentialsBothSchedulesEndQuietlyAndNameTheSecretInTheLog() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        for (var payload : List.of(FunctionHarness.sampleText("user-license-reconciliation"), "{\"resume\":true}")) {
            assertEquals("skipped", invoke(payload).path("status").asText());
        }

        var lines = function.logged().lines().toList();
        assertEquals(2, lines.size());
        lines.forEach(line -> assertTrue(line.contains("LearningCenterCredentialsSecret"), line));
    }

    /** What is wrong is another matter than what is not there yet. */
    @Test
    void withWrongCredentialsTheScheduleFails() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"wrong\"}");

        try (var output = StandardOutput.captured()) {
            function = newFunction();
            assertThrows(
                    UnusableSecretException.class,
                    () -> invoke(FunctionHarness.sampleText("user-license-reconciliation")));

            assertEquals(1, output.sum(Metrics.LOGINS_REFUSED));
        }
    }

    private FunctionHarness newFunction() {
        return new FunctionHarness(new UserLicenseReconciliationHandler(environment()), Duration.ofMinutes(15));
    }

    /** Rules 5 and 7: what belongs to another id by now, and what cannot be understood. */
    @Test
    void rowOfAFormerIdGoesToThePresentOneAndAnUnreadableOneIsQuarantined() {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        var licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        licenses.markAndTakeAlong(former, present);
        var page = """
                {"data":[{"ussf_id":"%1$s","action":"added","license_id":"referee_8"},
                         {"ussf_id":"%1$s","action":"added","license_id":"referee_7","updated_at":"2026-01-10T15:04:05Z"}],
                 "pagination":{"current_page":1,"per_page":2,"last_page":1,"total":2}}""".formatted(former);
        simulator.addFault(
                Fault.answer(200, Map.of(), page).on("GET", "/user-licenses").times(2));

        try (var output = StandardOutput.captured()) {
            function = newFunction();
            assertEquals("complete", invoke("{}").path("status").asText());
            assertEquals(1, output.sum(Metrics.QUARANTINED));
        }

        assertEquals(1, licenses.person(present).orElseThrow().licenses().size());
    }

    /** Rule 5: between the look at who has moved and the write, the person moves. */
    @Test
    void licenseOfAPersonWhoMovesMeanwhileIsTakenAlong() throws Exception {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        var licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        subscribe(former);
        simulator.changeSilently().license(former.value(), "referee_7");
        var environment = environment();
        var dynamoDb = URI.create(environment.get("AWS_ENDPOINT_URL_DYNAMODB"));
        try (var between =
                DynamoDbBetween.in(dynamoDb, "BatchGetItem", () -> licenses.markAndTakeAlong(former, present))) {
            environment.put("AWS_ENDPOINT_URL_DYNAMODB", between.endpoint().toString());
            function = new FunctionHarness(new UserLicenseReconciliationHandler(environment), Duration.ofMinutes(15));

            assertEquals(1, invoke("{}").path("repaired").intValue());
        }

        assertEquals(0, licenses.person(former).orElseThrow().licenses().size());
        assertEquals(1, licenses.person(present).orElseThrow().licenses().size());
    }

    /** Rules 1, 3b and 5: what was left under a former id goes along with its mark; who is contradicted is asked about anew. */
    @Test
    void whatWasLeftBehindGoesAlongAndWhoIsContradictedIsAskedAbout() {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        var licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        licenses.markAndTakeAlong(former, present);
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .item(Map.of(
                                "pk", AttributeValue.fromS("person#" + former),
                                "sk", AttributeValue.fromS("license#referee_7"),
                                "removed", AttributeValue.fromBool(false),
                                "revision",
                                        AttributeValue.fromS(
                                                "2026-01-10T15:04:05.000000000Z/0/" + "0123456789abcdef".repeat(2)),
                                "absentSince", AttributeValue.fromS("2026-02-01T00:00:00.000000000Z"))));
        var page = """
                {"data":[{"ussf_id":"%1$s","action":"added","license_id":"referee_7","updated_at":"2026-01-10T15:04:05Z",
                          "issuer":"Another"}],
                 "pagination":{"current_page":1,"per_page":2,"last_page":1,"total":1}}""".formatted(former);
        simulator.addFault(
                Fault.answer(200, Map.of(), page).on("GET", "/user-licenses").times(2));

        assertEquals("complete", invoke("{}").path("status").asText());

        assertEquals(0, licenses.person(former).orElseThrow().licenses().size());
        assertEquals(1, licenses.person(present).orElseThrow().licenses().size());
        var followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system());
        assertTrue(followUps.find(new Refresh(present).id()).isPresent());
    }

    private void subscribe(UssfId person) {
        new Wiring(environment())
                .learningCenter()
                .subscribe(person, Deadline.in(Duration.ofMinutes(1), InstantSource.system()));
    }

    private Map<String, String> environment() {
        var environment = new HashMap<>(stack.environment("UserLicenseReconciliationFunction"));
        environment.put("LEARNING_CENTER_BASE_URL", simulator.baseUrl().toString());
        return environment;
    }

    private JsonNode invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }
}
