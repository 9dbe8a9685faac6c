package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.touchline.embedded.Template;

/**
 * EventBridge Scheduler: invokes functions when they are due, each with its schedule's input, without waiting for them. What fell due
 * more than once while the machine slept fires once. Somebody has to ask regularly: {@link #fireDue}.
 */
final class Schedules {
    private final List<Timer> timers = new ArrayList<>();
    private final InstantSource clock;

    /**
     * The enabled schedules of the functions; the first period of each begins now.
     *
     * @throws IllegalArgumentException if one cannot be read; the message names it
     */
    Schedules(Functions functions, InstantSource clock) {
        this.clock = clock;
        for (var function : functions.all()) {
            for (var schedule : function.function().schedules()) {
                if (schedule.enabled()) {
                    timers.add(new Timer(schedule, function, clock.instant()));
                }
            }
        }
    }

    /** Invokes what is due by now. Returns how many functions that were; does not wait for them. */
    long fireDue() {
        var now = clock.instant();
        return timers.stream().filter(timer -> timer.fireIfDue(now)).count();
    }

    private static final class Timer {
        private final Template.Schedule schedule;
        private final FunctionPool function;
        private final Recurrence recurrence;
        private Optional<Instant> due;

        Timer(Template.Schedule schedule, FunctionPool function, Instant start) {
            this.schedule = schedule;
            this.function = function;
            this.recurrence = recurrence(schedule);
            this.due = recurrence.after(start);
        }

        private static Recurrence recurrence(Template.Schedule schedule) {
            try {
                return Recurrence.parse(schedule.expression(), schedule.zone());
            } catch (IllegalArgumentException | DateTimeException e) {
                throw new IllegalArgumentException(schedule.logicalId() + ": " + e.getMessage(), e);
            }
        }

        boolean fireIfDue(Instant now) {
            var time = due.filter(next -> !next.isAfter(now));
            if (time.isEmpty()) {
                return false;
            }
            var _ = function.queue(schedule.input().getBytes(UTF_8));
            while (due.isPresent() && !due.get().isAfter(now)) {
                due = due.flatMap(recurrence::after);
            }
            return true;
        }
    }
}
