package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;

/** Wire contract §3, on the event that {@code events/} holds: the webhook records, and calls nobody. */
class UserWebhookHandlerTest {
    private static final String PERSON = "\"ussf_id\":\"2020000004136762\"";
    private static final String EXPERIENCE = "referee-experience#2020000004136762";
    private static final String CERTIFICATE = "grassroots-referee-certificate#2020000004136762";

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        function = new FunctionHarness(new UserWebhookHandler(stack.environment("UserWebhookFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new UserWebhookHandler(stack.environment("UserWebhookFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void changeIsRecordedEachTimeAndRepeatedIsOneThingToDo() {
        for (var time = 0; time < 2; time++) {
            var answer = function.handle(FunctionHarness.sample("user-webhook", _ -> {}));

            assertEquals("{\"status\":\"applied\"}", answer.body());
            assertEquals(200, answer.status());
        }
        assertEquals("[" + EXPERIENCE + "]", recorded());
    }

    @Test
    void bothChangesMayComeInAnArray() {
        var answer = send("{" + PERSON + ",\"changed\":[\"grassroots_referee_certificate\",\"referee_experience\"]}");

        assertEquals("{\"status\":\"applied\"}", answer.body());
        assertEquals("[" + CERTIFICATE + ", " + EXPERIENCE + "]", recorded());
    }

    @Test
    void ofSeveralTheKnownOnesAreRecordedAndTheWholeIsQuarantined() {
        var answer = send("{" + PERSON + ",\"changed\":[\"referee_experience\",\"shoe_size\"]}");

        assertEquals(202, answer.status());
        assertEquals("[" + EXPERIENCE + "]", recorded());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{" + PERSON + "}",
                "{" + PERSON + ",\"changed\":\"shoe_size\"}",
                "{\"changed\":\"referee_experience\"}",
                "[]"
            })
    void whatNamesNobodyOrNothingKnownIsQuarantined(String body) {
        assertEquals(202, send(body).status());
        assertEquals("[]", recorded());
    }

    @Test
    void wrongKeyIsRefused() {
        var answer = function.handle(
                FunctionHarness.sample("user-webhook", event -> event.setHeaders(Map.of("authorization", "guess"))));

        assertEquals(401, answer.status());
        assertEquals("[]", recorded());
    }

    private HttpAnswer send(String body) {
        return function.handle(FunctionHarness.sample("user-webhook", event -> event.setBody(body)));
    }

    private String recorded() {
        return stack.dynamoDb().scan(request -> request.tableName(stack.table("FollowUpTable"))).items().stream()
                .map(item -> item.get("id").s())
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }
}
