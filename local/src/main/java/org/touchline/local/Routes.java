package org.touchline.local;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.touchline.embedded.Template;

/** The routes of an HTTP API, and which of them API Gateway would choose: the most specific one that fits. */
final class Routes {
    private static final String ANY = "ANY";

    private final List<Target> targets = new ArrayList<>();

    Routes(Functions functions) {
        for (var function : functions.all()) {
            for (var route : function.function().routes()) {
                targets.add(Target.of(route, function));
            }
        }
        targets.sort(Comparator.comparing(Target::rank));
    }

    /**
     * A request's route.
     *
     * @param key as events carry it: {@code GET /members/{memberIdentifier}}, or {@code $default}
     * @param pathParameters values of the variables in its path
     */
    record Match(String key, FunctionPool function, Map<String, String> pathParameters) {}

    /**
     * Finds the route of a request.
     *
     * @param path decoded
     */
    Optional<Match> find(String method, String path) {
        return targets.stream()
                .flatMap(target -> target.match(method, path).stream())
                .findFirst();
    }

    /**
     * One route, ready to be compared with paths.
     *
     * @param rank sorts more specific routes first: without before with a {@code {proxy+}} before {@code $default}, then, from
     *     left to right, a literal segment before a variable one, then a method before any
     */
    private record Target(
            String key, String method, Pattern path, List<String> variables, String rank, FunctionPool function) {
        private static final String DEFAULT = "$default";
        private static final Pattern VARIABLE = Pattern.compile("\\{([^}+]+)(\\+?)}");

        static Target of(Template.Route route, FunctionPool function) {
            if (route.path().equals(DEFAULT)) {
                return new Target(DEFAULT, ANY, Pattern.compile(".*", Pattern.DOTALL), List.of(), "2", function);
            }
            var path = new StringBuilder();
            var rank = new StringBuilder(route.path().endsWith("+}") ? "1" : "0");
            var variables = new ArrayList<String>();
            for (var segment : route.path().substring(1).split("/", -1)) {
                var variable = VARIABLE.matcher(segment);
                var isVariable = variable.matches();
                path.append('/').append(isVariable ? valueOf(variable, variables) : Pattern.quote(segment));
                rank.append(isVariable ? 'b' : 'a');
            }
            rank.append(route.method().equals(ANY) ? 'b' : 'a');
            var key = route.method() + " " + route.path();
            var pattern = Pattern.compile(path.toString(), Pattern.DOTALL);
            return new Target(key, route.method(), pattern, List.copyOf(variables), rank.toString(), function);
        }

        private static String valueOf(Matcher variable, List<String> variables) {
            variables.add(variable.group(1));
            return variable.group(2).isEmpty() ? "([^/]+)" : "(.+)";
        }

        Optional<Match> match(String method, String path) {
            var matcher = this.path.matcher(path);
            if (!(this.method.equals(ANY) || this.method.equals(method)) || !matcher.matches()) {
                return Optional.empty();
            }
            var parameters = new LinkedHashMap<String, String>();
            for (var i = 0; i < variables.size(); i++) {
                parameters.put(variables.get(i), matcher.group(i + 1));
            }
            return Optional.of(new Match(key, function, parameters));
        }
    }
}
