package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
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
import org.touchline.Json;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.embedded.StandardOutput;
import org.touchline.lambda.Metrics;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;

/** Wire contract §4, access-token mode, on the event that {@code events/} holds. */
class MemberVerificationHandlerTest {
    private static final String NOT_VALID =
            "{\"isValid\":false,\"firstName\":\"\",\"lastName\":\"\",\"email\":\"\",\"dateOfBirth\":\"\"}";
    private static final Map<String, String> TOKEN = Map.of("x-access-token", "local-access-token");

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() throws Exception {
        stack = EmbeddedStack.create();
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
        function = new FunctionHarness(new MemberVerificationHandler(stack.environment("MemberVerificationFunction")));
        put("CYSA-1001", "");
        put("CYSA-1002", ",\"active\":false");
        put("CYSA-1003", ",\"expiresOn\":\"2020-12-31\"");
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new MemberVerificationHandler(stack.environment("MemberVerificationFunction")).prime();

        assertEquals(before, stack.items());
    }

    /** Design rule 20: what is initialized for a snapshot of SnapStart holds no secret; elsewhere the first call finds it read. */
    @Test
    @Tag("rule-20")
    void primingReadsTheSecretUnlessItIsForASnapshot() {
        for (var type : List.of("on-demand", "snap-start")) {
            var environment = new HashMap<>(stack.environment("MemberVerificationFunction"));
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", type);
            var handler = new MemberVerificationHandler(environment);
            handler.prime();

            stack.secrets().failWith(500);
            var answer =
                    new FunctionHarness(handler).handle(FunctionHarness.sample("member-verification", event -> {}));
            stack.secrets().restore();

            assertEquals(type.equals("on-demand") ? 200 : 503, answer.status(), type);
        }
    }

    /** As with a secret (design rule 20). */
    @Test
    void timeZoneThatDoesNotExistFailsClosedAndNamesItsParameter() {
        var environment = new HashMap<>(stack.environment("MemberVerificationFunction"));
        environment.put("TIME_ZONE", "America/Newyork");
        function = new FunctionHarness(new MemberVerificationHandler(environment));

        assertEquals(503, get("memberIdentifier=CYSA-1001").status());
        assertTrue(function.logged().contains("TimeZone"), function.logged());
    }

    @Test
    void memberIsValid() {
        var answer = get("memberIdentifier=CYSA-1001");

        assertEquals(200, answer.status());
        assertEquals(
                "{\"isValid\":true,\"firstName\":\"John\",\"lastName\":\"Doe\",\"email\":\"john@test.com\","
                        + "\"dateOfBirth\":\"1977-01-01T00:00:00\"}",
                answer.body());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
    }

    /** What an operator sees of guessing (rule 23). */
    @Test
    void answersAreCounted() {
        try (var output = StandardOutput.captured()) {
            function =
                    new FunctionHarness(new MemberVerificationHandler(stack.environment("MemberVerificationFunction")));
            get("memberIdentifier=CYSA-1001");
            get("memberIdentifier=CYSA-9999");
            get("memberIdentifier=CYSA-1002");
            function.handle(FunctionHarness.sample("member-verification", event -> event.setHeaders(Map.of())));

            assertEquals(1, output.sum(Metrics.VERIFICATIONS_VALID));
            assertEquals(2, output.sum(Metrics.VERIFICATIONS_NOT_VALID));
            assertEquals(1, output.sum(Metrics.VERIFICATIONS_REFUSED));
            assertEquals(4, output.metrics().size());
        }
    }

    @Test
    void optionalFieldsThatTheMemberHasArePassedThrough() throws Exception {
        put("A1", ",\"position\":\"Coach\",\"city\":\"Los Angeles\",\"membershipExpiration\":\"12/2026\"");

        var json = get("memberIdentifier=a1").json();

        assertEquals("Coach", json.path("position").asText());
        assertEquals("Los Angeles", json.path("city").asText());
        assertEquals("12/2026", json.path("membershipExpiration").asText());
        assertTrue(json.path("gender").isMissingNode());
    }

    /** Rule 23: whoever is not a good member is the same as nobody. */
    @Test
    @Tag("rule-23")
    void unknownInactiveExpiredAndImpossibleMembersAreTheSameAnswer() {
        for (var identifier : new String[] {"CYSA-9999", "CYSA-1002", "CYSA-1003", "%2F", "%C3%9F", "x".repeat(65)}) {
            var answer = get("memberIdentifier=" + identifier);
            assertEquals(200, answer.status());
            assertEquals(NOT_VALID, answer.body());
        }
    }

    @Test
    void postIsAnsweredAsGetIs() {
        for (var body : new String[] {
            "{\"memberIdentifier\":\" cysa-1001 \"}",
            "{\"membershipIdentifier\":\"CYSA-1001\",\"more\":1}",
            "{\"memberIdentifier\":null,\"membershipIdentifier\":\"CYSA-1001\"}"
        }) {
            assertTrue(post(body).json().path("isValid").booleanValue(), body);
        }
        assertEquals(NOT_VALID, post("{\"memberIdentifier\":12345}").body());
    }

    /** What is pasted has space around it that nobody sees. */
    @Test
    void spaceThatWasPastedAroundANumberIsNoPartOfIt() {
        for (var space : new String[] {"\u00A0", "\u200B", "\uFEFF", "\u2060", "\u200E", "\u202F"}) {
            var encoded = URLEncoder.encode(space, StandardCharsets.UTF_8);
            assertTrue(get("memberIdentifier=" + encoded + "CYSA-1001" + encoded)
                    .json()
                    .path("isValid")
                    .booleanValue());
            assertTrue(post("{\"memberIdentifier\":\"" + space + "cysa-1001" + space + "\"}")
                    .json()
                    .path("isValid")
                    .booleanValue());
            assertEquals(400, get("memberIdentifier=" + encoded).status(), "blank");
            assertEquals(
                    NOT_VALID, get("memberIdentifier=CYSA-" + encoded + "1001").body());
        }
    }

    /** Rule 20: a secret that is overwritten with something else is told, and registration goes on. */
    @Test
    void tokenInMemoryIsUsedOnAndTheSecretIsNamedToOperators() {
        try (var output = StandardOutput.captured()) {
            assertEquals(200, get("memberIdentifier=CYSA-1001").status());

            stack.putSecret("AccessTokenSecret", "local-access-token");

            var wrong = send(Map.of("x-access-token", "wrong"), "memberIdentifier=CYSA-1001");
            assertEquals(503, wrong.status(), "it may be the token that was meant");
            assertEquals(200, get("memberIdentifier=CYSA-1001").status());
            assertEquals(1, output.sum(Metrics.SECRETS_UNUSABLE));
            var line = output.metrics().stream()
                    .filter(each -> each.has(Metrics.SECRETS_UNUSABLE))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    stack.secretArn("AccessTokenSecret"), line.path("secret").asText());
            assertEquals("is not a JSON object", line.path("problem").asText());
            assertFalse(line.toString().contains("local-access-token"), line.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "memberIdentifier=",
                "memberIdentifier=%20",
                "memberIdentifier=%C2%A0%E2%80%8B",
                "other=CYSA-1001",
                "memberIdentifier=A1&memberIdentifier=A1",
                "memberIdentifier=A1&membershipIdentifier=A1"
            })
    void missingBlankOrRepeatedIdentifierIsRefused(String query) {
        var answer = get(query);

        assertEquals(400, answer.status());
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "not JSON",
                "{}",
                "{\"memberIdentifier\":\"\"}",
                "{\"memberIdentifier\":true}",
                "{\"memberIdentifier\":{}}",
                "{\"memberIdentifier\":\"A1\",\"memberIdentifier\":\"A1\"}"
            })
    void bodyWithoutOneIdentifierIsRefused(String body) {
        assertEquals(400, post(body).status());
    }

    /** Credentials before the question. */
    @Test
    void missingTokenIsChallenged() {
        for (var headers : List.of(
                Map.<String, String>of(), Map.of("x-access-token", ""), Map.of("authorization", "Basic YTpi"))) {
            var answer = send(headers, "");

            assertEquals(401, answer.status());
            assertEquals("Bearer realm=\"member-verification\"", answer.header("www-authenticate"));
            assertEquals("no-store", answer.header("cache-control"));
        }
    }

    @Test
    void wrongTokenIsInvalidAndSoIsABearerTokenWhereOauthIsOff() {
        for (var headers : List.of(
                Map.of("x-access-token", "wrong"),
                Map.of("authorization", "Bearer local-access-token"),
                Map.of("x-access-token", "local-access-token,local-access-token"))) {
            var answer = send(headers, "memberIdentifier=CYSA-1001");
            assertEquals(401, answer.status());
            assertEquals(
                    "Bearer realm=\"member-verification\", error=\"invalid_token\"", answer.header("www-authenticate"));
        }
    }

    @Test
    void generatedTokenOfANewStackWorks() {
        var generated = FunctionHarness.json(
                        stack.template().secret("AccessTokenSecret").initialValue())
                .path("current")
                .asText();
        stack.putSecret("AccessTokenSecret", "{\"current\":\"" + generated + "\"}");

        assertEquals(48, generated.length());
        assertEquals(
                200,
                send(Map.of("x-access-token", generated), "memberIdentifier=CYSA-1001")
                        .status());
    }

    /** Rule 20. */
    @Test
    @Tag("rule-20")
    void withoutAModeOrItsSecretVerificationIsUnavailable() {
        stack.putSecret("AccessTokenSecret", "{\"current\":\"replace-me\"}");
        assertEquals(
                503,
                send(Map.of("x-access-token", "replace-me"), "memberIdentifier=CYSA-1001")
                        .status());
        assertTrue(function.logged().contains("AccessTokenSecret"), function.logged());

        var environment = new HashMap<>(stack.environment("MemberVerificationFunction"));
        environment.put("ACCESS_TOKEN_NAME", "");
        function = new FunctionHarness(new MemberVerificationHandler(environment));
        var answer = get("memberIdentifier=CYSA-1001");
        assertEquals(503, answer.status());
        assertEquals("30", answer.header("retry-after"));
    }

    /** Wire contract §5; of strangers nothing of a query is looked at. */
    @Test
    void queryParameterThatTheRouteDoesNotKnowIsRefusedAndNamed() {
        var unknown = get("memberIdentifier=CYSA-1001&lastName=Doe");
        var inAPost = function.handle(FunctionHarness.sample("member-verification", event -> {
            event.setRouteKey("POST /member-verification");
            event.setRawQueryString("memberIdentifier=CYSA-1001");
            event.setBody("{\"memberIdentifier\":\"CYSA-1001\"}");
        }));

        assertEquals(400, unknown.status());
        assertEquals(
                "the query parameter lastName is unknown; this route knows memberIdentifier, membershipIdentifier",
                unknown.json().path("detail").asText());
        assertEquals(400, inAPost.status());
        assertEquals(
                "the query parameter memberIdentifier is unknown; this route knows none",
                inAPost.json().path("detail").asText());
        assertEquals(401, send(Map.of(), "lastName=Doe").status());
    }

    /**
     * User Verification API, "Delivery Endpoint": where 77 Media delivers activity progress, in a form of which the document says
     * nothing. Whoever entered the verification URL there learns what it is for.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"activityId\":\"safesport-core\",\"status\":\"completed\"}]",
                "{\"activities\":[{\"memberIdentifier\":\"CYSA-1001\",\"progress\":100}]}",
                "{\"user\":{\"memberIdentifier\":\"CYSA-1001\"},\"completedOn\":\"2026-03-01\"}",
                "<progress/>",
                ""
            })
    void progressThatIsDeliveredHereIsToldWhatTheUrlIsFor(String bundle) {
        var answer = post(bundle);

        assertEquals(400, answer.status());
        var detail = answer.json().path("detail").asText();
        assertTrue(
                detail.endsWith("; this URL says whether one member number is valid; it takes no activity progress"),
                detail);
    }

    private HttpAnswer get(String query) {
        return send(TOKEN, query);
    }

    private HttpAnswer send(Map<String, String> headers, String query) {
        return function.handle(FunctionHarness.sample("member-verification", event -> {
            event.setHeaders(headers);
            event.setRawQueryString(query);
        }));
    }

    private HttpAnswer post(String body) {
        return function.handle(FunctionHarness.sample("member-verification", event -> {
            event.setRouteKey("POST /member-verification");
            event.setRawQueryString("");
            event.setBody(body);
        }));
    }

    private void put(String identifier, String more) throws Exception {
        var json = Json.read(
                "{\"firstName\":\"John\",\"lastName\":\"Doe, Jr.\",\"email\":\"john@test.com\",\"dateOfBirth\":\"1977-01-01\"%s}"
                        .formatted(more));
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(MemberJson.read(MemberIdentifier.parse(identifier), json, LocalDate.of(2026, 1, 1)), Owed.NOTHING);
    }
}
