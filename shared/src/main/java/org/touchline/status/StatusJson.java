package org.touchline.status;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.reconciliation.Checkpoint.PastRun;
import org.touchline.status.StackStatus.Report;

/** How the copy is, as JSON (wire contract §5): what has not happened yet is null. */
public final class StatusJson {
    private StatusJson() {}

    /** The answer of {@code GET /status}. */
    public static JsonObject write(Report report) {
        var document = new JsonObject();
        var webhooks = document.putArray("webhooks");
        report.webhooks()
                .forEach(
                        (path, at) -> webhooks.addObject().put("path", path).put("lastHeardAt", text(at.orElse(null))));
        var reconciliation = document.putObject("reconciliation")
                .put("completeUntil", text(report.reconciliation().completeUntil()))
                .put("unfinished", report.reconciliation().unfinished());
        var runs = reconciliation.putArray("runs");
        report.runs().forEach(run -> put(runs.addObject(), run));
        document.putObject("followUps")
                .put("outstanding", report.followUps().count())
                .put("failing", report.followUps().failing())
                .put("oldestAskedAt", text(report.followUps().oldest()));
        document.putObject("quarantine")
                .put("open", report.quarantine().count())
                .put("oldestReceivedAt", text(report.quarantine().oldest()));
        var members = document.putObject("members");
        report.members().forEach((status, count) -> members.put(status.wireName(), count));
        var audit = report.audit();
        document.putObject("subscriptions")
                .put("auditedAt", audit == null ? null : text(audit.at()))
                .put("missing", audit == null ? null : Math.min(audit.missing(), StackStatus.MOST_COUNTED))
                .put("extra", audit == null ? null : Math.min(audit.extra(), StackStatus.MOST_COUNTED));
        document.putObject("refresh").put("oldestAt", text(report.oldestRefresh()));
        return document;
    }

    private static void put(JsonObject document, PastRun past) {
        var run = past.run();
        var window = run.window();
        document.put("at", text(past.at()))
                .put("status", run.status().wireName())
                .put("windowStart", window == null ? null : text(window.start()))
                .put("windowEnd", window == null ? null : text(window.end()))
                .put("scanned", run.rows().scanned())
                .put("repaired", run.rows().repaired())
                .put("missed", run.rows().missed());
    }

    private static @Nullable String text(@Nullable Instant at) {
        return Objects.toString(at, null);
    }
}
