package org.touchline.change;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.touchline.JsonObject;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A history of a test's stack, and what is in it. */
final class Kept {
    static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    static final Duration DAYS = Duration.ofDays(400);
    static final String VIDAR = "2020000004136762";

    private Kept() {}

    static ChangeHistory history(TestStack stack, DynamoDbClient dynamoDb, MutableClock clock) {
        return new ChangeHistory(dynamoDb, stack.table("ChangeHistoryTable"), DAYS, clock);
    }

    static ChangeFeed feed(TestStack stack, MutableClock clock) {
        return history(stack, stack.dynamoDb(), clock).feed();
    }

    /** Something that happened to somebody. */
    static Entry entry(String event, String ussfId, Instant time) {
        var data = new JsonObject().put("ussfId", ussfId);
        data.putArray("memberIdentifiers");
        return new Entry(
                Entry.id(event, ChangeType.PERSON_SUBSCRIBED), ChangeType.PERSON_SUBSCRIBED, ussfId, time, data);
    }

    static List<Entry> entries(int from, int to, Instant time) {
        var entries = new ArrayList<Entry>();
        for (var number = from; number < to; number++) {
            entries.add(entry("event-" + number, VIDAR, time));
        }
        return entries;
    }

    /** All of the feed, page by page. */
    static List<String> ids(ChangeFeed feed, long from, int limit) {
        var ids = new ArrayList<String>();
        for (var page = feed.from(from, limit); !page.entries().isEmpty(); page = feed.from(page.next(), limit)) {
            page.entries().forEach(entry -> ids.add(entry.id()));
            if (ids.size() > 100_000) {
                fail("the feed does not end");
            }
        }
        return ids;
    }

    static List<String> ids(List<Entry> entries) {
        return entries.stream().map(Entry::id).toList();
    }
}
