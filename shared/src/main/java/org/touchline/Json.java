package org.touchline;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * JSON, read into {@linkplain JsonValue values} by its tokens: a library that binds would be most of what a function loads before its
 * first answer (design §6). Strict: a field that is there twice, anything behind the end, and what is nested deeper than 64 times is
 * refused. Tolerance for what the Learning Center writes begins with what its fields mean, not here.
 *
 * <p>Safe for use by several threads.
 */
public final class Json {
    /** How deep the JSON may be that strangers send: whoever walks through it, as Jackson itself, goes as deep. */
    private static final StreamReadConstraints SHALLOW =
            StreamReadConstraints.builder().maxNestingDepth(64).build();

    /** For who reads or writes token by token. */
    public static final JsonFactory TOKENS = JsonFactory.builder()
            .streamReadConstraints(SHALLOW)
            // A field that is there twice says two things, and nobody knows which is meant.
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private Json() {}

    /**
     * Reads a text.
     *
     * @return what {@linkplain JsonValue#isMissingNode is missing} where there is nothing but white space
     * @throws IOException if it is not JSON, or more than one value
     */
    public static JsonValue read(byte[] text) throws IOException {
        try (var parser = TOKENS.createParser(text)) {
            return read(parser);
        }
    }

    /** The same of characters. */
    public static JsonValue read(String text) throws IOException {
        try (var parser = TOKENS.createParser(text)) {
            return read(parser);
        }
    }

    private static JsonValue read(JsonParser parser) throws IOException {
        if (parser.nextToken() == null) {
            return JsonScalar.MISSING;
        }
        var value = value(parser);
        if (parser.nextToken() != null) {
            throw new JsonParseException(parser, "there is more behind the value");
        }
        return value;
    }

    private static JsonValue value(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser);
            case START_ARRAY -> array(parser);
            case VALUE_STRING -> JsonScalar.of(parser.getText());
            // To the digit: an epoch timestamp may have a fraction, and an identifier more digits than a double.
            case VALUE_NUMBER_INT -> JsonScalar.of(parser.getDecimalValue(), true);
            case VALUE_NUMBER_FLOAT -> JsonScalar.of(withoutTrailingZeros(parser.getDecimalValue()), false);
            case VALUE_TRUE -> JsonScalar.TRUE;
            case VALUE_FALSE -> JsonScalar.FALSE;
            case VALUE_NULL -> JsonScalar.NULL;
            default -> throw new JsonParseException(parser, "no value");
        };
    }

    private static BigDecimal withoutTrailingZeros(BigDecimal number) {
        try {
            return number.stripTrailingZeros();
        } catch (ArithmeticException exponentAtItsEnd) {
            return number;
        }
    }

    private static JsonObject object(JsonParser parser) throws IOException {
        var object = new JsonObject();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            var name = parser.currentName();
            parser.nextToken();
            object.set(name, value(parser));
        }
        return object;
    }

    private static JsonArray array(JsonParser parser) throws IOException {
        var array = new JsonArray();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            array.add(value(parser));
        }
        return array;
    }

    /** Writes a value as UTF-8, and closes what it is written to. */
    public static void write(JsonValue value, OutputStream out) throws IOException {
        try (var generator = TOKENS.createGenerator(out, JsonEncoding.UTF8)) {
            value.writeTo(generator);
        }
    }

    /** Whether a text is one: half of a surrogate pair can be written in JSON, and nowhere else. */
    public static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Whether all texts in it are such; of names, the parser sees to that. */
    public static boolean isWellFormed(JsonValue json) {
        if (json.isTextual()) {
            return isWellFormed(json.asText());
        }
        for (var value : json) {
            if (!isWellFormed(value)) {
                return false;
            }
        }
        return true;
    }
}
