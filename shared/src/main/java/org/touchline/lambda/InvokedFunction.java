package org.touchline.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import org.touchline.ExplainedException;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

/**
 * A function that is invoked, by a person or a schedule, with a JSON payload and a JSON result (wire contract §7). An event of
 * EventBridge as payload means the defaults. What fails, fails the invocation; but for a secret that nobody has set yet: then
 * a person gets an error that names it, and a schedule ends quietly, with a line in the log (design rule 20). So a new stack
 * raises no alarm before it is configured.
 */
public abstract class InvokedFunction implements RequestStreamHandler {
    /** What is left to write the result, once no further piece of work is begun. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    /** Of the invocation, and of the threads that it starts. */
    private static final InheritableThreadLocal<LambdaLogger> LOGGER = new InheritableThreadLocal<>();

    private final InstantSource clock;

    /** @param clock tells until when the function may work */
    protected InvokedFunction(InstantSource clock) {
        this.clock = clock;
    }

    /** A payload that is of no kind that the function knows. The message says what is accepted. */
    public static final class UnknownPayloadException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        /** @param accepted what is accepted, such as {@code {} or {"id"}} */
        public UnknownPayloadException(String accepted) {
            super("accepted payloads: " + accepted);
        }
    }

    /**
     * Does the work.
     *
     * @param payload empty for the defaults
     * @param deadline until when work may be done: what is left after that is for writing the result
     * @throws UnknownPayloadException if the payload is of no known kind
     */
    protected abstract JsonValue result(JsonObject payload, Deadline deadline);

    /** What is accepted, for who sent something else. */
    protected abstract String acceptedPayloads();

    @Override
    public final void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        var time = Duration.ofMillis(context.getRemainingTimeInMillis()).minus(RESERVE);
        var payload = payload(event.readAllBytes());
        LOGGER.set(context.getLogger());
        try {
            Json.write(resultOrSkipped(payload, Deadline.in(time, clock)), answer);
        } finally {
            LOGGER.remove();
        }
    }

    /**
     * Logs a line as a warning, with the logger of the invocation that is under way on this thread, or that started this thread: what
     * the domain is given as its journal, for it knows nothing of Lambda. Safe for use by several threads.
     *
     * @param line nothing personal (design rule 21)
     */
    protected static void log(String line) {
        write(line, LogLevel.WARN);
    }

    /**
     * Logs how far work has come that takes long, with the same logger, for who watches.
     *
     * @param line nothing personal (design rule 21)
     */
    protected static void progress(String line) {
        write(line, LogLevel.INFO);
    }

    /** One at a time: a logger promises nothing to several threads. */
    private static void write(String line, LogLevel level) {
        var logger = LOGGER.get();
        synchronized (logger) {
            logger.log(line, level);
        }
    }

    /**
     * Whether a schedule sent this payload, and no person waits for the result: an event of EventBridge. A function whose
     * schedule has an input of its own knows that one too.
     */
    protected boolean isScheduled(JsonObject payload) {
        return isEventBridgeEvent(payload);
    }

    /** Whether a field of a payload is there and true. */
    protected static boolean isTrue(JsonObject payload, String name) {
        return payload.path(name).isBoolean() && payload.path(name).booleanValue();
    }

    private JsonValue resultOrSkipped(JsonObject payload, Deadline deadline) {
        try {
            return result(isEventBridgeEvent(payload) ? new JsonObject() : payload, deadline);
        } catch (UnusableSecretException unusable) {
            if (!unusable.isUnset() || !isScheduled(payload)) {
                throw unusable;
            }
            log("not configured yet, nothing done: " + unusable.getMessage());
            return new JsonObject().put("status", "skipped");
        }
    }

    private JsonObject payload(byte[] event) {
        try {
            var json = event.length == 0 ? new JsonObject() : Json.read(event);
            if (json instanceof JsonObject object) {
                return object;
            }
        } catch (IOException notJson) {
            // Refused below, as any other payload of no known kind.
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private static boolean isEventBridgeEvent(JsonObject json) {
        return json.has("detail-type") && json.has("source");
    }
}
