package org.touchline.functions;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
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
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.time.Deadline;

/**
 * Works on what is owed to someone: when the stream of the follow-up table says that something is new, every minute, and on
 * demand (design rule 10).
 */
@NullMarked
public final class FollowUpHandler extends InvokedFunction {
    /** Wire contract §7. */
    private static final int MOST_COUNTED = 10_000;

    private final FollowUpRunner runner;
    private final FollowUpStore followUps;
    private final LearningCenterSession session;
    private final HealthReport health;
    private final Metrics metrics;

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
        this.health = new HealthReport(
                wiring.checkpoint(),
                wiring.heardWebhooks(),
                wiring.quarantine(),
                followUps,
                wiring.schedules(),
                new AuditCheckpoint(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE"), wiring.clock()),
                metrics,
                wiring.clock());
    }

    @Override
    protected String acceptedPayloads() {
        return "{} works on what is due; {\"all\":true} on everything outstanding";
    }

    /** The stream wakes, as the schedule does, and no person waits for the result. */
    @Override
    protected boolean isScheduled(JsonObject payload) {
        return super.isScheduled(payload) || isStreamEvent(payload);
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
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

    private static boolean isStreamEvent(JsonObject payload) {
        return payload.path("Records").isArray();
    }

    /** The keys in an event of the table's stream. */
    private static List<String> newRows(JsonObject event) {
        return event.path("Records")
                .valueStream()
                .map(change -> change.path("dynamodb")
                        .path("Keys")
                        .path("id")
                        .path("S")
                        .asText())
                .toList();
    }

    /** Tells the metrics also where nothing can be done for want of a session: that is when somebody should look. */
    private JsonObject counted(Supplier<Tally> work) {
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
        var outstanding = followUps.countOutstanding(MOST_COUNTED);
        metrics.count(Metrics.FOLLOW_UPS_OUTSTANDING, outstanding);
        health.writeNowAndThen();
        return outstanding;
    }

    private JsonObject document(Tally tally) {
        if (tally.givenUp() > 0) {
            metrics.count(Metrics.UNKNOWN_USSF_IDS, tally.givenUp());
        }
        return new JsonObject().put("done", tally.done()).put("failed", tally.failed());
    }
}
