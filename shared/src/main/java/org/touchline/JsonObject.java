package org.touchline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A JSON object, which is filled field by field: one that is put again takes the place of the earlier. */
public final class JsonObject extends JsonValue {
    private final Map<String, JsonValue> fields = new LinkedHashMap<>();

    @Override
    public Kind kind() {
        return Kind.OBJECT;
    }

    @Override
    public @Nullable JsonValue get(String name) {
        return fields.get(name);
    }

    @Override
    public Set<Map.Entry<String, JsonValue>> properties() {
        return Collections.unmodifiableSet(fields.entrySet());
    }

    @Override
    public Collection<JsonValue> values() {
        return Collections.unmodifiableCollection(fields.values());
    }

    /** Puts any value. */
    public JsonObject set(String name, JsonValue value) {
        fields.put(name, value);
        return this;
    }

    /** Puts a text; {@code null} for none. */
    public JsonObject put(String name, @Nullable String text) {
        return text == null ? putNull(name) : set(name, JsonScalar.of(text));
    }

    /** Puts a whole number. */
    public JsonObject put(String name, long number) {
        return set(name, JsonScalar.of(BigDecimal.valueOf(number), true));
    }

    /** Puts a whole number; {@code null} for none. */
    public JsonObject put(String name, @Nullable Integer number) {
        return number == null ? putNull(name) : put(name, number.longValue());
    }

    public JsonObject put(String name, boolean truth) {
        return set(name, truth ? JsonScalar.TRUE : JsonScalar.FALSE);
    }

    public JsonObject putNull(String name) {
        return set(name, JsonScalar.NULL);
    }

    /** Puts an object, to be filled. */
    public JsonObject putObject(String name) {
        var object = new JsonObject();
        fields.put(name, object);
        return object;
    }

    /** Puts an array, to be filled. */
    public JsonArray putArray(String name) {
        var array = new JsonArray();
        fields.put(name, array);
        return array;
    }

    @Override
    void writeTo(JsonGenerator generator) throws IOException {
        generator.writeStartObject();
        for (var field : fields.entrySet()) {
            generator.writeFieldName(field.getKey());
            field.getValue().writeTo(generator);
        }
        generator.writeEndObject();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonObject object && fields.equals(object.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }
}
