package org.touchline.console;

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
public record HttpAnswer(int status, Map<String, List<String>> headers, byte[] body) {

    /** A value of Jackson's, a map, a list or a record as JSON. */
    public static HttpAnswer json(int status, Object body) {
        return new HttpAnswer(status, Map.of("Content-Type", List.of("application/json")), Json.write(body));
    }

    /** A text, 200. */
    public static HttpAnswer text(String body) {
        return new HttpAnswer(200, Map.of("Content-Type", List.of("text/plain; charset=utf-8")), body.getBytes(UTF_8));
    }

    /** What API Gateway itself answers: {@code {"message": …}}. */
    public static HttpAnswer message(int status, String message) {
        return json(status, Map.of("message", message));
    }

    /** No body. */
    public static HttpAnswer empty(int status) {
        return new HttpAnswer(status, Map.of(), new byte[0]);
    }

    /** The same, with that header. */
    public HttpAnswer with(String header, String value) {
        var headers = new TreeMap<>(this.headers);
        headers.put(header, List.of(value));
        return new HttpAnswer(status, headers, body);
    }

    /** Sends it as the answer to a request. */
    public void send(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().putAll(headers);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }
}
