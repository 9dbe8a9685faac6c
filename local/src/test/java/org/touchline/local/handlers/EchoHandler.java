package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Answers with the event and the environment it was given, and with what its context says. */
public final class EchoHandler implements RequestStreamHandler {
    private final JsonMapper json = new JsonMapper();
    private final Map<String, String> environment;

    public EchoHandler(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        context.getLogger().log("echo\n");
        var told = Map.of(
                "functionName", context.getFunctionName(),
                "arn", context.getInvokedFunctionArn(),
                "requestId", context.getAwsRequestId(),
                "memory", context.getMemoryLimitInMB(),
                "remaining", context.getRemainingTimeInMillis());
        json.writeValue(answer, Map.of("event", json.readTree(event), "environment", environment, "context", told));
    }
}
