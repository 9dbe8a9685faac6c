package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;

/** Wire contract §3, on the event that {@code events/} holds; design rule 9 in full is tested in {@code shared}. */
class LicenseCatalogWebhookHandlerTest {
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        function = new FunctionHarness(
                new LicenseCatalogWebhookHandler(stack.environment("LicenseCatalogWebhookFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void completeListIsAppliedOnceAndThenUnchanged() {
        assertEquals("{\"status\":\"applied\"}", send().body());
        assertEquals("{\"status\":\"unchanged\"}", send().body());
    }

    @Test
    void listMayBeHeldByAnObject() {
        assertEquals(
                "{\"status\":\"applied\"}",
                send("{\"data\":[{\"license_id\":\"referee_8\"}]}").body());
    }

    @Test
    void oneObjectWhereTheListBelongsIsQuarantined() {
        assertEquals(202, send("{\"license_id\":\"referee_8\"}").status());
    }

    @Test
    void emptyListIsQuarantined() {
        var answer = send("[]");

        assertEquals(202, answer.status());
        assertEquals("the list is empty", answer.json().path("reason").asText());
    }

    private HttpAnswer send() {
        return function.handle(FunctionHarness.sample("license-catalog-webhook", event -> {}));
    }

    private HttpAnswer send(String body) {
        return function.handle(FunctionHarness.sample("license-catalog-webhook", event -> event.setBody(body)));
    }
}
