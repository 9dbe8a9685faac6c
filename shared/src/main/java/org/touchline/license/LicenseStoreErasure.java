package org.touchline.license;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Deletes what the table of the license store holds of a person: a part of what {@code PersonErasure} forgets everywhere.
 * Everything may be done again.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class LicenseStoreErasure {
    private static final int MOST_RACES = 10;

    /** What one transaction of DynamoDB may hold. */
    private static final int MOST_PARTS = 100;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final TransactionWriter writer;

    /** For the license store's table. */
    public LicenseStoreErasure(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.writer = new TransactionWriter(dynamoDb);
    }

    /**
     * Deletes what is under an id, but for its profile.
     *
     * @return how many items there were
     */
    public int eraseLicenses(UssfId ussfId) {
        var keys = keys(ussfId);
        keys.forEach(
                key -> dynamoDb.deleteItem(request -> request.tableName(table).key(key)));
        return keys.size();
    }

    /** How many items there are that {@link #eraseLicenses} and {@link #eraseProfiles} would delete. */
    public int held(Collection<UssfId> ussfIds) {
        return ussfIds.stream()
                .mapToInt(ussfId -> keys(ussfId).size() + (profile(ussfId).isPresent() ? 1 : 0))
                .sum();
    }

    /** What is under an id, but for its profile. */
    private List<Map<String, AttributeValue>> keys(UssfId ussfId) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PersonItems.partition(ussfId))))
                        .projectionExpression("pk, sk")
                        .consistentRead(true))
                .items()
                .stream()
                .filter(key -> !new Item(key).text("sk").equals(PersonItems.PROFILE))
                .toList();
    }

    /**
     * Deletes the profiles of these ids, and something else: in one transaction, so that what leads from one to the other is there
     * whole, or not at all. What is too much for one takes several. The ids go in such an order that {@code first} leads to all
     * that are still there: those that have moved to others before these, and at the end those that {@code first} has moved to,
     * the last one first, before itself.
     *
     * @param ussfIds all ids of a person
     * @param first the one of them by which the person was found
     * @param other deletions in other tables
     * @param otherLast those without which the person is not found again
     * @return how many profiles there were
     */
    public int eraseProfiles(
            Collection<UssfId> ussfIds,
            @Nullable UssfId first,
            List<TransactWriteItem> other,
            List<TransactWriteItem> otherLast) {
        var successors = new HashMap<UssfId, Optional<UssfId>>();
        for (var ussfId : ussfIds) {
            profile(ussfId).ifPresent(profile -> successors.put(ussfId, movedTo(profile)));
        }
        var leading = first == null ? List.<UssfId>of() : chain(first, successors);
        var byTheWay = successors.keySet().stream()
                .filter(ussfId -> !leading.contains(ussfId))
                .sorted(Comparator.comparingInt(
                                (UssfId ussfId) -> chain(ussfId, successors).size())
                        .reversed());
        var ids = Stream.concat(byTheWay, leading.reversed().stream().filter(successors::containsKey));
        var parts = Stream.of(other.stream(), ids.map(this::deleting), otherLast.stream())
                .flatMap(some -> some)
                .toList();
        // What is over goes first, so that the last transaction is full.
        for (int from = 0, to = parts.size() % MOST_PARTS; from < parts.size(); from = to, to += MOST_PARTS) {
            if (to > from) {
                write(parts.subList(from, to));
            }
        }
        return successors.size();
    }

    /** An id, and all that the person has had since, as far as these moves tell. */
    private static List<UssfId> chain(UssfId ussfId, Map<UssfId, Optional<UssfId>> successors) {
        var chain = new LinkedHashSet<UssfId>();
        for (var next = Optional.of(ussfId);
                next.isPresent() && chain.add(next.get());
                next = successors.getOrDefault(next.get(), Optional.empty())) {
            // Until nothing leads on, or it goes round.
        }
        return List.copyOf(chain);
    }

    private Optional<Item> profile(UssfId ussfId) {
        var answer = dynamoDb.getItem(request -> request.tableName(table)
                .key(PersonItems.profileKey(ussfId))
                .projectionExpression("pk, movedTo")
                .consistentRead(true));
        return answer.hasItem() ? Optional.of(new Item(answer.item())) : Optional.empty();
    }

    private static Optional<UssfId> movedTo(Item profile) {
        return Optional.ofNullable(profile.textOrNull("movedTo")).map(UssfId::new);
    }

    private TransactWriteItem deleting(UssfId ussfId) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table).key(PersonItems.profileKey(ussfId)))
                .build();
    }

    private void write(List<TransactWriteItem> deletions) {
        writer.writeAgain(() -> deletions, MOST_RACES, "the person was changed");
    }
}
