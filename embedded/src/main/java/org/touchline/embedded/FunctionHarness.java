package org.touchline.embedded;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls one function in a test as Lambda does: an event, serialized by Lambda's own library, in; bytes out; a context with a
 * clock that runs down and a logger whose lines can be read.
 */
public final class FunctionHarness {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final RequestStreamHandler handler;
    private final Duration remainingTime;
    private final StringBuilder logged = new StringBuilder();

    /** A function with 20 seconds left at every call. */
    public FunctionHarness(RequestStreamHandler handler) {
        this(handler, Duration.ofSeconds(20));
    }

    /** @param remainingTime what the context says is left, at every call */
    public FunctionHarness(RequestStreamHandler handler, Duration remainingTime) {
        this.handler = handler;
        this.remainingTime = remainingTime;
    }

    /** An answer for the HTTP API. */
    public record HttpAnswer(JsonNode event) {
        /** The status code. */
        public int status() {
            return event.path("statusCode").intValue();
        }

        /** A header, by its name in lower case; null if it is not there. */
        public @Nullable String header(String name) {
            return event.path("headers").path(name).asText(null);
        }

        /** The body's text; empty if there is none. */
        public String body() {
            return event.path("body").asText("");
        }

        /** The body as JSON. */
        public JsonNode json() {
            return FunctionHarness.json(body());
        }
    }

    /** The text of a file in {@code events/}, by its name without ending. */
    public static String sampleText(String name) {
        try {
            return Files.readString(
                    EmbeddedStack.projectRoot().resolve("events").resolve(name + ".json"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }

    /** An event from {@code events/}, read by Lambda's own library, and changed. */
    public static APIGatewayV2HTTPEvent sample(String name, Consumer<APIGatewayV2HTTPEvent> change) {
        var event = LambdaEventSerializers.serializerFor(
                        APIGatewayV2HTTPEvent.class, FunctionHarness.class.getClassLoader())
                .fromJson(sampleText(name));
        change.accept(event);
        return event;
    }

    /** Hands over an event of the HTTP API. */
    public HttpAnswer handle(APIGatewayV2HTTPEvent event) {
        var serialized = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, FunctionHarness.class.getClassLoader())
                .toJson(event, serialized);
        return new HttpAnswer(json(invoke(serialized.toString(StandardCharsets.UTF_8))));
    }

    /** Hands over any payload, and returns the result as it is. */
    public String invoke(String payload) {
        var answer = new ByteArrayOutputStream();
        try {
            handler.handleRequest(
                    new ByteArrayInputStream(payload.getBytes(StandardCharsets.UTF_8)), answer, new CallContext());
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        return answer.toString(StandardCharsets.UTF_8);
    }

    /** Everything that was logged, a message a line. */
    public String logged() {
        return logged.toString();
    }

    /** A JSON text, read. */
    public static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (IOException notJson) {
            throw new UncheckedIOException(notJson);
        }
    }

    private final class CallContext implements Context, LambdaLogger {
        @Override
        public void log(String message) {
            logged.append(message).append('\n');
        }

        @Override
        public void log(byte[] message) {
            log(new String(message, StandardCharsets.UTF_8));
        }

        @Override
        public LambdaLogger getLogger() {
            return this;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return (int) remainingTime.toMillis();
        }

        @Override
        public String getAwsRequestId() {
            return "sample-request";
        }

        @Override
        public String getLogGroupName() {
            return "/aws/lambda/sample";
        }

        @Override
        public String getLogStreamName() {
            return "sample";
        }

        @Override
        public String getFunctionName() {
            return "sample";
        }

        @Override
        public String getFunctionVersion() {
            return "$LATEST";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn:aws:lambda:us-east-1:000000000000:function:sample";
        }

        @Override
        public @Nullable CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public @Nullable ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }
    }
}
