package org.touchline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value: an object, an array, a scalar, or what is missing. Its methods are called as those of Jackson's tree, which everybody
 * knows; whatever is asked of a value that cannot have it is answered with nothing. {@link Json} reads and writes it.
 *
 * <p>Equal to what holds the same, the order of fields aside. Not safe for use by several threads while it is filled.
 */
public abstract sealed class JsonValue implements Iterable<JsonValue> permits JsonObject, JsonArray, JsonScalar {
    /** What there is of values. */
    public enum Kind {
        OBJECT,
        ARRAY,
        STRING,
        NUMBER,
        BOOLEAN,
        NULL,
        /** Nothing, not even {@code null}. */
        MISSING
    }

    public abstract Kind kind();

    public final boolean isObject() {
        return kind() == Kind.OBJECT;
    }

    public final boolean isArray() {
        return kind() == Kind.ARRAY;
    }

    public final boolean isTextual() {
        return kind() == Kind.STRING;
    }

    public final boolean isNumber() {
        return kind() == Kind.NUMBER;
    }

    /** Whether it is a number that was written without a fraction and without an exponent. */
    public boolean isIntegralNumber() {
        return false;
    }

    public final boolean isBoolean() {
        return kind() == Kind.BOOLEAN;
    }

    public final boolean isNull() {
        return kind() == Kind.NULL;
    }

    public final boolean isMissingNode() {
        return kind() == Kind.MISSING;
    }

    /** Whether it is an object or an array. */
    public final boolean isContainerNode() {
        return isObject() || isArray();
    }

    /** Whether it is a text, a number, a boolean or {@code null}. */
    public final boolean isValueNode() {
        return !isContainerNode() && !isMissingNode();
    }

    /** A field of an object; null if there is none. */
    public @Nullable JsonValue get(String name) {
        return null;
    }

    /** A field of an object, perhaps missing. */
    public final JsonValue path(String name) {
        var value = get(name);
        return value == null ? JsonScalar.MISSING : value;
    }

    /** Whether an object has that field, {@code null} included. */
    public final boolean has(String name) {
        return get(name) != null;
    }

    /** The fields of an object, in the order in which they were read or put. */
    public Set<Map.Entry<String, JsonValue>> properties() {
        return Set.of();
    }

    /** What is in an array, or in an object's fields. */
    public Collection<JsonValue> values() {
        return List.of();
    }

    /** The same. */
    public final Stream<JsonValue> valueStream() {
        return values().stream();
    }

    @Override
    public final Iterator<JsonValue> iterator() {
        return values().iterator();
    }

    /** How many values there are in it. */
    public final int size() {
        return values().size();
    }

    public final boolean isEmpty() {
        return values().isEmpty();
    }

    /**
     * A text as it is; a number, {@code true}, {@code false} and {@code null} as they are written, a number without an exponent where
     * that adds no more than 64 digits; empty for anything else.
     */
    public String asText() {
        return "";
    }

    /** A number; zero for anything else. */
    public BigDecimal decimalValue() {
        return BigDecimal.ZERO;
    }

    /** Whether it is {@code true}. */
    public final boolean booleanValue() {
        return equals(JsonScalar.TRUE);
    }

    abstract void writeTo(JsonGenerator generator) throws IOException;

    /** As JSON. */
    @Override
    public final String toString() {
        var text = new StringWriter();
        try (var generator = Json.TOKENS.createGenerator(text)) {
            writeTo(generator);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }
}
