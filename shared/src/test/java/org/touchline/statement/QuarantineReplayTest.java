package org.touchline.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Outcome;
import org.touchline.statement.Statement.Payload;
import org.touchline.time.Deadline;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Design rules 7 and 32: a replay of all that waits, one second for each. */
class QuarantineReplayTest {
    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final List<Integer> tried = new ArrayList<>();
    private TestStack stack;
    private Quarantine quarantine;

    @BeforeEach
    void keepSix() {
        stack = Backend.EMBEDDED.newStack();
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        IntStream.rangeClosed(1, 6).forEach(this::keep);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void whatIsNeverUnderstoodHoldsUpNothingThatCameLater() {
        assertEquals(0, replay(2, 6));
        assertEquals(0, replay(2, 6));
        assertEquals(1, replay(2, 6));

        assertEquals(List.of(1, 2, 3, 4, 5, 6), tried);
    }

    @Test
    void whatCameFirstIsTriedAgainOnceTheEndIsReachedAndEachOnceInACall() {
        replay(4);
        tried.clear();

        assertEquals(0, replay(60));

        assertEquals(List.of(5, 6, 1, 2, 3, 4), tried);
        tried.clear();
        replay(60);
        assertEquals(List.of(1, 2, 3, 4, 5, 6), tried, "the last one came to the end");
    }

    @Test
    void placeWhoseEntryIsGoneIsAPlaceStill() {
        replay(3);
        var third = quarantine.open().toList().get(2);
        quarantine.close(third, Quarantine.Ending.DISCARDED, clock.instant());
        tried.clear();

        replay(60);

        assertEquals(List.of(4, 5, 6, 1, 2), tried);
    }

    @Test
    void whatCannotBeStoredIsTriedLastByTheNext() {
        assertThrows(SdkClientException.class, () -> replay(60, -2));
        tried.clear();

        assertEquals(1, replay(60, 2));

        assertEquals(List.of(3, 4, 5, 6, 1, 2), tried);
    }

    /**
     * In so many seconds.
     *
     * @param understood which is; what is negative cannot be stored
     */
    private int replay(int seconds, int... understood) {
        Statement statement = payload -> {
            var number = number(payload);
            tried.add(number);
            clock.advance(Duration.ofSeconds(1));
            if (IntStream.of(understood).anyMatch(each -> each == -number)) {
                throw SdkClientException.create("timed out");
            }
            if (IntStream.of(understood).noneMatch(each -> each == number)) {
                throw new UnintelligibleException("not understood");
            }
            return Outcome.APPLIED;
        };
        return new QuarantineReplay(quarantine, _ -> statement, clock)
                .replayAll(Deadline.in(Duration.ofSeconds(seconds), clock));
    }

    private void keep(int number) {
        quarantine.keep(
                Source.USER_WEBHOOK,
                Integer.toString(number).getBytes(StandardCharsets.UTF_8),
                "not understood",
                clock.instant());
        clock.advance(Duration.ofSeconds(1));
    }

    private static int number(Payload payload) {
        return Integer.parseInt(payload.json().asText());
    }
}
