package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.touchline.console.HttpAnswer;

/**
 * A function's answer as an HTTP API reads it, payload format 2.0: an object with a {@code statusCode}; or anything else,
 * which is then the body of a 200.
 */
final class HttpApiAnswer {
    private static final String CONTENT_TYPE = "content-type";

    /** Those that belong to the gateway's own connection. */
    private static final Set<String> NOT_PASSED_ON =
            Set.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

    private HttpApiAnswer() {}

    /** The response to send, or nothing if the answer is malformed. */
    static Optional<HttpAnswer> read(byte[] payload) {
        try {
            var answer = Json.read(payload);
            if (answer.isMissingNode()) {
                return Optional.empty();
            }
            return Optional.of(answer.has("statusCode") ? described(answer) : inferred(answer, payload));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static HttpAnswer inferred(JsonNode answer, byte[] payload) {
        var body = answer.isTextual() ? answer.textValue().getBytes(UTF_8) : payload;
        return new HttpAnswer(200, Map.of(CONTENT_TYPE, List.of("application/json")), body);
    }

    private static HttpAnswer described(JsonNode answer) {
        var status = answer.get("statusCode");
        require(status.isInt() && status.intValue() >= 200 && status.intValue() <= 599);
        var text = answer.path("body");
        require(text.isTextual() || text.isNull() || text.isMissingNode());
        var body = answer.path("isBase64Encoded").asBoolean()
                ? Base64.getDecoder().decode(text.asText())
                : text.asText("").getBytes(UTF_8);
        return new HttpAnswer(status.intValue(), headers(answer, body.length > 0), body);
    }

    private static Map<String, List<String>> headers(JsonNode answer, boolean hasBody) {
        var headers = new TreeMap<String, List<String>>();
        if (hasBody) {
            headers.put(CONTENT_TYPE, List.of("text/plain; charset=utf-8"));
        }
        for (var header : answer.path("headers").properties()) {
            var name = header.getKey().toLowerCase(Locale.ROOT);
            require(header.getValue().isValueNode());
            if (!NOT_PASSED_ON.contains(name)) {
                headers.put(name, List.of(header.getValue().asText()));
            }
        }
        var cookies = new ArrayList<String>();
        answer.path("cookies").forEach(cookie -> cookies.add(cookie.asText()));
        if (!cookies.isEmpty()) {
            headers.put("set-cookie", cookies);
        }
        return headers;
    }

    private static void require(boolean wellFormed) {
        if (!wellFormed) {
            throw new IllegalArgumentException();
        }
    }
}
