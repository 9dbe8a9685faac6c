package org.touchline.embedded;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands between a function and its DynamoDB in a test, and lets something happen, once, after an operation of a kind was done
 * and before the function knows: that is how a race is made to happen. Thread-safe.
 */
public final class DynamoDbBetween implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "expect", "upgrade");

    private final URI dynamoDb;
    private final String operation;
    private final AtomicReference<Runnable> happening;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    private DynamoDbBetween(URI dynamoDb, String operation, Runnable happening) throws IOException {
        this.dynamoDb = dynamoDb;
        this.operation = operation;
        this.happening = new AtomicReference<>(happening);
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::pass);
        server.start();
    }

    /**
     * Begins to listen.
     *
     * @param dynamoDb where everything is passed on to
     * @param operation such as {@code BatchGetItem}
     */
    public static DynamoDbBetween in(URI dynamoDb, String operation, Runnable happening) throws IOException {
        return new DynamoDbBetween(dynamoDb, operation, happening);
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        var request = HttpRequest.newBuilder(
                        dynamoDb.resolve(exchange.getRequestURI().getPath()))
                .timeout(LIMIT)
                .method(
                        exchange.getRequestMethod(),
                        BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            var answer = client.send(request.build(), BodyHandlers.ofByteArray());
            var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            if (target != null && target.endsWith("." + operation)) {
                happening.getAndSet(() -> {}).run();
            }
            answer.headers().map().forEach((name, values) -> {
                if (!OF_THE_CONNECTION.contains(name) && !name.startsWith(":")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
            exchange.getResponseBody().write(answer.body());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } finally {
            exchange.close();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
