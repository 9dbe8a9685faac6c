package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.webhook.HeardWebhooks;

/** Wire contract §7: payloads and result; what is checked is tested in {@code shared}, and the whole in the local run. */
class IntegrationCheckHandlerTest {
    private LearningCenterSimulator simulator;
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        simulator = LearningCenterSimulator.start();
        stack = EmbeddedStack.create(
                Map.of("LearningCenterBaseUrl", simulator.baseUrl().toString()));
        // The credentials stay the placeholders that the template makes: a check that ends at the first step.
        function = new FunctionHarness(
                new IntegrationCheckHandler(stack.environment("IntegrationCheckFunction")), Duration.ofSeconds(60));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
        simulator.close();
    }

    @Test
    void resultNamesEachCheckAndSaysWhatIsMissing() {
        var result = FunctionHarness.json(function.invoke("{}"));

        assertFalse(result.path("passed").booleanValue());
        var secrets = result.path("checks").path(0);
        assertEquals("secrets", secrets.path("name").asText());
        for (var placeholder : List.of("LearningCenterCredentialsSecret", "WebhookKeysSecret")) {
            assertTrue(secrets.path("detail").asText().contains(stack.secretArn(placeholder)), secrets.toString());
        }
        var login = result.path("checks").path(1);
        assertEquals("login", login.path("name").asText());
        assertFalse(login.path("passed").booleanValue());
        assertTrue(login.path("detail").asText().contains(stack.secretArn("LearningCenterCredentialsSecret")));
    }

    @Test
    void eachCheckIsALineInTheLogAsItIsDone() {
        function.invoke("{}");

        assertTrue(function.logged().startsWith("integration check: secrets FAILED: "), function.logged());
        assertTrue(function.logged().contains("\nintegration check: login FAILED: "), function.logged());
    }

    /** Of every function: each is read anew, and named if it is of another form. */
    @Test
    void eachSecretOfTheStackIsJudged() {
        for (var secret : stack.template().secrets()) {
            stack.putSecret(secret.logicalId(), "{\"of\":\"another form\"}");
        }

        var check = FunctionHarness.json(function.invoke("{}")).path("checks").path(0);

        assertFalse(check.path("passed").booleanValue());
        for (var secret : stack.template().secrets()) {
            assertTrue(check.path("detail").asText().contains(secret.arn()), check.toString());
        }
        assertFalse(check.toString().contains("another form"), check.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ussfId\":\"1\"}",
                "{\"ussfId\":5}",
                "{\"user\":\"2020000004136762\"}",
                "[]",
                "{\"step\":\"\"}",
                "{\"step\":1}",
                "{\"step\":\"webhooks\"}",
                "{\"step\":\"secrets\",\"unsubscribe\":\"yes\"}",
                "{\"unsubscribe\":true}",
            })
    void otherPayloadsAreRefused(String payload) {
        assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));
    }

    @Test
    void stepIsOneCheckAndNamesThePayloadOfTheNext() {
        var first = FunctionHarness.json(function.invoke("{\"step\":\"secrets\"}"));

        assertEquals(1, first.path("checks").size());
        assertEquals("secrets", first.at("/checks/0/name").asText());
        assertEquals(FunctionHarness.json("{\"ussfId\":\"2020000004136762\",\"step\":\"login\"}"), first.path("next"));

        var second = FunctionHarness.json(function.invoke(first.path("next").toString()));

        assertEquals("login", second.at("/checks/0/name").asText());
        assertFalse(second.has("next"), "nothing follows a login that fails");
    }

    /** As far as the receiving functions are concerned, a webhook is what they note of it. */
    @Test
    void everythingPassesWhereEachWebhookArrives() throws Exception {
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"key\"}");
        var table = stack.table("LicenseStoreTable");
        var clock = InstantSource.system();
        var followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), clock);
        var former = new UssfId("2020000004136762");
        new LicenseStore(stack.dynamoDb(), table).markAndTakeAlong(former, new UssfId("2020000004136763"));
        var receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receiver.createContext("/webhooks/", exchange -> {
            followUps.askLater(new LookAgain(former), Duration.ofMinutes(16));
            new HeardWebhooks(stack.dynamoDb(), table, clock)
                    .heard(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        receiver.start();
        try {
            simulator.webhooksTo(
                    URI.create("http://127.0.0.1:" + receiver.getAddress().getPort()), "key");

            var result = FunctionHarness.json(function.invoke("{}"));

            assertTrue(result.path("passed").booleanValue(), result.toString());
            assertTrue(result.toString().contains("a move of 2020000004136762 to 2020000004136763"), result.toString());
        } finally {
            receiver.stop(0);
        }
    }
}
