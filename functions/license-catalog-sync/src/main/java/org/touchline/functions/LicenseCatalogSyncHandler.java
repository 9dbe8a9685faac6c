package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.catalog.LicenseCatalogSync;
import org.touchline.catalog.LicenseCatalogSync.QuarantinedListException;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.time.Deadline;

/** Every day, and on demand: asks the Learning Center for the complete list of licenses, and takes it over. */
@NullMarked
public final class LicenseCatalogSyncHandler extends InvokedFunction {
    private final LicenseCatalogSync catalog;
    private final ScheduleNotes schedules;
    private final Metrics metrics;

    /** For Lambda. */
    public LicenseCatalogSyncHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public LicenseCatalogSyncHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private LicenseCatalogSyncHandler(Wiring wiring) {
        super(wiring.clock());
        this.catalog =
                new LicenseCatalogSync(wiring.learningCenter(), wiring.catalog(), wiring.quarantine(), wiring.clock());
        this.schedules = wiring.schedules();
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} takes over the Learning Center's list of licenses";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (!payload.isEmpty()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        try {
            var result = schedules.noting(
                    Scheduled.LICENSE_CATALOG_SYNC, _ -> HowFar.TO_THE_END, () -> catalog.sync(deadline));
            if (result.quarantined() != null) {
                metrics.count(Metrics.QUARANTINED, 1);
            }
            return document(result);
        } catch (QuarantinedListException refused) {
            metrics.count(Metrics.QUARANTINED, 1);
            throw refused;
        }
    }

    private static JsonObject document(LicenseCatalogSync.Result result) {
        return new JsonObject()
                .put("total", result.total())
                .put("added", result.added())
                .put("changed", result.changed())
                .put("retired", result.retired())
                .put("unchanged", result.unchanged());
    }
}
