package org.touchline.lambda;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonObject;
import org.touchline.JsonValue;

/**
 * An answer of an HTTP function.
 *
 * @param body JSON, or null for none
 */
public record HttpResponse(
        int status, Map<String, String> headers, @Nullable JsonValue body) {
    /** 200 with a JSON body. */
    public static HttpResponse ok(JsonValue body) {
        return json(200, body);
    }

    /** Any status with a JSON body. */
    public static HttpResponse json(int status, JsonValue body) {
        return new HttpResponse(status, Map.of("content-type", "application/json"), body);
    }

    /** 204, without a body. */
    public static HttpResponse noContent() {
        return new HttpResponse(204, Map.of(), null);
    }

    /**
     * A problem (RFC 9457): {@code application/problem+json} with {@code type}, {@code title}, {@code status} and {@code detail}.
     *
     * @param detail what the sender can do about it
     */
    public static HttpResponse problem(int status, String detail) {
        return problem(status, detail, Map.of());
    }

    /** A problem with members of its own, such as the {@code field} that is wrong. */
    public static HttpResponse problem(int status, String detail, Map<String, String> members) {
        var body = new JsonObject()
                .put("type", "about:blank")
                .put("title", title(status))
                .put("status", status)
                .put("detail", detail);
        members.forEach(body::put);
        return new HttpResponse(status, Map.of("content-type", "application/problem+json"), body);
    }

    /** A 503 problem that asks the sender to try again. */
    public static HttpResponse unavailable(String detail, Duration retryAfter) {
        return problem(503, detail).with("retry-after", Long.toString(retryAfter.toSeconds()));
    }

    /** The same answer with one more header. */
    public HttpResponse with(String name, String value) {
        var more = new TreeMap<>(headers);
        more.put(name, value);
        return new HttpResponse(status, more, body);
    }

    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 404 -> "Not Found";
            case 410 -> "Gone";
            case 413 -> "Content Too Large";
            case 503 -> "Service Unavailable";
            default -> "Internal Server Error";
        };
    }
}
