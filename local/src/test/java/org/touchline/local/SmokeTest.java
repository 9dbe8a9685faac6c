package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** {@code bin/smoke}: says ok where all is well, and names what is not. */
@Tag("long")
class SmokeTest {
    private static final Path ROOT = EmbeddedStack.projectRoot();

    @TempDir
    private Path folder;

    private LocalRun run;

    @BeforeEach
    void start() {
        run = LocalRun.start(Settings.onFreePorts(ROOT), new Output().stream());
    }

    @AfterEach
    void stop() {
        run.close();
    }

    private record Result(int exitCode, List<String> lines) {
        List<String> failed() {
            return lines.stream().filter(line -> line.startsWith("FAILED")).toList();
        }
    }

    @Test
    void localRunPassesAndSaysThatIamIsNotEnforced() throws Exception {
        var result = smoke("local", localPorts());

        assertEquals(0, result.exitCode(), result.lines()::toString);
        assertEquals("local at " + api(), result.lines().getFirst());
        assertEquals("all ok", result.lines().getLast());
        assertTrue(
                result.lines().stream().anyMatch(line -> line.contains("IAM is not enforced")),
                result.lines()::toString);
    }

    /** With a session token, as whoever assumes a role has one. */
    @Test
    void deployedStackPassesWithSignedRequests() throws Exception {
        try (var gateway = new IamGateway(api(), template())) {
            var result = smoke("touchline-staging", signing(gateway.uri(), IamGateway.SECRET_ACCESS_KEY));

            assertEquals(0, result.exitCode(), result.lines()::toString);
            assertEquals("all ok", result.lines().getLast());
        }
    }

    /** What is not tried cannot be found broken: a new route belongs into the script. */
    @Test
    void everyRouteOfTheTemplateIsTried() throws Exception {
        try (var gateway = new IamGateway(api(), template())) {
            var result = smoke("touchline-staging", signing(gateway.uri(), IamGateway.SECRET_ACCESS_KEY));

            for (var function : template().functions()) {
                for (var route : function.routes()) {
                    var path = route.path().replaceAll("\\{\\w+}", "\\\\w+");
                    assertTrue(
                            result.lines().stream()
                                    .anyMatch(line ->
                                            line.matches("ok +" + route.method() + " " + path + " (with|uns|of).*")),
                            route + " in " + result.lines());
                }
            }
        }
    }

    @Test
    void wrongCredentialsFailTheSignedRead() throws Exception {
        try (var gateway = new IamGateway(api(), template())) {
            var result = smoke("touchline-staging", signing(gateway.uri(), "another"));

            assertEquals(1, result.exitCode());
            assertEquals(1, result.failed().size(), result.lines()::toString);
            assertTrue(result.failed().getFirst().contains("GET /licenses signed"));
            assertTrue(result.failed().getFirst().contains("403 instead of 200"));
        }
    }

    /** Rule 23 begins there: an API without IAM gives everybody's data away. */
    @Test
    void stackWithoutIamFailsOnEachRouteThatShouldHaveIt() throws Exception {
        var result = smoke("touchline-staging", signing(api(), IamGateway.SECRET_ACCESS_KEY));

        var iamRoutes = template().functions().stream()
                .flatMap(function -> function.routes().stream())
                .filter(Template.Route::iam)
                .count();
        assertEquals(1, result.exitCode());
        assertEquals(iamRoutes, result.failed().size(), result.lines()::toString);
        assertTrue(result.failed().stream().allMatch(line -> line.contains("IAM does not guard it")));
        assertEquals(iamRoutes + " failed", result.lines().getLast());
    }

    /** Rule 20: a stack whose webhook key was never set. */
    @Test
    void secretThatIsNotSetIsNamedAsTheReason() throws Exception {
        run.close();
        var placeholder = Map.of("WEBHOOK_KEY", "replace-me");
        run = LocalRun.start(Settings.onFreePorts(ROOT, placeholder), new Output().stream());

        var result = smoke("local", localPorts());

        assertEquals(1, result.exitCode());
        assertEquals(1, result.failed().size(), result.lines()::toString);
        assertTrue(result.failed().getFirst().contains("WebhookKeysSecret"));
        assertTrue(result.failed().getFirst().contains("still the placeholder"));
        // It was not asked: a 503 would ring ApiErrorsAlarm.
        assertTrue(result.lines().stream().noneMatch(line -> line.contains("/webhooks/")), result.lines()::toString);
    }

    /** The functions go on with what is in their memory: what counts is what Secrets Manager holds now. */
    @Test
    void secretThatWasOverwrittenIsReadAnewAndNamedAsTheReason() throws Exception {
        assertEquals(0, smoke("local", localPorts()).exitCode());
        try (var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            for (var secret : Template.read(ROOT.resolve("template.yaml"), "touchline", Map.of())
                    .secrets()) {
                secrets.putSecretValue(
                        request -> request.secretId(secret.name()).secretString("{\"of\":\"another form\"}"));
            }
        }

        var result = smoke("local", localPorts());

        assertEquals(
                List.of(
                        "POST /webhooks/user-license-update with a wrong key",
                        "POST /webhooks/uss-licenses-update with a wrong key",
                        "POST /webhooks/ussf-id-update with a wrong key",
                        "POST /webhooks/user-update with a wrong key",
                        "GET /member-verification with a wrong access token",
                        "GET /member-verification with a wrong OAuth token",
                        "POST /oauth/token of an unknown client"),
                result.failed().stream()
                        .map(line -> line.substring("FAILED  ".length()).split("  ")[0])
                        .toList());
        assertTrue(result.failed().stream().allMatch(line -> line.contains("a secret is of no use")));
    }

    /** A login that was never set is not seen by any route; whoever is to be told of alarms has to confirm a mail. */
    @Test
    void loginThatIsNotSetAndWhoHearsOfAlarmsAreSaid() throws Exception {
        try (var gateway = new IamGateway(api(), template())) {
            var environment = signing(gateway.uri(), IamGateway.SECRET_ACCESS_KEY);
            environment.put("SECRET", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");
            environment.put("SUBSCRIPTIONS", "arn:aws:sns:one\\nPendingConfirmation\\narn:aws:sns:two\\n");
            var told = smoke("touchline-staging", environment);

            assertEquals(1, told.exitCode());
            assertTrue(told.failed().getFirst().contains("LearningCenterCredentialsSecret"), told.lines()::toString);
            assertTrue(
                    told.lines().stream().anyMatch(line -> line.contains("told to 2 subscribers; 1 more")),
                    told.lines()::toString);

            environment.remove("SECRET");
            environment.put("SUBSCRIPTIONS", "PendingConfirmation\\n");
            var untold = smoke("touchline-staging", environment);
            assertEquals(0, untold.exitCode(), untold.lines()::toString);
            assertTrue(
                    untold.lines().stream().anyMatch(line -> line.contains("NOBODY HEARS OF ALARMS")),
                    untold.lines()::toString);
        }
    }

    /** Four runs within five minutes ring neither alarm of strangers. */
    @Test
    void runOfItRingsNoAlarm() throws Exception {
        var result = smoke("local", localPorts());

        for (var alarm : Map.of("/webhooks/", "RefusedWebhookKeysAlarm", "/member-verification", "RefusedTokensAlarm")
                .entrySet()) {
            var refused = result.lines().stream()
                    .filter(line -> line.contains(alarm.getKey()) && line.endsWith("401"))
                    .count();
            var properties = template().resource(alarm.getValue());
            assertEquals("300", String.valueOf(properties.get("Period")));
            assertTrue(refused > 0 && 4 * refused < Integer.parseInt(String.valueOf(properties.get("Threshold"))));
        }
        assertTrue(result.lines().stream().noneMatch(line -> line.matches(".* 5\\d\\d")), result.lines()::toString);
    }

    @Test
    void nothingThatAnswersIsAFailure() throws Exception {
        var result = smoke("local", Map.of("API_PORT", "9"));

        assertEquals(1, result.exitCode());
        assertTrue(result.failed().stream().anyMatch(line -> line.contains("no answer")), result.lines()::toString);
    }

    private URI api() {
        return run.endpoints().api();
    }

    private static Template template() {
        return Template.read(ROOT.resolve("template.yaml"), "staging", Map.of());
    }

    private Map<String, String> localPorts() {
        return Map.of(
                "API_PORT", Integer.toString(api().getPort()),
                "SECRETS_PORT", Integer.toString(run.endpoints().secrets().getPort()));
    }

    private Map<String, String> signing(URI api, String secretAccessKey) throws IOException {
        return new AwsStandIn(folder)
                .with("API_URL", api.toString())
                .with("AWS_SECRET_ACCESS_KEY", secretAccessKey)
                .environment();
    }

    private Result smoke(String stack, Map<String, String> environment) throws Exception {
        var output = folder.resolve("output");
        var builder = new ProcessBuilder("sh", ROOT.resolve("bin/smoke").toString(), stack)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        var smoke = builder.start();
        try {
            assertTrue(smoke.waitFor(60, TimeUnit.SECONDS), "it hangs");
        } finally {
            smoke.destroyForcibly();
        }
        return new Result(smoke.exitValue(), Files.readAllLines(output));
    }
}
