package org.touchline;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A JSON value with nothing in it: a text, a number, {@code true}, {@code false}, {@code null}, or what is missing. Never changes. */
final class JsonScalar extends JsonValue {
    static final JsonScalar TRUE = new JsonScalar(Kind.BOOLEAN, "true", null, false);
    static final JsonScalar FALSE = new JsonScalar(Kind.BOOLEAN, "false", null, false);
    static final JsonScalar NULL = new JsonScalar(Kind.NULL, "null", null, false);
    static final JsonScalar MISSING = new JsonScalar(Kind.MISSING, "", null, false);

    private static final int MOST_DIGITS_ADDED = 64;

    private final Kind kind;
    private final String text;
    private final @Nullable BigDecimal number;
    private final boolean integral;

    private JsonScalar(Kind kind, String text, @Nullable BigDecimal number, boolean integral) {
        this.kind = kind;
        this.text = text;
        this.number = number;
        this.integral = integral;
    }

    static JsonScalar of(String text) {
        return new JsonScalar(Kind.STRING, text, null, false);
    }

    /** @param integral whether it was written without a fraction and without an exponent */
    static JsonScalar of(BigDecimal number, boolean integral) {
        // As a number with a hundred million zeros, a dozen characters of a stranger's would fill the memory.
        var text = Math.abs((long) number.scale()) <= MOST_DIGITS_ADDED ? number.toPlainString() : number.toString();
        return new JsonScalar(Kind.NUMBER, text, number, integral);
    }

    @Override
    public Kind kind() {
        return kind;
    }

    @Override
    public boolean isIntegralNumber() {
        return integral;
    }

    @Override
    public String asText() {
        return text;
    }

    @Override
    public BigDecimal decimalValue() {
        return number == null ? BigDecimal.ZERO : number;
    }

    @Override
    void writeTo(JsonGenerator generator) throws IOException {
        switch (kind) {
            case STRING -> generator.writeString(text);
            case NUMBER -> generator.writeNumber(number);
            case BOOLEAN -> generator.writeBoolean(booleanValue());
            default -> generator.writeNull();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonScalar scalar
                && kind == scalar.kind
                && integral == scalar.integral
                && text.equals(scalar.text)
                && Objects.equals(number, scalar.number);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }
}
