package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonMappingException.Reference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Function;

/** JSON as the Learning Center writes it: snake_case, ISO-8601 dates and instants, nulls written out. */
final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule()
                    .addSerializer(Instant.class, ToStringSerializer.instance)
                    .addSerializer(LocalDate.class, ToStringSerializer.instance)
                    .addDeserializer(Instant.class, parsedBy(Instant::parse))
                    .addDeserializer(LocalDate.class, parsedBy(LocalDate::parse)))
            .build();

    private Json() {}

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JacksonException e) {
            throw new UncheckedIOException(e);
        }
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // As Jackson has it.
    static <T extends JsonNode> T tree(Object value) {
        return MAPPER.valueToTree(value);
    }

    /** Reads one JSON object; a missing body is an empty one. */
    static ObjectNode object(String text) {
        if (text.isBlank()) {
            return MAPPER.createObjectNode();
        }
        return node(text) instanceof ObjectNode object ? object : refuse("a JSON object is expected");
    }

    /** Reads any JSON value. */
    static JsonNode node(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw Refusal.badRequest("the body is not JSON: " + e.getOriginalMessage());
        }
    }

    /** Turns a tree into a value; an unknown field, a missing one or a wrong one is refused with its name. */
    static <T> T value(JsonNode tree, Class<T> type) {
        try {
            return MAPPER.treeToValue(tree, type);
        } catch (JacksonException e) {
            return refuse(reason(e));
        }
    }

    /** Turns a JSON array into a list of values. */
    static <T> List<T> values(JsonNode tree, TypeReference<List<T>> type) {
        if (!tree.isArray()) {
            return refuse("a JSON array is expected");
        }
        try {
            return List.copyOf(MAPPER.treeToValue(tree, type));
        } catch (JacksonException e) {
            return refuse(reason(e));
        }
    }

    private static String reason(JacksonException e) {
        // What a record's constructor says names the field already.
        if (e.getCause() instanceof NullPointerException || e.getCause() instanceof IllegalArgumentException) {
            return String.valueOf(e.getCause().getMessage());
        }
        var path = e instanceof JsonMappingException mapping ? mapping.getPath() : List.<Reference>of();
        var field = path.isEmpty() ? null : path.getLast().getFieldName();
        return (field == null ? "the body" : field) + " cannot be read: " + e.getOriginalMessage();
    }

    @SuppressWarnings("TypeParameterUnusedInFormals") // It never returns.
    private static <T> T refuse(String message) {
        throw Refusal.badRequest(message);
    }

    private static <T> JsonDeserializer<T> parsedBy(Function<String, T> parse) {
        return new JsonDeserializer<>() {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                try {
                    return parse.apply(parser.getText());
                } catch (DateTimeException e) {
                    throw JsonMappingException.from(parser, e.getMessage(), e);
                }
            }
        };
    }
}
