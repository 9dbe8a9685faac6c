package org.touchline.dynamodb;

import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonValue;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What a table's stream says of one item, as Lambda hands it to a function (DynamoDB Streams API, "Record").
 *
 * @param eventId the same each time that the record is handed over
 * @param at when the item was written, in whole seconds
 * @param keys the key of the item
 * @param before the item as it was; null if it is new, or the stream has no such images
 * @param after the item as it is from then on; null if it was deleted, or the stream has no such images
 */
public record StreamRecord(
        String eventId,
        Instant at,
        Item keys,
        @Nullable Item before,
        @Nullable Item after) {
    /**
     * Reads one of an event's {@code Records}.
     *
     * @throws InvalidValueException if it is none; the message says nothing of what it holds
     */
    public static StreamRecord read(JsonValue json) {
        var change = json.path("dynamodb");
        var eventId = json.path("eventID").asText();
        // Lambda writes it as a number with a fraction or an exponent, as it likes.
        var seconds = change.path("ApproximateCreationDateTime");
        var keys = item(change.get("Keys"));
        if (eventId.isEmpty() || !seconds.isNumber() || keys == null) {
            throw new InvalidValueException("a record of a stream has an eventID, a time and keys");
        }
        return new StreamRecord(
                eventId,
                Instant.ofEpochSecond(seconds.decimalValue().longValue()),
                keys,
                item(change.get("OldImage")),
                item(change.get("NewImage")));
    }

    private static @Nullable Item item(@Nullable JsonValue image) {
        return image == null || image.isEmpty() ? null : new Item(attributes(image));
    }

    private static Map<String, AttributeValue> attributes(JsonValue image) {
        var attributes = new HashMap<String, AttributeValue>();
        image.properties().forEach(field -> attributes.put(field.getKey(), value(field.getValue())));
        return attributes;
    }

    private static AttributeValue value(JsonValue typed) {
        if (typed.size() != 1) {
            throw new InvalidValueException("a value of a stream's image names its type");
        }
        var field = typed.properties().iterator().next();
        var content = field.getValue();
        return switch (field.getKey()) {
            case "S" -> AttributeValue.fromS(content.asText());
            case "N" -> AttributeValue.fromN(content.asText());
            case "B" -> AttributeValue.fromB(bytes(content));
            case "BOOL" -> AttributeValue.fromBool(content.booleanValue());
            case "NULL" -> AttributeValue.fromNul(true);
            case "M" -> AttributeValue.fromM(attributes(content));
            case "L" -> AttributeValue.fromL(each(content, StreamRecord::value).toList());
            case "SS" -> AttributeValue.fromSs(each(content, JsonValue::asText).toList());
            case "NS" -> AttributeValue.fromNs(each(content, JsonValue::asText).toList());
            case "BS" ->
                AttributeValue.fromBs(each(content, StreamRecord::bytes).toList());
            default -> throw new InvalidValueException("a value of a stream's image is of a type that there is not");
        };
    }

    private static <T> Stream<T> each(JsonValue array, Function<JsonValue, T> read) {
        return array.valueStream().map(read);
    }

    private static SdkBytes bytes(JsonValue base64) {
        try {
            return SdkBytes.fromByteArray(Base64.getDecoder().decode(base64.asText()));
        } catch (IllegalArgumentException noBase64) {
            throw new InvalidValueException("bytes of a stream's image are no base64");
        }
    }
}
