package org.touchline.embedded;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Writes many items into a table, as many with each request as DynamoDB takes: one by one, thousands take minutes. */
public final class ManyItems {
    private static final int IN_A_BATCH = 25;

    private ManyItems() {}

    /** Puts them in; whatever has the key of one is replaced. */
    public static void put(DynamoDbClient dynamoDb, String table, List<Map<String, AttributeValue>> items) {
        write(
                dynamoDb,
                table,
                items.stream()
                        .map(item -> WriteRequest.builder()
                                .putRequest(put -> put.item(item))
                                .build())
                        .toList());
    }

    /** Writes them, each of another key; goes on until DynamoDB has left nothing unprocessed. */
    public static void write(DynamoDbClient dynamoDb, String table, List<WriteRequest> writes) {
        for (var from = 0; from < writes.size(); from += IN_A_BATCH) {
            var left = Map.of(table, writes.subList(from, Math.min(writes.size(), from + IN_A_BATCH)));
            while (!left.isEmpty()) {
                var some = left;
                left = dynamoDb.batchWriteItem(request -> request.requestItems(some))
                        .unprocessedItems();
            }
        }
    }

    /** An item with other texts; what is no text stays as it is. */
    public static Map<String, AttributeValue> copy(Map<String, AttributeValue> item, UnaryOperator<String> text) {
        var copy = new HashMap<>(item);
        copy.replaceAll((_, value) -> value.s() == null ? value : AttributeValue.fromS(text.apply(value.s())));
        return copy;
    }
}
