package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

class StreamRecordsTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String STREAM = "arn:aws:dynamodb:us-east-1:000000000000:table/t/stream/s";
    private static final Map<String, AttributeValue> KEYS = Map.of("id", AttributeValue.fromS("1"));

    @Test
    void everyTypeOfValueIsWrittenAsLambdaWritesIt() throws Exception {
        var bytes = SdkBytes.fromByteArray(new byte[] {1, 2, 3});
        var image = Map.ofEntries(
                Map.entry("s", AttributeValue.fromS("text")),
                Map.entry("n", AttributeValue.fromN("1.50")),
                Map.entry("b", AttributeValue.fromB(bytes)),
                Map.entry("bool", AttributeValue.fromBool(false)),
                Map.entry("null", AttributeValue.fromNul(true)),
                Map.entry(
                        "m",
                        AttributeValue.fromM(Map.of(
                                "l",
                                AttributeValue.fromL(List.of(AttributeValue.fromS("a"), AttributeValue.fromN("2")))))),
                Map.entry("ss", AttributeValue.fromSs(List.of("a", "b"))),
                Map.entry("ns", AttributeValue.fromNs(List.of("1", "2"))),
                Map.entry("bs", AttributeValue.fromBs(List.of(bytes))));

        var written = StreamRecords.json(change(image), STREAM).at("/dynamodb/NewImage");

        var expected = """
                {"s":{"S":"text"},"n":{"N":"1.50"},"b":{"B":"AQID"},"bool":{"BOOL":false},"null":{"NULL":true},
                 "m":{"M":{"l":{"L":[{"S":"a"},{"N":"2"}]}}},
                 "ss":{"SS":["a","b"]},"ns":{"NS":["1","2"]},"bs":{"BS":["AQID"]}}
                """;
        assertEquals(JSON.readTree(expected), JSON.readTree(written.toString()));
    }

    @Test
    void lambdasOwnSerializerReadsTheRecord() throws Exception {
        var event = JSON.createObjectNode();
        event.putArray("Records").add(StreamRecords.json(change(KEYS), STREAM));

        var read = LambdaEventSerializers.serializerFor(
                        DynamodbEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(JSON.writeValueAsBytes(event)))
                .getRecords()
                .getFirst();

        assertEquals("e-1", read.getEventID());
        assertEquals("INSERT", read.getEventName());
        assertEquals("1.1", read.getEventVersion());
        assertEquals("aws:dynamodb", read.getEventSource());
        assertEquals("us-east-1", read.getAwsRegion());
        assertEquals(STREAM, read.getEventSourceARN());
        var detail = read.getDynamodb();
        assertEquals("1", detail.getKeys().get("id").getS());
        assertEquals("1", detail.getNewImage().get("id").getS());
        assertEquals("00001", detail.getSequenceNumber());
        assertEquals(26, detail.getSizeBytes());
        assertEquals("NEW_AND_OLD_IMAGES", detail.getStreamViewType());
        assertEquals(
                Instant.parse("2026-03-12T10:00:00Z"),
                detail.getApproximateCreationDateTime().toInstant());
    }

    @Test
    void imagesThatTheStreamDoesNotCarryAreAbsent() {
        var written = StreamRecords.json(change(KEYS), STREAM).get("dynamodb");

        assertFalse(written.has("OldImage"));
    }

    private static Record change(Map<String, AttributeValue> newImage) {
        return Record.builder()
                .eventID("e-1")
                .eventName(OperationType.INSERT)
                .dynamodb(r -> r.keys(KEYS)
                        .newImage(newImage)
                        .sequenceNumber("00001")
                        .sizeBytes(26L)
                        .streamViewType(StreamViewType.NEW_AND_OLD_IMAGES)
                        .approximateCreationDateTime(Instant.parse("2026-03-12T10:00:00.900Z")))
                .build();
    }
}
