package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.change.ChangeReplay.UnfinishedReplayException;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;

/** Wire contract §7; what is published is tried out in {@code shared}. */
class ChangeReplayHandlerTest {
    private static final String VIDAR = "2020000004136762";
    private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    private EmbeddedStack stack;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        var history = new ChangeHistory(
                stack.dynamoDb(),
                stack.table("ChangeHistoryTable"),
                Duration.ofDays(400),
                InstantSource.offset(InstantSource.system(), Duration.ofMinutes(-5)));
        history.append(List.of(
                entry("one", NOW.minusSeconds(7_200)), entry("two", NOW.minusSeconds(3_600)), entry("three", NOW)));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    @Tag("rule-29")
    void whatTheTimeHoldsIsPublishedAgainWithItsId() {
        var result = invoke(Duration.ofMinutes(15), NOW.minusSeconds(3_600), NOW);

        assertEquals("{\"published\":2}", result);
        assertEquals(
                List.of(Entry.id("two", ChangeType.PERSON_SUBSCRIBED), Entry.id("three", ChangeType.PERSON_SUBSCRIBED)),
                stack.events().events().stream()
                        .map(event -> event.detail().get("id").asText())
                        .toList());
        assertEquals("{\"published\":0}", invoke(Duration.ofMinutes(15), NOW.minusSeconds(3_500), NOW.minusSeconds(1)));
    }

    @Test
    void busThatFailsFailsTheReplay() {
        stack.events().failWith(503);

        var failed = assertThrows(
                UnfinishedReplayException.class, () -> invoke(Duration.ofMillis(15_500), NOW.minusSeconds(9_000), NOW));
        assertTrue(failed.getMessage().contains("after 0 were published"), failed.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"from\":\"2026-03-01T00:00:00Z\"}",
                "{\"from\":\"yesterday\",\"to\":\"2026-03-01T00:00:00Z\"}",
                "{\"from\":\"2026-03-02T00:00:00Z\",\"to\":\"2026-03-01T00:00:00Z\"}",
                "{\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\",\"all\":true}",
                "{\"source\":\"aws.scheduler\",\"detail-type\":\"Scheduled Event\"}"
            })
    void otherPayloadsAreRefused(String payload) {
        var function = new FunctionHarness(new ChangeReplayHandler(stack.environment("ChangeReplayFunction")));

        var refusal = assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));

        assertTrue(refusal.getMessage().contains("\"from\""), refusal.getMessage());
    }

    private String invoke(Duration time, Instant from, Instant to) {
        var function = new FunctionHarness(new ChangeReplayHandler(stack.environment("ChangeReplayFunction")), time);
        return function.invoke("{\"from\":\"" + from + "\",\"to\":\"" + to + "\"}");
    }

    private static Entry entry(String event, Instant time) {
        var type = ChangeType.PERSON_SUBSCRIBED;
        return new Entry(Entry.id(event, type), type, VIDAR, time, new JsonObject());
    }
}
