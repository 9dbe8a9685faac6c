package org.touchline.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.embedded.ManyItems;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;

@OnEveryBackend
class LongReadTest {
    private static final int A_PAGE = 20;

    private final TestStack stack;

    LongReadTest(Backend backend) {
        stack = backend.newStack();
    }

    @AfterEach
    void deleteTable() {
        stack.close();
    }

    @Test
    void eachItemOfAWholeTableIsReadOnceHoweverManyPagesItHas() {
        put(5 * A_PAGE);
        assertEquals(keys(5 * A_PAGE), read(stack.dynamoDb()));
    }

    @Test
    void tableOfOnePageTakesOneRequest() {
        put(A_PAGE - 1);
        var requests = new AtomicInteger();
        assertEquals(keys(A_PAGE - 1), read(Intercepted.client(stack.dynamoDb(), _ -> requests.incrementAndGet())));
        assertEquals(1, requests.get());
    }

    private void put(int items) {
        ManyItems.put(
                stack.dynamoDb(),
                stack.table("LicenseStoreTable"),
                keys(items).stream()
                        .map(key -> Map.of("pk", AttributeValue.fromS(key), "sk", AttributeValue.fromS("sort key")))
                        .toList());
    }

    private static List<String> keys(int items) {
        return IntStream.range(0, items).mapToObj("partition-%04d"::formatted).toList();
    }

    private List<String> read(DynamoDbClient dynamoDb) {
        return LongRead.ofTable(
                        dynamoDb,
                        ScanRequest.builder()
                                .tableName(stack.table("LicenseStoreTable"))
                                .limit(A_PAGE)
                                .build())
                .map(item -> item.text("pk"))
                .sorted()
                .toList();
    }
}
