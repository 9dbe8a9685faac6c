package org.touchline.embedded;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The conditions of a template, decided by its parameters. Not thread-safe. */
final class TemplateConditions {
    private final TemplateNode declared;
    private final TemplateIntrinsics values;
    private final Deque<String> open = new ArrayDeque<>();

    /**
     * @param declared the template's Conditions
     * @param parametersOnly what a condition may refer to: no resources, as in CloudFormation
     * @param mappings the template's Mappings
     */
    TemplateConditions(TemplateNode declared, TemplateReferences parametersOnly, TemplateNode mappings) {
        this.declared = declared;
        values = new TemplateIntrinsics(parametersOnly, mappings, (name, place) -> {
            throw new TemplateException(place, "Fn::If has no place in a condition");
        });
    }

    /** Whether a named condition is true; the place is the one that asks. */
    boolean holds(String name, String place) {
        if (open.contains(name)) {
            throw new TemplateException(declared.place() + "." + name, "refers to itself");
        }
        var condition =
                declared.find(name).orElseThrow(() -> new TemplateException(place, "there is no condition " + name));
        open.push(name);
        try {
            return test(condition);
        } finally {
            open.pop();
        }
    }

    private boolean test(TemplateNode node) {
        var call = TemplateIntrinsics.call(node)
                .orElseThrow(() -> node.unexpected("Fn::Equals, Fn::Not, Fn::And, Fn::Or or Condition"));
        var argument = call.argument();
        return switch (call.function()) {
            case "Condition" -> holds(argument.text(), argument.place());
            case "Fn::Equals" -> {
                var sides = TemplateIntrinsics.arguments(argument, 2);
                yield text(sides.getFirst()).equals(text(sides.getLast()));
            }
            case "Fn::Not" -> !test(TemplateIntrinsics.arguments(argument, 1).getFirst());
            case "Fn::And" -> several(argument).stream().allMatch(this::test);
            case "Fn::Or" -> several(argument).stream().anyMatch(this::test);
            default -> throw new TemplateException(node.place(), call.function() + " is not a condition");
        };
    }

    private String text(TemplateNode node) {
        return new TemplateNode(node.place(), values.resolve(node)).text();
    }

    private static List<TemplateNode> several(TemplateNode argument) {
        var conditions = argument.items();
        if (conditions.size() < 2 || conditions.size() > 10) {
            throw argument.unexpected("a list of 2 to 10 conditions");
        }
        return conditions;
    }
}
