package org.touchline.embedded;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The parameters of a stack: what was given, else the template's default, checked against the template's constraints. */
final class TemplateParameters {
    private final TemplateNode declared;
    private final Map<String, String> values;

    /**
     * @param declared the template's Parameters
     * @param given values by name
     * @throws TemplateException for a value without a parameter, a parameter without a value, and one its constraints refuse
     */
    TemplateParameters(TemplateNode declared, Map<String, String> given) {
        this.declared = declared;
        for (var name : given.keySet()) {
            if (declared.find(name).isEmpty()) {
                throw new TemplateException(declared.place(), "there is no parameter " + name);
            }
        }
        var byName = new LinkedHashMap<String, String>();
        declared.forEach((name, parameter) -> byName.put(name, value(parameter, given.get(name))));
        values = Collections.unmodifiableMap(byName);
    }

    /** Every parameter's value as text, in the template's order. */
    Map<String, String> values() {
        return values;
    }

    boolean contains(String name) {
        return values.containsKey(name);
    }

    /** What a reference to a parameter gives: its text, or the items of a list type. */
    Object reference(String name) {
        var parameter = declared.at(name);
        var value = String.valueOf(values.get(name));
        return isList(parameter) ? items(value) : value;
    }

    private static String value(TemplateNode parameter, @Nullable String given) {
        var value = Optional.ofNullable(given)
                .or(() -> parameter.find("Default").map(TemplateNode::text))
                .orElseThrow(() -> new TemplateException(parameter.place(), "has neither a value nor a default"));
        var items = isList(parameter) ? items(value) : List.of(value);
        if (!items.stream().allMatch(item -> accepts(parameter, item))) {
            // The value is not repeated: it may be a secret.
            var wanted = parameter.find("ConstraintDescription").map(description -> ": " + description.text());
            throw new TemplateException(parameter.place(), "refuses its value" + wanted.orElse(""));
        }
        return value;
    }

    private static boolean isList(TemplateNode parameter) {
        var type = parameter.at("Type");
        return switch (type.text()) {
            case "String", "Number" -> false;
            case "CommaDelimitedList", "List<Number>" -> true;
            default -> throw type.unexpected("String, Number, CommaDelimitedList or List<Number>");
        };
    }

    private static List<String> items(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).toList();
    }

    /** The constraints that CloudFormation checks before it begins; those that a parameter does not have hold. */
    private static boolean accepts(TemplateNode parameter, String value) {
        return holds(parameter, "AllowedPattern", pattern -> value.matches(pattern.text()))
                && holds(parameter, "AllowedValues", allowed -> texts(allowed).contains(value))
                && holds(parameter, "MinLength", least -> value.length() >= least.integer())
                && holds(parameter, "MaxLength", most -> value.length() <= most.integer())
                && holds(parameter, "Type", type -> !type.text().contains("Number") || acceptsNumber(parameter, value));
    }

    private static boolean acceptsNumber(TemplateNode parameter, String value) {
        try {
            var number = new BigDecimal(value);
            return holds(parameter, "MinValue", least -> number.compareTo(new BigDecimal(least.text())) >= 0)
                    && holds(parameter, "MaxValue", most -> number.compareTo(new BigDecimal(most.text())) <= 0);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static boolean holds(TemplateNode parameter, String constraint, Predicate<TemplateNode> test) {
        return parameter.find(constraint).stream().allMatch(test);
    }

    private static List<String> texts(TemplateNode list) {
        return list.items().stream().map(TemplateNode::text).toList();
    }
}
