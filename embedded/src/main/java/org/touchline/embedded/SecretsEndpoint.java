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
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The part of Secrets Manager that the connector and the ordinary AWS CLI use, in this process, in memory, on 127.0.0.1 only:
 * GetSecretValue, PutSecretValue, UpdateSecret, CreateSecret, DescribeSecret and ListSecrets (no filters), with its errors.
 * Secrets are found by name, ARN, or ARN without its random end. Signatures are not checked.
 *
 * <p>Thread-safe.
 */
public final class SecretsEndpoint implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final String TARGET_PREFIX = "secretsmanager.";
    /** Well above the 64 KiB that a secret may have. */
    private static final int MAX_REQUEST_BYTES = 1 << 20;

    private static final int NOT_FAILING = 0;
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpServer server;
    private final ExecutorService threads;
    private final SecretsProtocol secrets;
    private volatile int failure = NOT_FAILING;

    private record Answer(int status, ObjectNode body) {}

    private SecretsEndpoint(int port, InstantSource clock) throws IOException {
        secrets = new SecretsProtocol(clock);
        server = HttpServer.create(new InetSocketAddress(HOST, port), 0);
        threads = Executors.newVirtualThreadPerTaskExecutor();
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts it as {@link #start(int, InstantSource)} does, on the system's clock. */
    public static SecretsEndpoint start(int port) {
        return start(port, InstantSource.system());
    }

    /**
     * Starts it without any secret.
     *
     * @param port where it listens; 0 takes any free port
     * @param clock when secrets and versions are made
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static SecretsEndpoint start(int port, InstantSource clock) {
        try {
            return new SecretsEndpoint(port, clock);
        } catch (IOException e) {
            throw new UncheckedIOException("Secrets Manager cannot listen on " + HOST + ":" + port, e);
        }
    }

    /** Where it listens, such as {@code http://127.0.0.1:8001}. */
    public URI endpoint() {
        return URI.create("http://" + HOST + ":" + server.getAddress().getPort());
    }

    /** Gives a secret a new current value, as PutSecretValue would; makes the secret if there is none of that name. */
    public void put(String name, String arn, String value) {
        secrets.put(name, arn, value);
    }

    /** From now on every call fails with a status from 500 to 599. The SDK tries such a call again before it gives up. */
    public void failWith(int status) {
        if (status < 500 || status > 599) {
            throw new IllegalArgumentException("not a server error: " + status);
        }
        failure = status;
    }

    /** Ends what {@link #failWith} began. */
    public void restore() {
        failure = NOT_FAILING;
    }

    /** How often a secret's value was asked for, by name or ARN; failed and repeated requests count. */
    public int reads(String name) {
        return secrets.reads(name);
    }

    /** Stops it at once; the secrets are gone. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var answer = answer(exchange);
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
            var request = request(exchange);
            var target = Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("X-Amz-Target"), "");
            if (!exchange.getRequestMethod().equals("POST") || !target.startsWith(TARGET_PREFIX)) {
                throw new SecretsException("UnknownOperationException", "There is nothing but Secrets Manager here.");
            }
            var operation = target.substring(TARGET_PREFIX.length());
            if (operation.equals("GetSecretValue")) {
                secrets.countRead(request);
            }
            var failing = failure;
            return failing == NOT_FAILING
                    ? new Answer(200, secrets.call(operation, request))
                    : new Answer(failing, error("InternalServiceError", "This endpoint was told to fail."));
        } catch (SecretsException e) {
            return new Answer(400, error(e.type(), String.valueOf(e.getMessage())));
        }
    }

    private static ObjectNode request(HttpExchange exchange) throws IOException {
        var body = exchange.getRequestBody().readNBytes(MAX_REQUEST_BYTES);
        try {
            if (JSON.readTree(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // Refused below, like JSON of another kind.
        }
        throw new SecretsException("SerializationException", "The body is not a JSON object.");
    }

    private static ObjectNode error(String type, String message) {
        return JsonNodeFactory.instance.objectNode().put("__type", type).put("Message", message);
    }
}
