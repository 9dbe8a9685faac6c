package org.touchline.functions;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URLEncoder;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Sha256;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.lambda.OAuthWiring;
import org.touchline.lambda.Wiring;
import org.touchline.oauth.TokenVerifier;

/** RFC 6749, a section at a time, on the event that {@code events/} holds (wire contract §4). */
class AccessTokenHandlerTest {
    /** An identifier and a secret that look different once they are form-urlencoded. */
    private static final String ODD_ID = "odd: client+%";

    private static final String ODD_SECRET = "s:e+c%r=e&t/ü";

    private static final String CLIENT = "client_id=local-client&client_secret=local-client-secret";
    private static final String GRANT = "grant_type=client_credentials";
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BASIC = basic("local-client", "local-client-secret");

    private EmbeddedStack stack;
    private FunctionHarness function;
    private TokenVerifier verifier;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        putClients(client("local-client", "local-client-secret"), client(ODD_ID, ODD_SECRET));
        function = new FunctionHarness(new AccessTokenHandler(stack.environment("AccessTokenFunction")));
        verifier = new OAuthWiring(new Wiring(stack.environment("MemberVerificationFunction"))).verifier();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new AccessTokenHandler(stack.environment("AccessTokenFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void sampleEventGetsATokenThatVerifiesMembers() {
        assertGoodToken(function.handle(FunctionHarness.sample("access-token", event -> {})));
    }

    @Nested
    class Section231ClientPassword {
        @Test
        void clientMayAuthenticateByHttpBasic() {
            assertGoodToken(post(BASIC, GRANT));
            assertGoodToken(post(BASIC.replace("Basic", "bAsIc "), GRANT));
        }

        @Test
        void clientMayAuthenticateInTheBody() {
            assertGoodToken(post(null, GRANT + "&" + CLIENT));
            assertGoodToken(
                    post(null, GRANT + "&client_id=" + encode(ODD_ID) + "&client_secret=" + encode(ODD_SECRET)));
        }

        /** As the RFC has it, and as requests-oauthlib and Authlib send it (wire contract §4). */
        @Test
        void bothHalvesOfBasicAreFormUrlencodedOrStandThereAsTheyAre() {
            putClients(
                    client("plus+id", "a+b%20c"),
                    client("percent", "100%"),
                    client(ODD_ID, ODD_SECRET),
                    client("p q", "r s"));

            assertGoodToken(post(basic(encode(ODD_ID), encode(ODD_SECRET)), GRANT));
            assertGoodToken(post(basic("plus+id", "a+b%20c"), GRANT));
            assertGoodToken(post(basic(encode("plus+id"), encode("a+b%20c")), GRANT));
            assertGoodToken(post(basic("percent", "100%"), GRANT));
            assertGoodToken(post(basic("p+q", "r%20s"), GRANT));
            // An identifier with a colon cannot stand there as it is (RFC 7617 §2).
            assertRefused(401, "invalid_client", post(basic(ODD_ID, ODD_SECRET), GRANT));
            // Each reading is one of the whole.
            assertRefused(401, "invalid_client", post(basic("plus+id", encode("a+b%20c")), GRANT));
        }

        /** "The parameters can only be transmitted in the request-body and MUST NOT be included in the request URI". */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    CLIENT,
                    "client_secret=local-client-secret",
                    "client_id=local-client",
                    GRANT,
                    "%63lient_secret=x",
                    "refresh_token=x",
                    "scope=x",
                    "a=%zz"
                })
        void parametersInTheUriAreRefused(String query) {
            assertRefused(400, "invalid_request", send(BASIC, FORM, query, GRANT));
            assertRefused(400, "invalid_request", send(null, FORM, query, GRANT + "&" + CLIENT));
        }

        /** The consumer's own document mixes them (wire contract §4). */
        @Test
        void bothAtOnceAreTakenIfTheySayTheSame() {
            putClients(client("local-client", "local-client-secret"), client("a", "b+c%2Bd"));

            assertGoodToken(post(BASIC, GRANT + "&" + CLIENT));
            assertGoodToken(post(BASIC, GRANT + "&client_secret=local-client-secret"));
            assertGoodToken(post(BASIC, GRANT + "&client_id=local-client"));
            // Whichever way the header is read.
            var inBody = GRANT + "&client_id=a&client_secret=" + encode("b+c%2Bd");
            assertGoodToken(post(basic("a", "b+c%2Bd"), inBody));
            assertGoodToken(post(basic("a", encode("b+c%2Bd")), inBody));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "&client_id=odd",
                    "&client_secret=wrong",
                    "&client_id=local-client&client_secret=wrong",
                    "&client_id=odd&client_secret=local-client-secret",
                    "&client_id=LOCAL-CLIENT"
                })
        void bothAtOnceAreRefusedIfTheyDoNot(String inBody) {
            assertRefused(400, "invalid_request", post(BASIC, GRANT + inBody));
        }

        /** The same twice is no proof. */
        @Test
        void wrongCredentialsInBothPlacesAreChallenged() {
            assertRefused(
                    401,
                    "invalid_client",
                    post(basic("local-client", "wrong"), GRANT + "&client_id=local-client&client_secret=wrong"));
        }
    }

    @Nested
    class Section32TokenEndpoint {
        @Test
        void unknownParametersAreIgnored() {
            assertGoodToken(send(BASIC, FORM, "utm=1", GRANT + "&audience=x&resource=y"));
        }

        /** "Parameters sent without a value MUST be treated as if they were omitted from the request." */
        @Test
        void parametersWithoutAValueAreAsIfTheyWereOmitted() {
            assertGoodToken(post(BASIC, GRANT + "&client_id=&client_secret=&scope=&refresh_token"));
            assertRefused(400, "invalid_request", post(BASIC, "grant_type="));
            assertRefused(401, "invalid_client", post(null, GRANT + "&client_id=local-client&client_secret="));
        }

        /** "Request and response parameters MUST NOT be included more than once." */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    GRANT + "&" + GRANT,
                    GRANT + "&grant_type=refresh_token",
                    GRANT + "&client_id=local-client&client_id=local-client",
                    GRANT + "&scope=&scope=",
                    GRANT + "&unknown=1&unknown=2"
                })
        void repeatedParametersAreRefused(String form) {
            assertRefused(400, "invalid_request", post(BASIC, form));
        }

        @Test
        void contentTypeMayHaveParametersAndAnyCase() {
            assertGoodToken(send(BASIC, "application/x-www-form-urlencoded; charset=UTF-8", "", GRANT));
            assertGoodToken(send(BASIC, "Application/X-WWW-Form-Urlencoded", "", GRANT));
        }

        @Test
        void missingAndForeignContentTypesAreRefused() {
            for (var type :
                    new String[] {"", "application/json", "text/plain", "multipart/form-data; boundary=x", FORM + "x"
                    }) {
                assertRefused(400, "invalid_request", send(BASIC, type, "", GRANT));
            }
            assertRefused(400, "invalid_request", send(BASIC, null, "", GRANT));
            assertRefused(
                    400,
                    "invalid_request",
                    send(BASIC, "application/json", "", "{\"grant_type\":\"client_credentials\"}"));
        }

        /** Wire contract §4: before anything of it is read, its base64 included. */
        @Test
        void bodyOverSixteenKibibytesIsRefused() {
            var padding = 16 * 1024 - (GRANT + "&a=").length();

            assertGoodToken(post(BASIC, GRANT + "&a=" + "x".repeat(padding)));
            for (var more : new int[] {1, 2, 3, 100_000}) {
                assertRefused(400, "invalid_request", post(BASIC, GRANT + "&a=" + "x".repeat(padding + more)));
                assertRefused(400, "invalid_request", post(null, GRANT + "&a=" + "x".repeat(padding + more)));
            }
            assertRefused(400, "invalid_request", raw("!".repeat(22_000), true));
            assertRefused(400, "invalid_request", raw(GRANT + "&a=" + "x".repeat(padding + 1), false));
            assertRefused(400, "invalid_request", raw(GRANT + "&a=" + "ü".repeat(padding / 2 + 1), false));
            assertGoodToken(raw(GRANT + "&a=" + "x".repeat(padding), false));
        }

        @Test
        void bodyThatIsMissingOrNotEncodedIsRefused() {
            assertRefused(400, "invalid_request", post(BASIC, ""));
            assertRefused(400, "invalid_request", post(BASIC, GRANT + "&a=%zz"));
        }
    }

    @Nested
    class Section44ClientCredentialsGrant {
        /** User Verification API: a refresh token with any expiry, and an expiry of a month or more. */
        @Test
        void tokenIsGoodFor35DaysAndComesWithARefreshToken() {
            var json = post(BASIC, GRANT).json();

            assertEquals(35 * 24 * 60 * 60, json.path("expires_in").intValue());
            assertFalse(verifier.isGoodAccessToken(json.path("refresh_token").asText()));
            assertEquals(4, json.size());
        }

        @Test
        void tokenWithoutExpiryHasNeitherExpiryNorRefreshToken() {
            setLifetime("0");

            var json = assertGoodToken(post(BASIC, GRANT)).json();

            assertEquals(2, json.size(), json.toString());
        }
    }

    @Nested
    class Section51SuccessfulResponse {
        @Test
        void answerIsJsonThatNobodyKeeps() {
            var answer = assertGoodToken(post(BASIC, GRANT));

            assertEquals("application/json", answer.header("content-type"));
            assertEquals("no-store", answer.header("cache-control"));
            assertEquals("no-cache", answer.header("pragma"));
            assertEquals("bearer", answer.json().path("token_type").asText());
            assertNull(answer.header("www-authenticate"));
        }
    }

    @Nested
    class Section52ErrorResponse {
        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                value = {
                    "local-client:wrong",
                    "nobody:local-client-secret",
                    "LOCAL-CLIENT:local-client-secret",
                    "local-client:",
                    ":local-client-secret",
                    "local-client",
                    ":",
                    "local-client:be83091dc19a9fbd188a6749efa60435266800fb15929bd1a0c54ec5a2e99c40",
                    "local-client:local-client-secret%zz"
                })
        void whoeverIsNotAClientIsChallenged(String credentials) {
            assertRefused(401, "invalid_client", post("Basic " + base64(credentials), GRANT));
            assertRefused(401, "invalid_client", post("Basic " + base64(credentials), "grant_type=password"));
        }

        @ParameterizedTest
        @ValueSource(strings = {"Basic", "Basic !", "Bearer abc", "Digest username=\"local-client\"", "bG9jYWw="})
        void authorizationThatIsNoBasicIsChallenged(String authorization) {
            assertRefused(401, "invalid_client", post(authorization, GRANT));
        }

        /** The gateway joins headers that are repeated by a comma. */
        @Test
        void twoAuthorizationsAreChallenged() {
            assertRefused(401, "invalid_client", post(BASIC + "," + BASIC, GRANT));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    GRANT,
                    GRANT + "&client_id=local-client",
                    GRANT + "&client_secret=local-client-secret",
                    GRANT + "&client_id=local-client&client_secret=wrong",
                    GRANT + "&client_id=nobody&client_secret=local-client-secret"
                })
        void bodyWithoutGoodCredentialsIsChallenged(String form) {
            assertRefused(401, "invalid_client", post(null, form));
        }

        @ParameterizedTest
        @CsvSource({
            "unknown=1, invalid_request",
            "grant_type=refresh_token, invalid_request",
            "grant_type=refresh_token&refresh_token=guess, invalid_grant",
            "grant_type=authorization_code&code=x, unsupported_grant_type",
            "grant_type=password, unsupported_grant_type",
            "grant_type=Client_Credentials, unsupported_grant_type",
            "grant_type=client_credentials&scope=all, invalid_scope",
            "grant_type=refresh_token&refresh_token=x&scope=all, invalid_scope"
        })
        void requestThatCannotBeGrantedSaysWhy(String form, String error) {
            assertRefused(400, error, post(BASIC, form));
        }
    }

    @Nested
    class Section6Refreshing {
        @Test
        void refreshTokenGetsANewAccessTokenByEitherAuthentication() {
            var first = post(BASIC, GRANT).json();
            var form = "grant_type=refresh_token&refresh_token="
                    + first.path("refresh_token").asText();

            for (var answer : new HttpAnswer[] {post(BASIC, form), post(null, form + "&" + CLIENT)}) {
                var json = assertGoodToken(answer).json();
                assertEquals(first.path("refresh_token"), json.path("refresh_token"));
                assertFalse(json.path("access_token").equals(first.path("access_token")));
                assertEquals(first.path("expires_in"), json.path("expires_in"));
            }
        }

        @Test
        void refreshTokenWithoutItsClientIsNothing() {
            var issued = post(BASIC, GRANT).json();
            var form = "grant_type=refresh_token&refresh_token="
                    + issued.path("refresh_token").asText();

            assertRefused(401, "invalid_client", post(null, form));
            assertRefused(400, "invalid_grant", post(basic(encode(ODD_ID), encode(ODD_SECRET)), form));
        }

        /** Tokens whose parts are JSON, but no objects. */
        @ParameterizedTest
        @ValueSource(
                strings = {
                    "bnVsbA.e30.AAAA",
                    "bnVsbA.bnVsbA.",
                    "eyJ0eXAiOiJydCtqd3QiLCJraWQiOiIxIn0.bnVsbA.AAAA",
                    "eyJ0eXAiOiJydCtqd3QiLCJraWQiOiIxIn0.W10.AAAA",
                    "W10.W10.AAAA"
                })
        void oddTokenRefreshesNothing(String token) {
            assertRefused(400, "invalid_grant", post(BASIC, "grant_type=refresh_token&refresh_token=" + token));
        }

        @Test
        void accessTokenRefreshesNothing() {
            var issued = post(BASIC, GRANT).json();

            assertRefused(
                    400,
                    "invalid_grant",
                    post(
                            BASIC,
                            "grant_type=refresh_token&refresh_token="
                                    + issued.path("access_token").asText()));
        }
    }

    /** A new stack has no client. */
    @Test
    void withoutClientsOauthIsOffAndSaysSo() {
        putClients();
        function = new FunctionHarness(new AccessTokenHandler(stack.environment("AccessTokenFunction")));

        var answer = post(BASIC, GRANT);

        assertRefused(401, "invalid_client", answer);
        assertTrue(answer.json().path("error_description").asText().contains("no client is configured"));
    }

    @Test
    void generatedSigningKeyOfANewStackSigns() {
        assertTrue(
                stack.template().secret("TokenSigningKeysSecret").initialValue().contains("\"kid\":\"1\""));
        assertGoodToken(post(BASIC, GRANT));
    }

    /** Rule 20. */
    @Test
    void unusableSecretFailsClosed() {
        stack.putSecret("TokenSigningKeysSecret", "{\"kid\":\"1\",\"current\":\"replace-me\"}");
        assertUnavailable("TokenSigningKeysSecret");

        stack.putSecret("OAuthClientsSecret", "{\"clients\":\"replace-me\"}");
        function = new FunctionHarness(new AccessTokenHandler(stack.environment("AccessTokenFunction")));
        assertUnavailable("OAuthClientsSecret");
    }

    /** Not five minutes later, in each instance. */
    @Test
    void secretThatWasCorrectedWorksAtTheNextRequest() {
        stack.putSecret("OAuthClientsSecret", "{\"clients\":\"replace-me\"}");
        stack.putSecret("TokenSigningKeysSecret", "{\"kid\":\"1\",\"current\":\"short\"}");
        function = new FunctionHarness(new AccessTokenHandler(stack.environment("AccessTokenFunction")));
        assertUnavailable("OAuthClientsSecret");

        putClients(client("local-client", "local-client-secret"));
        assertUnavailable("TokenSigningKeysSecret");

        stack.putSecret("TokenSigningKeysSecret", "{\"kid\":\"1\",\"current\":\"%s\"}".formatted("k".repeat(32)));
        assertGoodToken(post(BASIC, GRANT));
    }

    /** The consumer's rule, which the template enforces, again at first use. */
    @ParameterizedTest
    @ValueSource(strings = {"", "30", "1", "-35", "a month"})
    void lifetimeThatTheConsumerWouldNotTakeFailsClosed(String days) {
        setLifetime(days);

        assertUnavailable("TOKEN_LIFETIME_DAYS");
    }

    @Test
    void issuerIsTheStackUnlessItIsSet() {
        var environment = new HashMap<>(stack.environment("AccessTokenFunction"));
        assertTrue(payload(post(BASIC, GRANT)).contains("\"iss\":\"" + environment.get("STACK_NAME") + "\""));

        environment.put("TOKEN_ISSUER", "https://connector.example.org");
        function = new FunctionHarness(new AccessTokenHandler(environment));
        assertTrue(payload(post(BASIC, GRANT)).contains("\"iss\":\"https://connector.example.org\""));
    }

    /** Rule 21. */
    @Test
    @Tag("rule-21")
    void nothingThatWasSentIsLogged() {
        post(BASIC, GRANT);
        post(basic("local-client", "wrong-secret"), GRANT + "&scope=private-scope");

        assertEquals("", function.logged());
    }

    private HttpAnswer assertGoodToken(HttpAnswer answer) {
        assertEquals(200, answer.status(), answer.body());
        assertTrue(verifier.isGoodAccessToken(answer.json().path("access_token").asText()), answer.body());
        return answer;
    }

    private static void assertRefused(int status, String error, HttpAnswer answer) {
        assertEquals(
                status + " " + error,
                answer.status() + " " + answer.json().path("error").asText());
        assertTrue(
                answer.json().path("error_description").asText().matches("[\\x20-\\x21\\x23-\\x5B\\x5D-\\x7E]+"),
                answer.body());
        assertEquals(2, answer.json().size());
        assertEquals("application/json", answer.header("content-type"));
        assertEquals("no-store", answer.header("cache-control"));
        assertEquals("no-cache", answer.header("pragma"));
        assertEquals(status == 401 ? "Basic realm=\"access-token\"" : null, answer.header("www-authenticate"));
    }

    private void assertUnavailable(String culprit) {
        var answer = post(BASIC, GRANT);

        assertEquals(503, answer.status(), answer.body());
        assertEquals("30", answer.header("retry-after"));
        assertEquals("no-store", answer.header("cache-control"));
        assertTrue(function.logged().contains(culprit), function.logged());
        assertFalse(answer.body().contains(culprit), answer.body());
    }

    private void setLifetime(String days) {
        var environment = new HashMap<>(stack.environment("AccessTokenFunction"));
        environment.put("TOKEN_LIFETIME_DAYS", days);
        function = new FunctionHarness(new AccessTokenHandler(environment));
    }

    private HttpAnswer post(@Nullable String authorization, String form) {
        return send(authorization, FORM, "", form);
    }

    /** The gateway hands forms over in base64. */
    private HttpAnswer send(@Nullable String authorization, @Nullable String contentType, String query, String body) {
        var headers = new HashMap<String, String>();
        if (authorization != null) {
            headers.put("authorization", authorization);
        }
        if (contentType != null) {
            headers.put("content-type", contentType);
        }
        return function.handle(FunctionHarness.sample("access-token", event -> {
            event.setHeaders(headers);
            event.setRawQueryString(query);
            event.setBody(body.isEmpty() ? null : base64(body));
            event.setIsBase64Encoded(!body.isEmpty());
        }));
    }

    private HttpAnswer raw(String body, boolean isBase64Encoded) {
        return function.handle(FunctionHarness.sample("access-token", event -> {
            event.setHeaders(new HashMap<>(Map.of("authorization", BASIC, "content-type", FORM)));
            event.setBody(body);
            event.setIsBase64Encoded(isBase64Encoded);
        }));
    }

    private void putClients(String... clients) {
        stack.putSecret("OAuthClientsSecret", "{\"clients\":[" + String.join(",", clients) + "]}");
    }

    private static String client(String clientId, String secret) {
        var digest = HexFormat.of().formatHex(Sha256.digest(secret.getBytes(UTF_8)));
        return "{\"clientId\":\"%s\",\"secretSha256\":[\"%s\"]}".formatted(clientId, digest);
    }

    private static String payload(HttpAnswer answer) {
        var token = answer.json().path("access_token").asText();
        return new String(Base64.getUrlDecoder().decode(token.split("\\.")[1]), UTF_8);
    }

    private static String basic(String id, String secret) {
        return "Basic " + base64(id + ":" + secret);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
