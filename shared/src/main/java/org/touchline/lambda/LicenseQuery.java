package org.touchline.lambda;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.license.LicenseId;
import org.touchline.lookup.LicenseFilter;
import org.touchline.time.OrganizationCalendar;

/** The parameters of those routes that list people's licenses (wire contract §5). */
public final class LicenseQuery {
    private static final int MOST_YEARS_AHEAD = 10;

    private LicenseQuery() {}

    /**
     * Which licenses are wanted.
     *
     * @throws BadRequestException if a filter cannot be read
     */
    public static LicenseFilter filter(QueryString query) {
        var discipline = query.one("discipline").orElse(null);
        return new LicenseFilter(
                flag(query, "highest_only"),
                discipline,
                query.one("type").orElse(null),
                query.one("license_id")
                        .map(licenseId -> LicenseId.parse(licenseId, discipline))
                        .orElse(null),
                flag(query, "include_inactive"));
    }

    /**
     * The day as of which licenses are good; null for today.
     *
     * @throws BadRequestException unless it is today or a later day, up to ten years ahead, included
     */
    public static @Nullable LocalDate on(QueryString query, OrganizationCalendar calendar) {
        var on = date(query, "on").orElse(null);
        if (on != null) {
            var today = calendar.today();
            if (on.isBefore(today) || on.isAfter(today.plusYears(MOST_YEARS_AHEAD))) {
                throw new BadRequestException("on is today or a later day, up to ten years ahead");
            }
        }
        return on;
    }

    /** @throws BadRequestException if it is there, and no date */
    public static Optional<LocalDate> date(QueryString query, String name) {
        try {
            return query.one(name).map(LocalDate::parse);
        } catch (DateTimeException unreadable) {
            throw new BadRequestException(name + " is a date as YYYY-MM-DD");
        }
    }

    private static boolean flag(QueryString query, String name) {
        return switch (query.one(name).orElse("false").toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new BadRequestException(name + " is true or false");
        };
    }
}
