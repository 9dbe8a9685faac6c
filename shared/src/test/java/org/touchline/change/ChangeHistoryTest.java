package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.change.Kept.NOON;
import static org.touchline.change.Kept.VIDAR;
import static org.touchline.change.Kept.entries;
import static org.touchline.change.Kept.entry;
import static org.touchline.change.Kept.ids;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.Interleavings;
import org.touchline.Interleavings.Trial;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.change.ChangeFeed.CursorExpiredException;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Design rules 28 and 30: one change is one entry, numbers have no gaps, and a cursor never skips. */
class ChangeHistoryTest {
    private final MutableClock clock = new MutableClock(NOON.toString());
    private TestStack stack;
    private ChangeHistory history;
    private ChangeFeed feed;

    @BeforeEach
    void createHistory() {
        stack = Backend.EMBEDDED.newStack();
        history = history(stack.dynamoDb());
        feed = Kept.feed(stack, clock);
    }

    @AfterEach
    void deleteHistory() {
        stack.close();
    }

    private ChangeHistory history(DynamoDbClient dynamoDb) {
        return Kept.history(stack, dynamoDb, clock);
    }

    @Test
    void entriesAreReadInTheOrderInWhichTheyWereKept() {
        var entries = entries(0, 120, NOON);

        assertEquals(120, history.append(entries));

        assertEquals(ids(entries), ids(feed, 1, 7));
        var page = feed.from(1, 50);
        assertEquals(entries.subList(0, 50), page.entries());
        assertEquals(51, page.next());
        assertEquals(List.of(), feed.from(121, 50).entries());
        assertEquals(121, feed.from(121, 50).next());
    }

    @Test
    @Tag("rule-28")
    void whatIsRepeatedIsOneEntry() {
        history.append(entries(0, 60, NOON));

        assertEquals(10, history.append(entries(0, 70, NOON)));

        assertEquals(ids(entries(0, 70, NOON)), ids(feed, 1, 100));
        assertEquals(1, history.append(List.of(entry("a", VIDAR, NOON), entry("a", VIDAR, NOON))));
    }

    /** What is read a moment later may lack what was kept before. */
    @Test
    @Tag("rule-30")
    void feedIsReadStronglyConsistent() {
        var consistent = new ArrayList<Boolean>();
        var watched = history(Intercepted.client(stack.dynamoDb(), request -> {
                    if (request instanceof QueryRequest query) {
                        consistent.add(query.consistentRead());
                    } else if (request instanceof GetItemRequest get) {
                        consistent.add(get.consistentRead());
                    }
                }))
                .feed();
        history.append(entries(0, 3, NOON));

        assertEquals(1, watched.since(NOON));
        assertEquals(3, watched.from(1, 10).entries().size());

        assertTrue(consistent.size() >= 4, consistent::toString);
        assertFalse(consistent.contains(null) || consistent.contains(false), consistent::toString);
    }

    /** As several shards do, whose functions die on the way and begin anew. */
    @Test
    @Tag("rule-30")
    void severalWritersAtOnceLeaveNoGapAndKeepTheOrderOfEach() throws Exception {
        var failures = new AtomicInteger();
        var unreliable = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof TransactWriteItemsRequest && failures.incrementAndGet() % 5 == 0) {
                throw SdkClientException.create("gone");
            }
        });
        try (unreliable;
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var writers = IntStream.range(0, 4)
                    .mapToObj(writer -> threads.submit(() -> {
                        for (var done = 0; done < 120; ) {
                            try {
                                // From the beginning: what is kept already is passed over.
                                history(unreliable).append(entries(writer * 1_000, writer * 1_000 + 120, NOON));
                                done = 120;
                            } catch (SdkClientException died) {
                                done = 0;
                            }
                        }
                    }))
                    .toList();
            for (var writer : writers) {
                writer.get();
            }
        }

        var read = ids(feed, 1, 33);
        assertEquals(480, read.size());
        assertEquals(480, new HashSet<>(read).size());
        assertEquals(481, feed.from(481, 1).next(), "numbers have no gaps");
        for (var writer = 0; writer < 4; writer++) {
            var own = ids(entries(writer * 1_000, writer * 1_000 + 120, NOON));
            assertEquals(own, read.stream().filter(own::contains).toList());
        }
        assertTrue(failures.get() > 10, "they met failures");
    }

    /** In every order of their requests. */
    @Test
    @Tag("rule-30")
    void aReaderNeverPassesByWhatIsKeptLater() {
        var trial = new AtomicInteger();
        var read = new ArrayList<String>();
        try (var interleavings = new Interleavings(stack.dynamoDb())) {
            var orders = interleavings.run(new Trial(
                    trial::incrementAndGet,
                    dynamoDb -> history(dynamoDb)
                            .append(List.of(entry("one-" + trial, VIDAR, NOON), entry("two-" + trial, VIDAR, NOON))),
                    dynamoDb -> history(dynamoDb).append(List.of(entry("other-" + trial, VIDAR, NOON))),
                    () -> {
                        read.addAll(ids(feed, read.size() + 1, 2));
                        assertEquals(3 * trial.get(), read.size());
                        assertEquals(3 * trial.get(), new HashSet<>(read).size());
                    }));
            assertTrue(orders > 5, "orders: " + orders);
        }
    }

    /** What one transaction wrote may be seen entry by entry for a moment (rule 30). */
    @Test
    @Tag("rule-30")
    void aNumberThatIsNotSeenYetIsWaitedFor() {
        history.append(entries(0, 4, NOON));
        var hidden = take(3);

        assertEquals(ids(entries(0, 2, NOON)), ids(feed, 1, 10));
        assertEquals(3, feed.from(1, 10).next());
        put(hidden);
        assertEquals(ids(entries(0, 4, NOON)), ids(feed, 1, 10));

        // At the end as well.
        take(4);
        assertEquals(4, feed.from(1, 10).next());
        clock.advance(Duration.ofSeconds(11));
        assertEquals(5, feed.from(1, 10).next(), "by now it is known to be gone");
        assertEquals(ids(entries(0, 3, NOON)), ids(feed, 1, 10));
    }

    private Item take(long number) {
        var answer = stack.dynamoDb()
                .deleteItem(request -> request.tableName(stack.table("ChangeHistoryTable"))
                        .key(KeptEntry.key(number))
                        .returnValues("ALL_OLD"));
        return new Item(answer.attributes());
    }

    private void put(Item item) {
        stack.dynamoDb()
                .putItem(request ->
                        request.tableName(stack.table("ChangeHistoryTable")).item(item.attributes()));
    }

    @Test
    void sinceIsTheFirstEntryWhoseTimeIsNotBefore() {
        assertEquals(1, feed.since(NOON), "nothing is kept");
        var times = List.of(0L, 10L, 5L, 20L, 3_700L, 3_600L, 3_800L, 90_000L, 4_000L, 90_010L);
        var entries = new ArrayList<Entry>();
        times.forEach(seconds -> entries.add(entry("at-" + seconds, VIDAR, NOON.plusSeconds(seconds))));
        history.append(entries);

        for (var time : times) {
            for (var at = time - 1; at <= time + 1; at++) {
                var since = at;
                var expected = IntStream.range(0, times.size())
                        .filter(place -> times.get(place) >= since)
                        .findFirst()
                        .orElse(times.size());
                assertEquals(expected + 1, feed.since(NOON.plusSeconds(since)), "since " + since);
            }
        }
    }

    /** Across the thousand that one key holds. */
    @Test
    @Tag("long")
    void sinceIsFoundAmongThousands() {
        for (var minute = 0; minute < 30; minute++) {
            history.append(entries(minute * 70, minute * 70 + 70, NOON.plusSeconds(60L * minute)));
        }

        for (var minute = 0; minute < 30; minute += 3) {
            assertEquals(minute * 70 + 1, feed.since(NOON.plusSeconds(60L * minute)));
            assertEquals(minute * 70 + 1, feed.since(NOON.plusSeconds(60L * minute - 59)));
        }
        assertEquals(2_101, feed.since(NOON.plusSeconds(1_800)));
        assertEquals(2_100, ids(feed, 1, 500).size());
    }

    @Test
    void whatIsOlderThanItIsKeptIsGoneDeletedOrNot() {
        history.append(entries(0, 3, NOON));
        history.append(entries(3, 6, NOON.plus(Duration.ofDays(30))));
        clock.advance(Kept.DAYS.plusSeconds(1));

        assertEquals(4, feed.oldest());
        assertEquals(ids(entries(3, 6, NOON)), ids(feed, 4, 10));
        assertThrows(CursorExpiredException.class, () -> feed.from(1, 10));
        assertThrows(CursorExpiredException.class, () -> feed.from(3, 10));
        // DynamoDB deletes late: by then an hour has passed.
        clock.advance(Duration.ofHours(1));
        take(1);
        take(2);
        take(3);
        assertThrows(CursorExpiredException.class, () -> feed.from(2, 10));
        assertEquals(4, feed.oldest());
        assertThrows(CursorExpiredException.class, () -> feed.from(8, 10), "of another history");

        clock.advance(Duration.ofDays(60));
        assertThrows(CursorExpiredException.class, () -> feed.from(5, 10));
        assertEquals(7, feed.oldest());
        assertEquals(List.of(), feed.from(7, 10).entries(), "who has read all has missed nothing");
    }

    /** Design §6: however much was deleted behind an old cursor, it is refused at once. */
    @Test
    void anOldCursorIsRefusedWithoutReadingAllThatIsDeleted() {
        history.append(entries(0, 1, NOON));
        take(1);
        // Since then there were a million, of which the last ones are kept.
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("ChangeHistoryTable"))
                        .key(Counter.key())
                        .updateExpression("SET #next = :next")
                        .expressionAttributeNames(Map.of("#next", "next"))
                        .expressionAttributeValues(
                                new Item().withNumber(":next", 1_000_000).attributes()));
        history.append(entries(1, 4, NOON.plus(Duration.ofDays(380))));
        clock.advance(Kept.DAYS.plusDays(1));
        var requests = new AtomicInteger();
        var counted = history(Intercepted.client(stack.dynamoDb(), _ -> requests.incrementAndGet()))
                .feed();

        assertThrows(CursorExpiredException.class, () -> counted.from(1, 10));
        assertTrue(requests.get() <= 4, "requests: " + requests);
        assertThrows(CursorExpiredException.class, () -> counted.from(999_000, 10));
        assertEquals(1_000_000, counted.oldest());
        assertEquals(3, counted.from(1_000_000, 10).entries().size());
        assertTrue(requests.get() <= 20, "requests: " + requests);
    }
}
