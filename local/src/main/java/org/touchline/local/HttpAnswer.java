package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * An HTTP response.
 *
 * @param headers values by name; the length and whatever else belongs to the connection is not among them
 */
record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {

    static HttpAnswer json(int status, Object body) {
        return new HttpAnswer(status, Map.of("Content-Type", List.of("application/json")), Json.write(body));
    }

    static HttpAnswer text(String body) {
        return new HttpAnswer(200, Map.of("Content-Type", List.of("text/plain; charset=utf-8")), body.getBytes(UTF_8));
    }

    /** What API Gateway itself answers: {@code {"message": …}}. */
    static HttpAnswer message(int status, String message) {
        return json(status, Map.of("message", message));
    }

    static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), new byte[0]);
    }

    HttpAnswer with(String header, String value) {
        var headers = new TreeMap<>(this.headers);
        headers.put(header, List.of(value));
        return new HttpAnswer(status, headers, body);
    }

    void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().putAll(headers);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
