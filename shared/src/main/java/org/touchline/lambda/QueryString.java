package org.touchline.lambda;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The parameters of a query, or of a form, which is written like one, decoded. The query is read from the raw query: the gateway's
 * own map joins repeated parameters by commas, which cannot be told from commas that were there.
 *
 * @param parameters each name with its values in their order
 */
public record QueryString(Map<String, List<String>> parameters) {
    private static final int MOST_SHOWN = 64;

    /** @throws BadRequestException if it is not percent-encoded UTF-8 */
    public static QueryString parse(String rawQuery) {
        var parameters = new LinkedHashMap<String, List<String>>();
        for (var pair : rawQuery.split("&", -1)) {
            if (!pair.isEmpty()) {
                var equals = pair.indexOf('=');
                var name = decode(equals < 0 ? pair : pair.substring(0, equals));
                var value = equals < 0 ? "" : decode(pair.substring(equals + 1));
                parameters.computeIfAbsent(name, added -> new ArrayList<>()).add(value);
            }
        }
        return new QueryString(parameters);
    }

    /**
     * Refuses what a route does not know, and what is there twice (wire contract §5): an answer that ignores a filter looks right and
     * is not.
     *
     * @param known the names that the route knows, exactly as they are written
     * @throws BadRequestException that names the parameter, and lists those that the route knows
     */
    public QueryString knowing(List<String> known) {
        parameters.forEach((name, values) -> {
            if (!known.contains(name)) {
                throw new BadRequestException(
                        "the query parameter %s is unknown; %s".formatted(shortened(name), listed(known)));
            }
            if (values.size() > 1) {
                throw new BadRequestException(
                        "the query parameter %s may be given once; %s".formatted(name, listed(known)));
            }
        });
        return this;
    }

    private static String shortened(String name) {
        return name.length() <= MOST_SHOWN ? name : name.substring(0, MOST_SHOWN) + "…";
    }

    private static String listed(List<String> known) {
        return known.isEmpty() ? "this route knows none" : "this route knows " + String.join(", ", known);
    }

    /** The same without a parameter. */
    public QueryString without(String name) {
        var others = new LinkedHashMap<>(parameters);
        others.remove(name);
        return new QueryString(others);
    }

    /** All values of a parameter; none if it is not there. */
    public List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    /**
     * The value of a parameter that may be there once.
     *
     * @throws BadRequestException if it is there more than once, or blank: a check that somebody asked for, with a value that
     *     they forgot, must not be left out
     */
    public Optional<String> one(String name) {
        var values = all(name);
        if (values.size() > 1) {
            throw new BadRequestException(name + " may be given once");
        }
        if (values.stream().anyMatch(String::isBlank)) {
            throw new BadRequestException(name + " is given without a value");
        }
        return values.stream().findFirst();
    }

    /**
     * The parameter {@code limit}.
     *
     * @throws BadRequestException unless it is a whole number from 1 to {@code most}, or left out
     */
    public int limit(int byDefault, int most) {
        try {
            var limit = one("limit").map(Integer::valueOf).orElse(byDefault);
            if (limit >= 1 && limit <= most) {
                return limit;
            }
        } catch (NumberFormatException noNumber) {
            // Refused below, as a number that is too large.
        }
        throw new BadRequestException("limit is a whole number from 1 to " + most);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notEncoded) {
            throw new BadRequestException("the parameters are not percent-encoded");
        }
    }
}
