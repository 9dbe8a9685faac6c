package org.touchline.embedded.learningcenter;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.touchline.embedded.LoopbackNames;
import org.touchline.embedded.learningcenter.Fault.Effect;

/** The HTTP server: takes calls in, sends answers out, and makes faults happen on the connection. */
final class HttpFront implements AutoCloseable {
    private static final String BASE_PATH = "/certifications";
    private static final Duration GOODBYE = Duration.ofSeconds(5);
    private static final int SLOW_PORTIONS = 10;

    private final ConnectApi api;
    private final Router control;
    private final HttpServer server;
    private final ExecutorService handlers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("learning-center-", 0).factory());

    /**
     * Listens from now on.
     *
     * @param port on 127.0.0.1; 0 is any free one
     * @throws UncheckedIOException if the port is taken
     */
    HttpFront(int port, ConnectApi api, Router control) {
        this.api = api;
        this.control = control;
        // Otherwise the second packet of an answer waits 40 ms until the first is acknowledged. The JVM's first server
        // reads this, once.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        try {
            server = HttpServer.create(new InetSocketAddress(LoopbackNames.HOST, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("the Learning Center simulator cannot listen on port " + port, e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(handlers);
        server.start();
    }

    URI baseUrl() {
        return URI.create(
                "http://" + LoopbackNames.HOST + ":" + server.getAddress().getPort() + BASE_PATH);
    }

    @Override
    public void close() {
        server.stop(0);
        handlers.shutdownNow();
        try {
            handlers.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * An exchange that is closed without a whole answer takes its connection down: that is what a dropped one looks
     * like.
     */
    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var call = Call.read(exchange);
            if (!LoopbackNames.askPerhapsWithoutPort(exchange)) {
                send(exchange, Refusal.of(421, "this machine is not called so").answer());
            } else if (call.path().startsWith(BASE_PATH + "/")) {
                handle(exchange, api.arrive(call.below(BASE_PATH)));
            } else {
                send(exchange, answered(() -> control(call)));
            }
        } catch (InterruptedException e) {
            // The simulator is being closed, and so is the connection.
            Thread.currentThread().interrupt();
        }
    }

    private static void handle(HttpExchange exchange, ConnectApi.Arrival arrival)
            throws IOException, InterruptedException {
        switch (arrival.fault()) {
            case null -> send(exchange, answered(arrival.answer()));
            case Effect.Answer(var status, var headers, var body) -> send(exchange, Answer.text(status, headers, body));
            case Effect.DroppedConnection() -> {}
            case Effect.HalfBody() -> sendHalf(exchange, answered(arrival.answer()));
            case Effect.SlowBody(var duration) -> sendSlowly(exchange, answered(arrival.answer()), duration);
            case Effect.Altered(var how, var what) ->
                send(exchange, answered(() -> how.of(answered(arrival.answer()), what)));
            case Effect.Delay(var duration) -> {
                Thread.sleep(duration);
                send(exchange, answered(arrival.answer()));
            }
        }
    }

    private Answer control(Call call) {
        var match = control.find(call);
        return match == null ? control.notFound(call) : match.answer();
    }

    private static Answer answered(Supplier<Answer> handler) {
        try {
            return handler.get();
        } catch (Refusal e) {
            return e.answer();
        } catch (IllegalArgumentException e) {
            return Refusal.badRequest(String.valueOf(e.getMessage())).answer();
        } catch (RuntimeException e) {
            return Refusal.of(500, "the simulator failed: " + e).answer();
        }
    }

    private static void send(HttpExchange exchange, Answer answer) throws IOException {
        begin(exchange, answer, answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.getResponseBody().close();
    }

    /** Announces the whole body, at least one byte, and stops in the middle. */
    private static void sendHalf(HttpExchange exchange, Answer answer) throws IOException {
        begin(exchange, answer, Math.max(1, answer.body().length));
        exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
        exchange.getResponseBody().flush();
    }

    private static void sendSlowly(HttpExchange exchange, Answer answer, Duration duration)
            throws IOException, InterruptedException {
        int length = answer.body().length;
        begin(exchange, answer, length);
        for (int portion = 0; portion < SLOW_PORTIONS; portion++) {
            Thread.sleep(duration.dividedBy(SLOW_PORTIONS));
            int from = length * portion / SLOW_PORTIONS;
            int to = length * (portion + 1) / SLOW_PORTIONS;
            exchange.getResponseBody().write(answer.body(), from, to - from);
            exchange.getResponseBody().flush();
        }
        exchange.getResponseBody().close();
    }

    private static void begin(HttpExchange exchange, Answer answer, int length) throws IOException {
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        // For this server 0 means a length that nobody knows, and -1 none.
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    }
}
