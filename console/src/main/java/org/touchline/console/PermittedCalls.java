package org.touchline.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The calls that are handed on, by method and template; nothing else is. What fits is spelled anew, segment by segment: what is
 * signed and sent has no spelling of the browser's.
 *
 * @param templates such as {@code GET /members/{memberIdentifier}}
 */
record PermittedCalls(List<String> templates) {
    /** The API's routes for the organization's own systems (wire contract §5). */
    static final PermittedCalls OF_THE_API = new PermittedCalls(List.of(
            "GET /members",
            "GET /members/{memberIdentifier}",
            "PUT /members/{memberIdentifier}",
            "DELETE /members/{memberIdentifier}",
            "GET /members/{memberIdentifier}/licenses",
            "GET /members/{memberIdentifier}/history",
            "GET /users/{ussfId}/licenses",
            "GET /users/{ussfId}/history",
            "GET /licenses",
            "GET /roster",
            "GET /expirations",
            "GET /changes",
            "GET /status"));

    /** What the simulator is told by who plays with it ({@code docs/simulator.md}). */
    static final PermittedCalls OF_THE_SIMULATOR = new PermittedCalls(List.of(
            "GET /simulator/people",
            "POST /simulator/people",
            "POST /simulator/user-licenses",
            "POST /simulator/ussf-id-changes",
            "POST /simulator/faults",
            "DELETE /simulator/faults"));

    PermittedCalls {
        templates = List.copyOf(templates);
    }

    /**
     * A call that fits a template.
     *
     * @param template which one, with its method: what is told where the call is refused
     * @param pathAndQuery encoded
     */
    record Call(String method, String template, String pathAndQuery) {}

    /**
     * Finds the call that a request asks for.
     *
     * @param rawPath as it came, still encoded
     * @param rawQuery likewise; null for none
     * @return empty where no template fits, and where a segment could be read as something else on the way: empty, of dots only,
     *     with a slash, a backslash or a control character in it
     */
    Optional<Call> find(String method, String rawPath, @Nullable String rawQuery) {
        return decoded(rawPath)
                .flatMap(segments -> templates.stream()
                        .filter(template -> fits(template, method, segments))
                        .findFirst()
                        .map(template -> new Call(method, template, path(segments) + query(rawQuery))));
    }

    private static Optional<List<String>> decoded(String rawPath) {
        if (!rawPath.startsWith("/")) {
            return Optional.empty();
        }
        var segments = new ArrayList<String>();
        for (var raw : rawPath.substring(1).split("/", -1)) {
            var segment = Percent.decode(raw);
            if (segment.isEmpty() || !isHarmless(segment.get())) {
                return Optional.empty();
            }
            segments.add(segment.get());
        }
        return Optional.of(segments);
    }

    private static boolean isHarmless(String segment) {
        return !segment.isEmpty()
                && !segment.chars().allMatch(c -> c == '.')
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    }

    private static boolean fits(String template, String method, List<String> segments) {
        var words = template.split(" /", 2);
        var parts = words[1].split("/", -1);
        if (!words[0].equals(method) || parts.length != segments.size()) {
            return false;
        }
        for (var i = 0; i < parts.length; i++) {
            if (!parts[i].startsWith("{") && !parts[i].equals(segments.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static String path(List<String> segments) {
        var path = new StringBuilder();
        segments.forEach(segment -> path.append('/').append(Percent.encode(segment)));
        return path.toString();
    }

    /** Spelled anew too; what cannot be decoded is left out. */
    private static String query(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return "";
        }
        var query = new ArrayList<String>();
        Arrays.stream(raw.split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .map(pair -> pair.split("=", 2))
                .forEach(pair -> {
                    var name = Percent.decode(pair[0].replace("+", "%20"));
                    var value = Percent.decode(pair.length == 1 ? "" : pair[1].replace("+", "%20"));
                    if (name.isPresent() && value.isPresent()) {
                        query.add(Percent.encode(name.get()) + "=" + Percent.encode(value.get()));
                    }
                });
        return query.isEmpty() ? "" : "?" + String.join("&", query);
    }
}
