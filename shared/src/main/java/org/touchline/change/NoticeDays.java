package org.touchline.change;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;

/**
 * On which days it is told of a license that it ends (wire contract §9): as many days before its last one as each of the numbers says,
 * and on the day after it. All days are the organization's.
 *
 * @param numbers such as 60, 30, 7 and 1; the smallest first
 */
public record NoticeDays(SortedSet<Integer> numbers) {
    private static final int MOST = 366;

    /** @throws InvalidValueException if a number is not from 0 to 366 */
    public NoticeDays {
        if (numbers.stream().anyMatch(number -> number < 0 || number > MOST)) {
            throw new InvalidValueException("days of notices are from 0 to " + MOST);
        }
        numbers = new TreeSet<>(numbers);
    }

    /**
     * Numbers in a row with commas, such as {@code 60,30,7,1}. An empty text stands for none: then only what has ended is told.
     *
     * @throws InvalidValueException if it holds anything else
     */
    public static NoticeDays parse(String text) {
        var numbers = new TreeSet<Integer>();
        try {
            Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(number -> !number.isEmpty())
                    .map(Integer::valueOf)
                    .forEach(numbers::add);
        } catch (NumberFormatException noNumber) {
            throw new InvalidValueException("days of notices are whole numbers with commas between them");
        }
        return new NoticeDays(numbers);
    }

    /**
     * What is told of a license.
     *
     * @param number how many days before its last day; null where that has passed
     * @param due the day for which it is told, which may have passed too
     */
    public record Notice(@Nullable Integer number, LocalDate due) {}

    /** Last days of licenses, both included. */
    public record Span(LocalDate first, LocalDate last) {
        /** A span that is touched or met by another is one with it. */
        private boolean reaches(Span later) {
            return !later.first().isAfter(last.plusDays(1));
        }

        private Span with(Span later) {
            return new Span(first, later.last().isAfter(last) ? later.last() : last);
        }
    }

    /**
     * What is due of a license, of all that fell due after a day and until today: of several, the nearest to its end.
     *
     * @param lastDay on which the license is good
     * @param after the day up to which everything was told
     */
    public Optional<Notice> due(LocalDate lastDay, LocalDate after, LocalDate today) {
        var notice = latest(lastDay, today);
        return notice.filter(each -> each.due().isAfter(after));
    }

    /** The numbers ascend, and their days with them go back from the last one: the first that has come is the nearest. */
    private Optional<Notice> latest(LocalDate lastDay, LocalDate today) {
        if (today.isAfter(lastDay)) {
            return Optional.of(new Notice(null, lastDay.plusDays(1)));
        }
        return numbers.stream()
                .filter(number -> !lastDay.minusDays(number).isAfter(today))
                .map(number -> new Notice(number, lastDay.minusDays(number)))
                .findFirst();
    }

    /** The last days of the licenses of which something may be due, in order, none twice. */
    public List<Span> lastDays(LocalDate after, LocalDate today) {
        var spans = new ArrayList<Span>();
        spans.add(new Span(after, today.minusDays(1)));
        numbers.forEach(number -> spans.add(new Span(after.plusDays(1L + number), today.plusDays(number))));
        spans.sort(Comparator.comparing(Span::first));
        var merged = new ArrayList<Span>();
        for (var span : spans) {
            if (!merged.isEmpty() && merged.getLast().reaches(span)) {
                merged.add(merged.removeLast().with(span));
            } else {
                merged.add(span);
            }
        }
        return List.copyOf(merged);
    }
}
