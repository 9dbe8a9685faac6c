package org.touchline.learningcenter.wire;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} in both its forms, seconds and an HTTP date (RFC 9110 §10.2.3). */
public final class RetryAfter {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    private RetryAfter() {}

    /** The instant that is meant; null without the header, or if it is neither form. */
    static @Nullable Instant in(HttpHeaders headers, Instant now) {
        var value = headers.firstValue("Retry-After").map(String::strip).orElse("");
        if (SECONDS.matcher(value).matches()) {
            return now.plusSeconds(Long.parseLong(value));
        }
        try {
            return ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException neither) {
            return null;
        }
    }
}
