package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.Template;

/**
 * The local run as it would answer in AWS: routes with IAM authorization answer 403 unless the request is signed (Signature
 * Version 4) by {@value #ACCESS_KEY_ID} for {@code execute-api} in {@value #REGION}. Knows requests without a body only.
 */
final class IamGateway implements AutoCloseable {
    static final String ACCESS_KEY_ID = "AKIDEXAMPLE";
    static final String SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    static final String SESSION_TOKEN = "IQoJb3JpZ2luX2Vj/EXAMPLE+token==";
    static final String REGION = "us-west-2";
    private static final Pattern AUTHORIZATION =
            Pattern.compile("AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY_ID + "/(\\d{8})/" + REGION
                    + "/execute-api/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})");

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
            if (asksForIam(exchange) && !isSigned(exchange)) {
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

    private static String inOrder(@Nullable String query) {
        return query == null ? "" : Arrays.stream(query.split("&")).sorted().collect(Collectors.joining("&"));
    }

    /** As AWS's documentation of Signature Version 4 computes it. */
    private static boolean isSigned(HttpExchange exchange) throws GeneralSecurityException {
        var headers = exchange.getRequestHeaders();
        var authorization = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!authorization.matches()
                || !authorization.group(2).contains("x-amz-security-token")
                || !SESSION_TOKEN.equals(headers.getFirst("x-amz-security-token"))) {
            return false;
        }
        var day = authorization.group(1);
        var canonical = exchange.getRequestMethod() + "\n"
                + exchange.getRequestURI().getRawPath() + "\n"
                + inOrder(exchange.getRequestURI().getRawQuery()) + "\n"
                + Arrays.stream(authorization.group(2).split(";"))
                        .map(name -> name + ":" + headers.getFirst(name) + "\n")
                        .collect(Collectors.joining())
                + "\n" + authorization.group(2) + "\n" + sha256("");
        var scope = day + "/" + REGION + "/execute-api/aws4_request";
        var key = hmac(("AWS4" + SECRET_ACCESS_KEY).getBytes(UTF_8), day);
        for (var part : new String[] {REGION, "execute-api", "aws4_request"}) {
            key = hmac(key, part);
        }
        var text = "AWS4-HMAC-SHA256\n" + headers.getFirst("x-amz-date") + "\n" + scope + "\n" + sha256(canonical);
        return HexFormat.of().formatHex(hmac(key, text)).equals(authorization.group(3));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(UTF_8));
    }

    private static String sha256(String text) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
