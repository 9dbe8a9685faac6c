package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecurrenceTest {
    @ParameterizedTest
    @CsvSource({
        "rate(1 minute),         2026-03-12T10:01:00Z",
        "rate(15 minutes),       2026-03-12T10:15:00Z",
        "rate(2 hours),          2026-03-12T12:00:00Z",
        "rate(1 day),            2026-03-13T10:00:00Z",
        "cron(0 4 * * ? *),      2026-03-13T04:00:00Z",
        "cron(0/15 * * * ? *),   2026-03-12T10:15:00Z",
        "cron(30 6 ? * MON *),   2026-03-16T06:30:00Z",
        "cron(30 6 ? * 2 *),     2026-03-16T06:30:00Z",
        "cron(0 0 1 * ? 2027),   2027-01-01T00:00:00Z",
        "cron(0 18 ? * MON-FRI *), 2026-03-12T18:00:00Z",
        "at(2026-12-24T18:00:00), 2026-12-24T18:00:00Z",
    })
    void nextTimeIsAsEventBridgeReadsTheExpressionInUtc(String expression, Instant next) {
        var start = Instant.parse("2026-03-12T10:00:00Z"); // a Thursday

        assertEquals(
                Optional.of(next), Recurrence.parse(expression, ZoneOffset.UTC).after(start));
    }

    /** On 8 March New York's clocks went forward. */
    @ParameterizedTest
    @CsvSource({
        "cron(0 4 * * ? *),       2026-03-07T10:00:00Z, 2026-03-08T08:00:00Z",
        "cron(0 4 * * ? *),       2026-03-06T10:00:00Z, 2026-03-07T09:00:00Z",
        "rate(1 day),             2026-03-07T10:00:00Z, 2026-03-08T10:00:00Z",
        "at(2026-12-24T18:00:00), 2026-03-07T10:00:00Z, 2026-12-24T23:00:00Z",
    })
    void timesOfDayAreThoseOfTheZone(String expression, Instant last, Instant next) {
        assertEquals(
                Optional.of(next),
                Recurrence.parse(expression, ZoneId.of("America/New_York")).after(last));
    }

    @Test
    void whatLiesInThePastNeverComes() {
        var start = Instant.parse("2026-03-12T10:00:00Z");

        assertEquals(
                Optional.empty(),
                Recurrence.parse("at(2026-03-12T10:00:00)", ZoneOffset.UTC).after(start));
        assertEquals(
                Optional.empty(),
                Recurrence.parse("cron(0 0 1 1 ? 2025)", ZoneOffset.UTC).after(start));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "daily", "rate(0 minutes)", "rate(5 fortnights)", "cron(* *)", "cron(61 * * * ? *)"})
    void otherExpressionsAreRefused(String expression) {
        assertThrows(IllegalArgumentException.class, () -> Recurrence.parse(expression, ZoneOffset.UTC));
    }
}
