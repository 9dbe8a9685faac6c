package org.touchline.dynamodb;

import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Writes several items, or none of them. What lost against another writer is told apart from what failed: DynamoDB does not
 * repeat a transaction that conflicts with another (design §8). Safe for use by several threads.
 */
public final class TransactionWriter {
    /** Why a transaction is canceled, each word for a part of it, where to read again and try again may help. */
    private static final Set<String> PASSING = Set.of(
            "None",
            "ConditionalCheckFailed",
            "TransactionConflict",
            "ProvisionedThroughputExceeded",
            "ThrottlingError");

    private final DynamoDbClient dynamoDb;

    /** A writer of any table. */
    public TransactionWriter(DynamoDbClient dynamoDb) {
        this.dynamoDb = dynamoDb;
    }

    /**
     * Writes all of it; a single put, update or deletion as one, which costs half.
     *
     * @return false if nothing was written, since a condition does not hold, or another writes there: it is to be looked at again
     */
    public boolean write(List<TransactWriteItem> parts) {
        try {
            if (parts.size() == 1 && parts.getFirst().put() != null) {
                put(parts.getFirst().put());
            } else if (parts.size() == 1 && parts.getFirst().update() != null) {
                update(parts.getFirst().update());
            } else if (parts.size() == 1 && parts.getFirst().delete() != null) {
                delete(parts.getFirst().delete());
            } else if (!parts.isEmpty()) {
                dynamoDb.transactWriteItems(request -> request.transactItems(parts));
            }
            return true;
        } catch (ConditionalCheckFailedException | TransactionConflictException changedByAnother) {
            return false;
        } catch (TransactionCanceledException canceled) {
            if (canceled.cancellationReasons().stream().allMatch(reason -> PASSING.contains(reason.code()))) {
                return false;
            }
            throw canceled;
        }
    }

    /**
     * The same, again for as long as it loses against others.
     *
     * @param parts are asked for anew each time
     * @param most how many times
     * @param lost what has happened then, such as {@code the person was changed}
     * @throws TransactionConflictException if it lost each time; nothing was written
     */
    public void writeAgain(Supplier<List<TransactWriteItem>> parts, int most, String lost) {
        for (var race = 0; race < most; race++) {
            if (write(parts.get())) {
                return;
            }
            Backoff.pause(race);
        }
        throw Conflicts.lost(lost, most);
    }

    private void put(Put put) {
        dynamoDb.putItem(request -> request.tableName(put.tableName())
                .item(put.item())
                .conditionExpression(put.conditionExpression())
                .expressionAttributeValues(
                        put.hasExpressionAttributeValues() ? put.expressionAttributeValues() : null));
    }

    private void update(Update update) {
        dynamoDb.updateItem(request -> request.tableName(update.tableName())
                .key(update.key())
                .updateExpression(update.updateExpression())
                .conditionExpression(update.conditionExpression())
                .expressionAttributeNames(
                        update.hasExpressionAttributeNames() ? update.expressionAttributeNames() : null)
                .expressionAttributeValues(
                        update.hasExpressionAttributeValues() ? update.expressionAttributeValues() : null));
    }

    private void delete(Delete delete) {
        dynamoDb.deleteItem(request -> request.tableName(delete.tableName())
                .key(delete.key())
                .conditionExpression(delete.conditionExpression())
                .expressionAttributeValues(
                        delete.hasExpressionAttributeValues() ? delete.expressionAttributeValues() : null));
    }
}
