package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The rows of the license store, read and written one request at a time. Each write is on a condition of the revision, and of what
 * full answers said since, so that it can neither undo what is later nor bring back what is gone.
 *
 * <p>Safe for use by several threads.
 */
final class LicenseRows {
    private static final String IS_NEWS = "attribute_not_exists(revision) OR revision < :revision";
    private static final String IS_NEWS_OF_ANOTHER_INSTANT =
            "attribute_not_exists(revision) OR (revision < :revision AND NOT begins_with(revision, :instant))";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;

    LicenseRows(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
    }

    /**
     * What came of writing a license.
     *
     * @param news whether it was written
     * @param known what was stored before; null if nothing was
     */
    record Written(boolean news, @Nullable Item known) {}

    /** Writes a license unless the store holds the same or a higher revision. One request, which tells what was there as well. */
    Written put(Item license) {
        return putIf(IS_NEWS, Map.of(), license);
    }

    /** The same, but what is stored of the very same instant stays as well: it may contradict. */
    Written putUnlessOfThatInstant(Item license, Revision revision) {
        return putIf(IS_NEWS_OF_ANOTHER_INSTANT, Map.of(":instant", instant(revision)), license);
    }

    /** Sends what {@link #putUnlessOfThatInstant} sends, on a condition that can never hold: nothing is written. */
    void rehearsePut(Item license, Revision revision) {
        // As a put is answered that stores something: loaded now, not by the first webhook.
        var _ = PutItemResponse.builder().build();
        putIf("(" + IS_NEWS_OF_ANOTHER_INSTANT + ") AND " + Item.NEVER, Map.of(":instant", instant(revision)), license);
    }

    private static AttributeValue instant(Revision revision) {
        return AttributeValue.fromS(revision.sortableInstant());
    }

    private Written putIf(String condition, Map<String, AttributeValue> values, Item license) {
        var all = new Item(new HashMap<>(values)).with(":revision", license.text("revision"));
        return Conflicts.repeating(() -> {
            try {
                var before = dynamoDb.putItem(request -> request.tableName(table)
                        .item(license.attributes())
                        .conditionExpression(condition)
                        .expressionAttributeValues(all.attributes())
                        .returnValues(ReturnValue.ALL_OLD)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD));
                return new Written(true, itemOrNull(before.attributes()));
            } catch (ConditionalCheckFailedException itStays) {
                return new Written(false, itemOrNull(itStays.item()));
            }
        });
    }

    /** Marks a license as missing in a full answer (design rule 3b), if it is still what was read. */
    TransactWriteItem markingAbsent(Item license, Instant askedAt) {
        var marked = state(license, PersonItems.ABSENT_SINCE, PersonItems.SHOWN_SINCE, askedAt);
        return answering(license, marked, PersonItems.ABSENT_SINCE, PersonItems.SHOWN_SINCE);
    }

    /** Ends such a mark, since a later full answer shows the license, if it is still what was read. */
    TransactWriteItem markingShown(Item license, Instant askedAt) {
        var shown = state(license, PersonItems.SHOWN_SINCE, PersonItems.ABSENT_SINCE, askedAt);
        return answering(license, shown, PersonItems.SHOWN_SINCE, PersonItems.ABSENT_SINCE);
    }

    /** The row as it is to be: with one mark instead of the other, and in the index of those that end, or not. */
    private static Item state(Item license, String set, String removed, Instant askedAt) {
        var after = new Item(new HashMap<>(license.attributes())).withSortable(set, askedAt);
        after.attributes().remove(removed);
        return PersonItems.withEnd(after);
    }

    private TransactWriteItem answering(Item license, Item after, String set, String removed) {
        var ends = after.has(PersonItems.ENDS_IN);
        var values = state(license)
                .with(":by", LearnedBy.FULL_ANSWER.wireName())
                .with(":at", after.text(set))
                .with(":in", after.textOrNull(PersonItems.ENDS_IN))
                .with(":on", after.textOrNull(PersonItems.ENDS_ON));
        var update = ends
                ? "SET %s = :at, learnedBy = :by, endsIn = :in, endsOn = :on REMOVE %s, missed"
                : "SET %s = :at, learnedBy = :by REMOVE %s, missed, endsIn, endsOn";
        return TransactWriteItem.builder()
                .update(request -> request.tableName(table)
                        .key(key(license))
                        .updateExpression(update.formatted(set, removed))
                        .conditionExpression(stillSo(license))
                        .expressionAttributeValues(values.attributes()))
                .build();
    }

    /**
     * Writes a license whole, if what is there is still what was read.
     *
     * @param known what is there; null if nothing is
     */
    TransactWriteItem replacing(@Nullable Item known, Item license) {
        return TransactWriteItem.builder()
                .put(put -> {
                    put.tableName(table).item(license.attributes());
                    if (known == null) {
                        put.conditionExpression("attribute_not_exists(revision)");
                    } else {
                        put.conditionExpression(stillSo(known))
                                .expressionAttributeValues(state(known).attributes());
                    }
                })
                .build();
    }

    /** Deletes a license, if it is still what was read, marks included; whether it was. */
    boolean delete(Item license) {
        return Conflicts.repeating(() -> {
            try {
                dynamoDb.deleteItem(request -> request.tableName(table)
                        .key(key(license))
                        .conditionExpression(stillSo(license))
                        .expressionAttributeValues(state(license).attributes()));
                return true;
            } catch (ConditionalCheckFailedException changedOrGone) {
                return false;
            }
        });
    }

    /** The condition that a license is as it was read: its revision, and what full answers said since. */
    private static String stillSo(Item license) {
        return "revision = :revision" + stillSo(license, PersonItems.ABSENT_SINCE)
                + stillSo(license, PersonItems.SHOWN_SINCE);
    }

    private static String stillSo(Item license, String mark) {
        return license.has(mark)
                ? " AND %1$s = :%1$s".formatted(mark)
                : " AND attribute_not_exists(%s)".formatted(mark);
    }

    private static Item state(Item license) {
        return new Item()
                .with(":revision", license.text("revision"))
                .with(":" + PersonItems.ABSENT_SINCE, license.textOrNull(PersonItems.ABSENT_SINCE))
                .with(":" + PersonItems.SHOWN_SINCE, license.textOrNull(PersonItems.SHOWN_SINCE));
    }

    private static @Nullable Item itemOrNull(Map<String, AttributeValue> attributes) {
        return attributes.isEmpty() ? null : new Item(attributes);
    }

    /** One license, strongly consistent; null if there is none. */
    @Nullable Item find(UssfId ussfId, LicenseId licenseId) {
        var answer = dynamoDb.getItem(request -> request.tableName(table)
                .key(PersonItems.licenseKey(ussfId, licenseId))
                .consistentRead(true));
        return answer.hasItem() ? new Item(answer.item()) : null;
    }

    /** Everything under an id, strongly consistent: licenses in the order of their ids, and the profile. */
    List<Item> under(UssfId ussfId) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PersonItems.partition(ussfId))))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new)
                .toList();
    }

    /**
     * Active licenses that end from a day on, of one year and one of its {@link EndingLicense#SHARDS} keys, in the order of the
     * index {@code by-end}, which follows the table a moment later. One request, as long as all can be read.
     *
     * @param first the last day of a license of that year, the first that is wanted
     * @param last the last that is wanted, of the same year
     * @param after the position to go on after; null for the beginning
     * @param unreadable is told of each that cannot be read, which is passed over (design rule 24)
     */
    List<EndingLicense> ending(
            LocalDate first, LocalDate last, int shard, @Nullable String after, int limit, Runnable unreadable) {
        // Of a row, more stands behind the date.
        var end = last.plusDays(1).toString();
        var found = new ArrayList<EndingLicense>();
        for (var begin = after == null || after.compareTo(first.toString()) < 0 ? first.toString() : behind(after);
                begin.compareTo(end) < 0 && found.size() < limit; ) {
            var wanted = limit - found.size();
            var positions = ending(EndingLicense.partition(first, shard), begin, end, wanted);
            positions.forEach(
                    position -> EndingLicense.ifReadable(position, unreadable).forEach(found::add));
            begin = positions.size() < wanted ? end : behind(positions.getLast());
        }
        return found;
    }

    private static String behind(String position) {
        return position + "\u0001";
    }

    private List<String> ending(String partition, String begin, String end, int limit) {
        return dynamoDb
                .query(request -> request.tableName(table)
                        .indexName("by-end")
                        .keyConditionExpression("endsIn = :in AND endsOn BETWEEN :begin AND :end")
                        .expressionAttributeValues(new Item()
                                .with(":in", partition)
                                .with(":begin", begin)
                                .with(":end", end)
                                .attributes())
                        .limit(limit))
                .items()
                .stream()
                .map(attributes -> new Item(attributes).text(PersonItems.ENDS_ON))
                .toList();
    }

    /** What is stored of these licenses, and whether their people have moved, by key; in batches, eventually consistent. */
    Map<Map<String, AttributeValue>, Item> stored(Collection<LicenseChange> changes) {
        var keys = new LinkedHashSet<Map<String, AttributeValue>>();
        changes.forEach(change -> keys.add(PersonItems.licenseKey(change)));
        changes.forEach(change -> keys.add(PersonItems.profileKey(change.ussfId())));
        return batchReader.read(List.copyOf(keys), "pk, sk, revision, movedTo, subscribedSince").stream()
                .collect(Collectors.toMap(LicenseRows::key, Function.identity()));
    }

    private static Map<String, AttributeValue> key(Item item) {
        return new Item()
                .with("pk", item.text("pk"))
                .with("sk", item.text("sk"))
                .attributes();
    }
}
