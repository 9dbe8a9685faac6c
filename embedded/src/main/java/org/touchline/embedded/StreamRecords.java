package org.touchline.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;

/** Records of a DynamoDB stream in the JSON in which Lambda hands them to a function. */
public final class StreamRecords {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private StreamRecords() {}

    /**
     * One record; images that the stream does not carry are left out.
     *
     * @param notBefore when it was not written yet: DynamoDB Local tells the time of a record in whole minutes, where DynamoDB has
     *     whole seconds
     */
    public static ObjectNode json(Record change, String streamArn, Instant notBefore) {
        var json = json(change, streamArn);
        var told = change.dynamodb().approximateCreationDateTime();
        if (told.getEpochSecond() % 60 == 0 && notBefore.isAfter(told)) {
            json.withObject("dynamodb").put("ApproximateCreationDateTime", notBefore.getEpochSecond());
        }
        return json;
    }

    /** The same, with the time that the record tells. */
    public static ObjectNode json(Record change, String streamArn) {
        var detail = change.dynamodb();
        var dynamodb = JSON.objectNode()
                .put(
                        "ApproximateCreationDateTime",
                        detail.approximateCreationDateTime().getEpochSecond())
                .put("SequenceNumber", detail.sequenceNumber())
                .put("SizeBytes", detail.sizeBytes())
                .put("StreamViewType", detail.streamViewTypeAsString());
        dynamodb.set("Keys", item(detail.keys()));
        if (detail.hasNewImage()) {
            dynamodb.set("NewImage", item(detail.newImage()));
        }
        if (detail.hasOldImage()) {
            dynamodb.set("OldImage", item(detail.oldImage()));
        }
        var json = JSON.objectNode()
                .put("eventID", change.eventID())
                .put("eventName", change.eventNameAsString())
                .put("eventVersion", "1.1")
                .put("eventSource", "aws:dynamodb")
                .put("awsRegion", "us-east-1")
                .put("eventSourceARN", streamArn);
        json.set("dynamodb", dynamodb);
        return json;
    }

    private static ObjectNode item(Map<String, AttributeValue> attributes) {
        var json = JSON.objectNode();
        attributes.forEach((name, value) -> json.set(name, value(value)));
        return json;
    }

    private static ObjectNode value(AttributeValue value) {
        var content = switch (value.type()) {
            case S -> JSON.textNode(value.s());
            case N -> JSON.textNode(value.n());
            case B -> binary(value.b());
            case BOOL -> JSON.booleanNode(value.bool());
            case NUL -> JSON.booleanNode(true);
            case M -> item(value.m());
            case L -> array(value.l(), StreamRecords::value);
            case SS -> array(value.ss(), JSON::textNode);
            case NS -> array(value.ns(), JSON::textNode);
            case BS -> array(value.bs(), StreamRecords::binary);
            case UNKNOWN_TO_SDK_VERSION -> throw new IllegalArgumentException("not an attribute value: " + value);
        };
        var type =
                value.type() == AttributeValue.Type.NUL ? "NULL" : value.type().name();
        return JSON.objectNode().set(type, content);
    }

    private static JsonNode binary(SdkBytes bytes) {
        return JSON.binaryNode(bytes.asByteArrayUnsafe());
    }

    private static <T> JsonNode array(Collection<T> values, Function<T, JsonNode> json) {
        return JSON.arrayNode().addAll(values.stream().map(json).toList());
    }
}
