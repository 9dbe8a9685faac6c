package org.touchline.license;

import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * The rows of the license store, read and written one request at a time. Each write is on a condition of the revision, so that it
 * can neither undo a later change nor bring back what is gone.
 *
 * <p>Safe for use by several threads.
 */
final class LicenseRows {
    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;

    LicenseRows(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
    }

    /** Writes a license unless the store holds the same or a higher revision; whether it did. */
    boolean put(Item license) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(license.attributes())
                    .conditionExpression("attribute_not_exists(revision) OR revision < :revision")
                    .expressionAttributeValues(Map.of(":revision", AttributeValue.fromS(license.text("revision")))));
            return true;
        } catch (ConditionalCheckFailedException sameOrNewerIsStored) {
            return false;
        }
    }

    /** Marks a license as missing in a full answer, if it is still what was read; whether it was. */
    boolean markAbsent(Item license, Instant askedAt) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key(license))
                    .updateExpression("SET absentSince = :at")
                    .conditionExpression(
                            "revision = :revision AND (attribute_not_exists(absentSince) OR absentSince < :at)")
                    .expressionAttributeValues(new Item()
                            .with(":revision", license.text("revision"))
                            .withSortable(":at", askedAt)
                            .attributes()));
            return true;
        } catch (ConditionalCheckFailedException changedSince) {
            return false;
        }
    }

    /** Deletes a license, if it is still what was read; whether it was. */
    boolean delete(Item license) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key(license))
                    .conditionExpression("revision = :revision")
                    .expressionAttributeValues(Map.of(":revision", AttributeValue.fromS(license.text("revision")))));
            return true;
        } catch (ConditionalCheckFailedException changedOrGone) {
            return false;
        }
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

    /** What is stored of these licenses, and whether their people have moved, by key; in batches, eventually consistent. */
    Map<Map<String, AttributeValue>, Item> stored(Collection<LicenseChange> changes) {
        var keys = new LinkedHashSet<Map<String, AttributeValue>>();
        changes.forEach(change -> keys.add(PersonItems.licenseKey(change)));
        changes.forEach(change -> keys.add(PersonItems.profileKey(change.ussfId())));
        return batchReader.read(List.copyOf(keys), "pk, sk, revision, movedTo").stream()
                .collect(Collectors.toMap(LicenseRows::key, Function.identity()));
    }

    private static Map<String, AttributeValue> key(Item item) {
        return new Item()
                .with("pk", item.text("pk"))
                .with("sk", item.text("sk"))
                .attributes();
    }
}
