package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As long as Lambda would, and no longer: the mapping says so, here an hour. */
class BatchDeliveryTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final HandSetClock clock = new HandSetClock(NOON.toString());
    private final Output output = new Output();

    @TempDir
    private Path folder;

    private Functions functions;
    private BatchDelivery delivery;

    @BeforeEach
    void makeDelivery() {
        functions = TestStack.functions(folder, output);
        var picky = functions.find("PickyFunction").orElseThrow();
        delivery = new BatchDelivery(picky.function().streams().getFirst(), picky, output.stream(), clock);
    }

    @AfterEach
    void closeFunctions() {
        functions.close();
    }

    @Test
    void whatIsTooOldIsGivenUpAndWhatIsYoungerIsHandedOver() throws Exception {
        clock.advance(Duration.ofHours(1));

        delivery.deliver(List.of(
                record("picky-1", NOON.minusSeconds(60)),
                record("picky-2", NOON),
                record("picky-3-twice", NOON.plusSeconds(1)),
                record("picky-4", NOON.plusSeconds(60))));

        assertEquals(
                List.of(
                        "[PickyFunction] gave up 2 record(s) of its stream",
                        "[PickyFunction] sees picky-3-twice",
                        "[PickyFunction] sees picky-3-twice",
                        "[PickyFunction] sees picky-4"),
                output.lines());
    }

    @Test
    void whatHasNotExpiredIsTriedAgainHoweverOftenItFailed() throws Exception {
        clock.advance(Duration.ofMinutes(59));

        delivery.deliver(Stream.of("picky-1-twice", "picky-2-twice", "picky-3-twice", "picky-4-twice")
                .map(id -> record(id, NOON))
                .toList());

        assertEquals(0, output.linesWith("gave up").size());
        assertEquals(8, output.linesWith("sees picky-").size());
    }

    private static ObjectNode record(String id, Instant written) {
        var record = Json.object();
        var change = record.putObject("dynamodb");
        change.put("ApproximateCreationDateTime", written.getEpochSecond()).put("SequenceNumber", id);
        change.putObject("Keys").putObject("id").put("S", id);
        return record;
    }
}
