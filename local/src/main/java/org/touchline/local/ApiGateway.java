package org.touchline.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * An API Gateway HTTP API in front of the functions: their routes and no others, read and answered in its way (design §8). IAM
 * is not enforced. One page is its own: {@code GET /}.
 */
final class ApiGateway implements LoopbackServer.Responder {
    /** HTTP API's quota for the time that an integration may take. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** HTTP API's quota for a request's body, in bytes. */
    static final int BODY_LIMIT = 10 * 1024 * 1024;

    private final Routes routes;
    private final String page;
    private final Duration timeLimit;
    private final InstantSource clock;

    ApiGateway(Functions functions, String page, Duration timeLimit, InstantSource clock) {
        this.routes = new Routes(functions);
        this.page = page;
        this.timeLimit = timeLimit;
        this.clock = clock;
    }

    @Override
    public Optional<String> function(HttpExchange request) {
        return routes.find(request.getRequestMethod(), HttpApiEvent.path(request.getRequestURI()))
                .map(route -> route.function().function().logicalId());
    }

    @Override
    public HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException {
        var method = request.getRequestMethod();
        var path = HttpApiEvent.path(request.getRequestURI());
        if (method.equals("GET") && path.equals("/")) {
            return HttpAnswer.text(page);
        }
        var route = routes.find(method, path);
        if (route.isEmpty()) {
            return HttpAnswer.message(404, "Not Found");
        }
        var body = LoopbackServer.body(request, BODY_LIMIT);
        if (body.isEmpty()) {
            return HttpAnswer.message(413, "Request Entity Too Large");
        }
        var requestId = UUID.randomUUID().toString();
        var event = HttpApiEvent.of(request, route.get(), body.get(), requestId, clock.instant());
        return integrate(route.get().function(), event).with("apigw-requestid", requestId);
    }

    private HttpAnswer integrate(FunctionPool function, byte[] event) throws InterruptedException, ExecutionException {
        if (event.length > InvokeGateway.SYNCHRONOUS_LIMIT) {
            return HttpAnswer.message(413, "Request Entity Too Large");
        }
        var running = function.invoke(event);
        if (running.isEmpty()) {
            return HttpAnswer.message(503, "Service Unavailable");
        }
        try {
            // Past the limit the function goes on: only the gateway stops waiting.
            var result = running.get().get(timeLimit.toNanos(), TimeUnit.NANOSECONDS);
            return Optional.of(result)
                    .filter(answer -> !answer.failed())
                    .flatMap(answer -> HttpApiAnswer.read(answer.payload()))
                    .orElseGet(() -> HttpAnswer.message(500, "Internal Server Error"));
        } catch (TimeoutException e) {
            return HttpAnswer.message(503, "Service Unavailable");
        }
    }
}
