package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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
import org.touchline.embedded.learningcenter.Organization;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.secret.UnusableSecretException;

/** Wire contract §7 and the background checks of §2, against the simulator. */
class BackgroundCheckSubsidiesHandlerTest {
    private static final String SUBSIDIES = "/background-checks/subsidies";
    private static final String VIDAR = "2020000004136762";
    private static final String FOR_VIDAR =
            "{\"operation\":\"create\",\"payerOrganization\":\"1001\",\"ussfId\":\"" + VIDAR + "\"}";
    private static final String FOR_NEWCOMER =
            "{\"operation\":\"create\",\"payerOrganization\":\"1001\",\"email\":\"a+b@test.com\"}";
    private static final String LIST = "{\"operation\":\"list\",\"payerOrganization\":\"1001\"}";
    private static final String DELETE_FIRST = "{\"operation\":\"delete\",\"subsidyId\":\"subsidy-1\"}";

    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        simulator = LearningCenterSimulator.start();
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        var environment = new HashMap<>(stack.environment("BackgroundCheckSubsidiesFunction"));
        environment.put("LEARNING_CENTER_BASE_URL", simulator.baseUrl().toString());
        function = new FunctionHarness(new BackgroundCheckSubsidiesHandler(environment), Duration.ofMinutes(1));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void organizationsAreThoseThatHaveAuthorizedUs() {
        assertEquals(
                "[{\"organizationId\":\"1001\",\"name\":\"Touchline Youth Soccer Association\"}]",
                function.invoke(FunctionHarness.sampleText("background-check-subsidies")));

        simulator.authorizedBy(List.of());
        assertEquals("[]", function.invoke("{\"operation\":\"organizations\"}"));
    }

    @Test
    void subsidyForAPersonIsGoodForAYear() {
        var created = invoke(FOR_VIDAR);

        assertEquals(7, created.size());
        assertEquals("subsidy-1", created.path("subsidyId").asText());
        assertEquals("1001", created.path("payerOrganization").asText());
        assertEquals(VIDAR, created.path("ussfId").asText());
        assertTrue(created.path("email").isNull());
        assertTrue(created.path("usedAt").isNull());
        var createdAt = Instant.parse(created.path("createdAt").asText()).atOffset(ZoneOffset.UTC);
        assertEquals(
                createdAt.plusYears(1).toInstant(),
                Instant.parse(created.path("expiresAt").asText()));
    }

    @Test
    void subsidyCanBeForSomebodyWhoHasOnlyAnAddress() {
        var created = invoke(FOR_NEWCOMER);

        assertEquals("a+b@test.com", created.path("email").asText());
        assertTrue(created.path("ussfId").isNull());
    }

    @Test
    void secondSubsidyForTheSamePersonRenewsTheFirst() {
        assertEquals(invoke(FOR_VIDAR).path("subsidyId"), invoke(FOR_VIDAR).path("subsidyId"));
        assertEquals(1, invoke(LIST).size());
    }

    @Test
    void listIsThatOfAPayerAndIfAskedForOfOnePersonOrAddress() {
        var forVidar = invoke(FOR_VIDAR);
        var forNewcomer = invoke(FOR_NEWCOMER);

        assertEquals(List.of(forVidar, forNewcomer), elements(invoke(LIST)));
        assertEquals(List.of(forVidar), elements(invoke(listOf("\"ussfId\":\"2020-0000-0413-6762\""))));
        assertEquals(List.of(forNewcomer), elements(invoke(listOf("\"email\":\"a+b@test.com\""))));
        assertEquals(List.of(), elements(invoke(listOf("\"ussfId\":\"" + VIDAR + "\",\"email\":\"a+b@test.com\""))));
    }

    @Test
    void unusedSubsidyIsTakenBack() {
        invoke(FOR_VIDAR);

        assertEquals("{}", function.invoke(DELETE_FIRST));

        assertEquals("[]", function.invoke(LIST));
    }

    /** Rule 18. */
    @Test
    void personWhoMovedIsFollowedToTheirNewId() {
        simulator.changeSilently().ussfId(VIDAR, "3000000000000001");
        simulator.changeSilently().ussfId("3000000000000001", "3000000000000002");

        assertEquals("3000000000000002", invoke(FOR_VIDAR).path("ussfId").asText());
        assertEquals(3, simulator.calls("POST " + SUBSIDIES));
    }

    /** The simulator's list finds nothing under a former id; the real one may answer as every call about a person does. */
    @Test
    void personWhoMovedIsFollowedInTheListAsWell() {
        invoke(FOR_VIDAR);
        simulator.addFault(json(410, "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"" + VIDAR + "\"}")
                .on("GET", SUBSIDIES));

        assertEquals(1, invoke(listOf("\"ussfId\":\"3000000000000001\"")).size());
    }

    @Test
    void circleOfMovesIsAnErrorAndEnds() {
        for (var id : List.of("3000000000000001", VIDAR)) {
            simulator.addFault(json(410, "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"" + id + "\"}")
                    .on("POST", SUBSIDIES));
        }

        assertThrows(UnintelligibleException.class, () -> invoke(FOR_VIDAR));
    }

    @Test
    void refusalIsAResultWithWhatTheLearningCenterSays() {
        invoke(FOR_VIDAR);
        simulator.useSubsidy("subsidy-1");

        assertRefused(409, "the subsidy has been used", DELETE_FIRST);
        assertRefused(404, "subsidy_id does not exist", "{\"operation\":\"delete\",\"subsidyId\":\"subsidy-2\"}");
        assertRefused(404, "ussf_id does not exist", FOR_VIDAR.replace(VIDAR, "9999999999999999"));
        assertRefused(403, "payer_organization has not authorized you", LIST.replace("1001", "1002"));
    }

    @Test
    void refusalWithoutAWordIsNamedByItsCall() {
        simulator.addFault(Fault.answer(403).on("GET", SUBSIDIES));

        assertRefused(403, "GET /background-checks/subsidies was refused with 403", LIST);
    }

    @Test
    void whereNoOrganizationHasAuthorizedUsEveryOperationButTheFirstSaysSo() {
        simulator.authorizedBy(List.of());
        var message =
                "no organization has authorized us: a U.S. Soccer member organization has to tell U.S. Soccer that we may"
                        + " request background check subsidies for it";

        for (var payload : List.of(LIST, FOR_VIDAR, FOR_NEWCOMER, DELETE_FIRST)) {
            assertRefused(403, message, payload);
        }

        simulator.authorizedBy(List.of(new Organization("1001", "Again")));
        assertFalse(invoke(FOR_VIDAR).has("error"));
    }

    @Test
    void refusalIsReportedEvenIfNobodyCanSayWhoHasAuthorizedUs() {
        simulator.addFault(Fault.answer(404).on("GET", "/background-checks/organizations"));

        assertRefused(403, "payer_organization has not authorized you", LIST.replace("1001", "1002"));
    }

    @Test
    void whatTheLearningCenterDoesNotAnswerIsAnError() {
        simulator.addFault(Fault.htmlPage(200).on("DELETE", SUBSIDIES));
        assertThrows(UnintelligibleException.class, () -> invoke(DELETE_FIRST));

        // Last: it holds every call of this instance.
        simulator.addFault(Fault.retryAfter(503, Duration.ofMinutes(5)).on("GET", SUBSIDIES));
        assertThrows(LearningCenterUnavailableException.class, () -> invoke(LIST));
    }

    @Test
    void callThatFailsInPassingIsRepeated() {
        simulator.addFault(Fault.answer(502).on("POST", SUBSIDIES));

        assertEquals("subsidy-1", invoke(FOR_VIDAR).path("subsidyId").asText());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "{\"operation\":\"renew\"}",
                "{\"operation\":5}",
                "{\"operation\":\"organizations\",\"payerOrganization\":\"1001\"}",
                "{\"operation\":\"list\"}",
                "{\"operation\":\"list\",\"payerOrganization\":1001}",
                "{\"operation\":\"list\",\"payerOrganization\":\"1001\",\"ussfId\":\"12\"}",
                "{\"operation\":\"list\",\"payerOrganization\":\"1001\",\"email\":\" \"}",
                "{\"operation\":\"list\",\"payerOrganization\":\"1001\",\"ussf_id\":\"2020000004136762\"}",
                "{\"operation\":\"create\",\"payerOrganization\":\"1001\"}",
                "{\"operation\":\"create\",\"ussfId\":\"2020000004136762\"}",
                "{\"operation\":\"create\",\"payerOrganization\":\"1001\",\"ussfId\":\"2020000004136762\",\"email\":\"a@b\"}",
                "{\"operation\":\"create\",\"payerOrganization\":\"1001\",\"ussfId\":null,\"email\":\"a@b\"}",
                "{\"operation\":\"delete\"}",
                "{\"operation\":\"delete\",\"subsidyId\":\"..\"}",
                "{\"operation\":\"delete\",\"subsidyId\":\"subsidy-1\",\"payerOrganization\":\"1001\"}"
            })
    void anyOtherPayloadFailsWithWhatIsAcceptedAndAsksNobody(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertEquals(
                "accepted payloads: {\"operation\":\"organizations\"};"
                        + " {\"operation\":\"list\",\"payerOrganization\":\"…\"}, also with \"ussfId\" and \"email\";"
                        + " {\"operation\":\"create\",\"payerOrganization\":\"…\"} with either \"ussfId\", 16 digits, or \"email\";"
                        + " {\"operation\":\"delete\",\"subsidyId\":\"…\"}",
                refused.getMessage());
        assertEquals(Map.of(), simulator.calls());
    }

    /** Rule 20. */
    @Test
    void withoutCredentialsTheInvocationFailsAndNamesTheSecret() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        var refused = assertThrows(UnusableSecretException.class, () -> invoke(LIST));

        assertTrue(refused.getMessage().contains("LearningCenterCredentialsSecret"), refused.getMessage());
    }

    private void assertRefused(int status, String message, String payload) {
        var expected = String.format(Locale.ROOT, "{\"error\":{\"status\":%d,\"message\":\"%s\"}}", status, message);
        assertEquals(expected, function.invoke(payload));
    }

    private static Fault json(int status, String body) {
        return Fault.answer(status, Map.of("Content-Type", "application/json"), body);
    }

    private static String listOf(String more) {
        return LIST.replace("}", "," + more + "}");
    }

    private static List<JsonNode> elements(JsonNode array) {
        return array.valueStream().toList();
    }

    private JsonNode invoke(String payload) {
        return FunctionHarness.json(function.invoke(payload));
    }
}
