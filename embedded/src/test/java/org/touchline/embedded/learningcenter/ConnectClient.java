package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Calls a simulator as any program would, over {@code java.net.http}. Bodies may be written with single quotes, for
 * legibility.
 */
final class ConnectClient implements AutoCloseable {
    static final String CREDENTIALS = "{'username':'local-username','password':'local-password'}";

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
    private final String base;
    private @Nullable String accessToken;

    ConnectClient(LearningCenterSimulator simulator) {
        this.base = simulator.baseUrl().toString();
    }

    /** A client that has logged in. */
    static ConnectClient loggedInto(LearningCenterSimulator simulator) {
        var client = new ConnectClient(simulator);
        client.accessToken =
                client.post("/login", CREDENTIALS).json().get("access_token").asText();
        return client;
    }

    /** What is expected, as JSON in single or double quotes. */
    static JsonNode json(String text) {
        return Json.node(doubleQuoted(text));
    }

    /** What came back. */
    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String body() {
            return response.body();
        }

        JsonNode json() {
            return Json.node(body());
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String message() {
            return json().path("message").asText();
        }
    }

    void accessToken(@Nullable String token) {
        accessToken = token;
    }

    Reply get(String path) {
        return call("GET", path, "");
    }

    /** A GET with these parameters, encoded. */
    Reply get(String path, Map<String, String> parameters) {
        return get(path + "?"
                + parameters.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "="
                                + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&")));
    }

    Reply post(String path, String body) {
        return call("POST", path, body);
    }

    Reply post(String path) {
        return post(path, "");
    }

    Reply delete(String path) {
        return call("DELETE", path, "");
    }

    /** A call of the control routes, which need no authorization. */
    Reply control(String method, String path, String body) {
        return send(method, URI.create(base).resolve("/simulator" + path), null, body);
    }

    Reply call(String method, String path, String body) {
        return send(method, URI.create(base + path), accessToken, body);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private Reply send(String method, URI uri, @Nullable String token, String body) {
        var request = HttpRequest.newBuilder(uri)
                .method(method, BodyPublishers.ofString(doubleQuoted(body)))
                .timeout(Duration.ofSeconds(10));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return new Reply(http.send(request.build(), BodyHandlers.ofString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String doubleQuoted(String text) {
        return text.replace('\'', '"');
    }
}
