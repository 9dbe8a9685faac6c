package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.Template.Function;

/**
 * What {@code sam build} made answers its event in {@code events/}, under AWS's own runtime interface client and emulator: a tier of its
 * own, which {@code .ci/run} calls.
 *
 * <p>{@code -Dtouchline.packages} names the folder that {@code sam build} made, and {@code -Dtouchline.emulator} the program.
 */
@EnabledIfSystemProperty(named = "touchline.packages", matches = ".+")
class BuiltPackagesTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** What a function is told that it has: enough to answer, and no more to wait for what does not come. */
    private static final Duration SECONDS = Duration.ofSeconds(20);

    /** Of another processor than this machine's, the AWS Common Runtime in a package cannot be loaded here. */
    private static final String NATIVES = "aws-crt-\\d.*-linux-.*\\.jar";

    private static StandIns standIns;

    @TempDir
    private static Path scratch;

    private static ManagedRuntime runtime;

    @BeforeAll
    static void start() throws IOException {
        standIns = new StandIns();
        // What a client sends whom no secret names is refused, as it should be: this is the one of the sample.
        standIns.stack()
                .putSecret(
                        "OAuthClientsSecret",
                        "{\"clients\":[{\"clientId\":\"local-client\",\"secretSha256\":"
                                + "[\"be83091dc19a9fbd188a6749efa60435266800fb15929bd1a0c54ec5a2e99c40\"]}]}");
        runtime = new ManagedRuntime(scratch);
    }

    @AfterAll
    static void end() {
        standIns.close();
    }

    static Stream<String> functions() {
        return standIns.stack().template().functions().stream().map(Function::logicalId);
    }

    @ParameterizedTest
    @MethodSource("functions")
    void answersItsEvent(String logicalId) throws Exception {
        var function = standIns.stack().template().function(logicalId);
        try (var emulator = Emulator.of(function, task(logicalId), standIns.environment(logicalId))) {
            var answer = emulator.invoke(FunctionHarness.sampleText(Start.folderOf(logicalId)));

            assertFalse(answer.isEmpty(), "an answer says something");
            assertNull(answer.get("errorMessage"), answer.toString());
            var status = answer.path("statusCode").asInt(200);
            assertTrue(status < 500 && status != 401, answer.toString());
            switch (logicalId) {
                case "UserLicenseWebhookFunction", "AccessTokenFunction" ->
                    assertEquals(200, status, answer.toString());
                case "MemberVerificationFunction" ->
                    assertTrue(
                            FunctionHarness.json(answer.path("body").asText())
                                    .path("isValid")
                                    .booleanValue(),
                            answer.toString());
                default -> {}
            }
        }
    }

    /** The package as it was built; but for another processor's natives, this machine's. */
    private static Path task(String logicalId) throws IOException {
        var built = Path.of(System.getProperty("touchline.packages")).resolve(logicalId);
        var task = scratch.resolve(logicalId);
        Commands.run(List.of("cp", "-R", built.toString(), task.toString()));
        var lib = task.resolve("lib");
        try (var jars = Files.list(lib)) {
            for (var jar : jars.filter(file -> file.getFileName().toString().matches(NATIVES))
                    .toList()) {
                Files.delete(jar);
            }
        }
        var natives = Stream.of(System.getProperty("java.class.path").split(":"))
                .map(Path::of)
                .filter(file -> file.getFileName().toString().matches("aws-crt-\\d[\\d.]*(-linux-.*)?\\.jar"))
                .toList();
        assertFalse(natives.isEmpty());
        for (var jar : natives) {
            Files.copy(jar, lib.resolve("natives-" + jar.getFileName()));
        }
        return task;
    }

    /** AWS's emulator of Lambda's runtime interface, with a function behind it. */
    private record Emulator(Process process, Path printed, URI invocations, HttpClient client)
            implements AutoCloseable {
        static Emulator of(Function function, Path task, Map<String, String> environment) throws IOException {
            // It says its arguments' meaning by their look: so the function's command is in a file.
            var command = new ArrayList<>(runtime.java(function.memorySize()));
            command.add("com.amazonaws.services.lambda.runtime.api.client.AWSLambda");
            command.add(function.handler());
            var bootstrap = Files.writeString(
                    scratch.resolve(function.logicalId() + ".sh"), "exec '" + String.join("' '", command) + "'\n");
            var port = freePort();
            var printed = scratch.resolve(function.logicalId() + ".log");
            var builder = new ProcessBuilder(
                            System.getProperty("touchline.emulator"),
                            "--runtime-interface-emulator-address",
                            "127.0.0.1:" + port,
                            "--runtime-api-address",
                            "127.0.0.1:" + freePort(),
                            "/bin/sh",
                            bootstrap.toString())
                    .directory(task.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            builder.environment().put("PATH", System.getenv("PATH"));
            builder.environment().put("AWS_LAMBDA_FUNCTION_TIMEOUT", Long.toString(SECONDS.toSeconds()));
            return new Emulator(
                    builder.start(),
                    printed,
                    URI.create("http://127.0.0.1:" + port + "/2015-03-31/functions/function/invocations"),
                    HttpClient.newHttpClient());
        }

        /** @throws IOException with what was printed, if it does not answer */
        JsonNode invoke(String event) throws IOException, InterruptedException {
            var request = HttpRequest.newBuilder(invocations)
                    .timeout(LIMIT)
                    .POST(BodyPublishers.ofString(event))
                    .build();
            var until = System.nanoTime() + LIMIT.toNanos();
            while (true) {
                try {
                    return FunctionHarness.json(
                            client.send(request, BodyHandlers.ofString()).body());
                } catch (ConnectException notListeningYet) {
                    if (System.nanoTime() > until || !process.isAlive()) {
                        throw new IOException(Files.readString(printed), notListeningYet);
                    }
                    process.waitFor(50, TimeUnit.MILLISECONDS);
                }
            }
        }

        private static int freePort() throws IOException {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            }
        }

        @Override
        public void close() {
            client.shutdownNow();
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().onExit().join();
        }
    }
}
