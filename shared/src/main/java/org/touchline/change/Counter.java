package org.touchline.change;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What gives entries their numbers (design rule 30): {@code pk = counter}. Whoever writes to the history does so on condition of the
 * version that was read, and raises it.
 *
 * @param version how often anything was written; 0 if nothing was
 * @param next the number of the next entry
 * @param latest the latest {@code time} of all entries; null if there are none
 * @param keptAt when the last entry was kept; null if there are none
 * @param erasedAt when somebody was last erased; null if nobody ever was
 */
record Counter(
        long version,
        long next,
        @Nullable Instant latest,
        @Nullable Instant keptAt,
        @Nullable Instant erasedAt) {
    private static final Counter NEW = new Counter(0, 1, null, null, null);

    static Map<String, AttributeValue> key() {
        return new Item().with("pk", "counter").withNumber("sk", 0).attributes();
    }

    /** As it is now, strongly consistent. */
    static Counter read(DynamoDbClient dynamoDb, String table) {
        var answer =
                dynamoDb.getItem(request -> request.tableName(table).key(key()).consistentRead(true));
        if (!answer.hasItem()) {
            return NEW;
        }
        var item = new Item(answer.item());
        return new Counter(
                item.number("version"),
                item.has("next") ? item.number("next") : NEW.next,
                seconds(item, "latest"),
                seconds(item, "keptAt"),
                seconds(item, "erasedAt"));
    }

    private static @Nullable Instant seconds(Item item, String name) {
        return item.has(name) ? Instant.ofEpochSecond(item.number(name)) : null;
    }
}
