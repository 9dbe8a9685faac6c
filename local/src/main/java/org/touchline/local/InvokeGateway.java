package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import org.touchline.console.HttpAnswer;
import org.touchline.console.LoopbackServer;

/**
 * The part of Lambda's API that invokes functions, as the AWS CLI and the SDKs call it: {@code Invoke} with its three types, and
 * {@code ListFunctions}. Nobody has to sign. What it refuses, it refuses with Lambda's own exceptions.
 */
final class InvokeGateway implements LoopbackServer.Responder {
    /** The only version of every function. */
    static final String LATEST = "$LATEST";

    /** Lambda's quota for the event of a synchronous invocation, in bytes. */
    static final int SYNCHRONOUS_LIMIT = 6 * 1024 * 1024;

    /** Lambda's quota for the event of an asynchronous invocation, in bytes. */
    static final int ASYNCHRONOUS_LIMIT = 1024 * 1024;

    private static final String FUNCTIONS = "/2015-03-31/functions";
    private static final Pattern INVOCATIONS = Pattern.compile(FUNCTIONS + "/([^/]+)/invocations");

    /** Lambda hands this over where the caller sent nothing. */
    private static final byte[] NO_EVENT = "{}".getBytes(UTF_8);

    private final Functions functions;

    InvokeGateway(Functions functions) {
        this.functions = functions;
    }

    @Override
    public Optional<String> function(HttpExchange request) {
        var invocation = INVOCATIONS.matcher(request.getRequestURI().getRawPath());
        return invocation.matches()
                ? functions
                        .find(URLDecoder.decode(invocation.group(1), UTF_8))
                        .map(pool -> pool.function().logicalId())
                : Optional.empty();
    }

    @Override
    public HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException {
        var path = request.getRequestURI().getRawPath();
        var method = request.getRequestMethod();
        var invocation = INVOCATIONS.matcher(path);
        if (method.equals("POST") && invocation.matches()) {
            return invoke(URLDecoder.decode(invocation.group(1), UTF_8), request);
        }
        if (method.equals("GET") && (path.equals(FUNCTIONS) || path.equals(FUNCTIONS + "/"))) {
            return list();
        }
        return refusal(404, "UnknownOperationException", "message", "Here are only Invoke and ListFunctions");
    }

    private HttpAnswer invoke(String name, HttpExchange request)
            throws IOException, InterruptedException, ExecutionException {
        var type = Objects.requireNonNullElse(
                request.getRequestHeaders().getFirst("X-Amz-Invocation-Type"), "RequestResponse");
        var limit = type.equals("Event") ? ASYNCHRONOUS_LIMIT : SYNCHRONOUS_LIMIT;
        var body = LoopbackServer.body(request, limit);
        var function = functions.find(name);
        if (function.isEmpty()) {
            return refusal(404, "ResourceNotFoundException", "Message", "Function not found: " + name);
        }
        if (body.isEmpty()) {
            var reason = "Request must be smaller than " + limit + " bytes for the InvokeFunction operation";
            return refusal(413, "RequestTooLargeException", "message", reason);
        }
        var event = body.get().length == 0 ? NO_EVENT : body.get();
        try {
            Json.read(event);
        } catch (JsonProcessingException e) {
            var reason = "Could not parse request body into json: " + e.getOriginalMessage();
            return refusal(400, "InvalidRequestContentException", "message", reason);
        }
        return switch (type) {
            case "RequestResponse" -> answer(function.get(), event, request);
            case "Event" -> {
                var _ = function.get().queue(event);
                yield HttpAnswer.empty(202);
            }
            case "DryRun" -> HttpAnswer.empty(204);
            default -> refusal(400, "InvalidParameterValueException", "message", "Unknown invocation type " + type);
        };
    }

    private static HttpAnswer answer(FunctionPool function, byte[] event, HttpExchange request)
            throws InterruptedException, ExecutionException {
        var running = function.invoke(event);
        if (running.isEmpty()) {
            var fields =
                    Map.of("Type", "User", "Reason", "ConcurrentInvocationLimitExceeded", "message", "Rate Exceeded.");
            return HttpAnswer.json(429, fields).with("x-amzn-ErrorType", "TooManyRequestsException");
        }
        var result = running.get().get();
        var answer = new HttpAnswer(200, Map.of("Content-Type", List.of("application/json")), result.payload())
                .with("X-Amzn-RequestId", result.requestId())
                .with("X-Amz-Executed-Version", LATEST);
        if (result.failed()) {
            answer = answer.with("X-Amz-Function-Error", "Unhandled");
        }
        if ("Tail".equals(request.getRequestHeaders().getFirst("X-Amz-Log-Type"))) {
            var log = Base64.getEncoder().encodeToString(result.log().getBytes(UTF_8));
            answer = answer.with("X-Amz-Log-Result", log);
        }
        return answer;
    }

    private HttpAnswer list() {
        var listed = functions.all().stream()
                .map(FunctionPool::function)
                .map(function -> Map.of(
                        "FunctionName", function.name(),
                        "FunctionArn", function.arn(),
                        "Handler", function.handler(),
                        "Timeout", function.timeout().toSeconds(),
                        "MemorySize", function.memorySize(),
                        "Version", LATEST));
        return HttpAnswer.json(200, Map.of("Functions", listed.toList()));
    }

    /** Lambda spells the message's field differently from one exception to the next. */
    private static HttpAnswer refusal(int status, String type, String messageField, String message) {
        return HttpAnswer.json(status, Map.of("Type", "User", messageField, message))
                .with("x-amzn-ErrorType", type);
    }
}
