package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Wire contract §6: where DATA_DIR names a folder, a run goes on where the one before ended. */
@Tag("long")
class DataFolderTest {
    private static final String SECRET = "touchline-WebhookKeysSecret";

    @TempDir
    private Path folder;

    private final Output output = new Output();

    @Test
    void runGoesOnWhereTheOneBeforeEnded() throws Exception {
        try (var run = start();
                var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            simulator(run, "POST", "/people", "{\"count\":2}");
            put(run, "M-1", "ada@example.org");
            awaitEnrollment(run, "M-1", "no_match");
            secrets.putSecretValue(request -> request.secretId(SECRET).secretString("{\"current\":\"rotated-key\"}"));
            simulator(run, "POST", "/user-licenses", """
                    {"ussf_id":"2021000004000001","license_id":"referee_8","expiration_date":"2099-12-31"}""");
        }

        try (var run = start();
                var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            awaitEnrollment(run, "M-1", "no_match");
            assertEquals(
                    "{\"current\":\"rotated-key\"}",
                    secrets.getSecretValue(request -> request.secretId(SECRET)).secretString());
            assertTrue(simulator(run, "GET", "/users/2021000004000001/user-licenses", "")
                    .contains("2099-12-31"));
            var third = simulator(run, "POST", "/people", "{\"count\":1}");
            assertTrue(third.contains("2021000004000003"), "who is made up next is somebody else: " + third);
            // Its webhooks carry the key that was rotated.
            put(run, "M-2", "2020000004136762@test.com");
            awaitEnrollment(run, "M-2", "enrolled");
            simulator(run, "POST", "/user-licenses", """
                    {"ussf_id":"2020000004136762","license_id":"referee_7","expiration_date":"2099-12-31"}""");
            TestStack.await(() -> get(run, "/members/M-2/licenses").contains("referee_7"));
        }
    }

    @Test
    void withoutAFolderNothingIsKept() {
        assertEquals(null, Settings.read(EmbeddedStack.projectRoot(), Map.of()).dataFolder());
    }

    @Test
    void folderThatCannotBeMadeIsNamed() throws IOException {
        var file = Files.writeString(folder.resolve("a-file"), "");

        var refused = assertThrows(
                StartException.class,
                () -> LocalRun.start(settings(file), output.stream()).close());

        assertTrue(refused.getMessage().startsWith("DATA_DIR"), refused.getMessage());
    }

    @Test
    void whatIsNotOursInTheFolderIsNamed() throws IOException {
        Files.writeString(folder.resolve("learning-center.json"), "{\"people\":7}");

        var refused = assertThrows(StartException.class, () -> start().close());

        assertTrue(refused.getMessage().startsWith("DATA_DIR"), refused.getMessage());
    }

    private LocalRun start() {
        return LocalRun.start(settings(folder), output.stream());
    }

    private static Settings settings(Path folder) {
        var environment = new HashMap<String, String>();
        for (var port : new String[] {"API", "LAMBDA", "SIMULATOR", "DYNAMODB", "SECRETS", "EVENTS"}) {
            environment.put(port + "_PORT", "0");
        }
        environment.put("DATA_DIR", folder.toString());
        return Settings.read(EmbeddedStack.projectRoot(), environment);
    }

    private static void put(LocalRun run, String identifier, String email) throws Exception {
        var body = """
                {"firstName":"Vidar","lastName":"Mlakar-Doe","email":"%s","dateOfBirth":"1999-01-01"}""".formatted(email);
        var uri = run.endpoints().api().resolve("/members/" + identifier);
        assertEquals(
                200,
                TestStack.send("PUT", uri, body, "Content-Type", "application/json")
                        .statusCode());
    }

    private static void awaitEnrollment(LocalRun run, String identifier, String status) throws Exception {
        TestStack.await(() -> get(run, "/members/" + identifier).contains("\"status\":\"" + status + "\""));
    }

    private static String get(LocalRun run, String path) {
        try {
            return TestStack.get(run.endpoints().api().resolve(path)).body();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String simulator(LocalRun run, String method, String path, String body) throws Exception {
        var uri = run.endpoints().learningCenter().resolve("/simulator" + path);
        return TestStack.send(method, uri, body, "Content-Type", "application/json")
                .body();
    }
}
