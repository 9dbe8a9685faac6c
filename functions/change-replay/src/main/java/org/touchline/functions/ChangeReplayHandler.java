package org.touchline.functions;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.change.ChangeReplay;
import org.touchline.lambda.EventWiring;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.time.Deadline;

/** On demand: publishes again what the history kept in a time (wire contract §7). */
@NullMarked
public final class ChangeReplayHandler extends InvokedFunction {
    private final ChangeReplay replay;
    private final Metrics metrics;

    /** For Lambda. */
    public ChangeReplayHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public ChangeReplayHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private ChangeReplayHandler(Wiring wiring) {
        super(wiring.clock());
        this.replay = new ChangeReplay(wiring.history().feed(), new EventWiring(wiring).bus(), wiring.clock());
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{\"from\":\"2026-03-01T00:00:00Z\",\"to\":\"2026-03-02T00:00:00Z\"} publishes again what was stored then, both included";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (payload.size() != 2) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        var from = instant(payload, "from");
        var to = instant(payload, "to");
        if (to.isBefore(from)) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        var published = replay.publish(from, to, deadline);
        metrics.count(Metrics.CHANGES_PUBLISHED, published);
        return new JsonObject().put("published", published);
    }

    private Instant instant(JsonObject payload, String name) {
        try {
            return OffsetDateTime.parse(payload.path(name).asText()).toInstant();
        } catch (DateTimeException unreadable) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }
}
