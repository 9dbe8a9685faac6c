package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.StandardOutput;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/** Design rule 29, from the stream's event to the bus; what the bus answers is tried out in {@code shared}. */
class ChangePublisherHandlerTest {
    private static final String VIDAR = "2020000004136762";

    /** Nothing of it is left after the reserve: no wait for a bus that fails. */
    private static final Duration NO_TIME_TO_WAIT = Duration.ofSeconds(15);

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = harness();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    private FunctionHarness harness() {
        return new FunctionHarness(
                new ChangePublisherHandler(stack.environment("ChangePublisherFunction")), NO_TIME_TO_WAIT);
    }

    @Test
    void whatIsKeptIsOnTheStacksBus() {
        keep(25);

        assertEquals(failures(), invoke(IntStream.rangeClosed(1, 25).boxed().toList()));

        var stackName = stack.template().stackName();
        assertEquals(25, stack.events().events().size());
        var event = stack.events().events().getFirst();
        assertEquals(stackName, event.bus());
        assertEquals("touchline", event.source());
        assertEquals("person.subscribed", event.detailType());
        assertEquals("touchline/" + stackName, event.detail().get("source").asText());
        assertEquals(VIDAR, event.detail().get("subject").asText());
    }

    @Test
    void whatWasErasedMeanwhileIsNotSent() {
        keep(3);
        stack.dynamoDb()
                .deleteItem(request -> request.tableName(stack.table("ChangeHistoryTable"))
                        .key(Map.of("pk", AttributeValue.fromS("entries#0"), "sk", AttributeValue.fromN("2"))));

        assertEquals(failures(), invoke(List.of(1, 2, 3)));

        assertEquals(2, stack.events().events().size());
    }

    @Test
    @Tag("rule-29")
    void whatTheBusDoesNotTakeIsNamedByItsPlaceInTheStream() {
        keep(4);
        var second = new ArrayList<String>();
        stack.events().refuse(event -> {
            if (second.isEmpty() && event.number() == 2) {
                second.add(event.detail().get("id").asText());
            }
            return second.contains(event.detail().get("id").asText());
        });

        assertEquals(failures("place-2"), invoke(List.of(1, 2, 3, 4)));
        assertEquals(3, stack.events().events().size());
        assertTrue(function.logged().contains("1 of 4 entries could not be published"), function.logged());

        stack.events().restore();
        assertEquals(failures(), invoke(List.of(2, 3, 4)));
        assertEquals(6, stack.events().events().size());
    }

    @Test
    @Tag("rule-29")
    void outageOfTheBusHandsEverythingOverAgain() {
        keep(2);
        stack.events().failWith(503);

        assertEquals(failures("place-1", "place-2"), invoke(List.of(1, 2)));

        stack.events().restore();
        assertEquals(failures(), invoke(List.of(1, 2)));
        assertEquals(2, stack.events().events().size());
    }

    @Test
    void historyThatCannotBeReadFailsTheBatch() {
        stack.dynamoDb().deleteTable(request -> request.tableName(stack.table("ChangeHistoryTable")));

        assertThrows(ResourceNotFoundException.class, () -> invoke(List.of(1)));
    }

    /** How old the oldest is, is told whether it is published or not; what the bus refuses, only where it did (rule 27). */
    @Test
    @Tag("rule-27")
    void publishedAndAgeAreMetrics() {
        keep(1);
        stack.events().failWith(503);

        try (var output = StandardOutput.captured()) {
            function = harness();
            invoke(List.of(1));

            assertTrue(output.metrics().stream()
                    .anyMatch(line -> line.path("Stream").asText().equals("ChangeHistoryTable")
                            && line.path("StreamDelay").asLong() > 0));
            assertEquals(0, output.sum("ChangesPublished"));

            stack.events().restore();
            invoke(List.of(1));
            assertEquals(1, output.sum("ChangesPublished"));
            assertTrue(output.metrics().stream().noneMatch(line -> line.has("ChangesRefused")));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"all\":true}",
                "[]",
                "{\"source\":\"aws.scheduler\",\"detail-type\":\"Scheduled Event\"}"
            })
    void otherPayloadsAreRefused(String payload) {
        var refusal = assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));

        assertTrue(refusal.getMessage().contains("ChangeHistoryTable"), refusal.getMessage());
    }

    private void keep(int count) {
        var history = new ChangeHistory(
                stack.dynamoDb(), stack.table("ChangeHistoryTable"), Duration.ofDays(400), InstantSource.system());
        var type = ChangeType.PERSON_SUBSCRIBED;
        history.append(IntStream.range(0, count)
                .mapToObj(number -> new Entry(
                        Entry.id("event-" + number, type),
                        type,
                        VIDAR,
                        Instant.now(),
                        new JsonObject().put("ussfId", VIDAR)))
                .toList());
    }

    private JsonNode invoke(List<Integer> numbers) {
        var event = (ObjectNode) FunctionHarness.json(FunctionHarness.sampleText("change-publisher"));
        var sample = event.path("Records").get(0);
        var records = event.putArray("Records");
        for (var number : numbers) {
            ObjectNode record = sample.deepCopy();
            ((ObjectNode) record.at("/dynamodb/Keys/sk")).put("N", number.toString());
            ((ObjectNode) record.path("dynamodb")).put("SequenceNumber", "place-" + number);
            records.add(record);
        }
        return FunctionHarness.json(function.invoke(event.toString()));
    }

    private static JsonNode failures(String... places) {
        return FunctionHarness.json(Stream.of(places)
                .map(place -> "{\"itemIdentifier\":\"" + place + "\"}")
                .collect(Collectors.joining(",", "{\"batchItemFailures\":[", "]}")));
    }
}
