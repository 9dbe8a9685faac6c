package org.touchline.person;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.license.UssfId;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * How far the day's share of the refresh has come, in the table of the license store: {@code pk = person-refresh}, with
 * {@code sk = checkpoint} for its progress, the lease of the run at work and whether another share is owed, and
 * {@code sk = share#<start>#<number>} for the people in it, 8 bytes each, whose turn was the longest ago first. It is good for eight
 * days; DynamoDB deletes the people after that.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class RefreshCheckpoint {
    /** Longer than a function can live: it need not be renewed, and the run after one that died takes it over. */
    private static final Duration LEASE = Duration.ofMinutes(16);

    private static final Duration GOOD_FOR = Duration.ofDays(8);

    /** Who asks for the next share so soon after one began asks twice for the same: an invocation may be repeated. */
    private static final Duration SAME = Duration.ofHours(1);

    /** So many people are in one item, 80 KB. */
    static final int PIECE = 10_000;

    private static final String PARTITION = "person-refresh";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final Lease lease;

    /** @param clock tells whether a lease, or what was saved, has expired */
    public RefreshCheckpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
        this.lease = new Lease(dynamoDb, table, key("checkpoint"), LEASE, clock);
    }

    /**
     * How far a share has come.
     *
     * @param startedAt when it began, which also tells its people from those of another
     * @param people how many are in it
     * @param begun how many of them had their turn
     * @param refreshed how many of these every answer is stored of
     * @param emptied how many of these lost everything (design rule 25)
     */
    record Progress(Instant startedAt, int people, int begun, int refreshed, int emptied) {
        int left() {
            return people - begun;
        }
    }

    /** Whether there is a share to go on with, or to begin; who only wants to know leaves the lease to others. */
    boolean isUnfinished() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key("checkpoint")).consistentRead(true));
        var item = new Item(answer.item());
        return isOwed(item) || progress(item).isPresent();
    }

    /** Notes that the next share could not begin, for a run was at work on one: it begins in the run that finds this note. */
    void owe() {
        var now = clock.instant();
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key("checkpoint"))
                    .updateExpression("SET owedSince = if_not_exists(owedSince, :now)")
                    .conditionExpression("attribute_not_exists(startedAt) OR startedAt < :recently")
                    .expressionAttributeValues(new Item()
                            .with(":now", now)
                            .with(":recently", now.minus(SAME))
                            .attributes()));
        } catch (ConditionalCheckFailedException begunJustNow) {
            // The run at work is on the share that was asked for.
        }
    }

    /** Whether the next share is to begin, as it was when the lease was taken. */
    boolean isOwed(Held held) {
        return isOwed(held.item());
    }

    private static boolean isOwed(Item item) {
        return item.has("owedSince");
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Held> acquire() {
        return lease.acquire();
    }

    /** The share to go on with, as it was when the lease was taken; empty if there is none. */
    Optional<Progress> unfinished(Held held) {
        return progress(held.item());
    }

    /** Saves a new share; one that is unfinished is forgotten. */
    Progress begin(Held held, List<UssfId> share) {
        unfinished(held).ifPresent(this::forgetPeople);
        var progress = new Progress(clock.instant(), share.size(), 0, 0, 0);
        for (var from = 0; from < share.size(); from += PIECE) {
            var people = share.subList(from, Math.min(share.size(), from + PIECE));
            var packed = ByteBuffer.allocate(people.size() * Long.BYTES);
            people.forEach(ussfId -> packed.putLong(ussfId.number()));
            var item = new Item(key(piece(progress, from / PIECE)))
                    .withNumber("expiresAt", progress.startedAt().plus(GOOD_FOR).getEpochSecond());
            item.attributes().put("ids", AttributeValue.fromB(SdkBytes.fromByteArray(packed.array())));
            dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
        }
        save(held, progress, " REMOVE owedSince");
        return progress;
    }

    /** The people of a share from one on, to the end of the piece that they are in; empty if its people are gone. */
    List<UssfId> people(Progress progress, int from) {
        var answer = dynamoDb.getItem(request ->
                request.tableName(table).key(key(piece(progress, from / PIECE))).consistentRead(true));
        var people = new ArrayList<UssfId>();
        if (answer.hasItem()) {
            var packed = ByteBuffer.wrap(new Item(answer.item()).bytes("ids")).position(from % PIECE * Long.BYTES);
            while (packed.hasRemaining()) {
                people.add(UssfId.of(packed.getLong()));
            }
        }
        return people;
    }

    /** Saves how far a share has come. */
    void save(Held held, Progress progress) {
        save(held, progress, "");
    }

    private void save(Held held, Progress progress, String andThen) {
        lease.renewAnd(
                held,
                "startedAt = :started, people = :people, begun = :begun, refreshed = :refreshed, emptied = :emptied"
                        + andThen,
                new Item()
                        .with(":started", progress.startedAt())
                        .withNumber(":people", progress.people())
                        .withNumber(":begun", progress.begun())
                        .withNumber(":refreshed", progress.refreshed())
                        .withNumber(":emptied", progress.emptied())
                        .attributes());
    }

    /** Forgets a share of which nothing is left to do. */
    void complete(Held held, Progress progress) {
        lease.renewAnd(
                held,
                "completedAt = :now REMOVE startedAt, people, begun, refreshed, emptied",
                new Item().with(":now", clock.instant()).attributes());
        forgetPeople(progress);
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
    }

    private void forgetPeople(Progress progress) {
        for (var from = 0; from < progress.people(); from += PIECE) {
            var key = key(piece(progress, from / PIECE));
            dynamoDb.deleteItem(request -> request.tableName(table).key(key));
        }
    }

    private Optional<Progress> progress(Item item) {
        var startedAt = item.instant("startedAt");
        return startedAt == null || !clock.instant().isBefore(startedAt.plus(GOOD_FOR))
                ? Optional.empty()
                : Optional.of(new Progress(
                        startedAt,
                        (int) item.number("people"),
                        (int) item.number("begun"),
                        (int) item.number("refreshed"),
                        (int) item.number("emptied")));
    }

    private static String piece(Progress progress, int number) {
        return "share#" + progress.startedAt() + "#" + number;
    }

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", PARTITION).with("sk", sk).attributes();
    }
}
