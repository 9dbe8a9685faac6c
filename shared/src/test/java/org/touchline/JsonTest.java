package org.touchline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    private static final JsonMapper JACKSON = new JsonMapper();

    /** Whatever is written, Jackson's own tree reads as the same; and what that writes is read here as it was. */
    @Property(tries = 200)
    void jacksonAndThisAgree(@ForAll("values") JsonValue value) throws IOException {
        var theirs = JACKSON.readTree(value.toString());
        assertEquals(value, Json.read(theirs.toString()));
        assertEquals(value, Json.read(value.toString().getBytes(UTF_8)));
        assertEquals(theirs.size(), value.size());
        assertEquals(theirs.isContainerNode(), value.isContainerNode());
        assertEquals(theirs.isTextual(), value.isTextual());
        assertEquals(theirs.isIntegralNumber(), value.isIntegralNumber());
        assertEquals(theirs.asText(), value.asText());
    }

    @Provide
    Arbitrary<JsonValue> values() {
        Arbitrary<JsonValue> scalars = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(8).map(JsonScalar::of),
                Arbitraries.longs()
                        .map(number -> new JsonArray()
                                .add(new JsonObject().put("n", number).path("n"))),
                Arbitraries.of(JsonScalar.TRUE, JsonScalar.FALSE, JsonScalar.NULL));
        return Arbitraries.recursive(
                () -> scalars,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(JsonTest::array),
                        Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), inner)
                                .ofMaxSize(3)
                                .map(fields -> {
                                    var object = new JsonObject();
                                    fields.forEach(object::set);
                                    return object;
                                })),
                0,
                3);
    }

    private static JsonArray array(List<? extends JsonValue> values) {
        var array = new JsonArray();
        values.forEach(array::add);
        return array;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[1,]",
                "{\"a\":1,\"a\":1}",
                "{\"a\":{\"b\":1,\"b\":2}}",
                "{} {}",
                "1 2",
                "NaN",
                "+1",
                "01",
                "'a'",
                "{a:1}",
                "nul",
                "\"\u0001\"",
                "//\n1"
            })
    void whatIsNotOneStrictValueIsRefused(String text) {
        assertThrows(IOException.class, () -> Json.read(text));
        assertThrows(IOException.class, () -> Json.read(text.getBytes(UTF_8)));
    }

    @Test
    void whatIsNestedTooDeeplyIsRefused() throws IOException {
        assertTrue(Json.read("[".repeat(64) + "]".repeat(64)).isArray());
        assertThrows(IOException.class, () -> Json.read("[".repeat(65) + "]".repeat(65)));
        assertThrows(IOException.class, () -> Json.read("[".repeat(100_000)));
    }

    @Test
    void nothingIsMissingAndNoNull() throws IOException {
        for (var text : List.of("", " \n")) {
            assertTrue(Json.read(text).isMissingNode());
        }
        assertTrue(Json.read("null").isNull());
        assertFalse(Json.read("null").isMissingNode());
        assertTrue(Json.read("{}").path("a").path("b").isMissingNode());
    }

    @Test
    void numbersAreKeptToTheDigit() throws IOException {
        assertEquals("1772366400.123456789", Json.read("1772366400.123456789").asText());
        assertEquals("2020000004136762", Json.read("2020000004136762").asText());
        assertEquals("2020000004136762", Json.read("2.020000004136762e15").asText());
        assertEquals(
                "12345678901234567890123", Json.read("12345678901234567890123").asText());
        assertEquals(Json.read("1.50"), Json.read("15e-1"));
        assertNotEquals(Json.read("1.0"), Json.read("1"));
        assertNotEquals(Json.read("1"), Json.read("\"1\""));
    }

    /** A dozen characters of a stranger's must not fill the memory. */
    @Test
    void numberWithManyZerosKeepsItsExponent() throws IOException {
        assertEquals("1E+999999999", Json.read("1e999999999").asText());
        assertEquals("1E-999999999", Json.read("1e-999999999").asText());
        assertEquals("[1E+999999999]", Json.read("[1e999999999]").toString());
        assertEquals("1.00E+2147483649", Json.read("100e2147483647").asText());
        assertEquals("1E+2147483648", Json.read("10e2147483647").asText());
    }

    @Test
    void halfACharacterIsNoText() throws IOException {
        assertFalse(Json.isWellFormed(Json.read("{\"a\":[\"\\ud83d\"]}")));
        assertTrue(Json.isWellFormed(Json.read("{\"a\":[\"\\ud83d\\ude00\"]}")));
    }
}
