package org.touchline.embedded.learningcenter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds who answers a call, by method and path. */
final class Router {
    private final List<Route> routes;

    Router(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /**
     * A call that exists.
     *
     * @param pattern its path, with names in braces where any text may stand
     */
    record Route(String method, String pattern, Function<Call, Answer> handler) {
        static Route get(String pattern, Function<Call, Answer> handler) {
            return new Route("GET", pattern, handler);
        }

        static Route post(String pattern, Function<Call, Answer> handler) {
            return new Route("POST", pattern, handler);
        }

        static Route put(String pattern, Function<Call, Answer> handler) {
            return new Route("PUT", pattern, handler);
        }

        static Route delete(String pattern, Function<Call, Answer> handler) {
            return new Route("DELETE", pattern, handler);
        }

        /** Such as {@code GET /users/{ussf_id}/user-licenses}. */
        String name() {
            return method + " " + pattern;
        }

        /** What the path holds at the pattern's braces; null if it is another path. */
        @Nullable Map<String, String> match(String path) {
            var expected = pattern.split("/", -1);
            var actual = path.split("/", -1);
            if (expected.length != actual.length) {
                return null;
            }
            var variables = new HashMap<String, String>();
            for (int i = 0; i < expected.length; i++) {
                if (expected[i].startsWith("{")) {
                    variables.put(expected[i].substring(1, expected[i].length() - 1), actual[i]);
                } else if (!expected[i].equals(actual[i])) {
                    return null;
                }
            }
            return variables;
        }
    }

    /** A route, and the call with the variables of its path. */
    record Match(Route route, Call call) {
        Answer answer() {
            return route.handler().apply(call);
        }
    }

    /** The route for this call, or null. */
    @Nullable Match find(Call call) {
        for (var route : routes) {
            var variables = route.method().equals(call.method()) ? route.match(call.path()) : null;
            if (variables != null) {
                return new Match(route, call.with(variables));
            }
        }
        return null;
    }

    /** What a call without a route is answered: 405 if another method has that path, else 404. */
    Answer notFound(Call call) {
        var methods = routes.stream()
                .filter(route -> route.match(call.path()) != null)
                .map(Route::method)
                .sorted()
                .collect(Collectors.joining(", "));
        return methods.isEmpty()
                ? Refusal.of(404, "there is no such path").answer()
                : Answer.text(405, Map.of("Allow", methods), "{\"message\":\"only " + methods + "\"}");
    }
}
