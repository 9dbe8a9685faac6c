package org.touchline.learningcenter;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.util.regex.Pattern;

/** The forms in which the Learning Center writes instants and days (wire contract §1). */
final class Timestamps {
    private static final Pattern EPOCH_SECONDS = Pattern.compile("[0-9]{10}(\\.[0-9]+)?");
    private static final Pattern DATE_TIME = Pattern.compile("([0-9]{4}-[0-9]{2}-[0-9]{2})([Tt ].*)?");
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHmm", "Z")
            .optionalEnd()
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);
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
        var instant = EPOCH_SECONDS.matcher(text).matches()
                ? ofEpochSeconds(new BigDecimal(text))
                : OffsetDateTime.parse(text, ISO).toInstant();
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
        var dateTime = DATE_TIME.matcher(text);
        if (!dateTime.matches()) {
            throw new DateTimeException("neither a date nor a date-time");
        }
        if (dateTime.group(2) != null) {
            OffsetDateTime.parse(text, ISO);
        }
        return LocalDate.parse(dateTime.group(1));
    }

    private static Instant ofEpochSeconds(BigDecimal seconds) {
        var whole = seconds.toBigInteger();
        var nanos = seconds.subtract(new BigDecimal(whole)).movePointRight(9);
        return Instant.ofEpochSecond(whole.longValueExact(), nanos.longValue());
    }
}
