package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.JsonObject;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §3, on the event that {@code events/} holds; design rules 5 and 8 are tested in {@code shared}. */
class UssfIdWebhookHandlerTest {
    private static final String OLD = "2020000004136762";
    private static final String NEW = "2020000004136763";

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        function = new FunctionHarness(new UssfIdWebhookHandler(stack.environment("UssfIdWebhookFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new UssfIdWebhookHandler(stack.environment("UssfIdWebhookFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void changeIsAppliedOnceAndThenUnchanged() {
        assertAnswer(
                200, "{\"status\":\"applied\"}", function.handle(FunctionHarness.sample("ussf-id-webhook", _ -> {})));
        assertAnswer(200, "{\"status\":\"unchanged\"}", send(OLD, NEW));

        assertEquals(NEW, profile(OLD).get("movedTo").s());
    }

    @Test
    void changeToTheIdThatThePersonHadBeforeIsQuarantined() {
        send(OLD, NEW);

        assertAnswer(
                202,
                "{\"status\":\"quarantined\",\"reason\":\"the change of the USSF-ID would make a circle\"}",
                send(NEW, OLD));
    }

    @Test
    void changeOfAnIdThatMovedElsewhereBeforeIsQuarantined() {
        send(OLD, NEW);

        assertAnswer(
                202,
                "{\"status\":\"quarantined\",\"reason\":\"the USSF-ID has moved elsewhere before\"}",
                send(OLD, "2020000004136764"));
        assertEquals(NEW, profile(OLD).get("movedTo").s());
    }

    @Test
    void missingOrUnreadableIdIsQuarantined() {
        assertEquals(202, send("{\"current_ussf_id\":\"" + OLD + "\"}").status());
        assertEquals(202, send(OLD, "12345").status());
        assertEquals(202, send("[]").status());
    }

    @Test
    void wrongKeyIsRefused() {
        var answer = function.handle(
                FunctionHarness.sample("ussf-id-webhook", event -> event.setHeaders(Map.of("authorization", "guess"))));

        assertEquals(401, answer.status());
        assertEquals(Map.of(), profile(OLD));
    }

    /** Rule 5. */
    @Test
    void memberAndLicensesMoveAlong() {
        memberWithLicense(OLD);

        send(OLD, NEW);

        assertMovedAlong(NEW);
    }

    private HttpAnswer send(String current, String next) {
        return send("{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(current, next));
    }

    private HttpAnswer send(String body) {
        return function.handle(FunctionHarness.sample("ussf-id-webhook", event -> event.setBody(body)));
    }

    private static void assertAnswer(int status, String body, HttpAnswer answer) {
        assertEquals(body, answer.body());
        assertEquals(status, answer.status());
    }

    private Map<String, AttributeValue> profile(String ussfId) {
        return stack.dynamoDb()
                .getItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(Map.of(
                                "pk", AttributeValue.fromS("person#" + ussfId),
                                "sk", AttributeValue.fromS("profile"))))
                .item();
    }

    /** A member with that id, and a license of it. */
    private void memberWithLicense(String ussfId) {
        var member = new JsonObject()
                .put("firstName", "Vidar")
                .put("lastName", "Mlakar")
                .put("email", "vidar@test.com")
                .put("dateOfBirth", "1999-01-01")
                .put("ussfId", ussfId);
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(
                        MemberJson.read(MemberIdentifier.parse("CYSA-1"), member, LocalDate.parse("2026-03-01")),
                        Owed.NOTHING);
        licenseStore()
                .apply(new LicenseChange(
                        UssfId.parse(ussfId),
                        LicenseId.parse("referee_8", null),
                        LicenseState.ACTIVE,
                        null,
                        null,
                        null,
                        Instant.parse("2026-01-01T00:00:00Z")));
    }

    private LicenseStore licenseStore() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private void assertMovedAlong(String ussfId) {
        var member = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .find(MemberIdentifier.parse("CYSA-1"))
                .orElseThrow();
        assertEquals(UssfId.parse(ussfId), member.enrollment().ussfId());
        assertFalse(licenseStore()
                .person(UssfId.parse(ussfId))
                .orElseThrow()
                .licenses()
                .isEmpty());
    }
}
