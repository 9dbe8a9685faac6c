package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.embedded.StandardOutput;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.Metrics;
import org.touchline.license.License;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §3, on the event that {@code events/} holds. */
class UserLicenseWebhookHandlerTest {
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        function = new FunctionHarness(new UserLicenseWebhookHandler(stack.environment("UserLicenseWebhookFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new UserLicenseWebhookHandler(stack.environment("UserLicenseWebhookFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void licenseIsAppliedOnceAndThenUnchanged() {
        assertAnswer(200, "{\"status\":\"applied\"}", send("local-webhook-key"));
        assertAnswer(200, "{\"status\":\"unchanged\"}", send("local-webhook-key"));

        var row = licenses().getFirst();
        assertEquals("person#2020000004136762", row.get("pk").s());
        assertEquals("license#referee_8", row.get("sk").s());
        assertEquals("2026-12-31", row.get("expirationDate").s());
    }

    /** What an operator sees of it: each webhook is counted as received and as what became of it, or as refused. */
    @Test
    @Tag("rule-7")
    void eachWebhookIsCountedByWhatBecameOfIt() {
        try (var output = StandardOutput.captured()) {
            function =
                    new FunctionHarness(new UserLicenseWebhookHandler(stack.environment("UserLicenseWebhookFunction")));
            send("local-webhook-key");
            send("local-webhook-key");
            send("local-webhook-key", "not JSON");
            send("wrong");

            assertEquals(4, output.metrics().size());
            assertEquals(3, output.sum(Metrics.WEBHOOKS_RECEIVED));
            for (var once : List.of(
                    Metrics.WEBHOOKS_APPLIED,
                    Metrics.WEBHOOKS_UNCHANGED,
                    Metrics.QUARANTINED,
                    Metrics.WEBHOOKS_REFUSED)) {
                assertEquals(1, output.sum(once), once);
            }
        }
    }

    /** Wire contract §1: ignored, counted, and each name told once by an instance, never a value. */
    @Test
    void unknownFieldsAreCountedAndNamedAndTheWebhookIsApplied() {
        try (var output = StandardOutput.captured()) {
            function =
                    new FunctionHarness(new UserLicenseWebhookHandler(stack.environment("UserLicenseWebhookFunction")));
            var body = """
                {"USSF-ID":"2020000004136762","Action":"added","License_id":"referee_8","updated_at":"2026-03-01T12:00:00Z",
                "hosted_by":"Tim Smith","tim@example.org":1}\
                """;

            assertAnswer(200, "{\"status\":\"applied\"}", send("local-webhook-key", body));
            assertAnswer(200, "{\"status\":\"unchanged\"}", send("local-webhook-key", body));
            send("local-webhook-key", "{\"hosted_by\":1,\"course\":1}");

            assertEquals(6, output.sum(Metrics.UNKNOWN_FIELDS));
            var told = output.metrics().stream()
                    .filter(line -> line.has(Metrics.UNKNOWN_FIELDS))
                    .toList();
            assertEquals(
                    List.of("hosted_by, (not shown)", "", "course"),
                    told.stream().map(line -> line.path("NewFields").asText()).toList());
            assertEquals(
                    "/webhooks/user-license-update",
                    told.getFirst().path("Source").asText());
            assertFalse(output.metrics().toString().contains("Smith"));
            assertFalse(output.metrics().toString().contains("example.org"));
        }
    }

    @Test
    void keyMayFollowTheWordBearer() {
        assertEquals(200, send("Bearer local-webhook-key").status());
        assertEquals(200, send("bearer  local-webhook-key").status());
    }

    /** Key before body. */
    @Test
    void wrongOrMissingKeyIsRefusedWhateverTheBody() {
        for (var body : List.of("not JSON", "x".repeat(300_000))) {
            assertProblem(401, send("wrong", body));
            assertProblem(401, send("", body));
            assertProblem(401, function.handle(FunctionHarness.sample("user-license-webhook", event -> {
                event.setHeaders(Map.of());
                event.setBody(body);
            })));
        }
        assertEquals(0, quarantined().size());
    }

    @Test
    @Tag("rule-7")
    void unintelligibleBodyIsQuarantinedWithItsReason() {
        assertAnswer(
                202,
                "{\"status\":\"quarantined\",\"reason\":\"it is not JSON, or has a field twice\"}",
                send("local-webhook-key", "not JSON"));

        var entry = quarantined().getFirst();
        assertEquals("/webhooks/user-license-update", entry.get("route").s());
        assertEquals("not JSON", entry.get("payload").s());
    }

    @Test
    void bodyOver256KibIsTooLarge() {
        assertProblem(413, send("local-webhook-key", " ".repeat(256 * 1024 + 1)));
        assertEquals(202, send("local-webhook-key", " ".repeat(256 * 1024)).status());
    }

    @Test
    void bodyThatTheGatewayEncodedIsReadTheSame() {
        var encoded = Base64.getEncoder()
                .encodeToString(FunctionHarness.sample("user-license-webhook", event -> {})
                        .getBody()
                        .getBytes(StandardCharsets.UTF_8));

        var answer = function.handle(FunctionHarness.sample("user-license-webhook", event -> {
            event.setBody(encoded);
            event.setIsBase64Encoded(true);
        }));

        assertAnswer(200, "{\"status\":\"applied\"}", answer);
    }

    /** Rule 20: fails closed, and the log names the secret. */
    @Test
    @Tag("rule-20")
    void placeholderKeyIsUnavailableAndNamesTheSecretInTheLog() {
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"replace-me\"}");

        var answer = send("replace-me");

        assertProblem(503, answer);
        assertEquals("30", answer.header("retry-after"));
        assertTrue(function.logged().contains("WebhookKeysSecret"), function.logged());
    }

    @Test
    void secretThatCannotBeReadIsUnavailable() {
        stack.secrets().failWith(500);

        assertProblem(503, send("local-webhook-key"));

        stack.secrets().restore();
        assertEquals(200, send("local-webhook-key").status());
    }

    /** Rule 6. */
    @Test
    @Tag("rule-6")
    void storeThatCannotBeWrittenIsUnavailable() {
        var environment = new HashMap<>(stack.environment("UserLicenseWebhookFunction"));
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:9");
        function = new FunctionHarness(new UserLicenseWebhookHandler(environment));

        var answer = send("local-webhook-key");

        assertProblem(503, answer);
        assertEquals("30", answer.header("retry-after"));
    }

    /** Rule 19: the budget of design §6 too. */
    @Test
    void keyIsReadOnceAndAgainWhenItWasRotated() {
        send("local-webhook-key");
        send("local-webhook-key");
        assertEquals(1, stack.secrets().reads(stack.secretArn("WebhookKeysSecret")));

        stack.putSecret("WebhookKeysSecret", "{\"current\":\"new\",\"previous\":\"local-webhook-key\"}");

        assertEquals(200, send("new").status());
        assertEquals(200, send("local-webhook-key").status());
    }

    /** Rule 21. */
    @Test
    @Tag("rule-21")
    void nothingOfABodyOrAKeyIsLogged() {
        send("wrong", "{\"issuer\":\"John Doe\"}");
        send("local-webhook-key", "{\"issuer\":\"John Doe\"}");
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"replace-me\"}");

        assertFalse(function.logged().contains("John"), function.logged());
        assertFalse(function.logged().contains("wrong"), function.logged());
    }

    /** Rule 5. */
    @Test
    void licenseOfAFormerIdGoesToThePresentOne() {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        var store = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        store.markAndTakeAlong(former, present);

        assertAnswer(200, "{\"status\":\"applied\"}", send("local-webhook-key"));

        assertEquals(1, store.person(present).orElseThrow().licenses().size());
        assertEquals(
                List.of("person#" + present),
                licenses().stream()
                        .filter(row -> row.get("sk").s().startsWith("license#"))
                        .map(row -> row.get("pk").s())
                        .toList());
    }

    /**
     * Rules 3b and 5: a writer died before its look, and a full answer marked what it left; then the next webhook comes. Of what goes
     * along, the mark does too.
     */
    @Test
    void whatWasLeftUnderAFormerIdGoesToThePresentOneWithItsMark() {
        var former = UssfId.parse("2020000004136762");
        var present = UssfId.parse("2020000004136763");
        var store = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        store.markAndTakeAlong(former, present);
        putMarkedAbsent(former, "license#referee_7");

        assertAnswer(200, "{\"status\":\"applied\"}", send("local-webhook-key"));

        assertEquals(
                List.of(true, false),
                store.person(present).orElseThrow().licenses().stream()
                        .map(License::removed)
                        .toList());
        assertEquals(0, store.person(former).orElseThrow().licenses().size());
    }

    /** Rule 1: of two statements of one instant the digest decides, and the person is asked about anew. */
    @Test
    @Tag("rule-1")
    void statementThatContradictsAnotherOfTheSameInstantHasThePersonAskedAbout() {
        send("local-webhook-key");
        var followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system());
        var owed = new Refresh(UssfId.parse("2020000004136762")).id();
        assertTrue(followUps.find(owed).isEmpty());

        var said = FunctionHarness.sample("user-license-webhook", event -> {}).getBody();
        assertEquals(
                200,
                send("local-webhook-key", said.replace("2026-12-31", "2027-12-31"))
                        .status());

        assertTrue(followUps.find(owed).isPresent());
    }

    private void putMarkedAbsent(UssfId ussfId, String sk) {
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .item(Map.of(
                                "pk", AttributeValue.fromS("person#" + ussfId),
                                "sk", AttributeValue.fromS(sk),
                                "removed", AttributeValue.fromBool(false),
                                "revision",
                                        AttributeValue.fromS(
                                                "2026-01-10T15:04:05.000000000Z/0/" + "0123456789abcdef".repeat(2)),
                                "absentSince", AttributeValue.fromS("2026-02-01T00:00:00.000000000Z"))));
    }

    private HttpAnswer send(String authorization) {
        return function.handle(FunctionHarness.sample(
                "user-license-webhook", event -> event.setHeaders(Map.of("authorization", authorization))));
    }

    private HttpAnswer send(String authorization, String body) {
        return function.handle(FunctionHarness.sample("user-license-webhook", event -> {
            event.setHeaders(Map.of("authorization", authorization));
            event.setBody(body);
        }));
    }

    private List<Map<String, AttributeValue>> licenses() {
        return stack.dynamoDb().scan(request -> request.tableName(stack.table("LicenseStoreTable"))).items().stream()
                .filter(row -> row.get("pk").s().startsWith("person#"))
                .toList();
    }

    private List<Map<String, AttributeValue>> quarantined() {
        return stack.dynamoDb()
                .scan(request -> request.tableName(stack.table("QuarantineTable")))
                .items();
    }

    private static void assertAnswer(int status, String body, HttpAnswer answer) {
        assertEquals(status, answer.status());
        assertEquals(body, answer.body());
        assertEquals("application/json", answer.header("content-type"));
    }

    private static void assertProblem(int status, HttpAnswer answer) {
        assertEquals(status, answer.status());
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals(status, answer.json().path("status").intValue());
    }
}
