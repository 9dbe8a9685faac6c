package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;

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
        var login = result.path("checks").path(0);
        assertEquals("login", login.path("name").asText());
        assertFalse(login.path("passed").booleanValue());
        assertTrue(login.path("detail").asText().contains(stack.secretArn("LearningCenterCredentialsSecret")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"ussfId\":\"1\"}", "{\"ussfId\":5}", "{\"user\":\"2020000004136762\"}", "[]"})
    void otherPayloadsAreRefused(String payload) {
        assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));
    }
}
