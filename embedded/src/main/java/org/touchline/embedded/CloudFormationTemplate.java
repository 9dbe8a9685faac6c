package org.touchline.embedded;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The part of a SAM template that CloudFormation can deploy without the SAM transform: resources of some types, as they stand
 * there, with the parameters, mappings and conditions that they may refer to. Nothing is resolved here, so that it is
 * CloudFormation that reads the template.
 */
public final class CloudFormationTemplate {
    private static final Set<String> SECTIONS =
            Set.of("AWSTemplateFormatVersion", "Parameters", "Mappings", "Conditions");
    private static final JsonMapper MAPPER = new JsonMapper();

    private CloudFormationTemplate() {}

    /**
     * Reads a template.
     *
     * @param types of the resources to keep, such as {@code AWS::DynamoDB::Table}
     * @param without properties that the deploying CloudFormation does not know, of any of them
     * @return the template as JSON
     * @throws TemplateException when the template is not as it should be
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static String only(Path file, Set<String> types, Set<String> without) {
        var root = TemplateYaml.read(file);
        var kept = new LinkedHashMap<String, Object>();
        root.forEach((section, node) -> {
            if (SECTIONS.contains(section)) {
                kept.put(section, node.value());
            }
        });
        var resources = new LinkedHashMap<String, Object>();
        root.at("Resources").forEach((logicalId, resource) -> {
            if (types.contains(resource.at("Type").text())) {
                resources.put(logicalId, without(resource, without));
            }
        });
        kept.put("Resources", resources);
        try {
            return MAPPER.writeValueAsString(kept);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, Object> without(TemplateNode resource, Set<String> names) {
        var properties = new LinkedHashMap<>(resource.section("Properties").map());
        properties.keySet().removeAll(names);
        var copy = new LinkedHashMap<>(resource.map());
        copy.put("Properties", properties);
        return copy;
    }
}
