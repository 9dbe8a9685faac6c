package org.touchline.functions;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.license.LearnedBy;
import org.touchline.reconciliation.Reconciliation;
import org.touchline.reconciliation.Reconciliation.Reach;
import org.touchline.reconciliation.Run;
import org.touchline.reconciliation.Window;
import org.touchline.time.Deadline;

/** Every day, and on demand: asks the Learning Center for all that changed, and repairs what a webhook missed. */
@NullMarked
public final class UserLicenseReconciliationHandler extends InvokedFunction {
    private final Reconciliation reconciliation;
    private final Metrics metrics;

    /** For Lambda. */
    public UserLicenseReconciliationHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public UserLicenseReconciliationHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private UserLicenseReconciliationHandler(Wiring wiring) {
        super(wiring.clock());
        var reach = new Reach(
                Duration.ofHours(wiring.number("RECONCILIATION_OVERLAP_HOURS")),
                Duration.ofDays(wiring.number("RECONCILIATION_FIRST_DAYS")));
        this.reconciliation = new Reconciliation(
                wiring.learningCenter(),
                wiring.licensesAskingAnew(LearnedBy.RECONCILIATION),
                wiring.quarantine(),
                wiring.checkpoint(),
                reach,
                wiring.clock());
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} goes on with an unfinished window, or begins the next; {\"resume\":true} only goes on;"
                + " {\"startDate\":\"2026-01-01T00:00:00Z\",\"endDate\":\"2026-01-31T00:00:00Z\"} walks a window of one's"
                + " own; the same again goes on with it";
    }

    /** The schedule that goes on every 15 minutes sends {@code {"resume":true}}. */
    @Override
    protected boolean isScheduled(JsonObject payload) {
        return super.isScheduled(payload) || isResume(payload);
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return counted(reconciliation.next(deadline));
        }
        if (isResume(payload)) {
            return counted(reconciliation.resume(deadline));
        }
        if (payload.size() == 2
                && payload.path("startDate").isTextual()
                && payload.path("endDate").isTextual()) {
            return counted(reconciliation.of(window(payload), deadline));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static boolean isResume(JsonObject payload) {
        return payload.size() == 1 && isTrue(payload, "resume");
    }

    private Window window(JsonObject payload) {
        try {
            return new Window(
                    Instant.parse(payload.path("startDate").asText()),
                    Instant.parse(payload.path("endDate").asText()));
        } catch (DateTimeParseException | InvalidValueException noWindow) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    /** Rule 14; rows that went to quarantine are counted as webhooks are (design rule 7). */
    private JsonObject counted(Run run) {
        if (run.window() != null) {
            var line = metrics.line()
                    .count(Metrics.CHANGES_SCANNED, run.rows().scanned())
                    .count(Metrics.CHANGES_REPAIRED, run.rows().repaired())
                    .count(Metrics.CHANGES_UNCHANGED, run.rows().unchanged());
            if (run.rows().missed() > 0) {
                line.count(Metrics.CHANGES_MISSED, run.rows().missed())
                        .seconds(Metrics.MISSED_CHANGE_AGE, run.rows().latest());
            }
            line.countIfAny(Metrics.QUARANTINED, run.rows().quarantined())
                    .countIfAny(Metrics.CHANGES_FAILED, run.rows().failed())
                    .countIfAny(Metrics.PAGES_PASSED_OVER, run.pages().passedOver())
                    .write();
        }
        if (run.stoppedBy() != null) {
            log("reconciliation is partial: " + run.stoppedBy());
        }
        return document(run);
    }

    private static JsonObject document(Run run) {
        var window = run.window();
        var document = new JsonObject()
                .put("status", run.status().wireName())
                .put("windowStart", window == null ? null : Objects.toString(window.start()))
                .put("windowEnd", window == null ? null : Objects.toString(window.end()))
                .put("pages", run.pages().read())
                .put("scanned", run.rows().scanned())
                .put("repaired", run.rows().repaired())
                .put("missed", run.rows().missed())
                .put("unchanged", run.rows().unchanged())
                .put("lastPageDone", run.pages().lastDone());
        return run.stoppedBy() == null ? document : document.put("stoppedBy", run.stoppedBy());
    }
}
