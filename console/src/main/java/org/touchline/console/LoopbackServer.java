package org.touchline.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server that only this machine can reach, each request on a virtual thread of its own. A page of a stranger's in a browser
 * on this machine reaches it too, under a name that the stranger has led here: so only the names of this machine are answered
 * (wire contract §6). Prints a line a request.
 *
 * <p>Safe for use by several threads.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final List<String> NAMES = List.of(HOST, "localhost", "[::1]");
    private static final int HTTP_PORT = 80;
    private static final HttpAnswer MISDIRECTED = HttpAnswer.message(421, "Misdirected Request");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<Responder> responder = new CompletableFuture<>();

    private LoopbackServer(HttpServer server) {
        this.server = server;
    }

    /** Answers one request. */
    @FunctionalInterface
    public interface Responder {
        HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException;

        /** The logical id of the function that answers, for the log. */
        default Optional<String> function(HttpExchange request) {
            return Optional.empty();
        }

        /** Whether the log has a line of it: not of what only hands requests on, nor where paths name people. */
        default boolean isLogged(HttpExchange request) {
            return true;
        }
    }

    /**
     * Takes a port. Requests wait until {@link #serve}.
     *
     * @param port 0 for any free one
     * @param out where each request is told, and an unexpected failure of the responder; the client gets 500
     * @throws IOException if the port is in use
     */
    public static LoopbackServer bind(int port, PrintStream out) throws IOException {
        var bound = new LoopbackServer(HttpServer.create(new InetSocketAddress(HOST, port), 0));
        bound.server.createContext("/", exchange -> {
            try (exchange) {
                var start = System.nanoTime();
                var answer = bound.isAskedByItsName(exchange) ? bound.answer(exchange, out) : MISDIRECTED;
                answer.send(exchange);
                if (bound.isLogged(exchange)) {
                    out.println(bound.logLine(exchange, answer.status(), Duration.ofNanos(System.nanoTime() - start)));
                }
            }
        });
        bound.server.setExecutor(bound.threads);
        bound.server.start();
        return bound;
    }

    private boolean isAskedByItsName(HttpExchange exchange) {
        var asked = exchange.getRequestHeaders().getOrDefault("Host", List.of());
        var port = server.getAddress().getPort();
        return asked.size() == 1
                && NAMES.stream()
                        .anyMatch(name -> asked.getFirst().equalsIgnoreCase(name + ":" + port)
                                || port == HTTP_PORT && asked.getFirst().equalsIgnoreCase(name));
    }

    /** Without the query: what is in it is the caller's business. */
    private String logLine(HttpExchange exchange, int status, Duration took) {
        var path = exchange.getRequestURI().toString().split("\\?", 2)[0];
        var line = exchange.getRequestMethod() + " " + path + " " + status + " " + took.toMillis() + " ms";
        // What was misdirected reached no function.
        return status == MISDIRECTED.status()
                ? line
                : line + functionName(exchange).map(name -> " " + name).orElse("");
    }

    private boolean isLogged(HttpExchange exchange) {
        return responder.state() != Future.State.SUCCESS
                || responder.resultNow().isLogged(exchange);
    }

    private Optional<String> functionName(HttpExchange exchange) {
        try {
            return responder.isDone() ? responder.get().function(exchange) : Optional.empty();
        } catch (InterruptedException | ExecutionException | RuntimeException e) {
            // Told as any failure of the responder, when it answered.
            return Optional.empty();
        }
    }

    /** Answers requests from now on. */
    public void serve(Responder responder) {
        this.responder.complete(responder);
    }

    private HttpAnswer answer(HttpExchange exchange, PrintStream out) throws IOException {
        try {
            return responder.get().respond(exchange);
        } catch (InterruptedException | RejectedExecutionException e) {
            // The run is ending, and this thread with it.
            return HttpAnswer.message(503, "Service Unavailable");
        } catch (ExecutionException | RuntimeException e) {
            out.println(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " failed: " + e);
            return HttpAnswer.message(500, "Internal Server Error");
        }
    }

    /** The whole body, or nothing if it is longer than {@code limit} bytes; read to its end in either case. */
    public static Optional<byte[]> body(HttpExchange request, int limit) throws IOException {
        var body = request.getRequestBody().readNBytes(limit + 1);
        request.getRequestBody().transferTo(OutputStream.nullOutputStream());
        return body.length > limit ? Optional.empty() : Optional.of(body);
    }

    /** Where it listens, without a path. */
    public URI uri() {
        return URI.create("http://" + HOST + ":" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        try {
            threads.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
