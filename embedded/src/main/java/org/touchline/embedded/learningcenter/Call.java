package org.touchline.embedded.learningcenter;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A request as the routes see it.
 *
 * @param path decoded, as it was sent
 * @param variables what stands at the braces of the route's pattern
 * @param query decoded; of a repeated parameter the last one, of an empty one nothing
 * @param authorization the header's value
 */
record Call(
        String method,
        String path,
        Map<String, String> variables,
        Map<String, String> query,
        @Nullable String authorization,
        String body) {

    static Call read(HttpExchange exchange) throws IOException {
        var uri = exchange.getRequestURI();
        return new Call(
                exchange.getRequestMethod(),
                uri.getPath(),
                Map.of(),
                parameters(uri.getRawQuery()),
                exchange.getRequestHeaders().getFirst("Authorization"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    }

    Call with(Map<String, String> variables) {
        return new Call(method, path, variables, query, authorization, body);
    }

    /** The same call as it is below {@code base}, which its path begins with. */
    Call below(String base) {
        return new Call(method, path.substring(base.length()), variables, query, authorization, body);
    }

    /** The path's variable of that name, which the route's pattern has. */
    String variable(String name) {
        return requireNonNull(variables.get(name));
    }

    String ussfId() {
        return variable("ussf_id");
    }

    @Nullable String parameter(String name) {
        return query.get(name);
    }

    /** {@code true} or {@code false} in any case; what is not there is {@code otherwise}. */
    boolean flag(String name, boolean otherwise) {
        var value = parameter(name);
        return switch (value == null ? null : value.toLowerCase(Locale.ROOT)) {
            case null -> otherwise;
            case "true" -> true;
            case "false" -> false;
            default -> throw Refusal.badRequest(name + " is neither true nor false");
        };
    }

    /** The page that is asked for: 1 unless said. */
    int page() {
        int page = parsed("page", "1", Integer::parseInt);
        if (page < 1) {
            throw Refusal.badRequest("page is below 1");
        }
        return page;
    }

    /** A required instant in ISO-8601 UTC. */
    Instant instant(String name) {
        return parsed(name, "", Instant::parse);
    }

    /** The body as a JSON object; empty without a body. */
    ObjectNode json() {
        return Json.object(body);
    }

    private <T> T parsed(String name, String otherwise, Function<String, T> parse) {
        try {
            return parse.apply(query.getOrDefault(name, otherwise));
        } catch (DateTimeException | NumberFormatException e) {
            throw Refusal.badRequest(name + " is missing or cannot be read");
        }
    }

    /** A query, decoded. */
    static Map<String, String> parameters(@Nullable String rawQuery) {
        var parameters = new HashMap<String, String>();
        for (var pair : rawQuery == null ? new String[0] : rawQuery.split("&")) {
            int equals = pair.indexOf('=');
            if (equals > 0 && equals < pair.length() - 1) {
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
        }
        return Map.copyOf(parameters);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
