package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/** {@code docs/openapi.yaml}, and whether an answer is as it says. */
final class OpenApi {
    private static final String LOCATION = "https://touchline.example/openapi.json";
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final JsonNode document;
    private final SchemaRegistry schemas;

    OpenApi(Path file) throws IOException {
        var mapper = new ObjectMapper();
        document = mapper.valueToTree(new Yaml().load(Files.readString(file, UTF_8)));
        var json = mapper.writeValueAsString(document);
        schemas = SchemaRegistry.withDefaultDialect(
                Dialects.getOpenApi31(), builder -> builder.schemas(Map.of(LOCATION, json)));
    }

    JsonNode document() {
        return document;
    }

    /** Every operation, as {@code GET /licenses}. */
    Set<String> operations() {
        var operations = new TreeSet<String>();
        document.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(method -> METHODS.contains(method.getKey()))
                        .forEach(method ->
                                operations.add(method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey())));
        return operations;
    }

    /** An operation by what {@link #operations()} calls it. */
    JsonNode operation(String operation) {
        return document.at(pointerOf(operation));
    }

    /** What differs from the description: an unknown status, a type, a header or a field; empty if nothing does. */
    List<String> differences(String operation, HttpResponse<String> answer) {
        var pointer = resolved(pointerOf(operation) + "/responses/" + answer.statusCode());
        var response = document.at(pointer);
        if (response.isMissingNode()) {
            return List.of(operation + " does not describe " + answer.statusCode() + ": " + answer.body());
        }
        var differences = new ArrayList<String>();
        for (var header : response.path("headers").properties()) {
            var value = answer.headers().firstValue(header.getKey());
            var schema = resolved(pointer + "/headers/" + header.getKey());
            if (value.isEmpty()) {
                differences.add("no header " + header.getKey());
            } else {
                differences.addAll(validate(
                        schema + "/schema",
                        new ObjectMapper().valueToTree(value.get()).toString()));
            }
        }
        var type = answer.headers().firstValue("content-type").orElse("");
        if (!response.has("content")) {
            if (!answer.body().isEmpty()) {
                differences.add("a body: " + answer.body());
            }
        } else if (!response.path("content").has(type)) {
            differences.add("the content type " + type);
        } else {
            differences.addAll(validate(pointer + "/content/" + escaped(type) + "/schema", answer.body()));
        }
        return differences;
    }

    /** Whether a request's example is as its own schema says. */
    List<String> differencesOfExample(String operation) {
        var content = pointerOf(operation) + "/requestBody/content/application~1json";
        var example = document.at(content + "/example");
        return example.isMissingNode() ? List.of() : validate(content + "/schema", example.toString());
    }

    /** What is wrong with a request's JSON body by its own description; empty if nothing is. */
    List<String> differencesOfRequest(String operation, JsonNode body) {
        return validate(pointerOf(operation) + "/requestBody/content/application~1json/schema", body.toString());
    }

    JsonNode exampleOfRequest(String operation) {
        return operation(operation).at("/requestBody/content/application~1json/example");
    }

    /** The names in an object of the description. */
    List<String> names(String pointer) {
        return document.at(pointer).properties().stream().map(Map.Entry::getKey).toList();
    }

    /** The parameters of an operation, with those of its path. */
    List<JsonNode> parameters(String operation) {
        var pointer = pointerOf(operation);
        return Stream.of(pointer, pointer.substring(0, pointer.lastIndexOf('/')))
                .map(where -> document.at(where + "/parameters"))
                .flatMap(JsonNode::valueStream)
                .map(parameter -> parameter.has("$ref")
                        ? document.at(parameter.path("$ref").asText().substring(1))
                        : parameter)
                .toList();
    }

    /** Whether a parameter may have this value, as it stands in a query or a path. */
    boolean describes(JsonNode parameter, String text) {
        var reference = parameter.at("/schema/$ref").asText("");
        var schema = reference.isEmpty() ? parameter.path("schema") : document.at(reference.substring(1));
        var type = schema.path("type").asText();
        var value = switch (type) {
            case "integer" -> text.matches("-?[0-9]{1,9}") ? text : "\"\"";
            case "boolean" -> text.matches("true|false") ? text : "\"\"";
            default -> new ObjectMapper().valueToTree(text).toString();
        };
        return SchemaRegistry.withDefaultDialect(Dialects.getOpenApi31())
                .getSchema(schema.toString())
                .validate(
                        value,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .isEmpty();
    }

    private List<String> validate(String pointer, String json) {
        return schemas
                .getSchema(SchemaLocation.of(LOCATION + "#" + pointer))
                .validate(
                        json,
                        InputFormat.JSON,
                        context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
                .stream()
                .map(Error::toString)
                .collect(Collectors.toList());
    }

    private String resolved(String pointer) {
        var reference = document.at(pointer).path("$ref").asText("");
        return reference.isEmpty() ? pointer : resolved(reference.substring(1));
    }

    private static String pointerOf(String operation) {
        var words = operation.split(" ", 2);
        return "/paths/" + escaped(words[1]) + "/" + words[0].toLowerCase(Locale.ROOT);
    }

    private static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }
}
