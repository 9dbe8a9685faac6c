package org.touchline.dynamodb;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * A DynamoDB item: values go in and come out as what they are, and a value that is missing is an attribute that is missing.
 * Instants are ISO-8601 in UTC, dates {@code YYYY-MM-DD}. Not safe for use by several threads.
 */
public final class Item {
    /** A condition that can never hold, whatever is stored: of a write that is to change nothing. */
    public static final String NEVER = "attribute_exists(pk) AND attribute_not_exists(pk)";

    private static final DateTimeFormatter SORTABLE = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final Map<String, AttributeValue> attributes;

    /** An item as DynamoDB answered it; it is not copied. */
    public Item(Map<String, AttributeValue> attributes) {
        this.attributes = attributes;
    }

    /** An item to fill. */
    public Item() {
        this(new HashMap<>());
    }

    /** The attributes, for a request. */
    public Map<String, AttributeValue> attributes() {
        return attributes;
    }

    /** Sets a text, or nothing if it is null. Instants, dates and identifiers are written as their {@code toString}. */
    public Item with(String name, @Nullable Object text) {
        if (text != null) {
            attributes.put(name, AttributeValue.fromS(text.toString()));
        }
        return this;
    }

    /** Sets an instant in {@linkplain #sortable a form} that DynamoDB can compare. */
    public Item withSortable(String name, Instant instant) {
        return with(name, sortable(instant));
    }

    /**
     * An instant with all nine digits of its second's fraction: such texts sort as their instants do.
     *
     * @param instant of a year with four digits
     */
    public static String sortable(Instant instant) {
        return SORTABLE.format(instant);
    }

    /** Sets a number, or nothing if it is null. */
    public Item withNumber(String name, @Nullable Number number) {
        if (number != null) {
            attributes.put(name, AttributeValue.fromN(number.toString()));
        }
        return this;
    }

    /** Sets a truth value. */
    public Item withBoolean(String name, boolean value) {
        attributes.put(name, AttributeValue.fromBool(value));
        return this;
    }

    /** Sets a map of texts, or nothing if it is empty. */
    public Item withTexts(String name, Map<String, String> texts) {
        if (!texts.isEmpty()) {
            var values = new Item();
            texts.forEach(values::with);
            attributes.put(name, AttributeValue.fromM(values.attributes()));
        }
        return this;
    }

    /** Bytes as an attribute: as a text where they are one in UTF-8, for whoever looks at the table, else as binary. */
    public static AttributeValue bytesValue(byte[] bytes) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return AttributeValue.fromS(text.toString());
        } catch (CharacterCodingException notText) {
            return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
        }
    }

    /** A text that is always there. */
    public String text(String name) {
        var text = textOrNull(name);
        if (text == null) {
            throw new IllegalStateException("a stored item has no text " + name);
        }
        return text;
    }

    /** A text, or null. */
    public @Nullable String textOrNull(String name) {
        var value = attributes.get(name);
        return value == null ? null : value.s();
    }

    /** A date, or null. */
    public @Nullable LocalDate date(String name) {
        var text = textOrNull(name);
        return text == null ? null : LocalDate.parse(text);
    }

    /** An instant, or null. */
    public @Nullable Instant instant(String name) {
        var text = textOrNull(name);
        return text == null ? null : Instant.parse(text);
    }

    /** A whole number, or null. */
    public @Nullable Integer integer(String name) {
        var value = attributes.get(name);
        return value == null ? null : Integer.valueOf(value.n());
    }

    /** A whole number that is always there. */
    public long number(String name) {
        var value = attributes.get(name);
        if (value == null) {
            throw new IllegalStateException("a stored item has no number " + name);
        }
        return Long.parseLong(value.n());
    }

    /** A truth value; false if it is missing. */
    public boolean flag(String name) {
        var value = attributes.get(name);
        return value != null && Boolean.TRUE.equals(value.bool());
    }

    /** Whether there is such an attribute. */
    public boolean has(String name) {
        return attributes.containsKey(name);
    }

    /** A map of items, by their names; empty if it is missing. */
    public Map<String, Item> items(String name) {
        var value = attributes.get(name);
        var items = new HashMap<String, Item>();
        if (value != null) {
            value.m().forEach((key, item) -> items.put(key, new Item(item.m())));
        }
        return items;
    }

    /** A map of texts; empty if it is missing. */
    public Map<String, String> texts(String name) {
        var value = attributes.get(name);
        var texts = new HashMap<String, String>();
        if (value != null) {
            value.m().forEach((key, text) -> texts.put(key, text.s()));
        }
        return texts;
    }

    /** What {@link #bytesValue} made. */
    public byte[] bytes(String name) {
        var value = attributes.get(name);
        if (value == null) {
            throw new IllegalStateException("a stored item has no bytes " + name);
        }
        return value.b() == null
                ? value.s().getBytes(StandardCharsets.UTF_8)
                : value.b().asByteArray();
    }
}
