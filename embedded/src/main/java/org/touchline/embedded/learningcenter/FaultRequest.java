package org.touchline.embedded.learningcenter;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Fault.Effect;

/**
 * A {@link Fault} as {@code POST /simulator/faults} takes it; only what the effect needs has to be there.
 *
 * @param effect {@code answer} (also where there is a status and nothing else is said), {@code dropped_connection},
 *     {@code half_body}, {@code slow_body} or {@code delay}
 * @param millis of a slow body and a delay
 */
record FaultRequest(
        @Nullable String method,
        @Nullable String path,
        @Nullable Integer after,
        @Nullable Integer times,
        @Nullable String effect,
        @Nullable Integer status,
        @Nullable Map<String, String> headers,
        @Nullable String body,
        @Nullable Integer millis) {

    Fault fault() {
        return new Fault(
                method,
                or(path, "/"),
                or(after, 0),
                or(times, 1),
                effectOf(or(effect, status == null ? "" : "answer")));
    }

    private Effect effectOf(String name) {
        return switch (name) {
            case "answer" ->
                new Effect.Answer(required(status, "status"), Map.copyOf(or(headers, Map.of())), or(body, ""));
            case "dropped_connection" -> new Effect.DroppedConnection();
            case "half_body" -> new Effect.HalfBody();
            case "slow_body" -> new Effect.SlowBody(Duration.ofMillis(required(millis, "millis")));
            case "delay" -> new Effect.Delay(Duration.ofMillis(required(millis, "millis")));
            default ->
                throw Refusal.badRequest(
                        "without status, effect is one of answer, dropped_connection, half_body, slow_body, delay");
        };
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static int required(@Nullable Integer value, String name) {
        if (value == null) {
            throw Refusal.badRequest(name + " is missing");
        }
        return value;
    }
}
