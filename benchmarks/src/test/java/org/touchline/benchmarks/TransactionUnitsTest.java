package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

class TransactionUnitsTest {
    private static final TransactionUnits UNITS = new TransactionUnits("members:status,id:everybody,id;others");

    @Test
    void putTakesTwoUnitsAKilobyteAndTwoForEachIndexThatItIsIn() {
        assertEquals(2, put("others", Map.of("id", text(10), "status", text(10))));
        assertEquals(4, put("others", Map.of("id", text(1100))));
        assertEquals(2, put("members", Map.of("id", text(10))));
        assertEquals(4, put("members", Map.of("id", text(10), "status", text(10))));
        assertEquals(6, put("members", Map.of("id", text(10), "status", text(10), "everybody", text(1))));
    }

    @Test
    void updateIsInTheIndexesWhoseKeysItNamesAndDeletionInAll() {
        assertEquals(
                4,
                units(item ->
                        item.update(update -> update.tableName("members").updateExpression("SET status = :new"))));
        assertEquals(
                2,
                units(item -> item.update(update -> update.tableName("others").updateExpression("SET status = :new"))));
        assertEquals(6, units(item -> item.delete(delete -> delete.tableName("members"))));
        assertEquals(2, units(item -> item.conditionCheck(check -> check.tableName("members"))));
    }

    private static AttributeValue text(int length) {
        return AttributeValue.fromS("x".repeat(length));
    }

    private static long put(String table, Map<String, AttributeValue> item) {
        return units(each -> each.put(put -> put.tableName(table).item(item)));
    }

    private static long units(Consumer<TransactWriteItem.Builder> item) {
        var one = TransactWriteItem.builder();
        item.accept(one);
        return UNITS.of(
                TransactWriteItemsRequest.builder().transactItems(one.build()).build());
    }
}
