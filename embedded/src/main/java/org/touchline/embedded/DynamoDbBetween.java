package org.touchline.embedded;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Stands between functions and their DynamoDB in a test, and lets something happen: once, after an operation of a kind was done
 * and before the function knows, which is how a race is made to happen; or to any request, as a {@link Fate} says. Thread-safe.
 */
public final class DynamoDbBetween implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Set<String> OF_THE_CONNECTION =
            Set.of("connection", "content-length", "host", "expect", "upgrade");

    private final URI dynamoDb;
    private final Function<String, Fate> fates;
    private final Consumer<String> done;
    private final HttpClient client = HttpClient.newHttpClient();
    private final HttpServer server;

    /** What becomes of a request. */
    public enum Fate {
        /** It is done, and answered. */
        PASSES(200, ""),
        /** It is not done: DynamoDB has a bad moment. */
        FAILS(500, "InternalServerError"),
        /** It is not done: there is too much to do. */
        THROTTLED(400, "ProvisionedThroughputExceededException"),
        /** It is not done: another is at the same item. */
        CONFLICTS(400, "TransactionConflictException"),
        /** It is not done, and the connection ends. */
        DROPPED(0, ""),
        /** It is done, and the connection ends before that is said. */
        ANSWER_LOST(200, "");

        private final int status;
        private final String error;

        Fate(int status, String error) {
            this.status = status;
            this.error = error;
        }
    }

    private DynamoDbBetween(URI dynamoDb, Function<String, Fate> fates, Consumer<String> done) throws IOException {
        this.dynamoDb = dynamoDb;
        this.fates = fates;
        this.done = done;
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
        var once = new AtomicReference<>(happening);
        return new DynamoDbBetween(dynamoDb, _ -> Fate.PASSES, each -> {
            if (each.equals(operation)) {
                once.getAndSet(() -> {}).run();
            }
        });
    }

    /**
     * Begins to listen, and lets requests go wrong.
     *
     * @param dynamoDb where what passes is passed on to
     * @param fates what becomes of a request for that operation, such as {@code UpdateItem}; asked by several threads at once
     */
    public static DynamoDbBetween disturbing(URI dynamoDb, Function<String, Fate> fates) throws IOException {
        return new DynamoDbBetween(dynamoDb, fates, _ -> {});
    }

    /** Where it listens. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void pass(HttpExchange exchange) throws IOException {
        var operation = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "")
                .replaceFirst(".*\\.", "");
        try (exchange) {
            var fate = fates.apply(operation);
            switch (fate) {
                case FAILS, THROTTLED, CONFLICTS -> refuse(exchange, operation, fate);
                case DROPPED -> {}
                case PASSES, ANSWER_LOST -> pass(exchange, operation, fate == Fate.PASSES);
            }
        }
    }

    private static void refuse(HttpExchange exchange, String operation, Fate fate) throws IOException {
        var error = JsonNodeFactory.instance.objectNode().put("message", "made by a test");
        var name = fate.error;
        if (fate == Fate.CONFLICTS && operation.equals("TransactWriteItems")) {
            // A transaction says of each of its items what was in its way.
            name = "TransactionCanceledException";
            var items = new JsonMapper().readTree(exchange.getRequestBody()).path("TransactItems");
            var reasons = error.putArray("CancellationReasons");
            items.forEach(_ -> reasons.addObject().put("Code", reasons.isEmpty() ? "TransactionConflict" : "None"));
        }
        error.put("__type", "com.amazonaws.dynamodb.v20120810#" + name);
        var body = error.toString().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
        exchange.sendResponseHeaders(fate.status, body.length);
        exchange.getResponseBody().write(body);
    }

    private void pass(HttpExchange exchange, String operation, boolean answered) throws IOException {
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
            done.accept(operation);
            if (!answered) {
                return;
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
        }
    }

    @Override
    public void close() {
        server.stop(0);
        client.close();
    }
}
