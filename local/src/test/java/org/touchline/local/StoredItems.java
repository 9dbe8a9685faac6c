package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What all tables of a stack hold, as lines of JSON, an item a line: {@code {"table":"…","item":{"pk":{"S":"…"}}}}. A long text is
 * {@code {"S, gzip":"…"}}.
 */
final class StoredItems {
    private static final ObjectMapper JSON =
            new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

    /** Attributes of which each value is a form of its own: who does not know it cannot read it. */
    private static final Set<String> WORDS =
            Set.of("enrollmentStatus", "learnedBy", "queue", "state", "ending", "type", "status", "route");

    /** A text that is longer is compressed, as {@link #GZIP}. */
    private static final int LONGEST_PLAIN = 10_000;

    private static final String GZIP = "S, gzip";

    private final Map<String, List<Map<String, AttributeValue>>> tables = new TreeMap<>();

    /** All that a stack holds. */
    static StoredItems of(EmbeddedStack stack) {
        var stored = new StoredItems();
        for (var table : stack.template().tables()) {
            stored.tables.put(
                    table.logicalId(),
                    stack
                            .dynamoDb()
                            .scanPaginator(request -> request.tableName(stack.table(table.logicalId()))
                                    .consistentRead(true))
                            .items()
                            .stream()
                            .toList());
        }
        return stored;
    }

    /** What {@link #lines} were written to a file. */
    static StoredItems read(Path file) {
        try {
            var stored = new StoredItems();
            for (var line : Files.readAllLines(file, UTF_8)) {
                var json = FunctionHarness.json(line);
                stored.tables
                        .computeIfAbsent(json.path("table").asText(), none -> new ArrayList<>())
                        .add(map(json.path("item")));
            }
            return stored;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** In an order of its own, so that two are easy to compare. */
    Set<String> lines() {
        var lines = new TreeSet<String>();
        tables.forEach((table, items) -> items.forEach(item -> {
            var line = JSON.createObjectNode().put("table", table);
            line.set("item", json(item));
            lines.add(text(line));
        }));
        return lines;
    }

    /** Puts everything into the tables of a stack. */
    void into(EmbeddedStack stack) {
        tables.forEach((table, items) -> items.forEach(item -> stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table(table)).item(item))));
    }

    /** The names of a table's attributes. */
    Set<String> attributes(String table) {
        return tables.getOrDefault(table, List.of()).stream()
                .flatMap(item -> item.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * In which forms what is written: table, kind of item, attribute and form, such as {@code LicenseStoreTable person#/license#
     * updatedAt instant}. Whoever knows all of them can read it.
     */
    Set<String> forms() {
        var forms = new TreeSet<String>();
        tables.forEach((table, items) -> items.forEach(item -> item.forEach((name, value) -> forms(name, value)
                .forEach(form -> forms.add("%s %s %s %s".formatted(table, kind(item), name, form))))));
        return forms;
    }

    /** What its keys begin with: {@code person#/license#}. */
    private static String kind(Map<String, AttributeValue> item) {
        if (item.containsKey("memberIdentifier") && !item.containsKey("pk")) {
            return "member";
        }
        return List.of("pk", "sk", "id", "state").stream()
                .filter(item::containsKey)
                .filter(key -> item.get(key).s() != null)
                .filter(key -> !(key.equals("id") && item.containsKey("pk")))
                .map(key -> word(item.get(key).s()))
                .collect(Collectors.joining("/"));
    }

    /** The id of a license is a key of the catalog. */
    private static String key(String name) {
        return name.matches(".*_\\d+") ? "…" : name;
    }

    private static String word(String text) {
        var end = text.indexOf('#');
        var first = end < 0 ? text : text.substring(0, end);
        return (first.matches(".*\\d.*") ? "…" : first) + (end < 0 ? "" : "#");
    }

    private static Set<String> forms(String name, AttributeValue value) {
        if (value.s() != null) {
            // What somebody else sent is in forms of theirs.
            return name.equals("payload") ? Set.of("text") : forms(name, value.s());
        }
        if (value.hasM()) {
            return value.m().entrySet().stream()
                    .flatMap(each -> forms("", each.getValue()).stream()
                            .map(form -> "{" + key(each.getKey()) + " " + form + "}"))
                    .collect(Collectors.toSet());
        }
        if (value.hasL()) {
            return value.l().stream()
                    .flatMap(each -> forms(name, each).stream())
                    .map(form -> "[" + form + "]")
                    .collect(Collectors.toSet());
        }
        return Set.of(value.type().toString());
    }

    private static Set<String> forms(String name, String text) {
        if (text.startsWith("{") || text.startsWith("[")) {
            return json(text);
        }
        if (text.matches("\\d{4}-\\d\\d-\\d\\dT[\\d:]+(\\.\\d+)?Z")) {
            return Set.of(text.length() == 30 ? "sortable instant" : "instant");
        }
        if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
            return Set.of("date");
        }
        if (text.matches("\\d{16}")) {
            return Set.of("USSF-ID");
        }
        if (text.matches("\\S+Z/[0-2]/[0-9a-f]{32}")) {
            return Set.of("revision");
        }
        return Set.of(WORDS.contains(name) ? "word " + word(text) : "text");
    }

    /** The names in it, of whatever depth. */
    private static Set<String> json(String text) {
        try {
            return names(JSON.readTree(text), "").map(path -> "JSON " + path).collect(Collectors.toSet());
        } catch (IOException none) {
            return Set.of("text");
        }
    }

    private static Stream<String> names(JsonNode node, String path) {
        if (node.isObject()) {
            return node.properties().stream().flatMap(each -> names(each.getValue(), path + "." + key(each.getKey())));
        }
        if (node.isArray()) {
            return node.valueStream().flatMap(each -> names(each, path + "[]"));
        }
        return Stream.of(path
                + (node.isNull()
                        ? " null"
                        : node.isTextual()
                                ? ""
                                : " " + node.getNodeType().toString().toLowerCase(Locale.ROOT)));
    }

    private static String text(JsonNode node) {
        try {
            return JSON.writeValueAsString(JSON.treeToValue(node, Object.class));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static ObjectNode json(Map<String, AttributeValue> item) {
        var json = JSON.createObjectNode();
        item.forEach((name, value) -> json.set(name, json(value)));
        return json;
    }

    private static JsonNode json(AttributeValue value) {
        var json = JSON.createObjectNode();
        switch (value.type()) {
            case S -> {
                var isLong = value.s().length() > LONGEST_PLAIN;
                json.put(isLong ? GZIP : "S", isLong ? packed(value.s()) : value.s());
            }
            case N -> json.put("N", value.n());
            case BOOL -> json.put("BOOL", value.bool());
            case B -> json.put("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
            case M -> json.set("M", json(value.m()));
            case L -> {
                var list = json.putArray("L");
                value.l().forEach(each -> list.add(json(each)));
            }
            case NUL -> json.put("NULL", true);
            case SS -> value.ss().forEach(json.putArray("SS")::add);
            default -> throw new IllegalStateException("no fixture holds a " + value.type() + " yet: add it here");
        }
        return json;
    }

    private static String packed(String text) {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write(text.getBytes(UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getEncoder().encodeToString(packed.toByteArray());
    }

    private static String unpacked(String base64) {
        try (var gzip =
                new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(base64)))) {
            return new String(gzip.readAllBytes(), UTF_8);
        } catch (IOException damaged) {
            throw new UncheckedIOException(damaged);
        }
    }

    private static Map<String, AttributeValue> map(JsonNode json) {
        return json.properties().stream().collect(Collectors.toMap(Map.Entry::getKey, each -> value(each.getValue())));
    }

    private static AttributeValue value(JsonNode json) {
        var type = json.properties().iterator().next();
        var value = type.getValue();
        return switch (type.getKey()) {
            case "S" -> AttributeValue.fromS(value.asText());
            case GZIP -> AttributeValue.fromS(unpacked(value.asText()));
            case "N" -> AttributeValue.fromN(value.asText());
            case "BOOL" -> AttributeValue.fromBool(value.asBoolean());
            case "B" ->
                AttributeValue.fromB(SdkBytes.fromByteArray(Base64.getDecoder().decode(value.asText())));
            case "M" -> AttributeValue.fromM(map(value));
            case "L" ->
                AttributeValue.fromL(value.valueStream().map(StoredItems::value).toList());
            case "NULL" -> AttributeValue.fromNul(true);
            case "SS" ->
                AttributeValue.fromSs(value.valueStream().map(JsonNode::asText).toList());
            default -> throw new IllegalStateException("no attribute is a " + type.getKey());
        };
    }
}
