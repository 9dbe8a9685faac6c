package org.touchline.embedded;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * An HTTP server on 127.0.0.1 that speaks AWS's JSON 1.1 protocol for one service: {@code POST}, the operation in {@code X-Amz-Target}.
 * Signatures are not checked. It can be told to fail. Thread-safe, if its operations are.
 */
final class AwsJsonServer implements AutoCloseable {
    /** Well above what any operation here may take. */
    private static final int MAX_REQUEST_BYTES = 1 << 21;

    private static final int NOT_FAILING = 0;
    private static final JsonMapper JSON = new JsonMapper();

    private final String service;
    private final String targetPrefix;
    private final Operations operations;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private volatile int failure = NOT_FAILING;

    /** What the service does. */
    interface Operations {
        /** Hears of a call before it is answered or fails. */
        default void called(String operation, ObjectNode request) {}

        /**
         * Does one operation.
         *
         * @throws RefusedCallException when the service would refuse it
         */
        ObjectNode call(String operation, ObjectNode request);

        /**
         * What is asked here that is no call of the protocol.
         *
         * @throws RefusedCallException where there is no such thing
         */
        default Answer other(HttpExchange request, String service) throws IOException {
            throw new RefusedCallException("UnknownOperationException", "There is nothing but " + service + " here.");
        }
    }

    /** A status and a body. */
    record Answer(int status, ObjectNode body) {}

    private AwsJsonServer(int port, String service, String targetPrefix, Operations operations) throws IOException {
        this.service = service;
        this.targetPrefix = targetPrefix;
        this.operations = operations;
        server = HttpServer.create(new InetSocketAddress(LoopbackNames.HOST, port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /**
     * Starts it.
     *
     * @param port where it listens; 0 takes any free port
     * @param service what it is called where something is wrong
     * @param targetPrefix what stands before the operation's name, such as {@code secretsmanager.}
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    static AwsJsonServer start(int port, String service, String targetPrefix, Operations operations) {
        try {
            return new AwsJsonServer(port, service, targetPrefix, operations);
        } catch (IOException e) {
            throw new UncheckedIOException(service + " cannot listen on " + LoopbackNames.HOST + ":" + port, e);
        }
    }

    URI endpoint() {
        return URI.create(
                "http://" + LoopbackNames.HOST + ":" + server.getAddress().getPort());
    }

    /** From now on every call fails with a status from 500 to 599. The SDK tries such a call again before it gives up. */
    void failWith(int status) {
        if (status < 500 || status > 599) {
            throw new IllegalArgumentException("not a server error: " + status);
        }
        failure = status;
    }

    /** Ends what {@link #failWith} began. */
    void restore() {
        failure = NOT_FAILING;
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    /** A body as JSON. */
    static ObjectNode object(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // Refused below, like JSON of another kind.
        }
        throw new RefusedCallException("SerializationException", "The body is not a JSON object.");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = LoopbackNames.askPerhapsWithoutPort(exchange)
                    ? answer(exchange)
                    : new Answer(421, error("MisdirectedRequest", "This machine is not called so."));
            var body = JSON.writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
            exchange.getResponseHeaders()
                    .set("x-amzn-RequestId", UUID.randomUUID().toString());
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        try {
            var target = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
            if (!exchange.getRequestMethod().equals("POST") || !target.startsWith(targetPrefix)) {
                return operations.other(exchange, service);
            }
            var request = object(exchange);
            var operation = target.substring(targetPrefix.length());
            operations.called(operation, request);
            var failing = failure;
            return failing == NOT_FAILING
                    ? new Answer(200, operations.call(operation, request))
                    : new Answer(failing, error("InternalServiceError", "This endpoint was told to fail."));
        } catch (RefusedCallException e) {
            return new Answer(400, error(e.type(), String.valueOf(e.getMessage())));
        }
    }

    private static ObjectNode error(String type, String message) {
        return JsonNodeFactory.instance.objectNode().put("__type", type).put("Message", message);
    }
}
