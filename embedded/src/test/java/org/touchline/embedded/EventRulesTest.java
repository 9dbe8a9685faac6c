package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Wire contract §9, the API destination, on a receiver of this test's. */
class EventRulesTest {
    private static final String YAML = """
            Parameters:
              Url: {Type: String}
              Pattern: {Type: String, Default: touchline}
            Resources:
              Bus:
                Type: AWS::Events::EventBus
                Properties: {Name: !Ref AWS::StackName}
              Key:
                Type: AWS::SecretsManager::Secret
                Properties: {SecretString: '{"value":"first"}'}
              Connection:
                Type: AWS::Events::Connection
                Properties:
                  AuthorizationType: API_KEY
                  AuthParameters:
                    ApiKeyAuthParameters:
                      ApiKeyName: X-Notify-Key
                      ApiKeyValue: !Sub "{{resolve:secretsmanager:${Key}:SecretString:value}}"
              Destination:
                Type: AWS::Events::ApiDestination
                Properties:
                  ConnectionArn: !GetAtt Connection.Arn
                  HttpMethod: POST
                  InvocationEndpoint: !Ref Url
              Rule:
                Type: AWS::Events::Rule
                Properties:
                  EventBusName: !Ref Bus
                  EventPattern: {source: [!Ref Pattern]}
                  Targets:
                    - Id: url
                      Arn: !GetAtt Destination.Arn
                      InputPath: $.detail
                      RetryPolicy: {MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 86400}
            """;
    private static final ApiDestinationSender.Pacing QUICK =
            new ApiDestinationSender.Pacing(Duration.ofMillis(400), Duration.ofMillis(5), Duration.ofMillis(20));

    private record Received(
            String method, String type, @Nullable String key, JsonNode body) {}

    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final Deque<Integer> answers = new ArrayDeque<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private HttpServer receiver;

    @BeforeEach
    void listen() throws IOException {
        receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", exchange -> {
            try (exchange) {
                var headers = exchange.getRequestHeaders();
                received.add(new Received(
                        exchange.getRequestMethod(),
                        headers.getFirst("Content-Type"),
                        headers.getFirst("X-Notify-Key"),
                        new JsonMapper().readTree(exchange.getRequestBody().readAllBytes())));
                int status;
                synchronized (answers) {
                    status = answers.isEmpty() ? 204 : answers.removeFirst();
                }
                if (status == 0) {
                    end.await();
                }
                exchange.sendResponseHeaders(status, -1);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        receiver.start();
    }

    @AfterEach
    void stop() {
        end.countDown();
        receiver.stop(0);
    }

    @Test
    void whatFitsIsSentWithTheKeyAndTheDetailAlone() throws Exception {
        try (var rules = rules()) {
            rules.accept(event("demo", "other", 1));
            rules.accept(event("another-bus", "touchline", 2));
            rules.accept(event("demo", "touchline", 3));

            var arrived = next();

            assertEquals("POST", arrived.method());
            assertTrue(arrived.type().startsWith("application/json"), arrived.type());
            assertEquals("first", arrived.key());
            assertEquals(new JsonMapper().readTree("{\"id\":\"3\"}"), arrived.body());
            assertTrue(received.isEmpty());
            assertTrue(rules.failures().isEmpty());
        }
    }

    @Test
    void whatIsAnswered429Or5xxOrNotInTimeIsSentAgain() throws Exception {
        answer(429, 503, 0);
        try (var rules = rules()) {
            rules.accept(event("demo", "touchline", 1));

            for (var attempt = 0; attempt < 4; attempt++) {
                assertEquals("1", next().body().get("id").asText());
            }
            assertTrue(rules.failures().isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 400, 401, 404})
    void anythingElseGoesToTheQueueAtOnce(int status) throws Exception {
        answer(status);
        try (var rules = rules()) {
            rules.accept(event("demo", "touchline", 1));

            assertEquals("[Rule] gave up event 1, license.added: HTTP " + status, told.poll(10, TimeUnit.SECONDS));
            assertEquals(1, received.size());
            assertEquals("HTTP " + status, rules.failures().getFirst().reason());
        }
    }

    @Test
    void whatFailsTooOftenGoesToTheQueue() throws Exception {
        answer(500, 500, 500, 500);
        try (var rules = rules()) {
            rules.accept(event("demo", "touchline", 1));

            assertEquals("[Rule] gave up event 1, license.added: HTTP 500", told.poll(10, TimeUnit.SECONDS));
            assertEquals(4, received.size());
        }
    }

    @Test
    void patternAndKeyThatCannotBeUnderstoodAreNamed() {
        var template = YamlTemplate.read(
                YAML.replace("source: [!Ref Pattern]", "source: !Ref Pattern"), Map.of("Url", "https://other.example"));
        var bad = assertThrows(
                IllegalArgumentException.class, () -> new EventRules(template, _ -> "{}", QUICK, told::add));
        assertTrue(bad.getMessage().startsWith("Rule: "), bad.getMessage());
    }

    @Test
    void busIsNamedAsTheStackAndByNoOtherName() {
        var refused = assertThrows(
                TemplateException.class,
                () -> YamlTemplate.read(
                        YAML.replace("Name: !Ref AWS::StackName", "Name: ours"),
                        Map.of("Url", "https://other.example")));

        assertTrue(refused.getMessage().startsWith("Resources.Bus.Properties.Name: "), refused.getMessage());
    }

    private EventRules rules() {
        var url = "http://127.0.0.1:" + receiver.getAddress().getPort() + "/events";
        var template = YamlTemplate.read(YAML, Map.of("Url", url));
        return new EventRules(
                template,
                arn -> {
                    assertEquals(template.secret("Key").arn(), arn);
                    return template.secret("Key").initialValue();
                },
                QUICK,
                told::add);
    }

    private void answer(int... statuses) {
        for (var status : statuses) {
            answers.add(status);
        }
    }

    private Received next() throws InterruptedException {
        var arrived = received.poll(10, TimeUnit.SECONDS);
        if (arrived == null) {
            throw new AssertionError("nothing came");
        }
        return arrived;
    }

    private static PutEvent event(String bus, String source, long number) {
        return new PutEvent(
                number,
                bus,
                "id-" + number,
                source,
                "license.added",
                Instant.parse("2026-03-01T12:00:00Z"),
                JsonNodeFactory.instance.objectNode().put("id", Long.toString(number)));
    }
}
