package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.time.InstantSource;
import java.util.Map;
import org.touchline.lambda.Metrics;

/** Writes a metric as the real functions do, and logs a line. */
public final class MeasuringHandler implements RequestHandler<Map<String, Object>, String> {
    private final Metrics metrics = new Metrics(System.out, "stack", InstantSource.system());

    public MeasuringHandler(Map<String, String> environment) {}

    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        metrics.count(Metrics.QUARANTINED, 1);
        context.getLogger().log("measured");
        return "measured";
    }
}
