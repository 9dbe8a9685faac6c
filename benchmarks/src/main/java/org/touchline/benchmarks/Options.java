package org.touchline.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What follows a program's name: {@code --runs 16} or {@code --runs=16}, and names, such as those of functions.
 *
 * @param names in their order
 */
record Options(Map<String, String> values, List<String> names) {
    Options {
        values = Map.copyOf(values);
        names = List.copyOf(names);
    }

    /** @throws IllegalArgumentException if an option has no value */
    static Options parse(List<String> arguments) {
        var values = new LinkedHashMap<String, String>();
        var names = new ArrayList<String>();
        for (var rest = arguments.iterator(); rest.hasNext(); ) {
            var argument = rest.next();
            if (!argument.startsWith("--")) {
                names.add(argument);
                continue;
            }
            var equals = argument.indexOf('=');
            if (equals < 0 && !rest.hasNext()) {
                throw new IllegalArgumentException(argument + " needs a value");
            }
            values.put(
                    argument.substring(2, equals < 0 ? argument.length() : equals),
                    equals < 0 ? rest.next() : argument.substring(equals + 1));
        }
        return new Options(values, names);
    }

    /**
     * A whole number, from 1 on.
     *
     * @throws IllegalArgumentException if it is none
     */
    int number(String option, int byDefault) {
        var value = values.getOrDefault(option, Integer.toString(byDefault));
        if (!value.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("--" + option + " is a whole number from 1 on");
        }
        return Integer.parseInt(value);
    }

    /**
     * The same options, if the program knows them all: a mistyped one would measure something else than was asked for.
     *
     * @throws IllegalArgumentException that names the one it does not
     */
    Options knowing(String... known) {
        for (var option : values.keySet()) {
            if (!Set.of(known).contains(option)) {
                throw new IllegalArgumentException("--" + option + " is no option of this program: " + List.of(known));
            }
        }
        return this;
    }
}
