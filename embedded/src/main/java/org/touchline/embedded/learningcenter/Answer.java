package org.touchline.embedded.learningcenter;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** What goes back over HTTP. */
record Answer(int status, Map<String, String> headers, byte[] body) {
    private static final Map<String, String> JSON_HEADERS = Map.of("Content-Type", "application/json");

    /** 200 and nothing more, as the Learning Center confirms what it was told. */
    static Answer ok() {
        return new Answer(200, Map.of(), new byte[0]);
    }

    /** 200 with a value as JSON. */
    static Answer ok(Object value) {
        return json(200, value);
    }

    static Answer json(int status, Object value) {
        return new Answer(status, JSON_HEADERS, Json.bytes(value));
    }

    /** Text of whatever kind the headers say; JSON unless they do. */
    static Answer text(int status, Map<String, String> headers, String body) {
        boolean typed = headers.keySet().stream().anyMatch("Content-Type"::equalsIgnoreCase) || body.isEmpty();
        var all = new TreeMap<String, String>(typed ? Map.of() : JSON_HEADERS);
        all.putAll(headers);
        return new Answer(status, all, body.getBytes(StandardCharsets.UTF_8));
    }
}
