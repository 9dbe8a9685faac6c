package org.touchline.local.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/** Waits for the file {@code go}, or to be interrupted, and answers with the id of the instance. */
public final class WaitingHandler implements RequestHandler<Map<String, Object>, String> {
    private final String instance = UUID.randomUUID().toString();
    private final Path go;

    public WaitingHandler(Map<String, String> environment) {
        this.go = Path.of(environment.get("FOLDER"), "go");
    }

    @Override
    public String handleRequest(Map<String, Object> event, Context context) {
        context.getLogger().log("waits");
        try {
            while (Files.notExists(go)) {
                Thread.sleep(5);
            }
        } catch (InterruptedException e) {
            context.getLogger().log("interrupted");
        }
        return instance;
    }
}
