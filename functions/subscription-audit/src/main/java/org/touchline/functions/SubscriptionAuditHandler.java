package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.Json;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterSession;
import org.touchline.license.UssfId;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.Scheduled;
import org.touchline.subscription.AuditResult;
import org.touchline.subscription.SubscriptionAudit;
import org.touchline.subscription.SubscriptionAudit.Outcome;

/** Every week, and on demand: compares whom the Learning Center tells us of with whom it should. */
@NullMarked
public final class SubscriptionAuditHandler extends InvokedFunction {
    private final SubscriptionAudit audit;
    private final LearningCenterSession session;
    private final ScheduleNotes schedules;

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
        this.audit = wiring.subscriptionAudit();
        this.session = wiring.learningCenter().session();
        this.schedules = wiring.schedules();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} reports which subscriptions are missing; {\"repair\":true} subscribes them";
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        var repair = payload.size() == 1 && isTrue(payload, "repair");
        if (!repair && !payload.isEmpty()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        if (repair) {
            session.allowOneLogin();
        }
        var outcome = schedules.noting(
                Scheduled.SUBSCRIPTION_AUDIT,
                Outcome.Complete.class::isInstance,
                () -> audit.run(repair, deadline, line -> progress("subscription audit: " + line)));
        return switch (outcome) {
            case Outcome.Complete(var result) -> document(result);
            case Outcome.Unfinished() -> unfinished();
            case Outcome.Skipped() -> Json.MAPPER.createObjectNode().put("status", "skipped");
        };
    }

    private static ObjectNode document(AuditResult result) {
        var document = Json.MAPPER
                .createObjectNode()
                .put("expected", result.expected())
                .put("subscribed", result.subscribed())
                .put("missingCount", result.missingCount());
        list(document, "missing", result.missing());
        document.put("extraCount", result.extraCount());
        list(document, "extra", result.extra());
        return document.put("repaired", result.repaired());
    }

    /** What is not known yet is null: 0 would say that all is well. */
    private static ObjectNode unfinished() {
        var document = Json.MAPPER.createObjectNode();
        List.of("expected", "subscribed", "missingCount", "missing", "extraCount", "extra", "repaired")
                .forEach(document::putNull);
        return document;
    }

    private static void list(ObjectNode document, String name, List<UssfId> ids) {
        var list = document.putArray(name);
        ids.forEach(ussfId -> list.add(ussfId.value()));
    }
}
