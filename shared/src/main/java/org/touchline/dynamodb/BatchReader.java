package org.touchline.dynamodb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;

/** Reads many items of one table by their keys, a hundred a request. Safe for use by several threads. */
public final class BatchReader {
    private static final int KEYS_A_REQUEST = 100;
    private static final int MOST_RETRIES = 10;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final boolean consistent;

    /** A reader of one table, eventually consistent. */
    public BatchReader(DynamoDbClient dynamoDb, String table) {
        this(dynamoDb, table, false);
    }

    private BatchReader(DynamoDbClient dynamoDb, String table, boolean consistent) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.consistent = consistent;
    }

    /** A reader of one table, strongly consistent, which costs twice as much. */
    public static BatchReader consistent(DynamoDbClient dynamoDb, String table) {
        return new BatchReader(dynamoDb, table, true);
    }

    /**
     * The items that are there, in no order.
     *
     * @param keys without repeats
     * @param projection names of attributes, separated by commas; null for all
     * @throws ProvisionedThroughputExceededException if DynamoDB left keys unread several times in a row
     */
    public List<Item> read(List<Map<String, AttributeValue>> keys, @Nullable String projection) {
        var items = new ArrayList<Item>();
        for (var from = 0; from < keys.size(); from += KEYS_A_REQUEST) {
            var unread = keys.subList(from, Math.min(keys.size(), from + KEYS_A_REQUEST));
            for (var attempt = 0; !unread.isEmpty(); attempt++) {
                unread = readSome(unread, projection, items);
                if (!unread.isEmpty()) {
                    requireProgress(attempt);
                    Backoff.pause(attempt);
                }
            }
        }
        return items;
    }

    private List<Map<String, AttributeValue>> readSome(
            List<Map<String, AttributeValue>> keys, @Nullable String projection, List<Item> items) {
        var wanted = KeysAndAttributes.builder()
                .keys(keys)
                .projectionExpression(projection)
                .consistentRead(consistent)
                .build();
        var answer = dynamoDb.batchGetItem(request -> request.requestItems(Map.of(table, wanted)));
        answer.responses().getOrDefault(table, List.of()).forEach(item -> items.add(new Item(item)));
        var unread = answer.unprocessedKeys().get(table);
        return unread == null ? List.of() : unread.keys();
    }

    private static void requireProgress(int attempt) {
        if (attempt >= MOST_RETRIES) {
            throw ProvisionedThroughputExceededException.builder()
                    .message("DynamoDB left keys unread " + (attempt + 1) + " times in a row")
                    .build();
        }
    }
}
