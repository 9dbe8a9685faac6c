package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.EventRules;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.LocalClients;
import org.yaml.snakeyaml.Yaml;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** The receiver, the subscriber and the patterns of {@code docs/integrating.md}, as they stand there. */
@Tag("long")
class IntegratingTest {
    private static final Path ROOT = EmbeddedStack.projectRoot();
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```");

    @TempDir
    private Path folder;

    private Process process;

    @AfterEach
    void stop() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    /** Wire contract §9: what is answered 2xx was heard once, however often it was sent; a wrong key is not repeated, and is told. */
    @Test
    void receiverChecksTheKeyAndTellsRepeatsById() throws Exception {
        var receiver = startReceiver("old local-notify-key");
        var output = new Output();
        var settings = Map.of("NOTIFY_URL", receiver.toString());
        try (var run = LocalRun.start(Settings.onFreePorts(ROOT, settings), output.stream());
                var events = LocalClients.at(run.endpoints().events(), EventBridgeClient.builder())) {
            for (var id : List.of("one", "two", "one", "three")) {
                put(events, id);
            }
            TestStack.await(() -> told("\"POST / HTTP/1.1\" 204").size() == 4);

            assertEquals(List.of("one", "three", "two"), heard());
            assertEquals(0, output.linesWith("gave up").size());
        }
    }

    /** The steps of <i>Another key</i>: a deployment takes it, here a start on the same data; at no step is anything refused. */
    @Test
    void keyIsChangedAndNothingIsRefused() throws Exception {
        var settings = new HashMap<String, String>();
        settings.put("DATA_DIR", folder.resolve("data").toString());
        settings.put("NOTIFY_URL", startReceiver("local-notify-key another").toString());
        try (var run = LocalRun.start(Settings.onFreePorts(ROOT, settings), new Output().stream());
                var events = LocalClients.at(run.endpoints().events(), EventBridgeClient.builder());
                var secrets = LocalClients.at(run.endpoints().secrets(), SecretsManagerClient.builder())) {
            put(events, "before");
            secrets.putSecretValue(
                    secret -> secret.secretId("touchline-NotifyKeySecret").secretString("{\"value\":\"another\"}"));
            put(events, "between");
            TestStack.await(() -> told("\"POST / HTTP/1.1\" 204").size() == 2);
        }
        assertEquals(List.of("before", "between"), heard());
        stop();

        // The old key is taken out.
        settings.put("NOTIFY_URL", startReceiver("another").toString());
        try (var run = LocalRun.start(Settings.onFreePorts(ROOT, settings), new Output().stream());
                var events = LocalClients.at(run.endpoints().events(), EventBridgeClient.builder())) {
            put(events, "after");
            TestStack.await(() -> told("\"POST / HTTP/1.1\" 204").size() == 1);
        }
        assertEquals(List.of("after"), heard());
    }

    @Test
    void keyThatTheReceiverDoesNotKnowIsRefusedAndNotRepeated() throws Exception {
        var receiver = startReceiver("another");
        var output = new Output();
        var settings = Map.of("NOTIFY_URL", receiver.toString());
        try (var run = LocalRun.start(Settings.onFreePorts(ROOT, settings), output.stream());
                var events = LocalClients.at(run.endpoints().events(), EventBridgeClient.builder())) {
            put(events, "one");

            output.awaitLine("[NotifyRule] gave up event 1, license.added: HTTP 401");
            assertEquals(List.of(), heard());
        }
    }

    /** With DynamoDB Local in the place of its table. */
    @Test
    void subscriberActsOnceAndAgainOnlyIfItDied() throws Exception {
        ReadingTest.requires("python3", "-c", "import boto3");
        var function = subscriber();
        Files.writeString(folder.resolve("index.py"), function.get("InlineCode").toString());
        Files.writeString(folder.resolve("call.py"), """
                import index, json, sys
                for line in sys.stdin:
                    print(index.handler(json.loads(line), None))
                """);
        try (var run = LocalRun.start(Settings.onFreePorts(ROOT), new Output().stream());
                var dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder())) {
            dynamoDb.createTable(table -> table.tableName("heard")
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(List.of(AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType(ScalarAttributeType.S)
                            .build()))
                    .keySchema(List.of(KeySchemaElement.builder()
                            .attributeName("id")
                            .keyType(KeyType.HASH)
                            .build())));
            var event = envelope("license.expired").toString();
            Files.writeString(folder.resolve("events"), event + "\n" + event + "\n");

            var told = python(
                    "call.py",
                    Map.of(
                            "HEARD_TABLE", "heard",
                            "AWS_ENDPOINT_URL_DYNAMODB",
                                    run.endpoints().dynamoDb().toString(),
                            "AWS_ACCESS_KEY_ID", "local",
                            "AWS_SECRET_ACCESS_KEY", "local",
                            "AWS_DEFAULT_REGION", "us-east-1"));

            assertEquals(
                    List.of(
                            "{\"tell\": [\"M-1\"], \"what\": \"license.expired\", \"license\": \"referee_8\"}",
                            "done",
                            "heard before"),
                    told);
        }
    }

    @Test
    void subscriberHearsLicensesThatEndAndNothingElse() {
        var rule = map(map(map(subscriber().get("Events")).get("Change")).get("Properties"));
        var pattern = new String(Json.write(rule.get("Pattern")), UTF_8);

        for (var type : List.of("license.expiring", "license.expired", "license.removed")) {
            assertTrue(EventRules.matches(pattern, envelope(type)), type);
        }
        for (var type : List.of("license.added", "license.updated", "person.moved", "history.gap")) {
            assertFalse(EventRules.matches(pattern, envelope(type)), type);
        }
        assertFalse(EventRules.matches(pattern, envelope("license.removed").put("source", "another")));
    }

    /** Each pattern of the document fits what it says that it is for. */
    @Test
    void patternsFitWhatTheyAreFor() throws IOException {
        var patterns = block("json").lines().toList();
        var expiring = envelope("license.expiring");
        ((ObjectNode) expiring.at("/detail/data")).put("notice", 30);
        var unmatched = envelope("member.enrollment_changed");
        ((ObjectNode) unmatched.at("/detail/data")).putObject("after").put("status", "no_match");
        var missed = envelope("license.removed");
        ((ObjectNode) missed.at("/detail/data")).put("missed", true);

        assertEquals(List.of(true, true, false, false), fits(patterns, expiring));
        assertEquals(List.of(false, false, true, false), fits(patterns, unmatched));
        assertEquals(List.of(true, false, false, true), fits(patterns, missed));
    }

    private static List<Boolean> fits(List<String> patterns, ObjectNode envelope) {
        return patterns.stream()
                .map(pattern -> EventRules.matches(pattern, envelope))
                .toList();
    }

    private static ObjectNode envelope(String type) {
        return (ObjectNode) FunctionHarness.json("""
                {"source":"touchline","detail-type":"%1$s","detail":{"id":"1","type":"%1$s","subject":"2020000004136762",
                 "data":{"ussfId":"2020000004136762","memberIdentifiers":["M-1"],"licenseId":"referee_8"}}}""".formatted(type));
    }

    private static Map<String, Object> subscriber() {
        try {
            // Whatever a short form refers to is not looked at here.
            var text = Files.readString(ROOT.resolve("docs/subscriber.yaml")).replaceAll("!\\w+ ", "");
            return map(map(map(map(new Yaml().load(text)).get("Resources")).get("Subscriber"))
                    .get("Properties"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private URI startReceiver(String keys) throws Exception {
        ReadingTest.requires("python3", "-c", "import sqlite3");
        var program = Files.writeString(folder.resolve("receiver.py"), block("python"));
        assertTrue(Files.readAllLines(program).size() <= 15, "about ten lines");
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var builder = new ProcessBuilder("python3", program.toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("told").toFile());
        builder.environment().putAll(Map.of("NOTIFY_KEYS", keys, "PORT", Integer.toString(port)));
        process = builder.start();
        var url = URI.create("http://127.0.0.1:" + port + "/");
        TestStack.await(() -> answers(url));
        return url;
    }

    private static boolean answers(URI url) {
        try {
            return TestStack.get(url).statusCode() == 501;
        } catch (Exception notYet) {
            return false;
        }
    }

    private static void put(EventBridgeClient events, String id) {
        events.putEvents(request -> request.entries(List.of(PutEventsRequestEntry.builder()
                .eventBusName("touchline")
                .source("touchline")
                .detailType("license.added")
                .detail("{\"id\":\"" + id + "\"}")
                .build())));
    }

    /** The ids that the receiver acted on, in the order of the alphabet. */
    private List<String> heard() {
        return told("{\"id\":").stream()
                .map(line -> FunctionHarness.json(line).path("id").asText())
                .sorted()
                .toList();
    }

    /** Lines of the receiver's output. */
    private List<String> told(String with) {
        try {
            return Files.readAllLines(folder.resolve("told")).stream()
                    .filter(line -> line.contains(with))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> python(String program, Map<String, String> environment) throws Exception {
        var out = folder.resolve("out");
        var builder = new ProcessBuilder("python3", program)
                .directory(folder.toFile())
                .redirectInput(folder.resolve("events").toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        process = builder.start();
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it hangs");
        assertEquals(0, process.exitValue(), Files.readString(out));
        return Files.readAllLines(out);
    }

    private static String block(String language) throws IOException {
        return BLOCK.matcher(Files.readString(ROOT.resolve("docs/integrating.md")))
                .results()
                .filter(block -> block.group(1).equals(language))
                .map(block -> block.group(2))
                .findFirst()
                .orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }
}
