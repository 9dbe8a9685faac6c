package org.touchline.functions;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.change.ExpiryCheckpoint;
import org.touchline.change.ExpiryNotices;
import org.touchline.change.ExpiryNotices.Progress;
import org.touchline.change.ExpiryNotices.Result;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.time.Deadline;

/**
 * Every morning: tells of licenses that end (wire contract §9, design rule 31); every 15 minutes it goes on with what is unfinished.
 */
@NullMarked
public final class LicenseExpiryHandler extends InvokedFunction {
    private final ExpiryNotices notices;
    private final ScheduleNotes schedules;
    private final Metrics metrics;

    /** For Lambda. */
    public LicenseExpiryHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public LicenseExpiryHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private LicenseExpiryHandler(Wiring wiring) {
        super(wiring.clock());
        var history = wiring.history();
        this.notices = new ExpiryNotices(
                wiring.licenses(),
                wiring.profiles(),
                wiring.members(),
                wiring.catalog(),
                history,
                new ExpiryCheckpoint(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE"), wiring.clock()),
                wiring.noticeDays(),
                wiring.calendar(),
                InvokedFunction::log);
        this.schedules = wiring.schedules();
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} gives the notices of all days up to today; {\"resume\":true} goes on with an unfinished run";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        var result = schedules.noting(
                Scheduled.LICENSE_EXPIRY, done -> howFar(done.progress()), () -> run(payload, deadline));
        metrics.line()
                .count(Metrics.LICENSES_EXPIRING, result.expiring())
                .count(Metrics.LICENSES_EXPIRED, result.expired())
                .write();
        if (result.unreadable() > 0) {
            log(result.unreadable() + " licenses are stored so that they cannot be read; of these no notice was given");
        }
        return new JsonObject()
                .put("through", Objects.toString(result.through(), null))
                .put("expiring", result.expiring())
                .put("expired", result.expired());
    }

    private Result run(JsonObject payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return notices.run(deadline);
        }
        if (payload.size() == 1 && isTrue(payload, "resume")) {
            return notices.resume(deadline);
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static HowFar howFar(Progress progress) {
        return switch (progress) {
            case COMPLETE -> HowFar.TO_THE_END;
            case UNFINISHED -> HowFar.HALFWAY;
            case SKIPPED -> HowFar.NOWHERE;
        };
    }
}
