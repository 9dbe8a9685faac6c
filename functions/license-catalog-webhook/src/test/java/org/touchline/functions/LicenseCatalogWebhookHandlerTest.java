package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
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

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new LicenseCatalogWebhookHandler(stack.environment("LicenseCatalogWebhookFunction")).prime();

        assertEquals(before, stack.items());
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

    /** 256 KiB of short rows would be twice as long in the store as it may be there. */
    @Test
    void listThatIsTooLongForTheStoreIsQuarantined() {
        var rows = IntStream.range(0, 11_000)
                .mapToObj(number -> "{\"license_id\":\"c" + number + "\"}")
                .collect(Collectors.joining(",", "[", "]"));

        var answer = send(rows);

        assertEquals(202, answer.status(), answer.body());
        assertTrue(answer.body().contains("can be stored"), answer.body());
    }

    @Test
    void longestListThatTheStoreCanHoldIsApplied() {
        var rows = IntStream.range(0, 1_500)
                .mapToObj(number ->
                        "{\"license_id\":\"c" + number + "\",\"rank\":2147483647,\"name\":\"" + "é".repeat(60) + "\"}")
                .collect(Collectors.joining(",", "[", "]"));

        assertEquals("{\"status\":\"applied\"}", send(rows).body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{\"license_id\":\"c1\",\"name\":\"\\ud800\"}]",
                "[{\"license_id\":\"\\udc00\"}]",
                "[{\"license_id\":\"c1\",\"rank\":1e2000000000}]",
                "[{\"license_id\":\"c1\",\"license_id\":\"c2\"}]",
                "\u0000"
            })
    void whatNobodyPromisedIsQuarantined(String body) {
        var answer = send(body);

        assertEquals(202, answer.status(), answer.body());
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 999, 1_001, 130_000})
    void nestingAndNumbersWithoutEndAreQuarantined(int much) {
        assertEquals(202, send("[".repeat(much) + "]".repeat(much)).status());
        assertEquals(202, send("[{\"license_id\":" + "9".repeat(much) + "}]").status());
        assertEquals(
                202,
                send("[{\"license_id\":" + "{\"a\":".repeat(much / 10) + "1" + "}".repeat(much / 10) + "}]")
                        .status());
    }

    private HttpAnswer send() {
        return function.handle(FunctionHarness.sample("license-catalog-webhook", event -> {}));
    }

    private HttpAnswer send(String body) {
        return function.handle(FunctionHarness.sample("license-catalog-webhook", event -> event.setBody(body)));
    }
}
