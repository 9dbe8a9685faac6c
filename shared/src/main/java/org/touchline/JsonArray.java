package org.touchline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A JSON array, which is filled value by value. */
public final class JsonArray extends JsonValue {
    private final List<JsonValue> values = new ArrayList<>();

    @Override
    public Kind kind() {
        return Kind.ARRAY;
    }

    @Override
    public Collection<JsonValue> values() {
        return Collections.unmodifiableList(values);
    }

    /** Adds any value. */
    public JsonArray add(JsonValue value) {
        values.add(value);
        return this;
    }

    /** Adds a text. */
    public JsonArray add(String text) {
        return add(JsonScalar.of(text));
    }

    /** Adds an object, to be filled. */
    public JsonObject addObject() {
        var object = new JsonObject();
        values.add(object);
        return object;
    }

    /** Adds an array, to be filled. */
    public JsonArray addArray() {
        var array = new JsonArray();
        values.add(array);
        return array;
    }

    @Override
    void writeTo(JsonGenerator generator) throws IOException {
        generator.writeStartArray();
        for (var value : values) {
            value.writeTo(generator);
        }
        generator.writeEndArray();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonArray array && values.equals(array.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }
}
