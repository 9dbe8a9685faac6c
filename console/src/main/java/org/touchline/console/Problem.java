package org.touchline.console;

import java.util.List;
import java.util.Map;

/** What is answered where something is refused or fails: RFC 9457, as the API has it. */
final class Problem {
    private Problem() {}

    /** @param detail what failed and what to do about it, as the page shows it */
    static HttpAnswer of(int status, String title, String detail) {
        var body = Map.of("type", "about:blank", "title", title, "status", status, "detail", detail);
        return new HttpAnswer(status, Map.of("Content-Type", List.of("application/problem+json")), Json.write(body));
    }
}
