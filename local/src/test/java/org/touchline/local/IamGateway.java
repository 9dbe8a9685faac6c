package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import org.touchline.embedded.Template;

/**
 * The local run as it would answer in AWS: routes with IAM authorization answer 403 unless the request is signed (Signature
 * Version 4) by {@value #ACCESS_KEY_ID} for {@code execute-api} in {@value #REGION}. Knows requests without a body only.
 */
final class IamGateway implements AutoCloseable {
    static final String ACCESS_KEY_ID = SignatureV4.ACCESS_KEY_ID;
    static final String SECRET_ACCESS_KEY = SignatureV4.SECRET_ACCESS_KEY;
    static final String SESSION_TOKEN = SignatureV4.SESSION_TOKEN;
    static final String REGION = SignatureV4.REGION;

    private final HttpServer server;
    private final URI api;
    private final Template template;

    IamGateway(URI api, Template template) throws IOException {
        this.api = api;
        this.template = template;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (asksForIam(exchange)
                    && !SignatureV4.isOn(
                            exchange, "execute-api", exchange.getRequestURI().getRawPath(), new byte[0])) {
                reply(exchange, 403, "{\"message\":\"Forbidden\"}");
                return;
            }
            // Headers of which the answer depends on, and no more.
            var type = exchange.getRequestHeaders().getFirst("Content-Type");
            var authorization =
                    asksForIam(exchange) ? null : exchange.getRequestHeaders().getFirst("Authorization");
            var answer = TestStack.send(
                    exchange.getRequestMethod(),
                    api.resolve(exchange.getRequestURI()),
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8),
                    "Content-Type",
                    type == null ? "application/json" : type,
                    "Authorization",
                    authorization == null ? "none" : authorization);
            answer.headers().map().forEach((name, values) -> {
                if (!name.equalsIgnoreCase("content-length")) {
                    values.forEach(value -> exchange.getResponseHeaders().add(name, value));
                }
            });
            reply(exchange, answer.statusCode(), answer.body());
        } catch (GeneralSecurityException | InterruptedException e) {
            throw new IOException(e);
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private boolean asksForIam(HttpExchange exchange) {
        return template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .anyMatch(route -> route.iam()
                        && route.method().equals(exchange.getRequestMethod())
                        && exchange.getRequestURI()
                                .getPath()
                                .matches(route.path().replaceAll("\\{\\w+}", "[^/]+")));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
