package org.touchline.learningcenter.wire;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;

/** The forms in which the Learning Center writes instants and days (wire contract §1). */
final class Timestamps {
    private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{10}(\\.[0-9]+)?");
    private static final Pattern ISO = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
            + "([0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?");
    private static final Instant FIRST =
            LocalDate.EPOCH.atStartOfDay(ZoneOffset.UTC).toInstant();
    private static final Instant END =
            LocalDate.of(10_000, 1, 1).atStartOfDay(ZoneOffset.UTC).toInstant();

    private Timestamps() {}

    /**
     * ISO-8601 with an offset; without one, with {@code T} or a space, UTC; or seconds since the epoch with ten digits, with
     * or without a fraction.
     *
     * @throws DateTimeException if it is none of these, or not from 1970 to 9999
     */
    static Instant parse(String text) {
        var instant = EPOCH_SECONDS.matcher(text).matches() ? ofEpochSeconds(new BigDecimal(text)) : ofIso(text);
        if (instant.isBefore(FIRST) || !instant.isBefore(END)) {
            throw new DateTimeException("not from 1970 to 9999");
        }
        return instant;
    }

    /**
     * {@code YYYY-MM-DD}, or a date-time, of which the date as it is written counts.
     *
     * @throws DateTimeException if it is neither
     */
    static LocalDate parseDate(String text) {
        var dateTime = ISO.matcher(text);
        if (!dateTime.matches()) {
            return LocalDate.parse(text);
        }
        ofIso(text);
        return LocalDate.parse(dateTime.group(1));
    }

    private static Instant ofIso(String text) {
        var parts = ISO.matcher(text);
        if (!parts.matches()) {
            throw new DateTimeException("no ISO-8601 date-time");
        }
        var offset = parts.group(3) == null
                ? ZoneOffset.UTC
                : ZoneOffset.of(parts.group(3).toUpperCase(Locale.ROOT));
        return LocalDate.parse(parts.group(1))
                .atTime(LocalTime.parse(parts.group(2).replace(',', '.')))
                .toInstant(offset);
    }

    private static Instant ofEpochSeconds(BigDecimal seconds) {
        var whole = seconds.toBigInteger();
        var nanos = seconds.subtract(new BigDecimal(whole)).movePointRight(9);
        return Instant.ofEpochSecond(whole.longValueExact(), nanos.longValue());
    }
}
