package org.touchline.embedded;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Replaces the intrinsic functions in a value by what they give. Refuses what it does not know. */
@SuppressWarnings("ReferenceEquality") // There is one AWS::NoValue.
final class TemplateIntrinsics {
    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{(!?)([^}]*)}");

    private final TemplateReferences references;
    private final TemplateNode mappings;
    private final ConditionTest conditions;

    /** Tells whether a named condition is true; the place is the one that asks. */
    @FunctionalInterface
    interface ConditionTest {
        boolean holds(String name, String place);
    }

    /** A function and what it is applied to. */
    record Call(String function, TemplateNode argument) {}

    TemplateIntrinsics(TemplateReferences references, TemplateNode mappings, ConditionTest conditions) {
        this.references = references;
        this.mappings = mappings;
        this.conditions = conditions;
    }

    /** The function call that a value is, if it is one: a map whose only key is Ref, Condition or begins with Fn::. */
    static Optional<Call> call(TemplateNode node) {
        if (!(node.value() instanceof Map<?, ?>)) {
            return Optional.empty();
        }
        var map = node.map();
        var functions = map.keySet().stream()
                .filter(key -> key.startsWith("Fn::") || key.equals("Ref") || key.equals("Condition"))
                .toList();
        if (map.size() == 1 && functions.size() == 1) {
            return Optional.of(new Call(functions.getFirst(), node.at(functions.getFirst())));
        }
        if (functions.stream().anyMatch(key -> key.startsWith("Fn::"))) {
            throw new TemplateException(node.place(), functions.getFirst() + " must be the only key");
        }
        return Optional.empty();
    }

    /** The arguments of a function that takes a fixed number of them. */
    static List<TemplateNode> arguments(TemplateNode list, int count) {
        var items = list.items();
        if (items.size() != count) {
            throw list.unexpected("a list of " + count);
        }
        return items;
    }

    /** A value without intrinsic functions: maps, lists and plain values, {@code AWS::NoValue} dropped. */
    Object resolve(TemplateNode node) {
        var resolved = resolveOrDrop(node);
        if (resolved == TemplateReferences.NO_VALUE) {
            throw new TemplateException(node.place(), "AWS::NoValue has no place here");
        }
        return resolved;
    }

    private Object resolveOrDrop(TemplateNode node) {
        var call = call(node).filter(c -> !c.function().equals("Condition"));
        if (call.isPresent()) {
            return apply(call.get(), node.place());
        }
        return switch (node.value()) {
            case Map<?, ?> _ -> {
                var resolved = new LinkedHashMap<String, Object>();
                node.forEach((key, child) -> {
                    var value = resolveOrDrop(child);
                    if (value != TemplateReferences.NO_VALUE) {
                        resolved.put(key, value);
                    }
                });
                yield Collections.unmodifiableMap(resolved);
            }
            case List<?> _ ->
                node.items().stream()
                        .map(this::resolveOrDrop)
                        .filter(value -> value != TemplateReferences.NO_VALUE)
                        .toList();
            case null -> throw new TemplateException(node.place(), "has no value");
            case Object plain -> plain;
        };
    }

    private Object apply(Call call, String place) {
        var argument = call.argument();
        return switch (call.function()) {
            case "Ref" -> references.reference(argument.text(), place);
            case "Fn::GetAtt" -> getAtt(argument, place);
            case "Fn::Sub" -> sub(argument, place);
            case "Fn::Join" -> {
                var arguments = arguments(argument, 2);
                yield items(arguments.getLast()).stream()
                        .map(TemplateNode::text)
                        .collect(Collectors.joining(text(arguments.getFirst())));
            }
            case "Fn::Split" -> {
                var arguments = arguments(argument, 2);
                var separator = Pattern.quote(text(arguments.getFirst()));
                yield Arrays.asList(text(arguments.getLast()).split(separator, -1));
            }
            case "Fn::Select" -> select(argument);
            case "Fn::FindInMap" -> {
                var keys = arguments(argument, 3).stream().map(this::text).toList();
                yield resolve(mappings.at(keys.get(0)).at(keys.get(1)).at(keys.get(2)));
            }
            case "Fn::If" -> {
                var branches = arguments(argument, 3);
                var condition = branches.getFirst();
                yield resolveOrDrop(branches.get(conditions.holds(condition.text(), condition.place()) ? 1 : 2));
            }
            default -> throw new TemplateException(place, call.function() + " is not supported");
        };
    }

    private String getAtt(TemplateNode argument, String place) {
        var parts = argument.value() instanceof String text
                ? List.of(text.split("\\.", 2))
                : argument.items().stream().map(this::text).toList();
        if (parts.size() != 2) {
            throw argument.unexpected("a logical id and an attribute");
        }
        return references.attribute(parts.getFirst(), parts.getLast(), place);
    }

    private Object select(TemplateNode argument) {
        var arguments = arguments(argument, 2);
        var index = new TemplateNode(argument.place(), resolve(arguments.getFirst())).integer();
        var items = items(arguments.getLast());
        if (index < 0 || index >= items.size()) {
            throw new TemplateException(argument.place(), "there is no item " + index + " among " + items.size());
        }
        return Objects.requireNonNull(items.get(index).value());
    }

    private String sub(TemplateNode argument, String place) {
        var parts = argument.value() instanceof List<?> ? arguments(argument, 2) : List.of(argument);
        var variables = new LinkedHashMap<String, String>();
        if (parts.size() == 2) {
            parts.getLast().forEach((name, value) -> variables.put(name, text(value)));
        }
        return PLACEHOLDER.matcher(parts.getFirst().text()).replaceAll(match -> {
            var name = match.group(2).strip();
            if (!match.group(1).isEmpty()) {
                return Matcher.quoteReplacement("${" + name + "}");
            }
            return Matcher.quoteReplacement(
                    variables.containsKey(name) ? variables.get(name) : referenced(name, place));
        });
    }

    private String referenced(String name, String place) {
        var dot = name.indexOf('.');
        return dot < 0
                ? new TemplateNode(place, references.reference(name, place)).text()
                : references.attribute(name.substring(0, dot), name.substring(dot + 1), place);
    }

    private String text(TemplateNode node) {
        return new TemplateNode(node.place(), resolve(node)).text();
    }

    private List<TemplateNode> items(TemplateNode node) {
        return new TemplateNode(node.place(), resolve(node)).items();
    }
}
