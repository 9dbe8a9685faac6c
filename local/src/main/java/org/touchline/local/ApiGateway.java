package org.touchline.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.touchline.console.Console;
import org.touchline.console.HttpAnswer;
import org.touchline.console.LoopbackServer;

/**
 * An API Gateway HTTP API in front of the functions: their routes and no others, read and answered in its way (design §8). IAM
 * is not enforced. Its own are {@code GET /}, the console to a browser and the start-up text to anybody else, and what is under
 * {@code /console/}.
 */
final class ApiGateway implements LoopbackServer.Responder {
    /** HTTP API's quota for the time that an integration may take. */
    static final Duration TIME_LIMIT = Duration.ofSeconds(30);

    /** HTTP API's quota for a request's body, in bytes. */
    static final int BODY_LIMIT = 10 * 1024 * 1024;

    private final Routes routes;
    private final String welcome;
    private final Console console;
    private final Duration timeLimit;
    private final InstantSource clock;

    ApiGateway(Functions functions, String welcome, Console console, Duration timeLimit, InstantSource clock) {
        this.routes = new Routes(functions);
        this.welcome = welcome;
        this.console = console;
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
        if (isForTheConsole(request)) {
            return console.respond(request);
        }
        if (method.equals("GET") && path.equals("/")) {
            return HttpAnswer.text(welcome).with("Vary", "Accept");
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

    private static boolean isForTheConsole(HttpExchange request) {
        var path = request.getRequestURI().getRawPath();
        var accepted = request.getRequestHeaders().getOrDefault("Accept", List.of());
        return Console.isFor(path)
                || path.equals("/")
                        && request.getRequestMethod().equals("GET")
                        && accepted.stream().anyMatch(types -> types.contains("text/html"));
    }

    @Override
    public boolean isLogged(HttpExchange request) {
        return !isForTheConsole(request);
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
