package org.touchline.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.touchline.JsonObject;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Notices what streams could not deliver in time (design rule 29): they keep a day. Where the first record that is handed over is nearly
 * as old, others before it may be gone. Up to when a stream was read is noted every quarter of an hour ({@code pk = stream#<name>}).
 * However quiet a stack is, the stream of the license store has a record that often: of the lease of the notices, which says nothing else.
 * Safe for use by several threads.
 */
final class Gaps {
    private static final Duration NEARLY_GONE = Duration.ofHours(23);
    private static final Duration NOTED_EVERY = Duration.ofMinutes(15);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final Map<String, Instant> noted = new ConcurrentHashMap<>();

    Gaps(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /**
     * What may be missing before a record, as an entry. Of one delay there is one: as long as records are as old as that, up to when the
     * stream was read before is noted no more.
     *
     * @param at when the record was written
     */
    List<Entry> before(String stream, Instant at) {
        if (!isNearlyGone(at)) {
            return List.of();
        }
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key(stream)).consistentRead(true));
        if (!answer.hasItem()) {
            return List.of();
        }
        var from = Instant.ofEpochSecond(new Item(answer.item()).number("readUntil"));
        if (!from.isBefore(at)) {
            return List.of();
        }
        var told = stream + "\n" + from;
        var data = new JsonObject().put("from", from.toString()).put("to", at.toString());
        return List.of(
                new Entry(Entry.id(told, ChangeType.HISTORY_GAP), ChangeType.HISTORY_GAP, null, clock.instant(), data));
    }

    /** All records that were written up to then have been read, or nearly. */
    void readUntil(String stream, Instant at) {
        var last = noted.get(stream);
        if (isNearlyGone(at) || last != null && at.isBefore(last.plus(NOTED_EVERY))) {
            return;
        }
        dynamoDb.putItem(request -> request.tableName(table)
                .item(new Item(key(stream))
                        .withNumber("readUntil", at.getEpochSecond())
                        .attributes()));
        noted.put(stream, at);
    }

    private boolean isNearlyGone(Instant at) {
        return at.isBefore(clock.instant().minus(NEARLY_GONE));
    }

    private static Map<String, AttributeValue> key(String stream) {
        return new Item().with("pk", "stream#" + stream).withNumber("sk", 0).attributes();
    }
}
