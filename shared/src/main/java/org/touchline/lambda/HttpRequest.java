package org.touchline.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.Json;
import org.touchline.JsonObject;

/**
 * A request as the HTTP API handed it over (payload format 2.0).
 *
 * @param routeKey method and path of the route, such as {@code GET /members/{memberIdentifier}}
 * @param headers names in lower case; values that were repeated are joined by commas
 * @param rawBody the body as the event holds it; read it by {@link #body}
 */
public record HttpRequest(
        String routeKey,
        Map<String, String> pathParameters,
        String rawQueryString,
        Map<String, String> headers,
        @Nullable String rawBody,
        boolean isBase64Encoded) {
    private static final String BEARER = "bearer ";

    /** A header's value, by its name in lower case. */
    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** What stands behind {@code Bearer}, in any case, in the Authorization header; empty if it says nothing of the kind. */
    public Optional<String> bearerToken() {
        return header("authorization")
                .filter(value -> value.toLowerCase(Locale.ROOT).startsWith(BEARER))
                .map(value -> value.substring(BEARER.length()).strip());
    }

    /**
     * A variable of the route's path, decoded.
     *
     * @throws IllegalStateException if the route has none of that name
     */
    public String pathParameter(String name) {
        var value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route " + routeKey + " has no variable " + name);
        }
        return value;
    }

    /** The query, decoded, whatever it holds. */
    public QueryString query() {
        return QueryString.parse(rawQueryString);
    }

    /**
     * The query, decoded. Every route of wire contract §4 and §5 says which parameters it knows, none included.
     *
     * @throws BadRequestException if it holds another parameter, or one of them twice
     */
    public QueryString queryKnowing(String... known) {
        return query().knowing(List.of(known));
    }

    /** The body's bytes; none if there is no body. */
    public byte[] body() {
        if (rawBody == null) {
            return new byte[0];
        }
        return isBase64Encoded ? Base64.getDecoder().decode(rawBody) : rawBody.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the body has more bytes than these; told by its length, before anything of it is decoded. */
    public boolean isBodyLargerThan(int bytes) {
        if (rawBody == null) {
            return false;
        }
        if (isBase64Encoded) {
            var padding = rawBody.endsWith("==") ? 2 : rawBody.endsWith("=") ? 1 : 0;
            return rawBody.length() * 3L / 4 - padding > bytes;
        }
        return rawBody.length() > bytes || rawBody.getBytes(StandardCharsets.UTF_8).length > bytes;
    }

    /**
     * The parameters of a body that is a form.
     *
     * @throws BadRequestException if its content type is missing or another, or it is not encoded as such
     */
    public QueryString form() {
        var type = header("content-type").orElse("").split(";", 2)[0].strip();
        if (!type.equalsIgnoreCase("application/x-www-form-urlencoded")) {
            throw new BadRequestException("the content type must be application/x-www-form-urlencoded");
        }
        return QueryString.parse(new String(body(), StandardCharsets.UTF_8));
    }

    /**
     * The body as a JSON object.
     *
     * @throws BadRequestException if it is missing or anything else
     */
    public JsonObject jsonObject() {
        try {
            if (Json.read(body()) instanceof JsonObject object && Json.isWellFormed(object)) {
                return object;
            }
        } catch (IOException notJson) {
            // Refused below, as a body of any other kind.
        }
        throw new BadRequestException("the body must be a JSON object, and its texts Unicode");
    }
}
