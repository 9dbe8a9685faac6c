package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class LocalRunTest {
    private final Output output = new Output();

    @Test
    void everyPartListensAndTheStartUpTextSaysWhere() throws Exception {
        try (var run = start()) {
            var page = TestStack.get(run.endpoints().api().resolve("/"));

            assertEquals(200, page.statusCode());
            for (var uri : uris(run)) {
                assertTrue(page.body().contains(uri.toString()), "page tells " + uri);
                assertTrue(String.join("\n", output.lines()).contains(uri.toString()), "terminal tells " + uri);
                assertEquals("127.0.0.1", uri.getHost());
            }
            assertTrue(page.body().contains("IAM is not enforced"));
            assertTrue(page.body().startsWith("Touchline 1.2.3 runs on this machine"), page::body);
            assertEquals(200, invoke(run).statusCode());
        }
    }

    @Test
    void functionsFindTheirTablesSecretsAndParametersInTheRun() throws Exception {
        try (var run = start()) {
            var environment = echo(run).get("environment");

            assertEquals(
                    run.endpoints().dynamoDb().toString(),
                    environment.get("AWS_ENDPOINT_URL_DYNAMODB").asText());
            assertEquals(
                    run.endpoints().secrets().toString(),
                    environment.get("AWS_ENDPOINT_URL_SECRETS_MANAGER").asText());
            assertEquals(
                    run.endpoints().events().toString(),
                    environment.get("AWS_ENDPOINT_URL_EVENTBRIDGE").asText());
            assertEquals("X-Access-Token", environment.get("ACCESS_TOKEN_NAME").asText());
            assertEquals(
                    run.endpoints().learningCenter().toString(),
                    environment.get("LEARNING_CENTER_BASE_URL").asText());
            assertEquals(
                    "200",
                    environment.get("LEARNING_CENTER_REQUESTS_PER_SECOND").asText());
            try (var client = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
                assertEquals(
                        List.of(environment.get("CHANGES_TABLE").asText()),
                        client.listTables().tableNames());
            }
        }
    }

    @Test
    void secretsHoldWhatTheSettingsSay() throws Exception {
        try (var run = start();
                var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            assertEquals(
                    json("{\"username\":\"local-username\",\"password\":\"local-password\"}"),
                    secret(secrets, "LearningCenterCredentialsSecret"));
            assertEquals(
                    "local-webhook-key",
                    secret(secrets, "WebhookKeysSecret").get("current").asText());
            assertEquals(
                    "local-access-token",
                    secret(secrets, "AccessTokenSecret").get("current").asText());
            assertEquals(
                    64,
                    secret(secrets, "TokenSigningKeysSecret")
                            .get("current")
                            .asText()
                            .length());
            var client = secret(secrets, "OAuthClientsSecret").at("/clients/0");
            assertEquals("local-client", client.get("clientId").asText());
            // printf local-client-secret | sha256sum
            assertEquals(
                    "be83091dc19a9fbd188a6749efa60435266800fb15929bd1a0c54ec5a2e99c40",
                    client.at("/secretSha256/0").asText());
        }
    }

    @Test
    void simulatorLogsInWithTheCredentialsAndSendsItsWebhooksToTheApi() throws Exception {
        try (var run = start()) {
            var base = run.endpoints().learningCenter();
            var login = TestStack.send(
                    "POST",
                    URI.create(base + "/login"),
                    "{\"username\":\"local-username\",\"password\":\"local-password\"}");
            var token = json(login.body()).get("access_token").asText();

            var drill = TestStack.send(
                    "POST",
                    URI.create(base + "/webhooks/user-license-update/2020000004136762"),
                    "",
                    "Authorization",
                    "Bearer " + token);

            assertEquals(200, drill.statusCode(), drill.body());
            output.awaitLine("[EchoFunction] echo");
        }
    }

    @Test
    void anotherLearningCenterTakesTheSimulatorsPlace() throws Exception {
        var elsewhere = Map.of(
                "SIMULATOR_PORT", "1", // where nobody but root could listen
                "LEARNING_CENTER_BASE_URL", "https://other.example/certifications",
                "LEARNING_CENTER_USERNAME", "me",
                "LEARNING_CENTER_PASSWORD", "mine");

        try (var run = LocalRun.start(Settings.onFreePorts(TestStack.root(), elsewhere), output.stream())) {
            assertEquals(
                    "https://other.example/certifications",
                    echo(run).at("/environment/LEARNING_CENTER_BASE_URL").asText());
            try (var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
                assertEquals(
                        "me",
                        secret(secrets, "LearningCenterCredentialsSecret")
                                .get("username")
                                .asText());
            }
        }
    }

    @Test
    void twoRunsBesideEachOtherShareNothing() throws Exception {
        try (var one = start();
                var other = start();
                var dynamoDb = LocalClients.at(one.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            assertTrue(uris(one).stream().noneMatch(uris(other)::contains));

            dynamoDb.deleteTable(r -> r.tableName("touchline-ChangesTable"));

            try (var untouched = LocalClients.at(other.endpoints().dynamoDb(), DynamoDbClient.builder())) {
                assertEquals(1, untouched.listTables().tableNames().size());
            }
            assertNotEquals(
                    echo(one).at("/environment/AWS_ENDPOINT_URL_DYNAMODB"),
                    echo(other).at("/environment/AWS_ENDPOINT_URL_DYNAMODB"));
        }
    }

    @Test
    void schedulesFireWithTheRunsClock() throws Exception {
        var clock = new HandSetClock("2026-03-12T04:00:00Z");
        try (var run = LocalRun.start(Settings.onFreePorts(TestStack.root()), clock, output.stream())) {
            assertEquals(200, TestStack.get(run.endpoints().api()).statusCode());
            clock.advance(Duration.ofMinutes(30));

            output.awaitLine("[ScheduledFunction] {\"sweep\":true}");
            output.awaitLine("[ScheduledFunction] {\"resume\":true}");
        }
    }

    @Test
    void idleInstancesAreLetGo() throws Exception {
        var clock = new HandSetClock("2026-03-12T04:00:00Z");
        try (var run = LocalRun.start(Settings.onFreePorts(TestStack.root()), clock, output.stream())) {
            invoke(run);
            assertEquals(1, TestStack.threadsOf("EchoFunction").size());

            clock.advance(Instances.IDLE);

            TestStack.await(() -> TestStack.threadsOf("EchoFunction").isEmpty());
        }
    }

    /** Wire contract §6: a page in a browser on this machine reads none of it. */
    @Test
    void strangersPageIsRefusedAndNoPortInvitesIt() throws Exception {
        try (var run = start()) {
            for (var uri : uris(run)) {
                var port = URI.create("http://" + uri.getAuthority());
                var misdirected = LoopbackServerTest.answer(port, "Host: touchline.example:PORT");
                assertTrue(misdirected.startsWith("HTTP/1.1 421"), misdirected);
                for (var request : List.of(
                        "Origin: https://touchline.example", "Origin: null\r\nAccess-Control-Request-Method: PUT")) {
                    var answer = LoopbackServerTest.answer(port, "Host: 127.0.0.1:PORT\r\n" + request);
                    assertFalse(answer.toLowerCase(Locale.ROOT).contains("access-control-"), answer);
                }
            }
        }
    }

    @Test
    void closedRunLeavesItsPortsFree() throws Exception {
        List<URI> uris;
        try (var run = start()) {
            uris = uris(run);
            invoke(run);
        }

        for (var uri : uris) {
            new ServerSocket(uri.getPort(), 1, InetAddress.getByName("127.0.0.1")).close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"API_PORT", "LAMBDA_PORT", "SIMULATOR_PORT", "DYNAMODB_PORT", "SECRETS_PORT", "EVENTS_PORT"})
    void portInUseEndsTheStartWithItsSettingAndLeavesNothingBehind(String setting) throws Exception {
        try (var taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            var free = freePorts();
            var environment = new HashMap<>(free);
            environment.put(setting, Integer.toString(taken.getLocalPort()));

            var error = assertThrows(
                    StartException.class,
                    () -> LocalRun.start(Settings.read(TestStack.root(), environment), output.stream()));

            assertEquals(
                    setting + ": cannot listen on 127.0.0.1:" + taken.getLocalPort() + ", Address already in use",
                    error.getMessage());
            assertEquals(List.of(), output.lines());
            for (var port : free.values()) {
                new ServerSocket(Integer.parseInt(port), 1, InetAddress.getByName("127.0.0.1")).close();
            }
        }
    }

    @Test
    void brokenTemplateEndsTheStartWithItsPlace() {
        var error = assertThrows(
                StartException.class,
                () -> LocalRun.start(Settings.onFreePorts(Path.of("no-such-folder")), output.stream()));

        assertTrue(error.getMessage().startsWith("template.yaml: "), error.getMessage());
        assertTrue(error.getMessage().lines().count() == 1);
    }

    private LocalRun start() {
        return LocalRun.start(Settings.onFreePorts(TestStack.root()), output.stream());
    }

    private static List<URI> uris(LocalRun run) {
        var endpoints = run.endpoints();
        return List.of(
                endpoints.api(),
                endpoints.lambda(),
                endpoints.learningCenter(),
                endpoints.dynamoDb(),
                endpoints.secrets(),
                endpoints.events());
    }

    /** A port for each setting that was free a moment ago. */
    private static Map<String, String> freePorts() throws IOException {
        var sockets = new HashMap<String, ServerSocket>();
        for (var setting :
                List.of("API_PORT", "LAMBDA_PORT", "SIMULATOR_PORT", "DYNAMODB_PORT", "SECRETS_PORT", "EVENTS_PORT")) {
            sockets.put(setting, new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1")));
        }
        var ports = new HashMap<String, String>();
        for (var socket : sockets.entrySet()) {
            ports.put(socket.getKey(), Integer.toString(socket.getValue().getLocalPort()));
            socket.getValue().close();
        }
        return ports;
    }

    private static HttpResponse<String> invoke(LocalRun run) throws Exception {
        var path = "/2015-03-31/functions/EchoFunction/invocations";
        return TestStack.send("POST", run.endpoints().lambda().resolve(path), "{}");
    }

    /** What the function that echoes tells of itself. */
    private static JsonNode echo(LocalRun run) throws Exception {
        return json(invoke(run).body());
    }

    private static JsonNode secret(SecretsManagerClient secrets, String logicalId) throws Exception {
        return json(secrets.getSecretValue(r -> r.secretId("touchline-" + logicalId))
                .secretString());
    }

    private static JsonNode json(String text) throws IOException {
        return new JsonMapper().readTree(text);
    }
}
