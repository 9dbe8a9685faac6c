package org.touchline.subscription;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.license.UssfId;
import org.touchline.license.UssfIds;
import org.touchline.subscription.AuditProgress.Comparison;
import org.touchline.subscription.AuditProgress.Purpose;
import org.touchline.subscription.AuditProgress.Reading;
import org.touchline.subscription.AuditProgress.SecondLook;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * How far an unfinished audit has come, in the table of the license store: {@code pk = subscription-audit}, with
 * {@code sk = checkpoint} for its progress and the lease of the run at work, {@code sk = subscribed#<start>#<number>} for
 * the ids that it has read so far, 8 bytes each, and {@code sk = candidates#<start>#<number>} for those to look at once more. Beside the progress stays what the last audit found. An unfinished one is good for eight days; DynamoDB deletes the ids after that, if the audit
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

    private static final String SUBSCRIBED = "subscribed";
    private static final String CANDIDATES = "candidates";
    private static final int CANDIDATES_A_PIECE = 10_000;

    private static final String PARTITION = "subscription-audit";

    private static final String FOUND = "foundAt = :now, foundMissing = :missing, foundExtra = :extra";

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

    /**
     * What the last audit found that came to its end.
     *
     * @param at when that was
     * @param missing how many of the expected we were not told of
     * @param extra how many we were told of without need
     */
    public record Found(Instant at, int missing, int extra) {}

    /** The key of what {@link #found} reads, for who reads several items at once. */
    public static Map<String, AttributeValue> key() {
        return key("checkpoint");
    }

    /** What the last audit found, of the item under {@link #key()}; empty before the first one. */
    public static Optional<Found> found(Item item) {
        return Optional.ofNullable(item.instant("foundAt"))
                .map(at -> new Found(at, (int) item.number("foundMissing"), (int) item.number("foundExtra")));
    }

    /** Since when there is an audit to go on with; empty if there is none. Who only wants to know leaves the lease to others. */
    public Optional<Instant> unfinishedSince() {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key("checkpoint")).consistentRead(true));
        return Optional.ofNullable(goodProgress(new Item(answer.item()))).map(AuditProgress::startedAt);
    }

    /** Takes the lease; empty if another run holds it. */
    Optional<Start> acquire() {
        return lease.acquire().map(held -> new Start(held, goodProgress(held.item())));
    }

    /** Saves another piece of what was read, 400 KB at most; it counts once a saved progress says so. */
    void savePiece(Held held, AuditProgress progress, UssfIds ids) {
        lease.renew(held);
        put(progress, SUBSCRIBED, progress.list().pieces() + 1, ids.packed());
    }

    /** The ids of all pieces that a progress counts. */
    UssfIds.Builder read(AuditProgress progress) {
        var ids = new UssfIds.Builder();
        for (var number = 1; number <= progress.list().pieces(); number++) {
            packed(progress, SUBSCRIBED, number).ifPresent(ids::addPacked);
        }
        return ids;
    }

    /** Saves whom to look at once more, those who are expected first; they count once a saved progress says so. */
    void saveCandidates(Held held, AuditProgress progress, List<UssfIds> candidates) {
        var piece = ByteBuffer.allocate(CANDIDATES_A_PIECE * Long.BYTES);
        var number = 0;
        for (var ussfId : (Iterable<UssfId>) candidates.stream().flatMap(UssfIds::stream)::iterator) {
            piece.putLong(ussfId.number());
            if (!piece.hasRemaining()) {
                lease.renew(held);
                put(progress, CANDIDATES, number++, piece.array());
                piece.clear();
            }
        }
        if (piece.position() > 0) {
            put(progress, CANDIDATES, number, Arrays.copyOf(piece.array(), piece.position()));
        }
    }

    /** Those to look at from one on, to the end of the piece that they are in; empty if it is gone. */
    List<UssfId> candidates(AuditProgress progress, int from) {
        var ids = new ArrayList<UssfId>();
        packed(progress, CANDIDATES, from / CANDIDATES_A_PIECE).ifPresent(packed -> {
            var numbers = ByteBuffer.wrap(packed).position(from % CANDIDATES_A_PIECE * Long.BYTES);
            while (numbers.hasRemaining()) {
                ids.add(UssfId.of(numbers.getLong()));
            }
        });
        return ids;
    }

    private void put(AuditProgress progress, String what, int number, byte[] packed) {
        var item = new Item(key(piece(progress, what, number)))
                .withNumber("expiresAt", progress.startedAt().plus(GOOD_FOR).getEpochSecond());
        item.attributes().put("ids", binary(packed));
        dynamoDb.putItem(request -> request.tableName(table).item(item.attributes()));
    }

    private Optional<byte[]> packed(AuditProgress progress, String what, int number) {
        var answer = dynamoDb.getItem(request ->
                request.tableName(table).key(key(piece(progress, what, number))).consistentRead(true));
        return answer.hasItem() ? Optional.of(new Item(answer.item()).bytes("ids")) : Optional.empty();
    }

    /** Saves the progress, and renews the lease. */
    void save(Held held, AuditProgress progress) {
        var looked = progress.secondLook();
        var values = new Item()
                .with(":started", progress.startedAt())
                .withNumber(":next", progress.list().nextPage())
                .withNumber(":last", progress.list().lastPage())
                .withNumber(":failures", progress.list().failures())
                .withNumber(":saved", progress.list().pieces())
                .withBoolean(":repairing", progress.repairing())
                .withBoolean(":owed", progress.purpose().repairOwed())
                .withNumber(":looked", looked.looked())
                .withNumber(":found", looked.found())
                .withNumber(":foundExtra", looked.foundExtra())
                .withNumber(":count", looked.missingCount())
                .withNumber(":repaired", looked.repaired())
                .withNumber(":undecided", progress.undecided());
        values.attributes().put(":missing", binary(looked.missing().packed()));
        values.attributes().put(":comparison", comparison(progress.comparison()));
        lease.renewAnd(
                held,
                "startedAt = :started, nextPage = :next, lastPage = :last, pageFailures = :failures, savedPieces = :saved,"
                        + " repairing = :repairing, repairOwed = :owed, comparison = :comparison, looked = :looked,"
                        + " seenSubscribed = :found, seenWithoutNeed = :foundExtra, missingCount = :count, missingIds = :missing,"
                        + " repaired = :repaired, undecided = :undecided",
                values.attributes());
    }

    private static AttributeValue comparison(@Nullable Comparison comparison) {
        if (comparison == null) {
            return AttributeValue.fromNul(true);
        }
        var values = new Item()
                .withNumber("expected", comparison.expected())
                .withNumber("subscribed", comparison.subscribed())
                .withNumber("extraCount", comparison.extraCount())
                .withNumber("seemMissing", comparison.seemMissing())
                .withNumber("marked", comparison.marked());
        values.attributes().put("extra", binary(comparison.extra().packed()));
        return AttributeValue.fromM(values.attributes());
    }

    private static @Nullable Comparison comparison(AttributeValue stored) {
        if (!stored.hasM()) {
            return null;
        }
        var values = new Item(stored.m());
        return new Comparison(
                (int) values.number("expected"),
                (int) values.number("subscribed"),
                (int) values.number("extraCount"),
                UssfIds.unpacked(values.bytes("extra")),
                (int) values.number("seemMissing"),
                (int) values.number("marked"));
    }

    /** Keeps what an audit found that goes on: as a report it is complete, and the repair is still owed. */
    void report(Held held, AuditResult result) {
        lease.renewAnd(held, FOUND, values(result));
    }

    /** Keeps what an audit found, and forgets what it has read. */
    void complete(Held held, AuditProgress progress, AuditResult result) {
        lease.renewAnd(
                held,
                FOUND + " REMOVE startedAt, nextPage, lastPage, pageFailures, savedPieces, repairing, repairOwed,"
                        + " comparison, looked, seenSubscribed, seenWithoutNeed, missingCount, missingIds, repaired, undecided",
                values(result));
        for (var number = 1; number <= progress.list().pieces(); number++) {
            delete(piece(progress, SUBSCRIBED, number));
        }
        var candidates =
                progress.comparison() == null ? 0 : progress.comparison().toBeLookedAt();
        for (var from = 0; from < candidates; from += CANDIDATES_A_PIECE) {
            delete(piece(progress, CANDIDATES, from / CANDIDATES_A_PIECE));
        }
    }

    private void delete(String sk) {
        dynamoDb.deleteItem(request -> request.tableName(table).key(key(sk)));
    }

    private Map<String, AttributeValue> values(AuditResult result) {
        return new Item()
                .with(":now", clock.instant())
                .withNumber(":missing", result.missingCount())
                .withNumber(":extra", result.extraCount())
                .attributes();
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
        return new AuditProgress(
                startedAt,
                new Reading(
                        (int) item.number("nextPage"),
                        (int) item.number("lastPage"),
                        (int) item.number("pageFailures"),
                        (int) item.number("savedPieces")),
                new Purpose(item.flag("repairing"), item.flag("repairOwed")),
                comparison(item.attributes().getOrDefault("comparison", AttributeValue.fromNul(true))),
                new SecondLook(
                        (int) item.number("looked"),
                        (int) item.number("seenSubscribed"),
                        (int) item.number("seenWithoutNeed"),
                        (int) item.number("missingCount"),
                        UssfIds.unpacked(item.bytes("missingIds")),
                        (int) item.number("repaired")),
                (int) item.number("undecided"));
    }

    private static AttributeValue binary(byte[] bytes) {
        return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
    }

    private static String piece(AuditProgress progress, String what, int number) {
        return what + "#" + progress.startedAt() + "#" + number;
    }

    private static Map<String, AttributeValue> key(String sk) {
        return new Item().with("pk", PARTITION).with("sk", sk).attributes();
    }
}
