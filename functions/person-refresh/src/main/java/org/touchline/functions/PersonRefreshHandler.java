package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.lambda.FollowUpWiring;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.person.RollingRefresh;
import org.touchline.person.RollingRefresh.Result;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.time.Deadline;

/** Every day, a share of all people, and on demand one: asks the Learning Center for everything about them. */
@NullMarked
public final class PersonRefreshHandler extends InvokedFunction {
    private final RollingRefresh refresh;
    private final LearningCenterSession session;
    private final ProfileStore profiles;
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
        this.profiles = wiring.profiles();
        var followUps = new FollowUpWiring(wiring);
        this.refresh = new RollingRefresh(
                followUps.people(),
                profiles,
                wiring.members(),
                wiring.followUps(),
                followUps.runner(InvokedFunction::log),
                InvokedFunction::log,
                wiring.clock());
        this.schedules = wiring.schedules();
        this.metrics = wiring.metrics();
        this.days = wiring.number("REFRESH_DAYS");
    }

    @Override
    protected String acceptedPayloads() {
        return "{} refreshes the next share of all people; {\"ussfId\":\"…\"} one person;"
                + " {\"ussfId\":\"…\",\"accept\":true} believes an answer that takes everything away";
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        if (payload.isEmpty()) {
            // Before it, while there is time: who fails again and again is seen here all the same.
            profiles.oldestRefresh().ifPresent(schedules::oldestRefresh);
            return counted(schedules.noting(
                    Scheduled.PERSON_REFRESH, _ -> HowFar.TO_THE_END, () -> refresh.share(days, deadline)));
        }
        var accepted = isTrue(payload, "accept");
        if (payload.path("ussfId").isTextual() && payload.size() == (accepted ? 2 : 1)) {
            session.allowOneLogin();
            return counted(refresh.one(ussfId(payload), accepted, deadline));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private UssfId ussfId(ObjectNode payload) {
        try {
            return UssfId.parse(payload.path("ussfId").asText());
        } catch (InvalidValueException invalid) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    private ObjectNode counted(Result result) {
        if (result.unknown() > 0) {
            metrics.count(Metrics.UNKNOWN_USSF_IDS, result.unknown());
        }
        if (result.stopped()) {
            metrics.count(Metrics.REFRESHES_STOPPED, 1);
        }
        return Json.MAPPER
                .createObjectNode()
                .put("refreshed", result.refreshed())
                .put("changed", result.changed())
                .put("failed", result.failed());
    }
}
