package org.touchline.local.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;

/** Answers with the bytes of the request's body, whatever they are. */
public final class ReturningHandler implements RequestStreamHandler {
    private final JsonMapper json = new JsonMapper();

    public ReturningHandler(Map<String, String> environment) {}

    @Override
    public void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        answer.write(json.readTree(event).path("body").asText().getBytes(UTF_8));
    }
}
