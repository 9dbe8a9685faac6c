package org.touchline.local;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a schedule fires, as EventBridge Scheduler writes it. */
@FunctionalInterface
interface Recurrence {
    /** The first time after {@code last}, which is when it fired before or, at first, when the run started. */
    Optional<Instant> after(Instant last);

    /**
     * Reads {@code rate(5 minutes)}, {@code cron(0 4 * * ? *)} or {@code at(2026-01-31T04:00:00)}.
     *
     * @param zone in which {@code cron} and {@code at} are
     * @throws IllegalArgumentException if it is none of these
     */
    static Recurrence parse(String expression, ZoneId zone) {
        var parts = Pattern.compile("(rate|cron|at)\\((.+)\\)").matcher(expression.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a schedule: " + expression);
        }
        return switch (parts.group(1)) {
            case "rate" -> rate(parts.group(2));
            case "cron" -> cron(parts.group(2), zone);
            default -> at(parts.group(2), zone);
        };
    }

    private static Recurrence rate(String rate) {
        var parts = Pattern.compile("([1-9]\\d*) (minute|hour|day)s?").matcher(rate.strip());
        if (!parts.matches()) {
            throw new IllegalArgumentException("not a rate: " + rate);
        }
        var count = Long.parseLong(parts.group(1));
        var period = switch (parts.group(2)) {
            case "minute" -> Duration.ofMinutes(count);
            case "hour" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
        };
        return last -> Optional.of(last.plus(period));
    }

    /** EventBridge's six fields are Quartz's without the seconds. */
    private static Recurrence cron(String fields, ZoneId zone) {
        var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.QUARTZ));
        var times = ExecutionTime.forCron(parser.parse("0 " + fields));
        return last -> times.nextExecution(last.atZone(zone)).map(ZonedDateTime::toInstant);
    }

    private static Recurrence at(String time, ZoneId zone) {
        var once = LocalDateTime.parse(time).atZone(zone).toInstant();
        return last -> Optional.of(once).filter(last::isBefore);
    }
}
