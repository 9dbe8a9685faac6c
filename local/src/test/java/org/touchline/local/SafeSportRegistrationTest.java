package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.oauth2.sdk.AuthorizationGrant;
import com.nimbusds.oauth2.sdk.ClientCredentialsGrant;
import com.nimbusds.oauth2.sdk.RefreshTokenGrant;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.token.Tokens;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.Sha256;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * SafeSport registration as a consumer that has read the User Verification API page and nothing else, over HTTP against the
 * whole run, in either mode; by hand, and by an ordinary OAuth library. And the runbook's rotations, step by step, with caches
 * that are warm: nothing that was valid a moment ago breaks.
 */
@Tag("long")
class SafeSportRegistrationTest {
    private static final ClientID CLIENT = new ClientID("local-client");
    private static final Secret CLIENT_SECRET = new Secret("local-client-secret");
    private static final ClientAuthentication BASIC = new ClientSecretBasic(CLIENT, CLIENT_SECRET);

    private LocalRun run;
    private SecretsManagerClient secrets;

    @BeforeEach
    void startWithAMember() throws Exception {
        run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), new Output().stream());
        secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder());
        var put = TestStack.send("PUT", api("/members/111111111"), """
                {"firstName":"John","lastName":"Doe III","email":"john@test.com","dateOfBirth":"1977-01-01"}""", "Content-Type", "application/json");
        assertEquals(200, put.statusCode(), put.body());
    }

    @AfterEach
    void stop() {
        secrets.close();
        run.close();
    }

    /** Both modes against one configuration, as the page shows the requests. */
    @Test
    void consumerThatFollowsThePageVerifiesAMemberInEitherMode() throws Exception {
        var token = json(TestStack.send(
                "POST",
                api("/oauth/token"),
                "grant_type=client_credentials&client_id=local-client&client_secret=local-client-secret",
                "Content-Type",
                "application/x-www-form-urlencoded"));
        assertEquals("bearer", token.path("token_type").asText());
        assertTrue(token.path("expires_in").intValue() >= 31 * 24 * 60 * 60);
        assertTrue(token.path("refresh_token").isTextual());

        for (var header : List.of(new String[] {"X-Access-Token", "local-access-token"}, new String[] {
            "Authorization", "Bearer " + token.path("access_token").asText()
        })) {
            assertEquals(
                    json("{\"isValid\":true,\"firstName\":\"John\",\"lastName\":\"Doe\",\"email\":\"john@test.com\","
                            + "\"dateOfBirth\":\"1977-01-01T00:00:00\"}"),
                    json(verify(header)));
            assertFalse(json(TestStack.send(
                            "POST",
                            api("/member-verification"),
                            "{\"memberIdentifier\":\"222222222\"}",
                            "Content-Type",
                            "application/json",
                            header[0],
                            header[1]))
                    .path("isValid")
                    .booleanValue());
        }
    }

    @Test
    void ordinaryOauthLibraryFetchesAndRefreshesATokenByEitherAuthentication() throws Exception {
        for (var authentication : List.of(BASIC, new ClientSecretPost(CLIENT, CLIENT_SECRET))) {
            var first = tokens(authentication, new ClientCredentialsGrant());
            assertEquals(35 * 24 * 60 * 60, first.getAccessToken().getLifetime());
            assertVerifies(first);

            var second = tokens(authentication, new RefreshTokenGrant(first.getRefreshToken()));
            assertFalse(second.getAccessToken().equals(first.getAccessToken()));
            assertVerifies(second);
        }
    }

    /** RFC 6749 §2.3.1: the library form-urlencodes both halves of Basic. */
    @Test
    void ordinaryOauthLibraryMayHaveAnIdentifierAndASecretOfAnyCharacters() throws Exception {
        var odd = "p%:ss+w rd&=/?é";
        putClients("odd: +%&client", digest(odd));

        for (var authentication : List.of(
                new ClientSecretBasic(new ClientID("odd: +%&client"), new Secret(odd)),
                new ClientSecretPost(new ClientID("odd: +%&client"), new Secret(odd)))) {
            assertVerifies(tokens(authentication, new ClientCredentialsGrant()));
        }
    }

    @Test
    void ordinaryOauthLibraryUnderstandsARefusal() throws Exception {
        var refused = ask(new ClientSecretBasic(CLIENT, new Secret("wrong")), new ClientCredentialsGrant())
                .toErrorResponse()
                .getErrorObject();

        assertEquals("invalid_client", refused.getCode());
        assertEquals(401, refused.getHTTPStatusCode());
    }

    @Test
    void rotationOfTheHeaderValueBreaksNothing() throws Exception {
        assertVerifies("X-Access-Token", "local-access-token");

        // 1. The new value beside the old one.
        put("AccessTokenSecret", "{\"current\":\"new-value\",\"previous\":\"local-access-token\"}");
        assertVerifies("X-Access-Token", "local-access-token");
        // 2. 77 Media changes over.
        assertVerifies("X-Access-Token", "new-value");
        assertVerifies("X-Access-Token", "local-access-token");
        // 3. The old one is taken out.
        put("AccessTokenSecret", "{\"current\":\"new-value\"}");
        assertVerifies("X-Access-Token", "new-value");
    }

    @Test
    void rotationOfAClientSecretBreaksNothing() throws Exception {
        var before = tokens(BASIC, new ClientCredentialsGrant());
        assertVerifies(before);
        var changed = new ClientSecretBasic(CLIENT, new Secret("new-secret"));

        // 1. The new digest beside the old one.
        putClients("local-client", digest("new-secret"), digest("local-client-secret"));
        assertVerifies(tokens(BASIC, new ClientCredentialsGrant()));
        // 2. 77 Media changes over.
        assertVerifies(tokens(changed, new ClientCredentialsGrant()));
        assertVerifies(tokens(changed, new RefreshTokenGrant(before.getRefreshToken())));
        assertVerifies(tokens(BASIC, new RefreshTokenGrant(before.getRefreshToken())));
        // 3. The old one is taken out; the tokens that it got stay.
        putClients("local-client", digest("new-secret"));
        assertVerifies(tokens(changed, new ClientCredentialsGrant()));
        assertVerifies(before);
    }

    @Test
    void rotationOfTheSigningKeyBreaksNothing() throws Exception {
        var before = tokens(BASIC, new ClientCredentialsGrant());
        assertVerifies(before);
        var old = json(secrets.getSecretValue(request -> request.secretId(secret("TokenSigningKeysSecret")))
                .secretString());

        // 1. The new key beside the old one.
        put(
                "TokenSigningKeysSecret",
                "{\"kid\":\"2\",\"current\":\"%s\",\"previousKid\":\"1\",\"previous\":\"%s\",\"previousUntil\":\"2099-01-01T00:00:00Z\"}"
                        .formatted("n".repeat(64), old.path("current").asText()));
        assertVerifies(before);
        // The token function still signs with the key that it read; another one would sign with the new one.
        assertVerifies(tokens(BASIC, new ClientCredentialsGrant()));
        assertVerifies(tokens(BASIC, new RefreshTokenGrant(before.getRefreshToken())));
        assertVerifies(before);
    }

    /** The command in {@code docs/safesport-verification.md}: what it shows works with what it stores. */
    @Test
    void clientThatTheDocumentedCommandMakesGetsAToken(@TempDir Path folder) throws Exception {
        var command = Pattern.compile("```sh\n((?:(?!```).)*openssl rand(?:(?!```).)*)```", Pattern.DOTALL)
                .matcher(Files.readString(EmbeddedStack.projectRoot().resolve("docs/safesport-verification.md")));
        assertTrue(command.find(), "there is a command that makes a client");
        var shown = folder.resolve("shown");
        var bash = new ProcessBuilder("bash", "-e", "-c", command.group(1))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(shown.toFile())
                .start();
        assertTrue(bash.waitFor(10, TimeUnit.SECONDS));
        assertEquals(0, bash.exitValue(), Files.readString(shown));

        put("OAuthClientsSecret", Files.readString(folder.resolve("clients.json")));

        var words = Files.readString(shown).strip().split("\\s+");
        assertEquals(Map.of(0, "client_id", 2, "client_secret"), Map.of(0, words[0], 2, words[2]));
        assertVerifies(tokens(
                new ClientSecretBasic(new ClientID(words[1]), new Secret(words[3])), new ClientCredentialsGrant()));
        assertTrue(words[3].length() >= 64, "256 bits, in hexadecimal digits");
    }

    private Tokens tokens(ClientAuthentication authentication, AuthorizationGrant grant) throws Exception {
        var response = ask(authentication, grant);
        assertTrue(
                response.indicatesSuccess(),
                () -> response.toErrorResponse().toJSONObject().toString());
        return response.toSuccessResponse().getTokens();
    }

    private TokenResponse ask(ClientAuthentication authentication, AuthorizationGrant grant) throws Exception {
        var request = new TokenRequest.Builder(api("/oauth/token"), authentication, grant).build();
        return TokenResponse.parse(request.toHTTPRequest().send());
    }

    private void assertVerifies(Tokens tokens) throws Exception {
        assertVerifies("Authorization", tokens.getBearerAccessToken().toAuthorizationHeader());
    }

    private void assertVerifies(String... header) throws Exception {
        var answer = verify(header);
        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(json(answer).path("isValid").booleanValue(), answer.body());
    }

    private HttpResponse<String> verify(String... header) throws Exception {
        return TestStack.get(api("/member-verification?memberIdentifier=111111111"), header);
    }

    private URI api(String path) {
        return run.endpoints().api().resolve(path);
    }

    private void putClients(String clientId, String... digests) {
        put(
                "OAuthClientsSecret",
                "{\"clients\":[{\"clientId\":\"%s\",\"secretSha256\":[\"%s\"]}]}"
                        .formatted(clientId, String.join("\",\"", digests)));
    }

    private void put(String logicalId, String json) {
        secrets.putSecretValue(request -> request.secretId(secret(logicalId)).secretString(json));
    }

    private static String secret(String logicalId) {
        return Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "touchline", Map.of())
                .secret(logicalId)
                .name();
    }

    private static String digest(String secret) {
        return HexFormat.of().formatHex(Sha256.digest(secret.getBytes(UTF_8)));
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return json(answer.body());
    }

    private static JsonNode json(String text) {
        return FunctionHarness.json(text);
    }
}
