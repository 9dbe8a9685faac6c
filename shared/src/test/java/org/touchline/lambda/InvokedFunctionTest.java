package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.MutableClock;
import org.touchline.embedded.FunctionHarness;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.time.Deadline;

/** Wire contract §7. */
class InvokedFunctionTest {
    private static final InstantSource CLOCK = new MutableClock("2026-03-01T12:00:00Z");

    @Test
    void payloadIsHandedOver() {
        assertEquals("{\"got\":{\"id\":\"x\"},\"timeIsLeft\":true}", invoke("{\"id\":\"x\"}", 20_000));
    }

    @Test
    void eventOfEventBridgeAndNoPayloadMeanTheDefaults() {
        var event = new ScheduledEvent();
        event.setSource("aws.events");
        event.setDetailType("Scheduled Event");
        event.setDetail(Map.of());
        var serialized = new ByteArrayOutputStream();
        LambdaEventSerializers.serializerFor(ScheduledEvent.class, getClass().getClassLoader())
                .toJson(event, serialized);

        var defaults = "{\"got\":{},\"timeIsLeft\":true}";
        assertEquals(defaults, invoke(serialized.toString(StandardCharsets.UTF_8), 20_000));
        assertEquals(defaults, invoke("{}", 20_000));
        assertEquals(defaults, invoke("", 20_000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "5", "null", "\"text\"", "{"})
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload, 20_000));

        assertEquals("accepted payloads: {} or {\"id\"}", refused.getMessage());
    }

    @Test
    void noTimeIsLeftShortlyBeforeTheTimeout() {
        assertEquals("{\"got\":{},\"timeIsLeft\":false}", invoke("{}", 15_000));
    }

    /** The domain knows nothing of Lambda: it is given {@code InvokedFunction::log} as its journal. */
    @Test
    void linesGoToTheLoggerOfTheInvocationThatIsUnderWay() {
        var function = new InvokedFunction(CLOCK) {
            private final Consumer<String> journal = InvokedFunction::log;

            @Override
            protected JsonValue result(JsonObject payload, Deadline deadline) {
                journal.accept("a follow-up of " + payload.path("id").asText() + " failed");
                return payload;
            }

            @Override
            protected String acceptedPayloads() {
                return "";
            }
        };
        var one = new FunctionHarness(function);
        var other = new FunctionHarness(function);

        one.invoke("{\"id\":\"x\"}");
        other.invoke("{\"id\":\"y\"}");

        assertEquals("a follow-up of x failed\n", one.logged());
        assertEquals("a follow-up of y failed\n", other.logged());
    }

    private static String invoke(String payload, int remainingMillis) {
        var function = new InvokedFunction(CLOCK) {
            @Override
            protected JsonValue result(JsonObject payload, Deadline deadline) {
                JsonObject result = new JsonObject();
                result.set("got", payload);
                return result.put("timeIsLeft", !deadline.remaining(CLOCK).isZero());
            }

            @Override
            protected String acceptedPayloads() {
                return "{} or {\"id\"}";
            }
        };
        return new FunctionHarness(function, Duration.ofMillis(remainingMillis)).invoke(payload);
    }
}
