package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;

/** {@code bin/stack.sh}: what failed fails, and says why. */
@Tag("long")
class StackScriptTest {
    /** Of the 6 MB that Lambda takes. */
    private static final int LARGE = 6_000_000;

    @TempDir
    private static Path log;

    private static LocalRun run;

    @TempDir
    private Path folder;

    private AwsStandIn aws;

    @BeforeAll
    static void start() throws IOException {
        run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()),
                new PrintStream(log.resolve("log").toFile()));
    }

    @AfterAll
    static void stop() {
        run.close();
    }

    @BeforeEach
    void standIn() throws IOException {
        aws = new AwsStandIn(folder).inFrontOf(run.endpoints());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "touchline-staging"})
    void aFunctionThatFailedFailsTheCommand(String stack) throws Exception {
        var result = on(stack, "invoke MemberImportFunction '{\"nonsense\":1}'");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("MemberImportFunction failed (Unhandled): {\"error"), result::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "touchline-staging"})
    void aFunctionThatWorkedPrintsItsResultAlone(String stack) throws Exception {
        var result = on(stack, "invoke QuarantineReplayFunction '{\"list\":true}'");

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.out().matches("\\{\"replayed\":0,.*}\n"), result::out);
        assertEquals("", result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "touchline-staging"})
    void anAnswerOf400AndAboveFailsTheCommand(String stack) throws Exception {
        var result = on(stack, "api GET /members/NOBODY");

        assertEquals(1, result.exitCode());
        assertEquals("", result.out());
        assertTrue(result.err().startsWith("GET /members/NOBODY was answered 404: {"), result::err);
    }

    @ParameterizedTest
    @ValueSource(strings = {"invoke MemberImportFunction", "api GET /licenses", "secret WebhookKeysSecretArn"})
    void nobodyWhoListensFailsTheCommand(String command) throws Exception {
        var nobody = new HashMap<>(aws.environment());
        nobody.remove("API_URL");
        nobody.put("PATH", System.getenv("PATH"));
        nobody.putAll(Map.of("API_PORT", "9", "LAMBDA_PORT", "9", "SECRETS_PORT", "9"));

        var result = AwsStandIn.run(EmbeddedStack.projectRoot(), ". bin/stack.sh; STACK=local; " + command, nobody);

        assertTrue(result.exitCode() != 0, command);
        assertTrue(!result.err().isBlank(), command);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "output ApiUrl",
                "resource FollowUpTable",
                "parameter TimeZone",
                "invoke FollowUpFunction",
                "api GET /licenses",
                "logs FollowUpFunction",
                "secret WebhookKeysSecretArn",
                "put_secret WebhookKeysSecretArn pom.xml",
                "forget_secrets"
            })
    void withoutAStackNothingIsDone(String command) throws Exception {
        var result = on("", command);

        assertEquals(2, result.exitCode());
        assertTrue(result.err().startsWith("STACK is not set"), result::err);
        assertEquals(0, aws.notes().size(), aws.notes()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"output ApiUrl", "parameter TimeZone", "logs FollowUpFunction", "forget_secrets"})
    void aStackThatThereIsNotFailsTheCommand(String command) throws Exception {
        var result = on("another-stack", command);

        assertTrue(result.exitCode() != 0);
        assertTrue(result.err().contains("does not exist"), result::err);
        assertEquals(1, aws.notes().size(), aws.notes()::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "touchline-staging"})
    void anOutputThatThereIsNotFailsTheCommand(String stack) throws Exception {
        var result = on(stack, "output Nothing");

        assertEquals(1, result.exitCode());
        assertEquals("the stack " + stack + " has no output Nothing\n", result.err());
    }

    /** A shell function, a template that is found, and files that are found where the caller is. */
    @ParameterizedTest
    @ValueSource(strings = {"local", "touchline-staging"})
    void payloadsOf6MegabytesComeFromAFileOrStandardInputInAnyFolder(String stack) throws Exception {
        Files.writeString(folder.resolve("payload.json"), "{" + " ".repeat(LARGE) + "}");
        for (var payload : new String[] {"@payload.json", "- < payload.json"}) {
            var result = AwsStandIn.run(
                    folder,
                    ". " + EmbeddedStack.projectRoot() + "/bin/stack.sh; STACK=" + stack
                            + "; invoke LicenseCatalogSyncFunction " + payload,
                    environment());

            assertEquals(0, result.exitCode(), result::err);
            assertTrue(result.out().startsWith("{\"total\":82,"), result::out);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"@body.json", "- < body.json"})
    void bodiesComeFromAFileOrStandardInput(String body) throws Exception {
        Files.writeString(folder.resolve("body.json"), """
                {"firstName":"Jordan","lastName":"Doe","email":"jordan.doe@example.org","dateOfBirth":"1990-04-12"}""");

        var result = AwsStandIn.run(
                folder,
                ". " + EmbeddedStack.projectRoot() + "/bin/stack.sh; STACK=local; api PUT /members/CYSA-7 " + body,
                environment());

        assertEquals(0, result.exitCode(), result::err);
        assertTrue(result.out().contains("CYSA-7"), result::out);
    }

    /** Design §8: the AWS CLI gives up after a minute, and invokes again. */
    @Test
    void aFunctionIsInvokedOnceAndWaitedForAsLongAsItMayRun() throws Exception {
        on("touchline-staging", "invoke FollowUpFunction");

        var call = aws.notes().getLast();
        assertTrue(call.startsWith("1 lambda invoke"), call);
        assertTrue(call.contains("--cli-read-timeout 910"), call);
    }

    /** Design §8: all functions share a group, and {@code sam logs} cannot tell them apart. */
    @Test
    void logsAreOfOneFunction() throws Exception {
        on("touchline-staging", "logs FollowUpFunction 2h");

        assertTrue(
                aws.notes()
                        .getLast()
                        .matches(" logs tail arn:of:FunctionLogsName --follow --format short --since 2h"
                                + " --log-stream-name-prefix \\d{4}/\\d\\d/\\d\\d/FollowUpFunction\\["),
                aws.notes()::toString);
    }

    private AwsStandIn.Result on(String stack, String command) throws IOException, InterruptedException {
        return AwsStandIn.run(
                EmbeddedStack.projectRoot(), ". bin/stack.sh; STACK=" + stack + "\n" + command, environment());
    }

    private Map<String, String> environment() {
        var endpoints = run.endpoints();
        var environment = new HashMap<>(aws.environment());
        environment.put("API_PORT", Integer.toString(endpoints.api().getPort()));
        environment.put("LAMBDA_PORT", Integer.toString(endpoints.lambda().getPort()));
        environment.put("SECRETS_PORT", Integer.toString(endpoints.secrets().getPort()));
        return environment;
    }
}
