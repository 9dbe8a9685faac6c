package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * What a transaction consumes in the cloud: two units for each begun kilobyte of each item, and for each index that the item is in.
 * DynamoDB Local, asked for it, tells four times what the last item of each table takes. A deletion counts as if the item were in all
 * indexes, an update in those whose keys it names.
 */
final class TransactionUnits {
    private static final long IN_A_TRANSACTION = 2;
    private static final int KILOBYTE = 1024;
    private static final int NESTED = 3;

    /** By table the keys of each index. */
    private final Map<String, List<List<String>>> indexes = new HashMap<>();

    /** @param text as {@link #indexesOf} writes it */
    TransactionUnits(String text) {
        for (var table : text.split(";", -1)) {
            var parts = table.split(":", -1);
            indexes.put(
                    parts[0],
                    Arrays.stream(parts)
                            .skip(1)
                            .map(keys -> List.of(keys.split(",")))
                            .toList());
        }
    }

    /** The indexes of a stack's tables, for another process: {@code table:key,key:key;table}. */
    static String indexesOf(Template template) {
        return template.tables().stream()
                .map(table -> table.name()
                        + table.createRequest().globalSecondaryIndexes().stream()
                                .map(index -> index.keySchema().stream()
                                        .map(KeySchemaElement::attributeName)
                                        .collect(Collectors.joining(",", ":", "")))
                                .collect(Collectors.joining()))
                .collect(Collectors.joining(";"));
    }

    long of(TransactWriteItemsRequest transaction) {
        return transaction.transactItems().stream().mapToLong(this::of).sum();
    }

    private long of(TransactWriteItem item) {
        if (item.put() != null) {
            var put = item.put().item();
            return IN_A_TRANSACTION
                    * (Math.ceilDiv(size(put), KILOBYTE)
                            + indexes(item.put().tableName()).stream()
                                    .filter(put.keySet()::containsAll)
                                    .count());
        }
        if (item.update() != null) {
            var names = item.update().updateExpression() + item.update().expressionAttributeNames();
            return IN_A_TRANSACTION
                    * (1
                            + indexes(item.update().tableName()).stream()
                                    .filter(keys -> keys.stream().anyMatch(names::contains))
                                    .count());
        }
        return IN_A_TRANSACTION
                * (1
                        + (item.delete() == null
                                ? 0
                                : indexes(item.delete().tableName()).size()));
    }

    private List<List<String>> indexes(String table) {
        return indexes.getOrDefault(table, List.of());
    }

    private static int size(Map<String, AttributeValue> item) {
        return item.entrySet().stream()
                .mapToInt(attribute -> length(attribute.getKey()) + size(attribute.getValue()))
                .sum();
    }

    private static int size(AttributeValue value) {
        return switch (value.type()) {
            case S -> length(value.s());
            case N -> length(value.n()) / 2 + 1;
            case B -> value.b().asByteArrayUnsafe().length;
            case M -> NESTED + size(value.m());
            case L ->
                NESTED + value.l().stream().mapToInt(TransactionUnits::size).sum();
            case SS -> value.ss().stream().mapToInt(TransactionUnits::length).sum();
            default -> 1;
        };
    }

    private static int length(String text) {
        return text.getBytes(UTF_8).length;
    }
}
