package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.touchline.Json;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.FollowUpWiring;
import org.touchline.lambda.HealthReport;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

/**
 * Works on what is owed to someone: when the stream of the follow-up table says that something is new, every minute, and on
 * demand (design rule 10).
 */
@NullMarked
public final class FollowUpHandler extends InvokedFunction {
    private final FollowUpRunner runner;
    private final FollowUpStore followUps;
    private final LearningCenterSession session;
    private final HealthReport health;
    private final Metrics metrics;
    private final InstantSource clock;

    /** For Lambda. */
    public FollowUpHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public FollowUpHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private FollowUpHandler(Wiring wiring) {
        super(wiring.clock());
        this.runner = new FollowUpWiring(wiring).runner(InvokedFunction::log);
        this.followUps = wiring.followUps();
        this.session = wiring.learningCenter().session();
        this.metrics = wiring.metrics();
        this.clock = wiring.clock();
        this.health = new HealthReport(
                wiring.checkpoint(),
                wiring.heardWebhooks(),
                wiring.quarantine(),
                followUps,
                wiring.schedules(),
                metrics,
                clock);
    }

    @Override
    protected String acceptedPayloads() {
        return "{} works on what is due; {\"all\":true} on everything outstanding";
    }

    /** The stream wakes, as the schedule does, and no person waits for the result. */
    @Override
    protected boolean isScheduled(ObjectNode payload) {
        return super.isScheduled(payload) || isStreamEvent(payload);
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return counted(() -> runner.sweep(deadline));
        }
        if (isStreamEvent(payload)) {
            return document(runner.wake(newRows(payload), deadline));
        }
        if (payload.size() == 1 && isTrue(payload, "all")) {
            session.allowOneLogin();
            return counted(() -> runner.all(deadline));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static boolean isStreamEvent(ObjectNode payload) {
        return payload.path("Records").isArray();
    }

    /** The keys in an event of the table's stream. */
    private static List<String> newRows(ObjectNode event) {
        return event.path("Records")
                .valueStream()
                .map(change -> change.at("/dynamodb/Keys/id/S").asText())
                .toList();
    }

    /** Tells the metrics also where nothing can be done for want of a session: that is when somebody should look. */
    private ObjectNode counted(Supplier<Tally> work) {
        try {
            var document = document(work.get());
            return document.put("outstanding", outstanding());
        } catch (UnusableSecretException noSession) {
            outstanding();
            throw noSession;
        }
    }

    /** And how healthy the rest is: what stopped cannot tell (design rule 27). */
    private int outstanding() {
        var outstanding = followUps.outstanding();
        var oldest = outstanding.oldest();
        metrics.count(Metrics.FOLLOW_UPS_OUTSTANDING, outstanding.count());
        var failing = outstanding.failing() + followUps.failingLater();
        if (failing > 0) {
            metrics.count(Metrics.FOLLOW_UPS_FAILING, failing);
        }
        metrics.seconds(
                Metrics.OLDEST_FOLLOW_UP_AGE,
                oldest == null ? Duration.ZERO : Duration.between(oldest, clock.instant()));
        health.writeNowAndThen();
        return outstanding.count();
    }

    private ObjectNode document(Tally tally) {
        if (tally.givenUp() > 0) {
            metrics.count(Metrics.UNKNOWN_USSF_IDS, tally.givenUp());
        }
        return Json.MAPPER.createObjectNode().put("done", tally.done()).put("failed", tally.failed());
    }
}
