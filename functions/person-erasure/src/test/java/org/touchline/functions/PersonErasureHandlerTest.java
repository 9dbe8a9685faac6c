package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.secret.UnusableSecretException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7, against the simulator; the erasure itself is tested in {@code shared}. */
class PersonErasureHandlerTest {
    private static final String DAN = "2020000004149609";

    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        simulator = LearningCenterSimulator.start();
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        var environment = new HashMap<>(stack.environment("PersonErasureFunction"));
        environment.put("LEARNING_CENTER_BASE_URL", simulator.baseUrl().toString());
        function = new FunctionHarness(new PersonErasureHandler(environment), Duration.ofMinutes(15));
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .item(Map.of(
                                "pk", AttributeValue.fromS("person#" + DAN),
                                "sk", AttributeValue.fromS("license#referee_8"),
                                "revision", AttributeValue.fromS("1"))));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void itsSampleForgetsAPersonAndSaysHowMuchOfThemThereWasInEachTable() {
        assertEquals(deleted(1), invoke(FunctionHarness.sampleText("person-erasure")));
        assertEquals(deleted(0), invoke(FunctionHarness.sampleText("person-erasure")));
    }

    @Test
    void whatEachTableHoldsOfThePersonIsForgotten() {
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(
                        MemberJson.read(
                                MemberIdentifier.parse("CYSA-1"),
                                new JsonObject()
                                        .put("firstName", "Dan")
                                        .put("lastName", "Mikaelsson")
                                        .put("email", "dan@test.com")
                                        .put("dateOfBirth", "1995-01-01")
                                        .put("ussfId", DAN),
                                LocalDate.parse("2026-03-01")),
                        Owed.NOTHING);
        new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system())
                .ask(new Subscribe(new UssfId(DAN)));
        new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"))
                .keep(
                        Source.USER_WEBHOOK,
                        "{\"ussf_id\":\"%s\"}".formatted(DAN).getBytes(StandardCharsets.UTF_8),
                        "changed is missing",
                        Instant.now());

        var preview = invoke("{\"ussfId\":\"%s\",\"preview\":true}".formatted(DAN));
        assertEquals(preview, invoke("{\"memberIdentifier\":\"cysa-1\",\"preview\":true}"));
        assertEquals(preview, invoke("{\"ussfId\":\"%s\",\"preview\":true}".formatted(DAN)));

        assertEquals(preview, invoke(FunctionHarness.sampleText("person-erasure")));
        assertEquals(
                FunctionHarness.json("{\"known\":true,\"deleted\":{\"LicenseStoreTable\":1,\"MemberDirectoryTable\":1,"
                        + "\"FollowUpTable\":1,\"QuarantineTable\":1,\"ChangeHistoryTable\":0}}"),
                preview);
        assertEquals(deleted(0), invoke(FunctionHarness.sampleText("person-erasure")));
    }

    @Test
    void whatTheHistoryTellsOfThemIsForgotten() {
        var history = new ChangeHistory(
                stack.dynamoDb(), stack.table("ChangeHistoryTable"), Duration.ofDays(400), InstantSource.system());
        var data = new JsonObject().put("ussfId", DAN);
        data.putArray("memberIdentifiers");
        var type = ChangeType.PERSON_SUBSCRIBED;
        history.append(List.of(
                new Entry(Entry.id("event", type), type, DAN, Instant.now().minusSeconds(60), data)));

        assertTrue(
                invoke(FunctionHarness.sampleText("person-erasure")).toString().contains("\"ChangeHistoryTable\":1"));
    }

    @Test
    void anIdMayHaveDashes() {
        assertEquals(deleted(1), invoke("{\"ussfId\":\"2020-0000-0414-9609\"}"));
    }

    @Test
    void aMemberIsForgottenByIdentifierInAnyCase() {
        assertEquals(deleted(0), invoke("{\"memberIdentifier\":\"cysa-1001\"}"));
    }

    /** Rule 21. */
    @Test
    @Tag("rule-21")
    void nothingIsLogged() {
        invoke(FunctionHarness.sampleText("person-erasure"));

        assertEquals("", function.logged());
    }

    /** Rule 21: nor who a member was, nor what was sent in place of somebody. */
    @Test
    @Tag("rule-21")
    void neitherAMemberNorWhatIsRefusedIsLogged() {
        invoke("{\"memberIdentifier\":\"CYSA-1001\",\"preview\":true}");
        invoke("{\"memberIdentifier\":\"CYSA-1001\"}");
        assertThrows(UnknownPayloadException.class, () -> invoke("{\"memberIdentifier\":\"Müller\"}"));
        assertThrows(UnknownPayloadException.class, () -> invoke("{\"name\":\"Dan\"}"));

        assertEquals("", function.logged());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"ussfId\":\"12345\"}",
                "{\"ussfId\":2020000004149609}",
                "{\"memberIdentifier\":\"Müller\"}",
                "{\"preview\":true}",
                "{\"ussfId\":\"2020000004149609\",\"preview\":false}",
                "{\"ussfId\":\"2020000004149609\",\"preview\":\"true\"}",
                "{\"ussfId\":\"2020000004149609\",\"memberIdentifier\":\"CYSA-1001\"}",
                "[]"
            })
    void anyOtherPayloadFailsAndNamesNobody(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertEquals(
                "accepted payloads: {\"ussfId\":\"…\"} or {\"memberIdentifier\":\"…\"} forgets a person; with \"preview\":true"
                        + " nothing changes, and the answer says what would go",
                refused.getMessage());
    }

    /** Rule 20: the subscription could not be ended, so nothing is deleted. */
    @Test
    void withoutCredentialsNothingIsDeleted() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertThrows(UnusableSecretException.class, () -> invoke(FunctionHarness.sampleText("person-erasure")));

        assertFalse(stack.dynamoDb()
                .scan(request -> request.tableName(stack.table("LicenseStoreTable")))
                .items()
                .isEmpty());
    }

    private static Object deleted(int licenses) {
        return FunctionHarness.json("{\"known\":" + (licenses > 0) + ",\"deleted\":{\"LicenseStoreTable\":" + licenses
                + ",\"MemberDirectoryTable\":0,\"FollowUpTable\":0,\"QuarantineTable\":0,\"ChangeHistoryTable\":0}}");
    }

    private Object invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }
}
