package org.touchline.quarantine;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.Sha256;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Where authentic payloads that could not be understood are kept whole, until they are replayed or given up (design rule 7).
 *
 * <p>Keys: {@code state = open} and {@code id} for what waits; {@code state = closed} for the trace of what no longer does,
 * without its payload, which DynamoDB deletes 90 days later. A payload that is too long for one item goes on in others:
 * {@code state = piece} and {@code id#number}, which are written before the entry, and deleted after it. {@code state = replay} is where
 * a replay of all stopped.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Quarantine {
    private static final Duration TRACE_KEPT = Duration.ofDays(90);
    private static final int ID_DIGITS = 32;

    /** An item has at most 400 KB, all of its attributes together. */
    private static final int MOST_BYTES_A_PIECE = 350_000;

    /** With their payloads, which are not read but count, less than what one answer may hold. */
    private static final int ENTRIES_A_PAGE = 25;

    private static final int MOST_A_PAGE = 1_000;

    private static final String BY_RECEIPT = "by-receipt";
    private static final String OPEN = "open";
    private static final String CLOSED = "closed";
    private static final String PIECE = "piece";
    private static final Map<String, AttributeValue> REPLAY_KEY = key("replay", "stopped");

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader entries;
    private final Runnable kept;

    /** A quarantine on a table that {@code template.yaml} made. */
    public Quarantine(DynamoDbClient dynamoDb, String table) {
        this(dynamoDb, table, () -> {});
    }

    /** @param kept is told each time that something is kept, for work whose result does not say so (design rule 7) */
    public Quarantine(DynamoDbClient dynamoDb, String table, Runnable kept) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.entries = new BatchReader(dynamoDb, table);
        this.kept = kept;
    }

    /** How an entry ended. */
    public enum Ending {
        /** It was understood after all, and what it says is stored. */
        REPLAYED,
        /** A person gave it up. */
        DISCARDED
    }

    /** Keeps a payload: one write, or one more for each 350,000 bytes. The same payload again only counts up. */
    public void keep(Source source, byte[] payload, String reason, Instant receivedAt) {
        var route = source.route();
        var id = id(route, payload);
        for (int number = 1, from = MOST_BYTES_A_PIECE; from < payload.length; number++, from += MOST_BYTES_A_PIECE) {
            var piece = Arrays.copyOfRange(payload, from, Math.min(payload.length, from + MOST_BYTES_A_PIECE));
            keepPiece(String.format(Locale.ROOT, "%s%06d", piecesOf(id), number), piece, receivedAt);
        }
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(key(OPEN, id))
                .updateExpression("SET route = :route, payload = :payload, reason = :reason, lastReceivedAt = :now,"
                        + " receivedAt = if_not_exists(receivedAt, :first) ADD receipts :one")
                .expressionAttributeValues(Map.of(
                        ":route", AttributeValue.fromS(route),
                        ":payload",
                                Item.bytesValue(Arrays.copyOf(payload, Math.min(payload.length, MOST_BYTES_A_PIECE))),
                        ":reason", AttributeValue.fromS(reason),
                        ":now", AttributeValue.fromS(receivedAt.toString()),
                        ":first", AttributeValue.fromS(Item.sortable(receivedAt)),
                        ":one", AttributeValue.fromN("1"))));
        kept.run();
    }

    private void keepPiece(String id, byte[] piece, Instant receivedAt) {
        dynamoDb.updateItem(request -> request.tableName(table)
                .key(key(PIECE, id))
                .updateExpression("SET payload = :payload, lastReceivedAt = :now")
                .expressionAttributeValues(Map.of(
                        ":payload", Item.bytesValue(piece), ":now", AttributeValue.fromS(receivedAt.toString()))));
    }

    /**
     * What waits, without the payloads, which may be large: what came first is first, as the index {@code by-receipt} has followed. Read
     * page by page as it is consumed (design rule 32).
     */
    public Stream<QuarantineEntry> open() {
        return open(Map.of());
    }

    /** Of {@link #open} what came after a place, whether or not its entry still waits. */
    public Stream<QuarantineEntry> openAfter(Place place) {
        return open(new Item(key(OPEN, place.id()))
                .with("receivedAt", Item.sortable(place.receivedAt()))
                .attributes());
    }

    private Stream<QuarantineEntry> open(Map<String, AttributeValue> after) {
        return receipts(ENTRIES_A_PAGE, after).flatMap(page -> entries(page.items()));
    }

    private Stream<QuarantineEntry> entries(List<Map<String, AttributeValue>> receipts) {
        var keys = receipts.stream()
                .map(receipt -> key(OPEN, new Item(receipt).text("id")))
                .toList();
        return entries.read(keys, "id, route, reason, receivedAt, lastReceivedAt").stream()
                .map(Quarantine::entry)
                .sorted(Comparator.comparing(QuarantineEntry::receivedAt).thenComparing(QuarantineEntry::id));
    }

    /**
     * How much waits.
     *
     * @param count of entries; where it is as many as were counted at most, there may be more
     * @param oldest when the one was first received that has waited the longest; null if there is none
     */
    public record Waiting(int count, @Nullable Instant oldest) {}

    /** How much waits, as the index {@code by-receipt} has followed: counted no further than {@code most}, one request for a thousand. */
    public Waiting waiting(int most) {
        var count = 0;
        Instant oldest = null;
        for (var page : (Iterable<QueryResponse>) receipts(Math.min(most, MOST_A_PAGE), Map.of())::iterator) {
            if (count == 0 && page.count() > 0) {
                oldest = new Item(page.items().getFirst()).instant("receivedAt");
            }
            count += page.count();
            if (count >= most) {
                break;
            }
        }
        return new Waiting(Math.min(count, most), oldest);
    }

    /** Keys, what came first first; behind one of them, or all. */
    private Stream<QueryResponse> receipts(int aPage, Map<String, AttributeValue> after) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .indexName(BY_RECEIPT)
                        .keyConditionExpression("#state = :open")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":open", AttributeValue.fromS(OPEN)))
                        .exclusiveStartKey(after.isEmpty() ? null : after)
                        .limit(aPage))
                .stream();
    }

    /**
     * A place in the order in which entries came.
     *
     * @param id of the entry at it
     * @param receivedAt when that came first
     */
    public record Place(String id, Instant receivedAt) {}

    /** Where the last replay of all stopped; empty if it came to the end. */
    public Optional<Place> replayStoppedAt() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(REPLAY_KEY).consistentRead(true));
        var item = new Item(answer.item());
        return Optional.ofNullable(item.instant("stoppedAtReceipt"))
                .map(receivedAt -> new Place(item.text("stoppedAtId"), receivedAt));
    }

    /** Keeps where a replay of all stopped, so that the next goes on behind it. */
    public void replayStopped(QuarantineEntry last) {
        dynamoDb.putItem(request -> request.tableName(table)
                .item(new Item(new HashMap<>(REPLAY_KEY))
                        .with("stoppedAtId", last.id())
                        .with("stoppedAtReceipt", last.receivedAt())
                        .attributes()));
    }

    /** A replay of all came to the end: the next begins with what came first. */
    public void replayEnded() {
        delete(REPLAY_KEY);
    }

    /** One that waits; empty if there is none of that id, or no more. */
    public Optional<QuarantineEntry> find(String id) {
        return item(id).map(Quarantine::entry);
    }

    /** The payload of one that waits, byte for byte; empty if there is none of that id, or no more. */
    public Optional<byte[]> payload(String id) {
        return item(id).map(this::payload);
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
        if (deleteUnlessItCameAgain(key(OPEN, entry.id()), entry)) {
            pieces(entry.id()).forEach(piece -> deleteUnlessItCameAgain(key(PIECE, piece.text("id")), entry));
        }
    }

    /** Whether it is gone; if not, what came again waits for the next replay. */
    private boolean deleteUnlessItCameAgain(Map<String, AttributeValue> key, QuarantineEntry seen) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key)
                    .conditionExpression("attribute_not_exists(lastReceivedAt) OR lastReceivedAt = :seen")
                    .expressionAttributeValues(Map.of(
                            ":seen", AttributeValue.fromS(seen.lastReceivedAt().toString()))));
            return true;
        } catch (ConditionalCheckFailedException cameAgain) {
            return false;
        }
    }

    private byte[] payload(Item entry) {
        var whole = new ByteArrayOutputStream();
        whole.writeBytes(entry.bytes("payload"));
        if (whole.size() == MOST_BYTES_A_PIECE) {
            pieces(entry.text("id")).forEach(piece -> whole.writeBytes(piece.bytes("payload")));
        }
        return whole.toByteArray();
    }

    /** The pieces behind the first one, in their order. */
    private Stream<Item> pieces(String id) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("#state = :piece AND begins_with(id, :entry)")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(
                                ":piece", AttributeValue.fromS(PIECE), ":entry", AttributeValue.fromS(piecesOf(id))))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new);
    }

    private static String piecesOf(String id) {
        return id + "#";
    }

    /**
     * Deletes what waits and names somebody, without a trace. Nothing of a payload is in the traces of what was closed.
     *
     * @param names whether a payload names them
     * @return how many entries did
     */
    public int forget(Predicate<byte[]> names) {
        var ids = idsNaming(names);
        for (var id : ids) {
            delete(key(OPEN, id));
            pieces(id).forEach(piece -> delete(key(PIECE, piece.text("id"))));
        }
        // What was left when an entry was closed by somebody who died of it.
        payloads(PIECE)
                .filter(piece -> names.test(piece.bytes("payload")))
                .map(piece -> piece.text("id"))
                .toList()
                .forEach(id -> delete(key(PIECE, id)));
        return ids.size();
    }

    /** How many entries {@link #forget} would delete. */
    public int countNaming(Predicate<byte[]> names) {
        return idsNaming(names).size();
    }

    private List<String> idsNaming(Predicate<byte[]> names) {
        return payloads(OPEN)
                .filter(item -> names.test(payload(item)))
                .map(item -> item.text("id"))
                .toList();
    }

    private Stream<Item> payloads(String state) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("#state = :state")
                        .projectionExpression("id, payload")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":state", AttributeValue.fromS(state)))
                        .limit(MOST_A_PAGE)
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new);
    }

    private void delete(Map<String, AttributeValue> key) {
        dynamoDb.deleteItem(request -> request.tableName(table).key(key));
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
