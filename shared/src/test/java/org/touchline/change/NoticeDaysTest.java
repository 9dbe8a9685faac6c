package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;
import org.touchline.change.NoticeDays.Notice;
import org.touchline.change.NoticeDays.Span;

/** Wire contract §9 and design rule 31. */
class NoticeDaysTest {
    private static final NoticeDays DAYS = NoticeDays.parse("60, 30,7,1");
    private static final LocalDate TODAY = LocalDate.of(2026, 3, 1);

    /** Run every day, each number is told on its day, and the end on the day after. */
    @ParameterizedTest
    @CsvSource({"60, 60", "30, 30", "7, 7", "1, 1", "-1,"})
    void numberIsTold(int daysLeft, Integer number) {
        var lastDay = TODAY.plusDays(daysLeft);

        assertEquals(Optional.of(new Notice(number, TODAY)), DAYS.due(lastDay, TODAY.minusDays(1), TODAY));
    }

    @ParameterizedTest
    @ValueSource(ints = {61, 59, 31, 29, 8, 6, 2, 0, -2, 400})
    void otherDaysTellNothing(int daysLeft) {
        assertEquals(Optional.empty(), DAYS.due(TODAY.plusDays(daysLeft), TODAY.minusDays(1), TODAY));
    }

    /** Days without a run: the nearest of those that have passed, and none that was told before. */
    @ParameterizedTest
    @CsvSource({
        // Ten days without a run; 58 left: 60 was due two days ago.
        "10, 58, 60, 2",
        // 25 left: 30 was due five days ago.
        "10, 25, 30, 5",
        // A month without a run; 5 left: 30 and 7 have passed, and only 7 is told.
        "30, 5, 7, 2",
        // 0 left: 7 and 1 have passed.
        "30, 0, 1, 1",
        // Ended three days ago: 30, 7 and 1 have passed, and only the end is told.
        "30, -3, , 2",
    })
    void nearestOfSeveralIsMadeUpFor(int daysWithoutRun, int daysLeft, Integer number, int dueAgo) {
        assertEquals(
                Optional.of(new Notice(number, TODAY.minusDays(dueAgo))),
                DAYS.due(TODAY.plusDays(daysLeft), TODAY.minusDays(daysWithoutRun), TODAY));
    }

    @Test
    void whatWasTheLastRunsIsNotMadeUpFor() {
        var lastDay = TODAY.plusDays(25);

        assertEquals(Optional.empty(), DAYS.due(lastDay, lastDay.minusDays(30), TODAY));
        assertTrue(DAYS.due(lastDay, lastDay.minusDays(31), TODAY).isPresent());
    }

    @Test
    void lastDaysThatAreLookedAtAreThoseOfTheDaysThatAreDue() {
        assertEquals(
                List.of(
                        new Span(TODAY.minusDays(1), TODAY.minusDays(1)),
                        new Span(TODAY.plusDays(1), TODAY.plusDays(1)),
                        new Span(TODAY.plusDays(7), TODAY.plusDays(7)),
                        new Span(TODAY.plusDays(30), TODAY.plusDays(30)),
                        new Span(TODAY.plusDays(60), TODAY.plusDays(60))),
                DAYS.lastDays(TODAY.minusDays(1), TODAY));
        assertEquals(
                List.of(
                        new Span(TODAY.minusDays(8), TODAY.plusDays(7)),
                        new Span(TODAY.plusDays(23), TODAY.plusDays(30)),
                        new Span(TODAY.plusDays(53), TODAY.plusDays(60))),
                DAYS.lastDays(TODAY.minusDays(8), TODAY));
    }

    /** Whatever days have a run: each number at most once, a later one never before an earlier, and the end in any case. */
    @Property(tries = 300)
    @Tag("rule-31")
    void eachNumberIsToldAtMostOnceAndTheEndAlways(
            @ForAll @Size(min = 1, max = 40) List<@IntRange(min = 1, max = 12) Integer> pauses) {
        var lastDay = TODAY.plusDays(64);
        var told = new HashMap<Object, Integer>();
        var after = TODAY.minusDays(1);
        var day = TODAY;
        Integer before = Integer.MAX_VALUE;
        for (var pause : pauses) {
            var notice = DAYS.due(lastDay, after, day);
            if (notice.isPresent()) {
                var number = notice.get().number();
                told.merge(number == null ? "ended" : number, 1, Integer::sum);
                assertTrue(number == null || number < before, "ever nearer");
                before = number == null ? -1 : number;
                var lies = DAYS.lastDays(after, day).stream()
                        .filter(span -> !lastDay.isBefore(span.first()) && !lastDay.isAfter(span.last()))
                        .count();
                assertEquals(1, lies, "it was looked at, once");
            }
            after = day;
            day = day.plusDays(pause);
        }
        assertTrue(told.values().stream().allMatch(times -> times == 1), told::toString);
        assertEquals(after.isAfter(lastDay), told.containsKey("ended"));
    }

    @Test
    void numbersAreReadInAnyOrderAndNoneIsPossible() {
        assertEquals(List.of(1, 7, 30, 60), List.copyOf(DAYS.numbers()));
        assertEquals(new NoticeDays(new TreeSet<>()), NoticeDays.parse(" "));
        assertEquals(
                List.of(new Span(TODAY.minusDays(1), TODAY.minusDays(1))),
                NoticeDays.parse("").lastDays(TODAY.minusDays(1), TODAY));
    }

    @ParameterizedTest
    @ValueSource(strings = {"60;30", "-1", "367", "x", "7.5"})
    void otherTextsAreRefused(String text) {
        assertThrows(InvalidValueException.class, () -> NoticeDays.parse(text));
    }
}
