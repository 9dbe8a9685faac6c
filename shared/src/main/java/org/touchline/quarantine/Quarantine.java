package org.touchline.quarantine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.touchline.Sha256;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Where authentic payloads that could not be understood are kept whole, until they are replayed or given up (design rule 7).
 *
 * <p>Keys: {@code state = open} and {@code id} for what waits; {@code state = closed} for the trace of what no longer does,
 * without its payload, which DynamoDB deletes 90 days later.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Quarantine {
    private static final Duration TRACE_KEPT = Duration.ofDays(90);
    private static final int ID_DIGITS = 32;
    private static final String OPEN = "open";
    private static final String CLOSED = "closed";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Runnable kept;

    /** A quarantine on a table that {@code template.yaml} made. */
    public Quarantine(DynamoDbClient dynamoDb, String table) {
        this(dynamoDb, table, () -> {});
    }

    /** @param kept is told each time that something is kept, for work whose result does not say so (design rule 7) */
    public Quarantine(DynamoDbClient dynamoDb, String table, Runnable kept) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.kept = kept;
    }

    /** How an entry ended. */
    public enum Ending {
        /** It was understood after all, and what it says is stored. */
        REPLAYED,
        /** A person gave it up. */
        DISCARDED
    }

    /**
     * Keeps a payload: one write. The same payload again only counts up.
     *
     * @param payload at most 256 KiB
     */
    public void keep(String route, byte[] payload, String reason, Instant receivedAt) {
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(key(OPEN, id(route, payload)))
                .updateExpression("SET route = :route, payload = :payload, reason = :reason, lastReceivedAt = :now,"
                        + " receivedAt = if_not_exists(receivedAt, :now) ADD receipts :one")
                .expressionAttributeValues(Map.of(
                        ":route", AttributeValue.fromS(route),
                        ":payload", Item.bytesValue(payload),
                        ":reason", AttributeValue.fromS(reason),
                        ":now", AttributeValue.fromS(receivedAt.toString()),
                        ":one", AttributeValue.fromN("1"))));
        kept.run();
    }

    /** What waits, in the order in which it came last; without the payloads, which may be large. */
    public List<QuarantineEntry> open() {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("#state = :open")
                        .projectionExpression("id, route, reason, receivedAt, lastReceivedAt")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":open", AttributeValue.fromS(OPEN)))
                        .consistentRead(true))
                .items()
                .stream()
                .map(attributes -> entry(new Item(attributes)))
                .sorted(Comparator.comparing(QuarantineEntry::lastReceivedAt).thenComparing(QuarantineEntry::id))
                .toList();
    }

    /** One that waits; empty if there is none of that id, or no more. */
    public Optional<QuarantineEntry> find(String id) {
        return item(id).map(Quarantine::entry);
    }

    /** The payload of one that waits, byte for byte; empty if there is none of that id, or no more. */
    public Optional<byte[]> payload(String id) {
        return item(id).map(item -> item.bytes("payload"));
    }

    /**
     * Ends an entry: its trace is written, then the entry with its payload goes. It stays if the same payload has come again
     * since the entry was read, for its sender was told that it is kept. To end an entry again changes nothing.
     */
    public void close(QuarantineEntry entry, Ending ending, Instant now) {
        dynamoDb.putItem(request -> request.tableName(table)
                .item(new Item(key(CLOSED, entry.id()))
                        .with("route", entry.route())
                        .with("reason", entry.reason())
                        .with("receivedAt", entry.receivedAt())
                        .with("lastReceivedAt", entry.lastReceivedAt())
                        .with("ending", ending.name().toLowerCase(Locale.ROOT))
                        .with("closedAt", now)
                        .withNumber("expiresAt", now.plus(TRACE_KEPT).getEpochSecond())
                        .attributes()));
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key(OPEN, entry.id()))
                    .conditionExpression("lastReceivedAt = :seen")
                    .expressionAttributeValues(Map.of(
                            ":seen", AttributeValue.fromS(entry.lastReceivedAt().toString()))));
        } catch (ConditionalCheckFailedException cameAgainOrGone) {
            // What came again waits for the next replay.
        }
    }

    /**
     * Deletes what waits and names somebody, without a trace. Nothing of a payload is in the traces of what was closed.
     *
     * @param names whether a payload names them
     * @return how many entries did
     */
    public int forget(Predicate<byte[]> names) {
        var ids = dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("#state = :open")
                        .projectionExpression("id, payload")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":open", AttributeValue.fromS(OPEN)))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new)
                .filter(item -> names.test(item.bytes("payload")))
                .map(item -> item.text("id"))
                .toList();
        ids.forEach(
                id -> dynamoDb.deleteItem(request -> request.tableName(table).key(key(OPEN, id))));
        return ids.size();
    }

    private Optional<Item> item(String id) {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key(OPEN, id)).consistentRead(true));
        return answer.hasItem() ? Optional.of(new Item(answer.item())) : Optional.empty();
    }

    private static QuarantineEntry entry(Item item) {
        return new QuarantineEntry(
                item.text("id"),
                item.text("route"),
                item.text("reason"),
                Objects.requireNonNull(item.instant("receivedAt")),
                Objects.requireNonNull(item.instant("lastReceivedAt")));
    }

    private static String id(String route, byte[] payload) {
        var digest = Sha256.digest(route.getBytes(StandardCharsets.UTF_8), new byte[] {0}, payload);
        return HexFormat.of().formatHex(digest).substring(0, ID_DIGITS);
    }

    private static Map<String, AttributeValue> key(String state, String id) {
        return new Item().with("state", state).with("id", id).attributes();
    }
}
