package org.touchline.functions;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.license.UssfId;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.subscription.AuditResult;
import org.touchline.subscription.SubscriptionAudit;
import org.touchline.subscription.SubscriptionAudit.Outcome;
import org.touchline.time.Deadline;

/**
 * Every week, and on demand: compares whom the Learning Center tells us of with whom it should, and subscribes whom it does not;
 * every 15 minutes it goes on with what is unfinished.
 */
@NullMarked
public final class SubscriptionAuditHandler extends InvokedFunction {
    private final SubscriptionAudit audit;
    private final LearningCenterSession session;
    private final ScheduleNotes schedules;
    private final Metrics metrics;

    /** For Lambda. */
    public SubscriptionAuditHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public SubscriptionAuditHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private SubscriptionAuditHandler(Wiring wiring) {
        super(wiring.clock());
        this.audit = new SubscriptionAudit(
                wiring.learningCenter(),
                wiring.profiles(),
                wiring.members(),
                wiring.followUps(),
                new AuditCheckpoint(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE"), wiring.clock()),
                wiring.clock());
        this.session = wiring.learningCenter().session();
        this.schedules = wiring.schedules();
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} reports which subscriptions are missing; {\"repair\":true} subscribes them; {\"resume\":true} goes"
                + " on with an unfinished audit";
    }

    /** Its schedules send {@code {"repair":true}} and {@code {"resume":true}}. */
    @Override
    protected boolean isScheduled(JsonObject payload) {
        return super.isScheduled(payload) || isOnly(payload, "repair") || isOnly(payload, "resume");
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        var outcome = schedules.noting(
                Scheduled.SUBSCRIPTION_AUDIT, SubscriptionAuditHandler::howFar, () -> outcome(payload, deadline));
        return switch (outcome) {
            case Outcome.Complete(var result, var undecided) -> {
                count(result, undecided);
                yield document(result);
            }
            case Outcome.Unfinished() -> unfinished();
            case Outcome.Skipped() -> new JsonObject().put("status", "skipped");
        };
    }

    private static HowFar howFar(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Complete _ -> HowFar.TO_THE_END;
            case Outcome.Unfinished _ -> HowFar.HALFWAY;
            case Outcome.Skipped _ -> HowFar.NOWHERE;
        };
    }

    private Outcome outcome(JsonObject payload, Deadline deadline) {
        Consumer<String> log = line -> progress("subscription audit: " + line);
        if (payload.isEmpty()) {
            session.allowOneLogin();
            return audit.run(false, deadline, log);
        }
        if (isOnly(payload, "repair")) {
            return audit.run(true, deadline, log);
        }
        if (isOnly(payload, "resume")) {
            return audit.resume(deadline, log);
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static boolean isOnly(JsonObject payload, String name) {
        return payload.size() == 1 && isTrue(payload, name);
    }

    /** Design rule 27: what should not happen is told where it did. */
    private void count(AuditResult result, int undecided) {
        metrics.line()
                .count(Metrics.SUBSCRIPTIONS_EXPECTED, result.expected())
                .count(Metrics.SUBSCRIPTIONS_LISTED, result.subscribed())
                .countIfAny(Metrics.SUBSCRIPTIONS_MISSING, result.missingCount())
                .countIfAny(Metrics.SUBSCRIPTIONS_EXTRA, result.extraCount())
                .countIfAny(Metrics.SUBSCRIPTIONS_REPAIRED, result.repaired())
                .countIfAny(Metrics.SUBSCRIPTIONS_UNDECIDED, undecided)
                .write();
    }

    private static JsonObject document(AuditResult result) {
        var document = new JsonObject()
                .put("expected", result.expected())
                .put("subscribed", result.subscribed())
                .put("missingCount", result.missingCount());
        list(document, "missing", result.missing());
        document.put("extraCount", result.extraCount());
        list(document, "extra", result.extra());
        return document.put("repaired", result.repaired());
    }

    /** What is not known yet is null: 0 would say that all is well. */
    private static JsonObject unfinished() {
        var document = new JsonObject();
        List.of("expected", "subscribed", "missingCount", "missing", "extraCount", "extra", "repaired")
                .forEach(document::putNull);
        return document;
    }

    private static void list(JsonObject document, String name, List<UssfId> ids) {
        var list = document.putArray(name);
        ids.forEach(ussfId -> list.add(ussfId.value()));
    }
}
