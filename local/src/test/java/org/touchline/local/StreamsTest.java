package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * On a table whose stream wakes one function, two records at a time, for what is inserted with {@code wakes} true and for what
 * is removed with an id that begins with {@code keep-}; and another, which reports failures, for ids that begin with
 * {@code picky-}.
 */
class StreamsTest {
    private static final Output OUTPUT = new Output();
    private static LocalRun run;
    private static DynamoDbClient dynamoDb;

    @BeforeAll
    static void start() {
        run = LocalRun.start(Settings.onFreePorts(TestStack.root()), OUTPUT.stream());
        dynamoDb = LocalClients.at(run.endpoints().dynamoDb(), DynamoDbClient.builder());
    }

    @AfterAll
    static void stop() {
        dynamoDb.close();
        run.close();
    }

    @Test
    void changeOfTheTableWakesTheFunctionSoon() throws Exception {
        put("soon-1", true);
        var written = System.nanoTime();

        OUTPUT.awaitLine("INSERT soon-1");

        var waited = Duration.ofNanos(System.nanoTime() - written);
        assertTrue(waited.compareTo(Duration.ofSeconds(1)) < 0, "took " + waited);
    }

    @Test
    void recordCarriesItsImagesAsLambdaWritesThem() throws Exception {
        put("image-1", true);

        OUTPUT.awaitLine("INSERT image-1");

        var line = OUTPUT.linesWith("INSERT image-1").getFirst();
        assertTrue(line.contains("wakes={BOOL: true}"), line);
        assertTrue(line.contains("count={N: 7,}"), line);
    }

    @Test
    void onlyRecordsThatFitAFilterArrive() throws Exception {
        put("filter-1", false);
        put("keep-2", false);
        delete("filter-1");
        delete("keep-2");
        put("filter-3", true);
        put("filter-3", true);
        put("filter-4", true);

        OUTPUT.awaitLine("INSERT filter-4");

        assertEquals(List.of("REMOVE keep-2", "INSERT filter-3", "INSERT filter-4"), told("filter-|keep-"));
    }

    @Test
    void recordsArriveInOrderAndNoMoreAtOnceThanABatch() throws Exception {
        for (var i = 0; i < 9; i++) {
            put("order-" + i, true);
        }

        OUTPUT.awaitLine("INSERT order-8");

        var expected = List.of(0, 1, 2, 3, 4, 5, 6, 7, 8).stream().map(i -> "INSERT order-" + i);
        assertEquals(expected.toList(), told("order-"));
        assertTrue(OUTPUT.linesWith("batch of").stream().noneMatch(line -> line.matches(".*batch of ([3-9]|\\d\\d)")));
    }

    @Test
    void batchThatKeepsFailingIsTriedAgainAndThenSkipped() throws Exception {
        put("poison-1", true);
        OUTPUT.awaitLine("[FollowingFunction] gave up 1 record(s) of its stream");
        put("behind-poison", true);
        OUTPUT.awaitLine("INSERT behind-poison");

        assertEquals(3, told("poison-1").size(), "once, and MaximumRetryAttempts times more");
    }

    @Test
    void reportedFailureIsTriedAgainWithoutWhatWentBeforeIt() throws Exception {
        put("picky-1", false);
        put("picky-2-twice", false);
        put("picky-3", false);

        OUTPUT.awaitLine("sees picky-3");

        var seen = OUTPUT.linesWith("[PickyFunction]").stream().map(line -> line.split(" ")[2]);
        assertEquals(List.of("picky-1", "picky-2-twice", "picky-2-twice", "picky-3"), seen.toList());
    }

    /** What the function logged of items whose id matches, in its order: event and id. */
    private static List<String> told(String ids) {
        return OUTPUT.lines().stream()
                .map(line -> line.split(" "))
                .filter(words -> words.length > 2 && words[2].matches("(" + ids + ").*"))
                .map(words -> words[1] + " " + words[2])
                .toList();
    }

    private static void put(String id, boolean wakes) {
        var item = Map.of(
                "id", AttributeValue.fromS(id),
                "wakes", AttributeValue.fromBool(wakes),
                "count", AttributeValue.fromN("7"));
        dynamoDb.putItem(r -> r.tableName("touchline-ChangesTable").item(item));
    }

    private static void delete(String id) {
        dynamoDb.deleteItem(r -> r.tableName("touchline-ChangesTable").key(Map.of("id", AttributeValue.fromS(id))));
    }
}
