package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.Sha256;
import org.touchline.embedded.EmbeddedStack;

/**
 * Each rotation of {@code docs/operating.md}, rehearsed in the local run with what the runbook says to write, and the commands that it
 * says to write it with: at no step is anybody refused who was told in time.
 */
@Tag("long")
class RotationRehearsalTest {
    private static final Pattern CODE = Pattern.compile("`([^`]*)`");
    private static final String LICENSE = """
            {"ussf_id":"2020000004136762","action":"added","license_id":"referee_8","updated_at":"2020-01-01T00:00:00Z"}""";

    private final Path root = EmbeddedStack.projectRoot();

    @TempDir
    private Path folder;

    private LocalRun run;

    @BeforeEach
    void start() throws Exception {
        Assumptions.assumeTrue(
                AwsStandIn.run(root, "aws --version", Map.of()).exitCode() == 0, "skipped: there is no AWS CLI");
        run = LocalRun.start(
                Settings.onFreePorts(root),
                new PrintStream(folder.resolve("log").toFile()));
    }

    @AfterEach
    void stop() {
        if (run != null) {
            run.close();
        }
    }

    @Test
    void webhookKey() throws Exception {
        var written = written("The webhook key");
        put("WebhookKeysSecretArn", written.get(0).replace("<new>", "another").replace("<old>", "local-webhook-key"));
        assertEquals(200, webhook("another"));
        assertEquals(200, webhook("local-webhook-key"));

        control("PUT", "/simulator/webhook-key", "{\"key\":\"another\"}");
        assertTrue(stack("invoke IntegrationCheckFunction '{}'").startsWith("{\"passed\":true"));

        put("WebhookKeysSecretArn", written.get(1).replace("<new>", "another"));
        assertEquals(200, webhook("another"));
    }

    @Test
    void loginOfTheConnectApi() throws Exception {
        control("PUT", "/simulator/login", "{\"username\":\"us\",\"password\":\"changed\"}");
        control("POST", "/simulator/sessions/end", "");
        var refused = run("invoke LicenseCatalogSyncFunction '{}'");
        assertEquals(1, refused.exitCode(), refused.out());

        put(
                "LearningCenterCredentialsSecretArn",
                written("The login of the Connect API")
                        .getFirst()
                        .replaceFirst("…", "us")
                        .replaceFirst("…", "changed"));

        assertTrue(stack("invoke LicenseCatalogSyncFunction '{}'").startsWith("{\"total\":82"));
    }

    @Test
    void accessTokenOfSafeSportRegistration() throws Exception {
        var written = written("The access token of SafeSport registration");
        put("AccessTokenSecretArn", written.get(0).replace("<new>", "another").replace("<old>", "local-access-token"));
        assertEquals(200, verification("X-Access-Token", "another"));
        assertEquals(200, verification("X-Access-Token", "local-access-token"));

        put("AccessTokenSecretArn", written.get(1).replace("<new>", "another"));
        assertEquals(200, verification("X-Access-Token", "another"));
    }

    @Test
    void clientsSecret() throws Exception {
        var written = CODE.matcher(paragraph("A client's secret"))
                .results()
                .map(code -> code.group(1))
                .filter(code -> code.startsWith("\"secretSha256\""))
                .findFirst()
                .orElseThrow();
        var digests = written.replace("<new>", digest("another")).replace("<old>", digest("local-client-secret"));
        put("OAuthClientsSecretArn", "{\"clients\":[{\"clientId\":\"local-client\"," + digests + "}]}");
        token("another");
        token("local-client-secret");

        put(
                "OAuthClientsSecretArn",
                "{\"clients\":[{\"clientId\":\"local-client\",\"secretSha256\":[\"" + digest("another") + "\"]}]}");
        token("another");
    }

    @Test
    void signingKey() throws Exception {
        var before = token("local-client-secret");
        var old = stack("secret TokenSigningKeysSecretArn").replaceAll("(?s).*\"current\":\"([^\"]*)\".*", "$1");
        var written = written("The signing key");
        var key = "0123456789abcdef0123456789abcdef";
        put(
                "TokenSigningKeysSecretArn",
                written.get(0).replace("<new>", key).replace("<old>", old).replace("<when>", "2099-01-01T00:00:00Z"));
        assertEquals(200, verification("Authorization", "Bearer " + before));
        var after = token("local-client-secret");
        assertEquals(200, verification("Authorization", "Bearer " + after));

        put("TokenSigningKeysSecretArn", written.get(1).replace("<new>", key));
        token("local-client-secret");
    }

    /** The JSON objects that a paragraph says to write. */
    private List<String> written(String secret) throws IOException {
        return CODE.matcher(paragraph(secret))
                .results()
                .map(code -> code.group(1))
                .filter(code -> code.startsWith("{") && code.length() > 2)
                .toList();
    }

    private String paragraph(String begin) throws IOException {
        return Files.readString(root.resolve("docs/operating.md"))
                .split("(?m)^\\*\\*" + Pattern.quote(begin) + "\\*\\*")[1]
                .split("\n\n(?=[*#])")[0];
    }

    private void put(String output, String value) throws Exception {
        var file = Files.writeString(folder.resolve("secret.json"), value);
        stack("put_secret " + output + " " + file);
        assertEquals(value, stack("secret " + output).strip());
    }

    private String stack(String command) throws Exception {
        var result = run(command);
        assertEquals(0, result.exitCode(), result::err);
        return result.out();
    }

    private AwsStandIn.Result run(String command) throws Exception {
        var endpoints = run.endpoints();
        return AwsStandIn.run(
                root,
                ". bin/stack.sh; STACK=local; " + command,
                Map.of(
                        "API_PORT", Integer.toString(endpoints.api().getPort()),
                        "LAMBDA_PORT", Integer.toString(endpoints.lambda().getPort()),
                        "SECRETS_PORT", Integer.toString(endpoints.secrets().getPort())));
    }

    private int webhook(String key) throws Exception {
        return TestStack.send(
                        "POST",
                        api("/webhooks/user-license-update"),
                        LICENSE,
                        "Authorization",
                        key,
                        "Content-Type",
                        "application/json")
                .statusCode();
    }

    private int verification(String header, String value) throws Exception {
        return TestStack.get(api("/member-verification?memberIdentifier=CYSA-1"), header, value)
                .statusCode();
    }

    private String token(String secret) throws Exception {
        var answer = TestStack.send(
                "POST",
                api("/oauth/token"),
                "grant_type=client_credentials&client_id=local-client&client_secret=" + secret,
                "Content-Type",
                "application/x-www-form-urlencoded");
        assertEquals(200, answer.statusCode(), answer::body);
        return answer.body().replaceAll("(?s).*\"access_token\":\"([^\"]*)\".*", "$1");
    }

    private void control(String method, String path, String body) throws Exception {
        var answer = TestStack.send(method, run.endpoints().learningCenter().resolve(path), body);
        assertEquals(200, answer.statusCode(), answer::body);
    }

    private URI api(String path) {
        return run.endpoints().api().resolve(path);
    }

    private static String digest(String secret) {
        return HexFormat.of().formatHex(Sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
