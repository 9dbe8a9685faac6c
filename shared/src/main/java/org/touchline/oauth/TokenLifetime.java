package org.touchline.oauth;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.touchline.InvalidValueException;

/**
 * How long access tokens are good. User Verification API: "No expiration is preferred. If expires_in is set, it must be a time
 * increment of a month or greater."
 *
 * @param days 0 for no expiry, else at least 31
 */
public record TokenLifetime(int days) {
    /** The same as the template's {@code AllowedPattern}. */
    private static final Pattern DAYS = Pattern.compile("0|3[1-9]|[4-9][0-9]|[1-9][0-9]{2,3}");

    public TokenLifetime {
        if (!DAYS.matcher(Integer.toString(days)).matches()) {
            throw refused();
        }
    }

    /**
     * Reads a setting.
     *
     * @param days whole days as text
     * @throws InvalidValueException if it is neither 0 nor 31 to 9999
     */
    public static TokenLifetime parse(String days) {
        if (!DAYS.matcher(days).matches()) {
            throw refused();
        }
        return new TokenLifetime(Integer.parseInt(days));
    }

    /** The time from issue to expiry; empty if there is no expiry. */
    Optional<Duration> duration() {
        return Optional.of(Duration.ofDays(days)).filter(Duration::isPositive);
    }

    private static InvalidValueException refused() {
        return new InvalidValueException("the lifetime of tokens is 0 days, for no expiry, or 31 to 9999: "
                + "SafeSport registration takes no expiry, or a month and more");
    }
}
