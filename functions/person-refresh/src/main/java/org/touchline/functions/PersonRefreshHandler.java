package org.touchline.functions;

import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.lambda.FollowUpWiring;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.license.UssfId;
import org.touchline.person.RefreshCheckpoint;
import org.touchline.person.RollingRefresh;
import org.touchline.person.RollingRefresh.Result;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.time.Deadline;

/**
 * Every day, a share of all people, and on demand one: asks the Learning Center for everything about them; every 15
 * minutes it goes on with what is left of the share.
 */
@NullMarked
public final class PersonRefreshHandler extends InvokedFunction {
    private final RollingRefresh refresh;
    private final LearningCenterSession session;
    private final ScheduleNotes schedules;
    private final Metrics metrics;
    private final int days;

    /** For Lambda. */
    public PersonRefreshHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public PersonRefreshHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private PersonRefreshHandler(Wiring wiring) {
        super(wiring.clock());
        this.session = wiring.learningCenter().session();
        this.schedules = wiring.schedules();
        var followUps = new FollowUpWiring(wiring);
        this.refresh = new RollingRefresh(
                followUps.people(),
                wiring.profiles(),
                wiring.members(),
                wiring.followUps(),
                followUps.runner(InvokedFunction::log),
                new RefreshCheckpoint(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE"), wiring.clock()),
                schedules::oldestRefresh,
                InvokedFunction::log,
                wiring.clock());
        this.metrics = wiring.metrics();
        this.days = wiring.number("REFRESH_DAYS");
    }

    @Override
    protected String acceptedPayloads() {
        return "{} refreshes the next share of all people; {\"resume\":true} what is left of it; {\"ussfId\":\"…\"} one person;"
                + " {\"ussfId\":\"…\",\"accept\":true} believes an answer that takes everything away";
    }

    /** Its schedules send nothing, and {@code {"resume":true}}. */
    @Override
    protected boolean isScheduled(JsonObject payload) {
        return super.isScheduled(payload) || isResume(payload);
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return noted(() -> refresh.share(days, deadline));
        }
        if (isResume(payload)) {
            return noted(() -> refresh.resume(days, deadline));
        }
        var accepted = isTrue(payload, "accept");
        if (payload.path("ussfId").isTextual() && payload.size() == (accepted ? 2 : 1)) {
            session.allowOneLogin();
            return counted(refresh.one(ussfId(payload), accepted, deadline));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static boolean isResume(JsonObject payload) {
        return payload.size() == 1 && isTrue(payload, "resume");
    }

    private JsonObject noted(Supplier<Optional<Result>> share) {
        return schedules
                .noting(Scheduled.PERSON_REFRESH, PersonRefreshHandler::howFar, share)
                .map(this::counted)
                .orElseGet(() -> new JsonObject().put("status", "skipped"));
    }

    private static HowFar howFar(Optional<Result> result) {
        return result.map(share -> share.left() == 0 ? HowFar.TO_THE_END : HowFar.HALFWAY)
                .orElse(HowFar.NOWHERE);
    }

    private UssfId ussfId(JsonObject payload) {
        try {
            return UssfId.parse(payload.path("ussfId").asText());
        } catch (InvalidValueException invalid) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    private JsonObject counted(Result result) {
        if (result.unknown() > 0) {
            metrics.count(Metrics.UNKNOWN_USSF_IDS, result.unknown());
        }
        if (result.stopped()) {
            metrics.count(Metrics.REFRESHES_STOPPED, 1);
        }
        return new JsonObject()
                .put("refreshed", result.refreshed())
                .put("changed", result.changed())
                .put("failed", result.failed());
    }
}
