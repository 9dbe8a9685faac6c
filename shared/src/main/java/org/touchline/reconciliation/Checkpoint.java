package org.touchline.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * How far reconciliation has come, in the table of the license store: {@code pk = reconciliation}, with {@code sk = checkpoint} for
 * the end of the last complete window, the unfinished one and the lease of the run at work (design rule 13), and
 * {@code sk = run#<when>} for a record of each run, which DynamoDB deletes after 400 days.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Checkpoint {
    /** Longer than a page can take, retries included; it is renewed with each. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final Duration RECORDS_KEPT = Duration.ofDays(400);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;

    /** @param clock tells whether a lease has expired */
    public Checkpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
    }

    /**
     * What a run that holds the lease begins with.
     *
     * @param owner the holder, for whoever it is
     * @param completeUntil the end of the last complete window; null if there was none
     * @param unfinished the window to go on with; null if there is none
     */
    record Lease(
            String owner,
            @Nullable Instant completeUntil,
            @Nullable Progress unfinished) {}

    /** Another run has taken the lease over, since this one took too long. */
    static final class LeaseLostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LeaseLostException() {
            super("another reconciliation is at work");
        }
    }

    /** The end of the last window that was applied completely; empty if none has been. */
    public Optional<Instant> completeUntil() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key("checkpoint")).consistentRead(true));
        return Optional.ofNullable(answer.hasItem() ? new Item(answer.item()).instant("completeUntil") : null);
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Lease> acquire() {
        var owner = UUID.randomUUID().toString();
        var now = clock.instant();
        try {
            var item = new Item(dynamoDb.updateItem(request -> request.tableName(table)
                            .key(key("checkpoint"))
                            .updateExpression("SET leaseOwner = :owner, leaseUntil = :until")
                            .conditionExpression("attribute_not_exists(leaseUntil) OR leaseUntil <= :now")
                            .expressionAttributeValues(Map.of(
                                    ":owner", AttributeValue.fromS(owner),
                                    ":until", millis(now.plus(LEASE)),
                                    ":now", millis(now)))
                            .returnValues(ReturnValue.ALL_NEW))
                    .attributes());
            return Optional.of(new Lease(owner, item.instant("completeUntil"), progress(item)));
        } catch (ConditionalCheckFailedException anotherIsAtWork) {
            return Optional.empty();
        }
    }

    /** Saves how far a window has been walked, and renews the lease. */
    void save(String owner, Progress progress) {
        update(
                owner,
                "SET leaseUntil = :until, windowStart = :start, windowEnd = :end, nextPage = :next, rowsTotal = :total,"
                        + " unreadPage = :unread, firstWindow = :first",
                values(progress));
    }

    /** Keeps the lease, for a window that leaves the checkpoint alone. */
    void renew(String owner) {
        update(owner, "SET leaseUntil = :until", new Item().attributes());
    }

    /** Moves the checkpoint to the end of a window, and forgets the window. */
    void complete(String owner, Window window) {
        update(
                owner,
                "SET leaseUntil = :until, completeUntil = :end"
                        + " REMOVE windowStart, windowEnd, nextPage, rowsTotal, unreadPage, firstWindow",
                new Item().with(":end", window.end()).attributes());
    }

    /** Gives the lease back, if it is still held. */
    void release(String owner) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key("checkpoint"))
                    .updateExpression("REMOVE leaseOwner, leaseUntil")
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(Map.of(":owner", AttributeValue.fromS(owner))));
        } catch (ConditionalCheckFailedException heldByAnother) {
            // Then it is not ours to give back.
        }
    }

    /** Keeps a record of a run. */
    void record(Run run) {
        var now = clock.instant();
        var item = new Item(key("run#" + now))
                .with("status", run.status().wireName())
                .withNumber("pages", run.pages())
                .withNumber("scanned", run.scanned())
                .withNumber("repaired", run.repaired())
                .withNumber("missed", run.missed())
                .withNumber("unchanged", run.unchanged())
                .withNumber("quarantined", run.quarantined())
                .withNumber("latestSeconds", run.latest().toSeconds())
                .withNumber("lastPageDone", run.lastPageDone())
                .withNumber("expiresAt", now.plus(RECORDS_KEPT).getEpochSecond());
        if (run.window() != null) {
            item.with("windowStart", run.window().start())
                    .with("windowEnd", run.window().end());
        }
        dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
    }

    private void update(String owner, String expression, Map<String, AttributeValue> values) {
        values.put(":owner", AttributeValue.fromS(owner));
        values.put(":until", millis(clock.instant().plus(LEASE)));
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key("checkpoint"))
                    .updateExpression(expression)
                    .conditionExpression("leaseOwner = :owner")
                    .expressionAttributeValues(values));
        } catch (ConditionalCheckFailedException takenOver) {
            throw new LeaseLostException();
        }
    }

    private static Map<String, AttributeValue> values(Progress progress) {
        return new Item()
                .with(":start", progress.window().start())
                .with(":end", progress.window().end())
                .withNumber(":next", progress.nextPage())
                .withNumber(":total", progress.total())
                .withNumber(":unread", progress.unreadPage())
                .withBoolean(":first", progress.first())
                .attributes();
    }

    private static @Nullable Progress progress(Item item) {
        var start = item.instant("windowStart");
        var end = item.instant("windowEnd");
        if (start == null || end == null) {
            return null;
        }
        return new Progress(
                new Window(start, end),
                (int) item.number("nextPage"),
                (int) item.number("rowsTotal"),
                (int) item.number("unreadPage"),
                item.flag("firstWindow"));
    }

    private static AttributeValue millis(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.toEpochMilli()));
    }

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", "reconciliation").with("sk", sk).attributes();
    }
}
