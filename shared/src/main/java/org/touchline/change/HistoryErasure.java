package org.touchline.change;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Erases the entries about a person and their members, and takes their identifiers out of those of others (wire contract §9). Everything
 * may be done again.
 *
 * <p><b>What finds them.</b> The index by USSF-ID has the entries about a person, the index by member those about a member. Who held an
 * id and does no longer has an entry that says so ({@code left#<USSF-ID>}): it is kept as long as any before it, so it leads from a
 * member to all people whose entries may name them, and from a person to all members whose entries may. Indexes follow the table a
 * moment later: the newest entries are read from the table itself.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class HistoryErasure {
    /** As many entries are kept within seconds, at most. */
    private static final int NEWEST = 500;

    private static final int MOST_RACES = 20;

    /** Beside the counter in one transaction: DynamoDB takes 100 items. */
    private static final int MOST_AT_ONCE = 99;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final ProfileStore profiles;
    private final MemberDirectory directory;
    private final InstantSource clock;
    private final BatchReader reader;
    private final TransactionWriter writer;

    HistoryErasure(
            DynamoDbClient dynamoDb,
            String table,
            ProfileStore profiles,
            MemberDirectory directory,
            InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.profiles = profiles;
        this.directory = directory;
        this.clock = clock;
        this.reader = BatchReader.consistent(dynamoDb, table);
        this.writer = new TransactionWriter(dynamoDb);
    }

    /**
     * Remembers for two days, by digests of the ids, that they were erased by now: what streams still say of the time before is dropped.
     * Whoever keeps entries at this moment looks again.
     */
    public void remember(Collection<UssfId> people, Collection<MemberIdentifier> members) {
        var now = clock.instant();
        var digests = List.copyOf(named(people, members).digests());
        for (var from = 0; from < digests.size(); from += MOST_AT_ONCE) {
            remember(digests.subList(from, Math.min(digests.size(), from + MOST_AT_ONCE)), now);
        }
    }

    private void remember(List<String> digests, Instant now) {
        var parts = new ArrayList<TransactWriteItem>();
        parts.add(TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Counter.key())
                        .updateExpression("SET erasedAt = :now ADD version :one")
                        .expressionAttributeValues(new Item()
                                .withNumber(":now", now.getEpochSecond())
                                .withNumber(":one", 1)
                                .attributes()))
                .build());
        digests.forEach(digest -> parts.add(TransactWriteItem.builder()
                .put(put ->
                        put.tableName(table).item(ErasedIds.item(digest, now).attributes()))
                .build()));
        writer.writeAgain(() -> parts, MOST_RACES, "the history was written");
    }

    /**
     * Erases them.
     *
     * @return how many entries were erased, or name them no more
     */
    public int erase(Collection<UssfId> people, Collection<MemberIdentifier> members) {
        var named = named(people, members);
        var rows = naming(named);
        // What leads to others goes last: whatever ends this, the same call again finds the rest.
        rows.stream()
                .sorted(Comparator.comparing((Row row) -> row.without(named).isEmpty())
                        .thenComparing(row -> row.kept().entry().leaves() != null))
                .forEach(row -> erase(row, named));
        return rows.size();
    }

    /** How many entries {@link #erase} would erase, or change. */
    public int count(Collection<UssfId> people, Collection<MemberIdentifier> members) {
        return naming(named(people, members)).size();
    }

    /**
     * Who is to be forgotten; members who held one of the ids when they were taken out are among them.
     *
     * @param left the entries that say who has held one of the ids
     * @param digests that stand for all of them
     */
    private record Named(Set<UssfId> people, Set<String> members, List<Row> left, Set<String> digests) {}

    private record Row(KeptEntry kept, Item item) {
        Optional<Entry> without(Named named) {
            return ErasedIds.without(kept.entry(), named.digests());
        }
    }

    private Named named(Collection<UssfId> people, Collection<MemberIdentifier> members) {
        var ids = Set.copyOf(people);
        var left = leftBy(ids);
        var identifiers = Stream.concat(members.stream(), takenOut(left))
                .map(MemberIdentifier::value)
                .collect(Collectors.toSet());
        return new Named(ids, identifiers, left, ErasedIds.digests(ids, identifiers));
    }

    /** Who held one of these ids when they were taken out, and is not in the directory. They are forgotten with the person. */
    public Set<MemberIdentifier> membersWhoLeft(Collection<UssfId> people) {
        return takenOut(leftBy(Set.copyOf(people))).collect(Collectors.toSet());
    }

    private Stream<MemberIdentifier> takenOut(List<Row> left) {
        return left.stream()
                .map(row -> row.kept().entry())
                .filter(entry -> entry.type() == ChangeType.MEMBER_REMOVED)
                .flatMap(entry -> Stream.ofNullable(entry.subject()))
                .map(MemberIdentifier::new)
                .filter(identifier -> directory.find(identifier).isEmpty());
    }

    /** The entries that are about them, or name them. */
    private List<Row> naming(Named named) {
        var numbers = new LinkedHashSet<Long>();
        var othersMembers = new HashSet<String>();
        for (var id : named.people()) {
            var about = numbers("by-ussf-id", "ussfId", id.value());
            numbers.addAll(about);
            rows(about)
                    .forEach(row -> othersMembers.addAll(
                            ErasedIds.identifiers(row.kept().entry().data())));
        }
        named.left()
                .forEach(row ->
                        othersMembers.add(String.valueOf(row.kept().entry().subject())));
        othersMembers.forEach(member -> numbers.addAll(numbers("by-member", "memberIdentifier", member)));
        for (var member : named.members()) {
            var about = numbers("by-member", "memberIdentifier", member);
            numbers.addAll(about);
            peopleHeldBy(member, rows(about)).stream()
                    .filter(id -> !named.people().contains(id))
                    .forEach(id -> numbers.addAll(numbers("by-ussf-id", "ussfId", id.value())));
        }
        numbers.addAll(newest());
        Predicate<Row> names =
                row -> !row.without(named).equals(Optional.of(row.kept().entry()));
        return rows(numbers).stream().filter(names).toList();
    }

    /** Whose id a member held at any time, under all ids that these people have had. */
    private Set<UssfId> peopleHeldBy(String member, List<Row> about) {
        var held = new HashSet<UssfId>();
        directory
                .find(new MemberIdentifier(member))
                .flatMap(found -> Optional.ofNullable(found.enrollment().heldUssfId()))
                .ifPresent(held::add);
        about.forEach(row -> {
            var entry = row.kept().entry();
            Stream.ofNullable(entry.leaves()).forEach(held::add);
            var told = entry.data().path("ussfId");
            if (told.isTextual()) {
                held.add(new UssfId(told.asText()));
            }
        });
        return held.stream().map(profiles::idsOf).flatMap(Set::stream).collect(Collectors.toSet());
    }

    private List<Row> leftBy(Set<UssfId> people) {
        return people.stream()
                .map(id -> rows(numbers("by-ussf-id", "ussfId", KeptEntry.LEFT + id)))
                .flatMap(List::stream)
                .toList();
    }

    private List<Long> numbers(String index, String key, String about) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .indexName(index)
                        .keyConditionExpression(key + " = :about")
                        .expressionAttributeValues(
                                new Item().with(":about", about).attributes()))
                .items()
                .stream()
                .map(item -> new Item(item).number("sk"))
                .toList();
    }

    private List<Long> newest() {
        var end = Counter.read(dynamoDb, table).next();
        return Stream.iterate(Math.max(1, end - NEWEST), number -> number < end, number -> number + 1)
                .toList();
    }

    private List<Row> rows(Collection<Long> numbers) {
        return reader.read(numbers.stream().map(KeptEntry::key).toList(), null).stream()
                .filter(KeptEntry::isOne)
                .map(item -> new Row(KeptEntry.of(item), item))
                .toList();
    }

    private void erase(Row row, Named named) {
        var without = row.without(named);
        var key = KeptEntry.key(row.kept().number());
        if (without.isEmpty()) {
            dynamoDb.putItem(request ->
                    request.tableName(table).item(row.kept().hole(row.item()).attributes()));
            return;
        }
        var entry = without.get();
        var left = entry.leaves() == null && row.kept().entry().leaves() != null;
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key)
                    .updateExpression("SET #data = :data" + (left ? " REMOVE ussfId" : ""))
                    .conditionExpression("#data = :read")
                    .expressionAttributeNames(Map.of("#data", "data"))
                    .expressionAttributeValues(new Item()
                            .with(":data", entry.data())
                            .with(":read", row.item().text("data"))
                            .attributes()));
        } catch (ConditionalCheckFailedException changedMeanwhile) {
            // By another erasure: what is left of it is looked at again; of what is gone, nothing is.
            rows(List.of(row.kept().number())).forEach(again -> erase(again, named));
        }
    }
}
