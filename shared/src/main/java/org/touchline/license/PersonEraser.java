package org.touchline.license;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * Deletes what the table of the license store holds of a person. Everything may be done again.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class PersonEraser {
    private static final int MOST_RACES = 10;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final TransactionWriter writer;

    /** For the license store's table. */
    public PersonEraser(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.writer = new TransactionWriter(dynamoDb);
    }

    /** The ids that have moved to this one, in one step or several. Reads the whole table: nothing else leads back. */
    public Set<UssfId> formerIdsOf(UssfId present) {
        var successors = new HashMap<UssfId, UssfId>();
        dynamoDb
                .scanPaginator(request -> request.tableName(table)
                        .filterExpression("attribute_exists(movedTo)")
                        .projectionExpression("pk, movedTo")
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new)
                .forEach(item -> successors.put(PersonItems.person(item), new UssfId(item.text("movedTo"))));
        var found = new HashSet<>(Set.of(present));
        while (successors.entrySet().stream()
                .anyMatch(move -> found.contains(move.getValue()) && found.add(move.getKey()))) {
            // Until nothing more leads there.
        }
        found.remove(present);
        return found;
    }

    /**
     * Deletes what is under an id, but for its profile.
     *
     * @return how many items there were
     */
    public int licenses(UssfId ussfId) {
        var keys = dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PersonItems.partition(ussfId))))
                        .projectionExpression("pk, sk")
                        .consistentRead(true))
                .items()
                .stream()
                .filter(key -> !new Item(key).text("sk").equals(PersonItems.PROFILE))
                .toList();
        keys.forEach(
                key -> dynamoDb.deleteItem(request -> request.tableName(table).key(key)));
        return keys.size();
    }

    /**
     * Deletes the profiles of these ids, and something else, in one transaction: what leads from one to the other is there
     * whole, or not at all.
     *
     * @param other deletions in other tables
     * @return how many profiles there were
     */
    public int profiles(Collection<UssfId> ussfIds, Collection<TransactWriteItem> other) {
        var profiles = ussfIds.stream()
                .map(PersonItems::profileKey)
                .filter(this::exists)
                .map(key -> TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(table).key(key))
                        .build())
                .toList();
        var all = new ArrayList<>(profiles);
        all.addAll(other);
        if (!all.isEmpty()) {
            write(all);
        }
        return profiles.size();
    }

    private boolean exists(Map<String, AttributeValue> key) {
        return dynamoDb.getItem(request -> request.tableName(table)
                        .key(key)
                        .projectionExpression("pk")
                        .consistentRead(true))
                .hasItem();
    }

    private void write(List<TransactWriteItem> deletions) {
        for (var race = 0; race < MOST_RACES; race++) {
            if (writer.write(deletions)) {
                return;
            }
            Backoff.pause(race);
        }
        throw TransactionConflictException.builder()
                .message("the person was changed by others " + MOST_RACES + " times in a row")
                .build();
    }
}
