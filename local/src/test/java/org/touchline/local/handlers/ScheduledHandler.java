package org.touchline.local.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Logs its event. */
public final class ScheduledHandler implements RequestStreamHandler {
    public ScheduledHandler(Map<String, String> environment) {}

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        context.getLogger().log(new String(event.readAllBytes(), UTF_8));
    }
}
