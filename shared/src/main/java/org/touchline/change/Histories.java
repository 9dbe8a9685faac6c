package org.touchline.change;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * What happened to people and members, newest first: by the indexes, which follow the table a moment later.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class Histories {
    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Duration kept;
    private final InstantSource clock;
    private final BatchReader reader;

    Histories(DynamoDbClient dynamoDb, String table, Duration kept, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.kept = kept;
        this.clock = clock;
        this.reader = new BatchReader(dynamoDb, table);
    }

    /**
     * A part of a history.
     *
     * @param next the number below which it goes on; null at the end
     */
    public record Page(List<Entry> entries, @Nullable Long next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /**
     * What happened to all of these: one request for each, and one more for each hundred entries.
     *
     * @param people the entries about them, those about their members aside
     * @param members the entries about them
     * @param below the number to go on below; null for the newest
     * @param limit how many at most
     */
    public Page of(Collection<UssfId> people, Collection<MemberIdentifier> members, @Nullable Long below, int limit) {
        var begin = below == null ? Long.MAX_VALUE : below;
        var numbers = Stream.concat(
                        people.stream().map(id -> numbers("by-ussf-id", "ussfId", id, begin, limit)),
                        members.stream().map(id -> numbers("by-member", "memberIdentifier", id, begin, limit)))
                .flatMap(List::stream)
                .sorted(Comparator.reverseOrder())
                .toList();
        var page = numbers.stream().limit(limit).toList();
        var horizon = clock.instant().minus(kept);
        var found = entries(page);
        var entries =
                found.stream().filter(entry -> !entry.time().isBefore(horizon)).toList();
        // Behind what is gone for its age, everything is.
        var ends = numbers.size() <= limit || entries.size() < found.size();
        return new Page(entries, ends ? null : page.getLast());
    }

    /** The newest numbers first, one more than are wanted. */
    private List<Long> numbers(String index, String key, Object about, long below, int limit) {
        return dynamoDb
                .query(request -> request.tableName(table)
                        .indexName(index)
                        .keyConditionExpression("#key = :about AND sk < :below")
                        .expressionAttributeNames(Map.of("#key", key))
                        .expressionAttributeValues(new Item()
                                .with(":about", about)
                                .withNumber(":below", below)
                                .attributes())
                        .scanIndexForward(false)
                        .limit(limit + 1))
                .items()
                .stream()
                .map(item -> new Item(item).number("sk"))
                .toList();
    }

    /** Those that are there, in the order of the numbers. */
    private List<Entry> entries(List<Long> numbers) {
        var rows = reader.read(numbers.stream().map(KeptEntry::key).toList(), null).stream()
                .filter(KeptEntry::isOne)
                .map(KeptEntry::of)
                .collect(Collectors.toMap(KeptEntry::number, Function.identity()));
        var entries = new ArrayList<Entry>();
        for (var number : numbers) {
            var row = rows.get(number);
            if (row != null) {
                entries.add(row.entry());
            }
        }
        return entries;
    }
}
