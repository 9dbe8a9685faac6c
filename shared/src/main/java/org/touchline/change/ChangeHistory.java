package org.touchline.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.ProfileStore;
import org.touchline.member.MemberDirectory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Keeps entries, each once, and gives each its number in the transaction that stores it (design rule 30). In the table beside the
 * {@linkplain KeptEntry entries}:
 *
 * <ul>
 *   <li>the {@link Counter};
 *   <li>{@code pk = id#<id>}, a marker of each entry for two days: streams repeat within one;
 *   <li>{@code pk = hours}, {@code sk} the hours since the epoch: the number of the first entry up to which a {@code time} in that hour
 *       was reached;
 *   <li>{@code pk = erased#<digest>}, {@linkplain ErasedIds who was erased}, for two days.
 * </ul>
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then it may be done again.
 */
public final class ChangeHistory {
    /** With their markers, the counter and the hour they are as many as a transaction may write. */
    private static final int MOST_AT_ONCE = 49;

    private static final Duration MARKED = Duration.ofDays(2);
    private static final int MOST_RACES = 50;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Duration kept;
    private final InstantSource clock;
    private final BatchReader reader;
    private final TransactionWriter writer;

    /**
     * A history in a table that {@code template.yaml} made.
     *
     * @param kept for how long, from an entry's time
     * @param clock tells when an entry is kept
     */
    public ChangeHistory(DynamoDbClient dynamoDb, String table, Duration kept, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.kept = kept;
        this.clock = clock;
        this.reader = BatchReader.consistent(dynamoDb, table);
        this.writer = new TransactionWriter(dynamoDb);
    }

    /** Reads the entries in their order. */
    public ChangeFeed feed() {
        return new ChangeFeed(dynamoDb, table, kept, clock);
    }

    /** Reads what happened to somebody. */
    public Histories histories() {
        return new Histories(dynamoDb, table, kept, clock);
    }

    /** Forgets somebody. */
    public HistoryErasure erasure(ProfileStore profiles, MemberDirectory members) {
        return new HistoryErasure(dynamoDb, table, profiles, members, clock);
    }

    /** Notices what streams could not deliver in time. */
    Gaps gaps() {
        return new Gaps(dynamoDb, table, clock);
    }

    /**
     * Keeps entries in their order. Those that are kept already are passed over, and so is what is about somebody who was erased
     * since; who is named and was erased is named no more.
     *
     * @return how many were kept
     */
    public int append(List<Entry> entries) {
        var once = new LinkedHashMap<String, Entry>();
        entries.forEach(entry -> once.putIfAbsent(entry.id(), entry));
        var rest = List.copyOf(once.values());
        var count = 0;
        while (!rest.isEmpty()) {
            var done = appendSome(rest);
            count += done.kept();
            rest = rest.subList(done.dealtWith(), rest.size());
        }
        return count;
    }

    private record Done(int kept, int dealtWith) {}

    /** As many of the first as one transaction takes. */
    private Done appendSome(List<Entry> entries) {
        var known = Set.<String>of();
        for (var race = 0; race < MOST_RACES; race++) {
            var counter = Counter.read(dynamoDb, table);
            var some = entries.subList(0, fitting(entries, counter));
            // Read after the counter: who is erased meanwhile changes that.
            var erased = isRecent(counter.erasedAt()) ? ErasedIds.amongThoseOf(some, reader) : ErasedIds.NONE;
            var repeated = known;
            var news = some.stream()
                    .filter(entry -> !repeated.contains(entry.id()))
                    .flatMap(entry -> erased.without(entry).stream())
                    .toList();
            if (news.isEmpty() || writer.write(parts(counter, news))) {
                return new Done(news.size(), some.size());
            }
            known = marked(some);
            if (race > 0) {
                Backoff.pause(race);
            }
        }
        throw Conflicts.lost("the history was written", MOST_RACES);
    }

    private boolean isRecent(@Nullable Instant erasedAt) {
        return erasedAt != null && clock.instant().isBefore(erasedAt.plus(ErasedIds.KEPT));
    }

    /** An hour that is reached takes a part of the transaction: one has room. */
    private static int fitting(List<Entry> entries, Counter counter) {
        var hours = new HashSet<Long>();
        var latest = counter.latest();
        for (var count = 0; count < entries.size(); count++) {
            var time = entries.get(count).time();
            if (latest == null || hour(time) > hour(latest)) {
                hours.add(hour(time));
            }
            latest = later(latest, time);
            if (count == MOST_AT_ONCE || hours.size() > 1) {
                return count;
            }
        }
        return entries.size();
    }

    private List<TransactWriteItem> parts(Counter counter, List<Entry> entries) {
        var now = clock.instant();
        var parts = new ArrayList<TransactWriteItem>();
        var latest = counter.latest();
        var number = counter.next();
        for (var entry : entries) {
            var reached = later(latest, entry.time());
            if (latest == null || hour(reached) > hour(latest)) {
                parts.add(putting(hourItem(reached, number), null));
            }
            latest = reached;
            parts.add(putting(new KeptEntry(number++, entry, latest, now).item(kept), "attribute_not_exists(pk)"));
            parts.add(putting(
                    new Item(marker(entry.id()))
                            .withNumber("expiresAt", now.plus(MARKED).getEpochSecond()),
                    "attribute_not_exists(pk)"));
        }
        parts.addFirst(counting(counter, number, latest, now));
        return parts;
    }

    private Item hourItem(Instant reached, long number) {
        return new Item()
                .with("pk", "hours")
                .withNumber("sk", hour(reached))
                .withNumber("first", number)
                // Longer than any entry of that hour.
                .withNumber("expiresAt", reached.plus(kept).plus(MARKED).getEpochSecond());
    }

    private TransactWriteItem counting(Counter counter, long next, @Nullable Instant latest, Instant now) {
        var values = new Item()
                .withNumber(":version", counter.version() + 1)
                .withNumber(":next", next)
                .withNumber(":latest", latest == null ? null : latest.getEpochSecond())
                .withNumber(":now", now.getEpochSecond())
                .withNumber(":before", counter.version() == 0 ? null : counter.version());
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Counter.key())
                        .updateExpression("SET version = :version, #next = :next, latest = :latest, keptAt = :now")
                        .conditionExpression(
                                counter.version() == 0 ? "attribute_not_exists(version)" : "version = :before")
                        .expressionAttributeNames(Map.of("#next", "next"))
                        .expressionAttributeValues(values.attributes()))
                .build();
    }

    private TransactWriteItem putting(Item item, @Nullable String condition) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table).item(item.attributes()).conditionExpression(condition))
                .build();
    }

    /** Those whose entries are kept already. */
    private Set<String> marked(Collection<Entry> entries) {
        var found = new HashSet<String>();
        var keys = entries.stream().map(entry -> marker(entry.id())).toList();
        reader.read(keys, "pk").forEach(item -> found.add(item.text("pk").substring("id#".length())));
        return found;
    }

    private static Map<String, AttributeValue> marker(String id) {
        return new Item().with("pk", "id#" + id).withNumber("sk", 0).attributes();
    }

    static long hour(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), 3_600L);
    }

    private static Instant later(@Nullable Instant one, Instant other) {
        return one == null || one.isBefore(other) ? other : one;
    }
}
