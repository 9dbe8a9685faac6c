package org.touchline.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Json;
import org.touchline.Sha256;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.lambda.OAuthWiring;
import org.touchline.lambda.Wiring;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.oauth.IssuedTokens;
import org.touchline.oauth.TokenRequest;

/** Wire contract §4: OAuth 2.0 mode (RFC 6750, a section at a time), and both modes beside each other. */
class MemberVerificationOAuthTest {
    private static final String NO_ERROR = "Bearer realm=\"member-verification\"";
    private static final String INVALID_TOKEN = NO_ERROR + ", error=\"invalid_token\"";
    private static final String HEADER = "x-access-token";

    private EmbeddedStack stack;
    private FunctionHarness function;
    private IssuedTokens issued;

    @BeforeEach
    void createStack() throws Exception {
        stack = EmbeddedStack.create();
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
        putClient("local-client-secret");
        function = function("X-Access-Token");
        issued = issue();
        for (var member :
                Map.of("CYSA-1001", "", "CYSA-1002", ",\"active\":false").entrySet()) {
            put(member.getKey(), member.getValue());
        }
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Nested
    class Section21AuthorizationHeader {
        @Test
        void bearerTokenVerifiesMembersByGetAndByPost() {
            assertTrue(get(bearer()).json().path("isValid").booleanValue());
            assertTrue(get(Map.of("authorization", "bearer " + issued.accessToken()))
                    .json()
                    .path("isValid")
                    .booleanValue());
            assertTrue(function.handle(FunctionHarness.sample("member-verification", event -> {
                        event.setRouteKey("POST /member-verification");
                        event.setHeaders(bearer());
                        event.setRawQueryString("");
                        event.setBody("{\"memberIdentifier\":\"CYSA-1001\"}");
                    }))
                    .json()
                    .path("isValid")
                    .booleanValue());
        }

        /** Rule 23. */
        @Test
        void inactiveMemberLooksLikeAnUnknownOne() {
            var inactive = send(bearer(), "memberIdentifier=CYSA-1002");
            var unknown = send(bearer(), "memberIdentifier=CYSA-9999");

            assertFalse(inactive.json().path("isValid").booleanValue());
            assertEquals(unknown.event(), inactive.event());
        }
    }

    /** Sections 2.2 and 2.3: a token in a body or a URL, which end up in logs, is none. */
    @Nested
    class Section22And23OtherPlaces {
        @Test
        void tokenInTheQueryIsNoToken() {
            assertChallenged(
                    NO_ERROR, send(Map.of(), "memberIdentifier=CYSA-1001&access_token=" + issued.accessToken()));
        }

        @Test
        void tokenInTheBodyIsNoToken() {
            assertChallenged(NO_ERROR, function.handle(FunctionHarness.sample("member-verification", event -> {
                event.setRouteKey("POST /member-verification");
                event.setHeaders(Map.of("content-type", "application/json"));
                event.setBody(
                        "{\"memberIdentifier\":\"CYSA-1001\",\"access_token\":\"%s\"}".formatted(issued.accessToken()));
            })));
        }
    }

    @Nested
    class Section3Challenge {
        /** "If the request lacks any authentication information, the resource server SHOULD NOT include an error code". */
        @ParameterizedTest
        @ValueSource(strings = {"", "Basic YTpi", "Bearer", "Bearer ", "Bearer  "})
        void withoutATokenThereIsNoError(String authorization) {
            assertChallenged(NO_ERROR, get(Map.of("authorization", authorization)));
        }

        /** §3.1: whatever is wrong with a token, the answer is the same. */
        @Test
        void tokenThatIsNotGoodIsInvalid() {
            for (var token : List.of(
                    "guess",
                    "..",
                    // A header or a payload that is JSON, and no object: java-jwt takes null.
                    "bnVsbA.e30.AAAA",
                    "bnVsbA.bnVsbA.",
                    "W10.e30.AAAA",
                    "eyJ0eXAiOiJhdCtqd3QiLCJraWQiOiIxIn0.bnVsbA.AAAA",
                    "eyJ0eXAiOiJhdCtqd3QiLCJraWQiOiIxIn0.eyJleHAiOjkyMjMzNzIwMzY4NTQ3NzU4MDd9.AAAA",
                    "local-access-token",
                    issued.refreshToken().orElseThrow(),
                    issued.accessToken() + "x",
                    issued.accessToken().substring(1),
                    issued.accessToken() + "," + issued.accessToken(),
                    issued.accessToken() + ",Bearer " + issued.accessToken())) {
                assertChallenged(INVALID_TOKEN, get(Map.of("authorization", "Bearer " + token)));
            }
        }

        /** Credentials before the question. */
        @Test
        void challengeComesBeforeTheQuestion() {
            assertChallenged(INVALID_TOKEN, send(Map.of("authorization", "Bearer guess"), ""));
            assertEquals(400, send(bearer(), "").status());
        }
    }

    /** What was offered decides. */
    @Nested
    class BothModes {
        @Test
        void eitherIsEnough() {
            assertEquals(200, get(bearer()).status());
            assertEquals(200, get(Map.of(HEADER, "local-access-token")).status());
        }

        @Test
        void configuredHeaderDecidesWhereBothAreOffered() {
            assertEquals(200, get(both("local-access-token", "guess")).status());
            assertChallenged(INVALID_TOKEN, get(both("guess", issued.accessToken())));
            // An empty header is none.
            assertEquals(200, get(both(" ", issued.accessToken())).status());
        }

        @Test
        void headerIsNothingWhereItsModeIsOff() {
            function = function("");

            assertEquals(200, get(bearer()).status());
            assertEquals(200, get(both("guess", issued.accessToken())).status());
            assertChallenged(NO_ERROR, get(Map.of(HEADER, "local-access-token")));
        }

        @Test
        void bearerTokenIsInvalidWhereThereIsNoClient() {
            stack.putSecret("OAuthClientsSecret", "{\"clients\":[]}");

            assertEquals(200, get(Map.of(HEADER, "local-access-token")).status());
            assertChallenged(INVALID_TOKEN, get(bearer()));
        }

        @Test
        void withNeitherModeVerificationIsUnavailable() {
            stack.putSecret("OAuthClientsSecret", "{\"clients\":[]}");
            function = function("");

            for (var headers : List.of(bearer(), Map.<String, String>of(), Map.of(HEADER, "local-access-token"))) {
                var answer = get(headers);
                assertEquals(503, answer.status());
                assertEquals("30", answer.header("retry-after"));
                assertEquals("no-store", answer.header("cache-control"));
            }
        }

        /** Rule 20, and one mode's trouble is not the other's. */
        @Test
        void unusableSecretOfOneModeLeavesTheOther() {
            stack.putSecret("TokenSigningKeysSecret", "{\"kid\":\"1\",\"current\":\"replace-me\"}");
            assertEquals(200, get(Map.of(HEADER, "local-access-token")).status());
            assertEquals(503, get(bearer()).status());
            assertTrue(function.logged().contains("TokenSigningKeysSecret"), function.logged());
            assertFalse(function.logged().contains(issued.accessToken()), function.logged());
        }

        @Test
        void unusableAccessTokenSecretLeavesOauth() {
            stack.putSecret("AccessTokenSecret", "{\"current\":\"replace-me\"}");

            assertEquals(200, get(bearer()).status());
            assertEquals(503, get(Map.of(HEADER, "replace-me")).status());
        }
    }

    /** A token of another stack, even with the same keys and clients. */
    @Test
    void tokenOfAnotherIssuerIsInvalid() {
        var environment = new HashMap<>(stack.environment("MemberVerificationFunction"));
        environment.put("TOKEN_ISSUER", "other");
        function = new FunctionHarness(new MemberVerificationHandler(environment));

        assertChallenged(INVALID_TOKEN, get(bearer()));
    }

    private Map<String, String> bearer() {
        return Map.of("authorization", "Bearer " + issued.accessToken());
    }

    private static Map<String, String> both(String header, String bearer) {
        return Map.of(HEADER, header, "authorization", "Bearer " + bearer);
    }

    private static void assertChallenged(String challenge, HttpAnswer answer) {
        assertEquals(401, answer.status(), answer.body());
        assertEquals(challenge, answer.header("www-authenticate"));
        assertEquals("application/problem+json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals(
                "the access token is missing or wrong",
                answer.json().path("detail").asText());
    }

    private HttpAnswer get(Map<String, String> headers) {
        return send(headers, "memberIdentifier=CYSA-1001");
    }

    private HttpAnswer send(Map<String, String> headers, String query) {
        return function.handle(FunctionHarness.sample("member-verification", event -> {
            event.setHeaders(headers);
            event.setRawQueryString(query);
        }));
    }

    private FunctionHarness function(String accessTokenName) {
        var environment = new HashMap<>(stack.environment("MemberVerificationFunction"));
        environment.put("ACCESS_TOKEN_NAME", accessTokenName);
        return new FunctionHarness(new MemberVerificationHandler(environment));
    }

    private void putClient(String secret) {
        var digest = HexFormat.of().formatHex(Sha256.digest(secret.getBytes(UTF_8)));
        stack.putSecret(
                "OAuthClientsSecret",
                "{\"clients\":[{\"clientId\":\"local-client\",\"secretSha256\":[\"%s\"]}]}".formatted(digest));
    }

    private IssuedTokens issue() {
        var form = Map.of(
                "grant_type", List.of("client_credentials"),
                "client_id", List.of("local-client"),
                "client_secret", List.of("local-client-secret"));
        return new OAuthWiring(new Wiring(stack.environment("AccessTokenFunction")))
                .endpoint()
                .issue(new TokenRequest(Optional.empty(), form));
    }

    private void put(String identifier, String more) throws Exception {
        var json = Json.read(
                "{\"firstName\":\"John\",\"lastName\":\"Doe\",\"email\":\"john@test.com\",\"dateOfBirth\":\"1977-01-01\"%s}"
                        .formatted(more));
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(MemberJson.read(MemberIdentifier.parse(identifier), json, LocalDate.of(2026, 1, 1)), Owed.NOTHING);
    }
}
