package org.touchline.embedded.learningcenter;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.learningcenter.Fault.Effect;

/**
 * A {@link Fault} as {@code POST /simulator/faults} takes it; only what the effect needs has to be there.
 *
 * @param effect {@code answer} (also where there is a status and nothing else is said), {@code dropped_connection},
 *     {@code half_body}, {@code slow_body}, {@code delay}, or an {@link Alteration} in lower case
 * @param body of an answer; of {@code odd_row} the row, 5 unless said
 * @param millis of a slow body and a delay
 * @param field of {@code unknown_field} and {@code missing_field}
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
        @Nullable Integer millis,
        @Nullable String field) {

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
            case "unknown_field", "missing_field" ->
                new Effect.Altered(Alteration.valueOf(name.toUpperCase(Locale.ROOT)), required(field, "field"));
            case "without_pagination", "bare_list" ->
                new Effect.Altered(Alteration.valueOf(name.toUpperCase(Locale.ROOT)), "");
            case "odd_row" -> new Effect.Altered(Alteration.ODD_ROW, or(body, "5"));
            default ->
                throw Refusal.badRequest(
                        "without status, effect is one of answer, dropped_connection, half_body, slow_body, delay,"
                                + " unknown_field, missing_field, without_pagination, bare_list, odd_row");
        };
    }

    private static <T> T or(@Nullable T value, T otherwise) {
        return value == null ? otherwise : value;
    }

    private static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw Refusal.badRequest(name + " is missing");
        }
        return value;
    }
}
