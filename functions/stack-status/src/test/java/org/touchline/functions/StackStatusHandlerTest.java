package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;

/** Wire contract §5; what it tells of is tested in {@code shared}. */
class StackStatusHandlerTest {
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new StackStatusHandler(stack.environment("StackStatusFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void statusIsAnsweredAsTheContractSpellsIt() {
        var receivedAt = Instant.parse("2026-03-01T12:00:00Z");
        new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"))
                .keep(Source.USER_WEBHOOK, new byte[] {1}, "no JSON", receivedAt);

        var answer = status("");

        assertEquals(200, answer.status(), answer.body());
        assertEquals(FunctionHarness.json("""
                {"webhooks":[{"path":"/webhooks/user-license-update","lastHeardAt":null},
                  {"path":"/webhooks/uss-licenses-update","lastHeardAt":null},
                  {"path":"/webhooks/ussf-id-update","lastHeardAt":null},
                  {"path":"/webhooks/user-update","lastHeardAt":null}],
                 "reconciliation":{"completeUntil":null,"unfinished":false,"runs":[]},
                 "followUps":{"outstanding":0,"failing":0,"oldestAskedAt":null},
                 "quarantine":{"open":1,"oldestReceivedAt":"2026-03-01T12:00:00Z"},
                 "members":{"pending":0,"no_match":0,"multiple_matches":0,"dob_mismatch":0,"failed":0},
                 "subscriptions":{"auditedAt":null,"missing":null,"extra":null},
                 "refresh":{"oldestAt":null}}"""), answer.json());
    }

    @Test
    void queryParameterIsRefusedAndNamed() {
        var answer = status("limit=1");

        assertEquals(400, answer.status());
        assertEquals(
                "the query parameter limit is unknown; this route knows none",
                answer.json().path("detail").asText());
    }

    @Test
    void storeThatIsGoneIsSaidToBe() {
        stack.dynamoDb().deleteTable(request -> request.tableName(stack.table("FollowUpTable")));

        assertEquals(503, status("").status());
    }

    private HttpAnswer status(String query) {
        return function.handle(FunctionHarness.sample("stack-status", event -> event.setRawQueryString(query)));
    }
}
