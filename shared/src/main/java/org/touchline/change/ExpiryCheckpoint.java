package org.touchline.change;

import java.time.Duration;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Up to which day all notices are given, and how far an unfinished run has come, in the table of the license store: {@code pk =
 * license-expiry}, {@code sk = checkpoint}, with the lease of the run at work.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class ExpiryCheckpoint {
    /** Longer than a page can take, retries included; it is renewed with each. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    private static final String PARTITION = "license-expiry";
    private static final Map<String, AttributeValue> KEY =
            new Item().with("pk", PARTITION).with("sk", "checkpoint").attributes();

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Lease lease;

    /** @param clock tells whether a lease has expired */
    public ExpiryCheckpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.lease = new Lease(dynamoDb, table, KEY, LEASE, clock);
    }

    /**
     * One walk over the licenses of which something is due.
     *
     * @param after the day up to which everything was told before
     * @param day the last day that it is for
     * @param position the {@linkplain org.touchline.license.EndingLicense#position position} of the last license that is dealt with; null
     *     at the beginning
     */
    record Walk(LocalDate after, LocalDate day, @Nullable String position) {
        Walk at(String reached) {
            return new Walk(after, day, reached);
        }
    }

    /**
     * What a run that holds the lease begins with.
     *
     * @param through the day up to which all notices are given; null if none ever was
     * @param unfinished the walk to go on with; null if there is none
     */
    record Start(
            Held lease,
            @Nullable LocalDate through,
            @Nullable Walk unfinished) {}

    /** Whether an item of the license store is this one. */
    static boolean isOne(Item item) {
        return item.has("pk") && item.text("pk").equals(PARTITION);
    }

    /** The day up to which all notices are given; empty if none ever was. */
    Optional<LocalDate> through() {
        var answer =
                dynamoDb.getItem(request -> request.tableName(table).key(KEY).consistentRead(true));
        return Optional.ofNullable(new Item(answer.item()).date("through"));
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire().map(held -> {
            var item = held.item();
            var after = item.date("walkAfter");
            var day = item.date("walkDay");
            var walk = after == null || day == null ? null : new Walk(after, day, item.textOrNull("walkPosition"));
            return new Start(held, item.date("through"), walk);
        });
    }

    /** Saves how far a walk has come, once its notices are kept; and renews the lease. */
    void save(Held held, Walk walk) {
        lease.renewAnd(
                held,
                "walkAfter = :after, walkDay = :day, walkPosition = :position",
                new Item()
                        .with(":after", walk.after())
                        .with(":day", walk.day())
                        .with(":position", walk.position())
                        .attributes());
    }

    /** All notices up to that day are kept (design rule 31). */
    void complete(Held held, LocalDate through) {
        lease.renewAnd(
                held,
                "through = :through REMOVE walkAfter, walkDay, walkPosition",
                new Item().with(":through", through).attributes());
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
    }
}
