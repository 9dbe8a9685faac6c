package org.touchline.subscription;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.license.UssfId;
import org.touchline.subscription.AuditProgress.Purpose;
import org.touchline.subscription.AuditProgress.Reading;
import org.touchline.subscription.AuditProgress.SecondLook;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far an unfinished audit has come, in the table of the license store: {@code pk = subscription-audit}, with
 * {@code sk = checkpoint} for its progress and the lease of the run at work, and {@code sk = subscribed#<start>#<number>} for
 * the ids that it has read so far, 8 bytes each. It is good for eight days; DynamoDB deletes the ids after that, if the audit
 * was not completed.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class AuditCheckpoint {
    /** Longer than a page can take, retries included; it is renewed in time. */
    private static final Duration LEASE = Duration.ofMinutes(5);

    /** A little more than a week, so that a weekly audit can go on where the last one stopped. */
    private static final Duration GOOD_FOR = Duration.ofDays(8);

    private static final String PARTITION = "subscription-audit";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final Lease lease;

    /** @param clock tells whether a lease, or what was saved, has expired */
    public AuditCheckpoint(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
        this.lease = new Lease(dynamoDb, table, key("checkpoint"), LEASE, clock);
    }

    /**
     * What a run that holds the lease begins with.
     *
     * @param unfinished the audit to go on with; null if there is none, or it is too old
     */
    record Start(Held lease, @Nullable AuditProgress unfinished) {}

    /** Whether there is an audit to go on with; who only wants to know leaves the lease to others. */
    boolean isUnfinished() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key("checkpoint")).consistentRead(true));
        return goodProgress(new Item(answer.item())) != null;
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire().map(held -> new Start(held, goodProgress(held.item())));
    }

    /** Saves another piece of what was read, 400 KB at most; it counts once a saved progress says so. */
    void savePiece(Held held, AuditProgress progress, UssfIds ids) {
        lease.renew(held);
        var item = new Item(key(piece(progress.startedAt(), progress.list().pieces() + 1)))
                .withNumber("expiresAt", progress.startedAt().plus(GOOD_FOR).getEpochSecond());
        item.attributes().put("ids", binary(ids.packed()));
        dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
    }

    /** The ids of all pieces that a progress counts. */
    UssfIds.Builder read(AuditProgress progress) {
        var ids = new UssfIds.Builder();
        for (var number = 1; number <= progress.list().pieces(); number++) {
            var key = key(piece(progress.startedAt(), number));
            var answer = dynamoDb.getItem(
                    request -> request.tableName(table).key(key).consistentRead(true));
            if (answer.hasItem()) {
                ids.addPacked(new Item(answer.item()).bytes("ids"));
            }
        }
        return ids;
    }

    /** Saves the progress, and renews the lease. */
    void save(Held held, AuditProgress progress) {
        var values = new Item()
                .with(":started", progress.startedAt())
                .withNumber(":next", progress.list().nextPage())
                .withNumber(":last", progress.list().lastPage())
                .withNumber(":failures", progress.list().failures())
                .withNumber(":saved", progress.list().pieces())
                .withBoolean(":repairing", progress.repairing())
                .withBoolean(":owed", progress.purpose().repairOwed())
                .with(
                        ":checked",
                        progress.secondLook().until() == null
                                ? ""
                                : progress.secondLook().until())
                .withNumber(":count", progress.secondLook().missingCount())
                .withNumber(":repaired", progress.secondLook().repaired())
                .withNumber(":undecided", progress.undecided());
        values.attributes()
                .put(":missing", binary(progress.secondLook().missing().packed()));
        lease.renewAnd(
                held,
                "startedAt = :started, nextPage = :next, lastPage = :last, pageFailures = :failures, savedPieces = :saved,"
                        + " repairing = :repairing, repairOwed = :owed, checkedUntil = :checked, missingCount = :count,"
                        + " missingIds = :missing, repaired = :repaired, undecided = :undecided",
                values.attributes());
    }

    /** Forgets an audit that is complete, and what it has read. */
    void complete(Held held, AuditProgress progress) {
        lease.renewAnd(
                held,
                "completedAt = :now REMOVE startedAt, nextPage, lastPage, pageFailures, savedPieces, repairing, repairOwed,"
                        + " checkedUntil, missingCount, missingIds, repaired, undecided",
                new Item().with(":now", clock.instant()).attributes());
        for (var number = 1; number <= progress.list().pieces(); number++) {
            var key = key(piece(progress.startedAt(), number));
            dynamoDb.deleteItem(request -> request.tableName(table).key(key));
        }
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
    }

    /** What cannot be read is begun anew, rather than never (design rule 24). */
    private @Nullable AuditProgress goodProgress(Item item) {
        try {
            var startedAt = item.instant("startedAt");
            return startedAt == null || !clock.instant().isBefore(startedAt.plus(GOOD_FOR))
                    ? null
                    : progress(startedAt, item);
        } catch (IllegalStateException | InvalidValueException | DateTimeException | NumberFormatException odd) {
            return null;
        }
    }

    private static AuditProgress progress(Instant startedAt, Item item) {
        var checkedUntil = item.text("checkedUntil");
        return new AuditProgress(
                startedAt,
                new Reading(
                        (int) item.number("nextPage"),
                        (int) item.number("lastPage"),
                        (int) item.number("pageFailures"),
                        (int) item.number("savedPieces")),
                new Purpose(item.flag("repairing"), item.flag("repairOwed")),
                new SecondLook(
                        checkedUntil.isEmpty() ? null : new UssfId(checkedUntil),
                        (int) item.number("missingCount"),
                        UssfIds.unpacked(item.bytes("missingIds")),
                        (int) item.number("repaired")),
                (int) item.number("undecided"));
    }

    private static AttributeValue binary(byte[] bytes) {
        return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
    }

    private static String piece(Instant startedAt, int number) {
        return "subscribed#" + startedAt + "#" + number;
    }

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", PARTITION).with("sk", sk).attributes();
    }
}
