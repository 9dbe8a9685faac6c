package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Cannot be made while there is no file {@code go}. */
public final class UnreadyHandler implements RequestHandler<Object, String> {
    public UnreadyHandler(Map<String, String> environment) {
        if (Files.notExists(Path.of(environment.get("FOLDER"), "go"))) {
            throw new IllegalArgumentException("not yet");
        }
    }

    @Override
    public String handleRequest(Object event, Context context) {
        return "ready";
    }
}
