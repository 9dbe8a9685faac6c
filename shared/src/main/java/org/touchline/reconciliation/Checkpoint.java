package org.touchline.reconciliation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

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
    private final Lease lease;

    /** @param clock tells whether a lease has expired */
    public Checkpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
        this.lease = new Lease(dynamoDb, table, key("checkpoint"), LEASE, clock);
    }

    /**
     * What a run that holds the lease begins with.
     *
     * @param completeUntil the end of the last complete window; null if there was none
     * @param unfinished the window to go on with; null if there is none
     */
    record Start(
            Held lease,
            @Nullable Instant completeUntil,
            @Nullable Progress unfinished) {}

    /** The end of the last window that was applied completely; empty if none has been. */
    public Optional<Instant> completeUntil() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key("checkpoint")).consistentRead(true));
        return Optional.ofNullable(answer.hasItem() ? new Item(answer.item()).instant("completeUntil") : null);
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire()
                .map(held -> new Start(held, held.item().instant("completeUntil"), progress(held.item())));
    }

    /** Saves how far a window has been walked, and renews the lease. */
    void save(Held held, Progress progress) {
        lease.renewAnd(
                held,
                "windowStart = :start, windowEnd = :end, nextPage = :next, rowsTotal = :total, unreadPage = :unread,"
                        + " firstWindow = :first",
                values(progress));
    }

    /** Keeps the lease, for a window that leaves the checkpoint alone. */
    void renew(Held held) {
        lease.renew(held);
    }

    /** Moves the checkpoint to the end of a window, and forgets the window. */
    void complete(Held held, Window window) {
        lease.renewAnd(
                held,
                "completeUntil = :end REMOVE windowStart, windowEnd, nextPage, rowsTotal, unreadPage, firstWindow",
                new Item().with(":end", window.end()).attributes());
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
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

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", "reconciliation").with("sk", sk).attributes();
    }
}
