package org.touchline.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.ManyItems;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a table holds of one person of the {@link Crowd}, written for others as well: so a million are in within minutes, with items that
 * the functions themselves have made. For items whose keys follow from who the person is, and from nothing else.
 */
final class Copies {
    private static final int PEOPLE_AT_ONCE = 1_000;
    private static final int WRITERS = 4;
    private static final Pattern A_VERSION = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final int original;
    private final List<Map<String, AttributeValue>> items;

    /** @param original whose items are copied; whoever has none has no copies either */
    Copies(EmbeddedStack stack, String logicalId, int original) {
        this.dynamoDb = stack.dynamoDb();
        this.table = stack.table(logicalId);
        this.original = original;
        var somebodyElse = names(original, original + 1);
        this.items = dynamoDb.scanPaginator(request -> request.tableName(table)).items().stream()
                .filter(item -> differs(item, somebodyElse))
                .toList();
    }

    /** Whether it names the original: of somebody else it would be another. */
    private static boolean differs(Map<String, AttributeValue> item, Map<String, String> names) {
        return item.values().stream()
                .anyMatch(value -> value.s() != null && !value.s().equals(copied(value.s(), names)));
    }

    /** Writes those of as many others as there are from one number to another, which it leaves out. */
    void write(int from, int to, String what, Progress progress) throws IOException {
        try (var writers = Executors.newFixedThreadPool(WRITERS)) {
            var writes = new ArrayList<Future<?>>();
            for (var at = from; at < to; at += PEOPLE_AT_ONCE) {
                var first = at;
                var end = Math.min(to, at + PEOPLE_AT_ONCE);
                writes.add(writers.submit(() -> write(first, end)));
            }
            for (var done = 0; done < writes.size(); done++) {
                writes.get(done).get();
                progress.at(what, Math.min(to, from + (done + 1L) * PEOPLE_AT_ONCE) - from, to - from);
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(what, e);
        }
    }

    private void write(int from, int to) {
        var copies = IntStream.range(from, to)
                .boxed()
                .map(number -> names(original, number))
                .flatMap(names -> items.stream().map(item -> ManyItems.copy(item, text -> another(text, names))))
                .toList();
        ManyItems.put(dynamoDb, table, copies);
    }

    /** What is random is random again: two follow-ups of one version are one piece of work. */
    private static String another(String text, Map<String, String> names) {
        return A_VERSION.matcher(text).matches() ? UUID.randomUUID().toString() : copied(text, names);
    }

    private static String copied(String text, Map<String, String> names) {
        var copy = text;
        for (var name : names.entrySet()) {
            copy = copy.replace(name.getKey(), name.getValue());
        }
        return copy;
    }

    /** What somebody is called, and what somebody else is called instead. */
    private static Map<String, String> names(int original, int number) {
        var fields = Crowd.member(original);
        var others = Crowd.member(number);
        var names = fields.propertyStream()
                .collect(Collectors.toMap(
                        field -> field.getValue().asText(),
                        field -> others.path(field.getKey()).asText()));
        names.put(Crowd.ussfId(original), Crowd.ussfId(number));
        return names;
    }
}
