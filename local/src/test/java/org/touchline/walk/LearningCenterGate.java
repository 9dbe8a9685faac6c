package org.touchline.walk;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** In front of the Learning Center: each function has a path of its own, so that its calls pass its {@link Gate}. Thread-safe. */
final class LearningCenterGate implements AutoCloseable {
    private static final Set<String> PASSED_ON = Set.of("authorization", "content-type", "accept");

    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Gate> gates = new ConcurrentHashMap<>();
    private final AtomicInteger last = new AtomicInteger();
    private final HttpServer server;
    private volatile URI learningCenter = URI.create("http://127.0.0.1:9");

    LearningCenterGate() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
    }

    /** Where calls go on to from now on. */
    void to(URI baseUrl) {
        learningCenter = baseUrl;
        gates.clear();
    }

    /** The base URL for a function whose calls are to pass that gate. */
    URI through(Gate gate) {
        var name = Integer.toString(last.incrementAndGet());
        gates.put(name, gate);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + name);
    }

    private void pass(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().toString().split("/", 3);
            var body = exchange.getRequestBody().readAllBytes();
            var gate = gates.get(path[1]);
            if (gate == null) {
                return;
            }
            try {
                pass(exchange, gate, "/" + path[2], body);
            } catch (Gate.Stopped nobodyWaitsForTheAnswer) {
                // The connection is closed without one.
            }
        }
    }

    private void pass(HttpExchange exchange, Gate gate, String path, byte[] body) throws IOException {
        var way = gate.arrive(exchange.getRequestMethod() + " " + path.replaceFirst("[?].*", ""));
        try {
            pass(exchange, gate, way, path, body);
        } finally {
            gate.leave();
        }
    }

    private void pass(HttpExchange exchange, Gate gate, @Nullable Way way, String path, byte[] body)
            throws IOException {
        switch (way) {
            case FAILS, ALL_FAIL -> answer(exchange, 503, Map.of(), new byte[0]);
            case THROTTLED -> answer(exchange, 429, Map.of("Retry-After", List.of("60")), new byte[0]);
            case STOPS_BEFORE -> gate.stop();
            case STOPS_AFTER, OUTLIVED -> {
                send(exchange, path, body);
                gate.stop();
            }
            case ANSWER_LOST -> send(exchange, path, body);
            case SENT_TWICE -> {
                send(exchange, path, body);
                answer(exchange, send(exchange, path, body));
            }
            case null, default -> answer(exchange, send(exchange, path, body));
        }
    }

    private HttpResponse<byte[]> send(HttpExchange exchange, String path, byte[] body) throws IOException {
        var request = HttpRequest.newBuilder(URI.create(learningCenter + path))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException(stopped);
        }
    }

    private static void answer(HttpExchange exchange, HttpResponse<byte[]> answer) throws IOException {
        var type = answer.headers().allValues("Content-Type");
        var headers = type.isEmpty() ? Map.<String, List<String>>of() : Map.of("Content-Type", type);
        answer(exchange, answer.statusCode(), headers, answer.body());
    }

    private static void answer(HttpExchange exchange, int status, Map<String, List<String>> headers, byte[] body)
            throws IOException {
        exchange.getResponseHeaders().putAll(headers);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
