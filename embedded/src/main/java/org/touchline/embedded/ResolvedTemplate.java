package org.touchline.embedded;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The resources of one stack: those whose condition holds, with the globals merged in and every intrinsic function resolved.
 *
 * @param parameters every parameter with its value
 * @param references what the resources are called
 * @param resources by logical id, in the template's order
 * @param outputs values by name, in the template's order
 */
record ResolvedTemplate(
        Map<String, String> parameters,
        TemplateReferences references,
        Map<String, Resource> resources,
        Map<String, String> outputs) {
    private static final String SERVERLESS = "AWS::Serverless::";

    /** A resource: its type and its resolved properties. */
    record Resource(String logicalId, String type, TemplateNode properties) {}

    /** Resolves what {@link TemplateYaml} has read for one stack. */
    static ResolvedTemplate of(
            TemplateNode root, String stackName, Map<String, String> given, Map<String, String> physicalIds) {
        var parameters = new TemplateParameters(root.section("Parameters"), given);
        var mappings = root.section("Mappings");
        var conditions = new TemplateConditions(
                root.section("Conditions"),
                new TemplateReferences(stackName, parameters, Map.of(), physicalIds),
                mappings);

        var existing = new LinkedHashMap<String, TemplateNode>();
        root.at("Resources").forEach((logicalId, resource) -> {
            var condition = resource.find("Condition");
            if (condition.isEmpty() || conditions.holds(condition.get().text(), resource.place())) {
                existing.put(logicalId, resource);
            }
        });

        var references = new TemplateReferences(stackName, parameters, existing, physicalIds);
        var intrinsics = new TemplateIntrinsics(references, mappings, conditions::holds);
        var globals = root.section("Globals");
        var resources = new LinkedHashMap<String, Resource>();
        existing.forEach((logicalId, resource) -> {
            var type = resource.at("Type").text();
            var own = resource.section("Properties");
            var merged = type.startsWith(SERVERLESS)
                    ? merge(globals.section(type.substring(SERVERLESS.length())), own)
                    : own;
            var properties = new TemplateNode(own.place(), intrinsics.resolve(merged));
            resources.put(logicalId, new Resource(logicalId, type, properties));
        });
        var outputs = new LinkedHashMap<String, String>();
        root.section("Outputs").forEach((name, output) -> {
            var condition = output.find("Condition");
            if (condition.isPresent() && !conditions.holds(condition.get().text(), output.place())) {
                return;
            }
            var value = output.at("Value");
            outputs.put(name, new TemplateNode(value.place(), intrinsics.resolve(value)).text());
        });
        return new ResolvedTemplate(
                parameters.values(),
                references,
                Collections.unmodifiableMap(resources),
                Collections.unmodifiableMap(outputs));
    }

    List<Resource> ofType(String type) {
        return resources.values().stream()
                .filter(resource -> resource.type().equals(type))
                .toList();
    }

    /** As SAM merges globals: maps key by key, lists one after the other, anything else replaced by the resource's own. */
    private static TemplateNode merge(TemplateNode global, TemplateNode own) {
        if (global.value() instanceof List<?> inherited && own.value() instanceof List<?> items) {
            return new TemplateNode(
                    own.place(),
                    Stream.concat(inherited.stream(), items.stream()).toList());
        }
        if (!isPlainMap(global) || !isPlainMap(own)) {
            return own;
        }
        var merged = new LinkedHashMap<>(global.map());
        own.forEach((key, value) -> merged.put(
                key,
                global.find(key)
                        .map(inherited -> merge(inherited, value))
                        .orElse(value)
                        .value()));
        return new TemplateNode(own.place(), merged);
    }

    private static boolean isPlainMap(TemplateNode node) {
        return node.value() instanceof Map<?, ?>
                && TemplateIntrinsics.call(node).isEmpty();
    }
}
