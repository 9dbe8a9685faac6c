package org.touchline.subscription;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.license.UssfId;
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

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire().map(held -> new Start(held, goodProgress(held.item())));
    }

    /** Saves another piece of what was read, 400 KB at most; it counts once a saved progress says so. */
    void savePiece(Held held, AuditProgress progress, UssfIds ids) {
        lease.renew(held);
        var item = new Item(key(piece(progress.startedAt(), progress.pieces() + 1)))
                .withNumber("expiresAt", progress.startedAt().plus(GOOD_FOR).getEpochSecond());
        item.attributes().put("ids", binary(ids.packed()));
        dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
    }

    /** The ids of all pieces that a progress counts. */
    UssfIds read(AuditProgress progress) {
        var ids = new UssfIds();
        for (var number = 1; number <= progress.pieces(); number++) {
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
                .withNumber(":next", progress.nextPage())
                .withNumber(":saved", progress.pieces())
                .withBoolean(":repairing", progress.repairing())
                .with(":checked", progress.checkedUntil() == null ? "" : progress.checkedUntil())
                .withNumber(":count", progress.missingCount())
                .withNumber(":repaired", progress.repaired());
        values.attributes().put(":missing", binary(progress.missing()));
        lease.renewAnd(
                held,
                "startedAt = :started, nextPage = :next, savedPieces = :saved, repairing = :repairing,"
                        + " checkedUntil = :checked, missingCount = :count, missingIds = :missing, repaired = :repaired",
                values.attributes());
    }

    /** Forgets an audit that is complete, and what it has read. */
    void complete(Held held, AuditProgress progress) {
        lease.renewAnd(
                held,
                "completedAt = :now REMOVE startedAt, nextPage, savedPieces, repairing, checkedUntil, missingCount, missingIds,"
                        + " repaired",
                new Item().with(":now", clock.instant()).attributes());
        for (var number = 1; number <= progress.pieces(); number++) {
            var key = key(piece(progress.startedAt(), number));
            dynamoDb.deleteItem(request -> request.tableName(table).key(key));
        }
    }

    /** Gives the lease back, if it is still held. */
    void release(Held held) {
        lease.release(held);
    }

    private @Nullable AuditProgress goodProgress(Item item) {
        var startedAt = item.instant("startedAt");
        if (startedAt == null || !clock.instant().isBefore(startedAt.plus(GOOD_FOR))) {
            return null;
        }
        var checkedUntil = item.text("checkedUntil");
        return new AuditProgress(
                startedAt,
                (int) item.number("nextPage"),
                (int) item.number("savedPieces"),
                item.flag("repairing"),
                checkedUntil.isEmpty() ? null : new UssfId(checkedUntil),
                (int) item.number("missingCount"),
                item.bytes("missingIds"),
                (int) item.number("repaired"));
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
