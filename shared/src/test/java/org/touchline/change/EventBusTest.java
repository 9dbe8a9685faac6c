package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.change.Kept.NOON;
import static org.touchline.change.Kept.VIDAR;
import static org.touchline.change.Kept.entries;
import static org.touchline.change.Kept.ids;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.JsonObject;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.embedded.EventsEndpoint;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.PutEvent;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;

/** Design rule 29: what is kept is on the bus at least once; what fails is tried again alone. */
class EventBusTest {
    private final MutableClock clock = new MutableClock(NOON.toString());
    private final List<Duration> waits = new ArrayList<>();
    private EventsEndpoint endpoint;
    private EventBridgeClient client;
    private EventBus bus;

    @BeforeEach
    void start() {
        endpoint = EventsEndpoint.start(0, clock);
        client = LocalClients.at(
                endpoint.endpoint(),
                EventBridgeClient.builder()
                        .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())));
        bus = new EventBus(
                client,
                "touchline-staging",
                "touchline-staging",
                new Pacing(
                        clock,
                        wait -> {
                            waits.add(wait);
                            clock.advance(wait);
                        },
                        new Random(1)));
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    @Test
    void entriesAreEventsOfTheBus() {
        var entry = entries(0, 1, NOON).getFirst();

        var outcome = bus.publish(List.of(entry), plenty());

        assertEquals(List.of(entry), outcome.published());
        var event = endpoint.events().getFirst();
        assertEquals("touchline-staging", event.bus());
        assertEquals("touchline", event.source());
        assertEquals("person.subscribed", event.detailType());
        assertEquals(NOON, event.time());
        assertEquals(entry.event("touchline-staging").toString(), event.detail().toString());
        assertEquals("touchline/touchline-staging", event.detail().get("source").asText());
    }

    @Test
    void manyGoTenAtATime() {
        var entries = entries(0, 25, NOON);

        assertEquals(25, bus.publish(entries, plenty()).published().size());

        assertEquals(ids(entries), putIds());
    }

    @Test
    void onlyWhatFailedIsTriedAgain() {
        var times = new int[1];
        endpoint.refuse(event -> id(event).equals(ids(entries(0, 9, NOON)).get(4)) && ++times[0] <= 3);

        var outcome = bus.publish(entries(0, 9, NOON), plenty());

        assertEquals(9, outcome.published().size());
        assertEquals(List.of(), outcome.failed());
        assertEquals(9, putIds().size(), "none twice");
        assertEquals(3, waits.size());
    }

    @Test
    void whatGoesOnFailingIsSaidWithTheReasonAndTheRestIsPublished() {
        var bad = ids(entries(0, 25, NOON)).get(13);
        endpoint.refuse(event -> id(event).equals(bad));

        var outcome = bus.publish(entries(0, 25, NOON), plenty());

        assertEquals(List.of(bad), ids(outcome.failed()));
        assertEquals(24, outcome.published().size());
        assertEquals("EventBridge says InternalFailure", outcome.reason());
        assertEquals(5, waits.size());
    }

    @Test
    void outageOfTheWholeBusIsWaitedForAWhileAndNotLongerThanThereIsTime() {
        endpoint.failWith(503);

        var outcome = bus.publish(entries(0, 25, NOON), Deadline.in(Duration.ofMillis(1), clock));

        assertEquals(25, outcome.failed().size());
        assertTrue(outcome.reason().contains("503"), outcome.reason());
        assertEquals(List.of(), waits);

        endpoint.restore();
        assertEquals(25, bus.publish(outcome.failed(), plenty()).published().size());
    }

    /** What nobody could ever publish keeps nothing else waiting. */
    @Test
    void entryThatIsTooLargeIsRefusedForGoodAndTheOthersArePublished() {
        var large = new JsonObject().put("ussfId", VIDAR).put("text", "x".repeat(300_000));
        var entries = new ArrayList<>(entries(0, 12, NOON));
        entries.add(5, new Entry("large", ChangeType.PERSON_SUBSCRIBED, VIDAR, NOON, large));

        var outcome = bus.publish(entries, plenty());

        assertEquals(List.of("large"), ids(outcome.refused()));
        assertEquals(12, outcome.published().size());
        assertEquals(List.of(), outcome.failed());
        assertEquals(List.of(), waits);
    }

    @Test
    void largeEntriesGoInCallsThatEventBridgeTakes() {
        var entries = IntStream.range(0, 7)
                .mapToObj(number -> new Entry(
                        "entry-" + number,
                        ChangeType.PERSON_SUBSCRIBED,
                        VIDAR,
                        NOON,
                        new JsonObject().put("text", "ä".repeat(50_000))))
                .toList();

        assertEquals(7, bus.publish(entries, plenty()).published().size());
        assertEquals(7, new HashSet<>(putIds()).size());
    }

    /** What is erased meanwhile is not sent; what an erasure took out of an entry is not in it. */
    @Test
    void publisherSendsWhatTheHistoryHoldsNow() {
        try (var stack = Backend.EMBEDDED.newStack()) {
            Kept.history(stack, stack.dynamoDb(), clock).append(entries(0, 3, NOON));
            delete(stack, 2);

            var published = publisher(stack).publish(List.of(1L, 2L, 3L, 99L), plenty());

            assertEquals(2, published.published());
            assertEquals(NOON, published.oldest());
            assertEquals(List.of(), published.failed());
            var all = ids(entries(0, 3, NOON));
            assertEquals(List.of(all.get(0), all.get(2)), putIds());
        }
    }

    /** DynamoDB deletes late: what is past its time is gone. */
    @Test
    void publisherSendsNothingThatIsOlderThanWhatIsKept() {
        try (var stack = Backend.EMBEDDED.newStack()) {
            Kept.history(stack, stack.dynamoDb(), clock).append(entries(0, 1, NOON));
            clock.advance(Kept.DAYS.plusSeconds(1));

            assertEquals(0, publisher(stack).publish(List.of(1L), plenty()).published());
            assertEquals(List.of(), putIds());
        }
    }

    @Test
    void publisherNamesTheNumbersOfWhatFailed() {
        try (var stack = Backend.EMBEDDED.newStack()) {
            Kept.history(stack, stack.dynamoDb(), clock).append(entries(0, 3, NOON));
            endpoint.refuse(event -> id(event).equals(ids(entries(0, 3, NOON)).get(1)));

            var published = publisher(stack).publish(List.of(3L, 2L, 1L), plenty());

            assertEquals(List.of(2L), published.failed());
            assertEquals(2, published.published());
        }
    }

    /** By time, both ends included, same ids; entries stand in the order in which they were kept, which is another. */
    @Test
    void replayPublishesWhatTheTimeHolds() {
        try (var stack = Backend.EMBEDDED.newStack()) {
            var history = Kept.history(stack, stack.dynamoDb(), clock);
            var hour = Duration.ofHours(1);
            history.append(entries(0, 2, NOON.minus(hour)));
            history.append(entries(2, 4, NOON));
            history.append(entries(4, 6, NOON.plus(hour)));
            history.append(entries(6, 8, NOON.plus(hour.multipliedBy(2))));
            // A stream that was held up.
            history.append(entries(8, 10, NOON));
            clock.advance(Duration.ofDays(3));

            assertEquals(6, replay(stack).publish(NOON, NOON.plus(hour), plenty()));

            assertEquals(
                    ids(List.of(
                            entries(2, 4, NOON).get(0),
                            entries(2, 4, NOON).get(1),
                            entries(4, 6, NOON).get(0),
                            entries(4, 6, NOON).get(1),
                            entries(8, 10, NOON).get(0),
                            entries(8, 10, NOON).get(1))),
                    putIds());
            assertEquals(0, replay(stack).publish(NOON.plus(Duration.ofDays(1)), clock.instant(), plenty()));
            assertEquals(10, replay(stack).publish(NOON.minus(Duration.ofDays(4_000)), clock.instant(), plenty()));
        }
    }

    @Test
    void replayThatCannotFinishSaysHowFarItCame() {
        try (var stack = Backend.EMBEDDED.newStack()) {
            Kept.history(stack, stack.dynamoDb(), clock).append(entries(0, 3, NOON));
            endpoint.failWith(500);

            var unfinished = assertThrows(
                    ChangeReplay.UnfinishedReplayException.class,
                    () -> replay(stack).publish(NOON, NOON, plenty()));
            assertTrue(unfinished.getMessage().contains("after 0 were published"), unfinished.getMessage());

            endpoint.restore();
            var late = assertThrows(
                    ChangeReplay.UnfinishedReplayException.class,
                    () -> replay(stack).publish(NOON, NOON, new Deadline(clock.instant())));
            assertTrue(late.getMessage().startsWith("time ran out"), late.getMessage());
        }
    }

    private ChangePublisher publisher(TestStack stack) {
        return new ChangePublisher(stack.dynamoDb(), stack.table("ChangeHistoryTable"), Kept.DAYS, bus, clock);
    }

    private ChangeReplay replay(TestStack stack) {
        return new ChangeReplay(Kept.feed(stack, clock), bus, clock);
    }

    private static void delete(TestStack stack, long number) {
        stack.dynamoDb()
                .deleteItem(request ->
                        request.tableName(stack.table("ChangeHistoryTable")).key(KeptEntry.key(number)));
    }

    private Deadline plenty() {
        return Deadline.in(Duration.ofMinutes(5), clock);
    }

    private List<String> putIds() {
        return endpoint.events().stream().map(EventBusTest::id).toList();
    }

    private static String id(PutEvent event) {
        return event.detail().get("id").asText();
    }
}
