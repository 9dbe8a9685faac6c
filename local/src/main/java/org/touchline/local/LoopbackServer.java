package org.touchline.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** An HTTP server that only this machine can reach, each request on a virtual thread of its own. */
final class LoopbackServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CompletableFuture<Responder> responder = new CompletableFuture<>();

    private LoopbackServer(HttpServer server) {
        this.server = server;
    }

    /** Answers one request. */
    @FunctionalInterface
    interface Responder {
        HttpAnswer respond(HttpExchange request) throws IOException, InterruptedException, ExecutionException;
    }

    /**
     * Takes a port. Requests wait until {@link #serve}.
     *
     * @param port 0 for any free one
     * @param out where an unexpected failure of the responder is told; the client gets 500
     * @throws IOException if the port is in use
     */
    static LoopbackServer bind(int port, PrintStream out) throws IOException {
        var bound = new LoopbackServer(HttpServer.create(new InetSocketAddress(HOST, port), 0));
        bound.server.createContext("/", exchange -> {
            try (exchange) {
                bound.answer(exchange, out).send(exchange);
            }
        });
        bound.server.setExecutor(bound.threads);
        bound.server.start();
        return bound;
    }

    /** Answers requests from now on. */
    void serve(Responder responder) {
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
    static Optional<byte[]> body(HttpExchange request, int limit) throws IOException {
        var body = request.getRequestBody().readNBytes(limit + 1);
        request.getRequestBody().transferTo(OutputStream.nullOutputStream());
        return body.length > limit ? Optional.empty() : Optional.of(body);
    }

    /** Where it listens, without a path. */
    URI uri() {
        return URI.create("http://" + HOST + ":" + server.getAddress().getPort());
    }

    @Override
    public void close() {
        server.stop(0);
        Shutdown.now(threads);
    }
}
