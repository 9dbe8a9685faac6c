package org.touchline.followup;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.TransactionWriter;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What is owed to someone: one row per thing to do, deleted when it is done. A row is due at an instant; until then nobody need
 * look at it. Its version is that of the last wish for it: who finishes or postpones it does so on condition of the version
 * that was read, so that a newer wish is kept (design rule 10). A wish for what is owed already has its attempts before it, and
 * is never due later than it was. The index {@code by-due} lists each {@link Queue} in the order
 * in which rows are due; it follows the table a moment later.
 *
 * <p>The table's stream wakes whoever works on them, for new rows with {@code wakes}. One more item, {@code id = lease},
 * holds the lease of the one execution at work, and until when the Learning Center wants to be left alone.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class FollowUpStore {
    /** Longer than one thing takes; it is renewed before each. */
    private static final Duration LEASE = Duration.ofMinutes(2);

    /** When a row is due that is there in case its writer dies. */
    private static final Duration WRITER_MAY_TAKE = Duration.ofSeconds(60);

    /** From so many failures on, about a quarter of an hour, somebody should look (design rule 10). */
    private static final int FAILING_FROM = 5;

    /** What failed waits no longer. */
    static final Duration LONGEST_WAIT = Duration.ofHours(6);

    private static final int MOST_COUNTED = 1_000;

    /** Who works reads on as it goes. */
    private static final int IDS_A_PAGE = 100;

    private static final int MOST_RACES = 10;

    private static final String BY_DUE = "by-due";
    private static final String BY_SUBJECT = "by-subject";
    private static final Map<String, AttributeValue> LEASE_KEY = FollowUpItems.key("lease");

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final InstantSource clock;
    private final TransactionWriter writer;
    private final Lease lease;

    /** @param clock tells what is due */
    public FollowUpStore(DynamoDbClient dynamoDb, String table, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.clock = clock;
        this.writer = new TransactionWriter(dynamoDb);
        this.lease = new Lease(dynamoDb, table, LEASE_KEY, LEASE, clock);
    }

    /**
     * How much is owed to someone.
     *
     * @param count of rows
     * @param failing how many of them have failed several times
     * @param oldest when the oldest of them was wished for; null if there is none
     */
    public record Outstanding(
            int count, int failing, @Nullable Instant oldest) {}

    /** Asks for something to be done now; a new row wakes who does it. */
    public void ask(FollowUp work) {
        wish(work, Duration.ZERO, true, version());
    }

    /** Asks for several things to be done now: all of them, or none, if this fails. */
    public void askAll(List<? extends FollowUp> works) {
        if (works.size() == 1) {
            ask(works.getFirst());
            return;
        }
        writer.writeAgain(() -> works.stream().map(this::asking).toList(), MOST_RACES, "the follow-up was changed");
    }

    /** Asks for something to be done later; nobody is woken for it. What is due sooner already stays so. */
    public void askLater(FollowUp work, Duration wait) {
        wish(work, wait, false, version());
    }

    /**
     * Asks for something that is in vain before that: what looks once more after a time, or was just tried. So it is the one wish
     * that may be due later than it was. Nobody is woken for it.
     */
    public void askNotBefore(FollowUp work, Duration wait) {
        var asking = asking(work, clock.instant().plus(wait), false, version());
        Conflicts.repeating(() -> dynamoDb.updateItem(asking));
    }

    /**
     * {@link #ask} as a part of a transaction, so that it is asked for exactly when its cause is stored. Looks when it is due, if
     * it is owed already.
     */
    public TransactWriteItem asking(FollowUp work) {
        var now = clock.instant();
        var update = asking(work, dueAt(work).filter(now::isAfter).orElse(now), true, version());
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(update.tableName())
                        .key(update.key())
                        .updateExpression(update.updateExpression())
                        .expressionAttributeNames(update.expressionAttributeNames())
                        .expressionAttributeValues(update.expressionAttributeValues())
                        .build())
                .build();
    }

    /**
     * Records something that its writer is about to do itself, in case it dies before it is done (design rule 8): due in 60
     * seconds, and nobody is woken.
     *
     * @return what to {@linkplain #finish finish}
     */
    public OwedFollowUp record(FollowUp work) {
        var version = version();
        wish(work, WRITER_MAY_TAKE, false, version);
        var now = clock.instant();
        return new OwedFollowUp(work, version, now.plus(WRITER_MAY_TAKE), now, 0, 0, null);
    }

    /** Ends what is done, unless it has been wished for anew since it was read. */
    public void finish(OwedFollowUp owed) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(FollowUpItems.key(owed.work().id()))
                    .conditionExpression("version = :version")
                    .expressionAttributeValues(version(owed)));
        } catch (ConditionalCheckFailedException | TransactionConflictException wishedForAnewOrGone) {
            // The newer wish stays.
        }
    }

    /** Takes a wish back, however new it is. */
    public void forget(FollowUp work) {
        delete(work.id());
    }

    /** @return whether it was there */
    private boolean delete(String id) {
        return Conflicts.repeating(() -> dynamoDb.deleteItem(request ->
                        request.tableName(table).key(FollowUpItems.key(id)).returnValues(ReturnValue.ALL_OLD)))
                .hasAttributes();
    }

    /**
     * Takes every wish about somebody back, as the index {@code by-subject} has followed. It lists a move by the former id.
     *
     * @param subjects USSF-IDs and member identifiers, as follow-ups name them
     * @return how many wishes there were
     */
    public int forgetAbout(Set<String> subjects) {
        return (int) idsAbout(subjects).filter(this::delete).count();
    }

    /** How many wishes {@link #forgetAbout} would take back. */
    public int countAbout(Set<String> subjects) {
        return (int) idsAbout(subjects).count();
    }

    private Stream<String> idsAbout(Set<String> subjects) {
        return subjects.stream()
                .flatMap(subject -> dynamoDb
                        .queryPaginator(request -> request.tableName(table)
                                .indexName(BY_SUBJECT)
                                .keyConditionExpression("subject = :subject")
                                .expressionAttributeValues(
                                        new Item().with(":subject", subject).attributes()))
                        .items()
                        .stream())
                .map(row -> new Item(row).text("id"));
    }

    /** A follow-up as it is now, strongly consistent; empty if there is none. */
    public Optional<OwedFollowUp> find(String id) {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(FollowUpItems.key(id)).consistentRead(true));
        return Optional.of(new Item(answer.item()))
                .filter(item -> item.has("version"))
                .map(FollowUpItems::owed);
    }

    /**
     * How many rows are outstanding: what waits in {@link Queue#LATER} is not. Keeps none of them (design rule 32).
     *
     * @param most it counts no further
     */
    public int countOutstanding(int most) {
        var count = 0;
        for (var queue : Queue.OUTSTANDING) {
            count += count(queue, most - count);
        }
        return count;
    }

    private int count(Queue queue, int most) {
        var count = 0;
        @Nullable Map<String, AttributeValue> last = null;
        while (count < most && (last == null || !last.isEmpty())) {
            var page = dynamoDb.query(listing(queue, null, most - count)
                    .select(Select.COUNT)
                    .exclusiveStartKey(last)
                    .build());
            count += page.count();
            last = page.lastEvaluatedKey();
        }
        return count;
    }

    /**
     * How much is outstanding, of those that are due first, one request for each queue. A row that cannot be read fails, until somebody
     * looks.
     *
     * @param most it looks at no more
     */
    public Outstanding outstanding(int most) {
        return counted(Queue.OUTSTANDING.stream()
                .flatMap(queue -> listed(queue, null, most).limit(most))
                .sorted(Comparator.comparingLong(item -> item.number("dueAt")))
                .limit(most));
    }

    private static Outstanding counted(Stream<Item> items) {
        var count = 0;
        var failing = 0;
        Instant oldest = null;
        for (var item : (Iterable<Item>) items::iterator) {
            count++;
            try {
                var askedAt = FollowUpItems.askedAt(item);
                oldest = oldest == null || askedAt.isBefore(oldest) ? askedAt : oldest;
                failing += item.number("attempts") >= FAILING_FROM ? 1 : 0;
            } catch (IllegalStateException unreadable) {
                failing++;
            }
        }
        return new Outstanding(count, failing, oldest);
    }

    /** How much of what waits in {@link Queue#LATER} has failed several times; stops counting at 1,000 rows. */
    public int failingLater() {
        // What failed is due again within the longest wait; of what is merely late, most is not.
        return (int) listed(Queue.LATER, clock.instant().plus(LONGEST_WAIT), MOST_COUNTED)
                .limit(MOST_COUNTED)
                .filter(item -> item.number("attempts") >= FAILING_FROM)
                .count();
    }

    /** When the row was due, of each queue, that is due first; without those that are empty. */
    public Map<Queue, Instant> longestDue() {
        var longest = new EnumMap<Queue, Instant>(Queue.class);
        for (var queue : Queue.values()) {
            listed(queue, null, 1)
                    .findFirst()
                    .ifPresent(item -> longest.put(queue, Instant.ofEpochMilli(item.number("dueAt"))));
        }
        return longest;
    }

    /** What was wished for since an instant, and waits in a queue, as the index tells. */
    public List<FollowUp> askedSince(Queue queue, Instant since) {
        return listed(queue, null, MOST_COUNTED)
                .filter(item -> !FollowUpItems.askedAt(item).isBefore(since))
                .map(item -> FollowUpItems.work(item.text("id")))
                .toList();
    }

    /**
     * The ids of what waits in a queue, the longest due first, as the index tells; read as they are asked for.
     *
     * @param dueUntil only what is due by then; null for all
     */
    Stream<String> ids(Queue queue, @Nullable Instant dueUntil) {
        return listed(queue, dueUntil, IDS_A_PAGE).map(item -> item.text("id"));
    }

    /**
     * Puts off what failed, unless it has been wished for anew since it was read.
     *
     * @param attempts how often it has failed now
     * @param reason why, for the person who looks into it: nothing personal
     */
    void postpone(OwedFollowUp owed, Instant dueAt, int attempts, String reason) {
        postpone(owed, dueAt, attempts, owed.unknownAnswers(), reason);
    }

    /** The same for what failed since the Learning Center says that it does not know the person. */
    void postponeUnknown(OwedFollowUp owed, Instant dueAt, String reason) {
        postpone(owed, dueAt, owed.attempts() + 1, owed.unknownAnswers() + 1, reason);
    }

    private void postpone(OwedFollowUp owed, Instant dueAt, int attempts, int unknownAnswers, String reason) {
        var values = new Item(version(owed))
                .withNumber(":due", dueAt.toEpochMilli())
                .withNumber(":attempts", attempts)
                .withNumber(":unknown", unknownAnswers)
                .with(":reason", reason);
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(FollowUpItems.key(owed.work().id()))
                    .updateExpression(
                            "SET dueAt = :due, attempts = :attempts, unknownAnswers = :unknown, reason = :reason")
                    .conditionExpression("version = :version")
                    .expressionAttributeValues(values.attributes()));
        } catch (ConditionalCheckFailedException | TransactionConflictException wishedForAnewOrGone) {
            // The newer wish is due when it says.
        }
    }

    /** The right to work on follow-ups. */
    Lease lease() {
        return lease;
    }

    /** Until when the Learning Center wants to be left alone; null if it does not. */
    static @Nullable Instant pausedUntil(Lease.Held held) {
        return held.item().instant("pausedUntil");
    }

    /** Halts all follow-ups, whoever works on them, until an instant. */
    void pause(Lease.Held held, Instant until) {
        lease.renewAnd(
                held, "pausedUntil = :paused", new Item().with(":paused", until).attributes());
    }

    /** DynamoDB knows no lesser of two: a row that is due sooner is renewed as it is. */
    private void wish(FollowUp work, Duration wait, boolean wakes, String version) {
        var asking = asking(work, clock.instant().plus(wait), wakes, version);
        var keepingDue = asking.toBuilder()
                .updateExpression(
                        asking.updateExpression().replace("dueAt = :due,", "dueAt = if_not_exists(dueAt, :due),"));
        var stored = false;
        for (var race = 0; !stored && race < MOST_RACES; race++) {
            stored = update(asking.toBuilder().conditionExpression("attribute_not_exists(dueAt) OR dueAt >= :due"))
                    || update(keepingDue.conditionExpression("dueAt < :due"));
        }
        if (!stored) {
            throw Conflicts.lost("the follow-up was changed", MOST_RACES);
        }
    }

    private boolean update(UpdateItemRequest.Builder request) {
        try {
            var update = request.build();
            Conflicts.repeating(() -> dynamoDb.updateItem(update));
            return true;
        } catch (ConditionalCheckFailedException dueOtherwise) {
            return false;
        }
    }

    private Optional<Instant> dueAt(FollowUp work) {
        var answer = dynamoDb.getItem(request -> request.tableName(table)
                .key(FollowUpItems.key(work.id()))
                .projectionExpression("dueAt")
                .consistentRead(true));
        return Optional.of(new Item(answer.item()))
                .filter(item -> item.has("dueAt"))
                .map(item -> Instant.ofEpochMilli(item.number("dueAt")));
    }

    private UpdateItemRequest asking(FollowUp work, Instant dueAt, boolean wakes, String version) {
        return UpdateItemRequest.builder()
                .tableName(table)
                .key(FollowUpItems.key(work.id()))
                .updateExpression(
                        "SET version = :version, #queue = :queue, dueAt = :due, wakes = :wakes,"
                                + " askedAt = if_not_exists(askedAt, :now), attempts = :none, unknownAnswers = :none, subject = :subject")
                .expressionAttributeNames(Map.of("#queue", "queue"))
                .expressionAttributeValues(new Item()
                        .with(":version", version)
                        .with(":subject", FollowUpItems.subject(work))
                        .with(":queue", work.kind().queue().storedName())
                        .withNumber(":due", dueAt.toEpochMilli())
                        .withBoolean(":wakes", wakes)
                        .with(":now", clock.instant())
                        .withNumber(":none", 0)
                        .attributes())
                .build();
    }

    private Stream<Item> listed(Queue queue, @Nullable Instant dueUntil, int pageSize) {
        return dynamoDb.queryPaginator(listing(queue, dueUntil, pageSize).build()).items().stream()
                .map(Item::new);
    }

    private QueryRequest.Builder listing(Queue queue, @Nullable Instant dueUntil, int pageSize) {
        var values = new Item().with(":queue", queue.storedName());
        if (dueUntil != null) {
            values.withNumber(":due", dueUntil.toEpochMilli());
        }
        return QueryRequest.builder()
                .tableName(table)
                .indexName(BY_DUE)
                .keyConditionExpression("#queue = :queue" + (dueUntil == null ? "" : " AND dueAt <= :due"))
                .expressionAttributeNames(Map.of("#queue", "queue"))
                .expressionAttributeValues(values.attributes())
                .limit(pageSize);
    }

    private static String version() {
        return UUID.randomUUID().toString();
    }

    private static Map<String, AttributeValue> version(OwedFollowUp owed) {
        return new Item().with(":version", owed.version()).attributes();
    }
}
