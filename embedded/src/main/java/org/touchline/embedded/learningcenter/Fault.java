package org.touchline.embedded.learningcenter;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong with upstream calls: {@code Fault.answer(503).on("GET", "/users").times(2)}. Without {@code
 * on} it meets every call, without {@code times} one.
 *
 * <p>{@code java.net.http} repeats a GET by itself, once, where a connection that it had used before is dropped.
 *
 * @param method of the calls it meets; null for any
 * @param path how their path below {@code /certifications} begins, as it is sent or as the contract writes it
 *     ({@code /users/{ussf_id}/subscriptions}); behind a {@code ?}, parameters that they have ({@code /user-licenses?page=2})
 * @param after how many such calls pass unharmed first
 * @param times how many it meets then
 * @param effect what happens to them
 */
public record Fault(@Nullable String method, String path, int after, int times, Effect effect) {
    /** RFC 9110 §5.6.7; the JDK's RFC_1123_DATE_TIME writes the days 1 to 9 with one digit. */
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** What happens to a call. */
    public sealed interface Effect {
        /** It is answered with this instead of being handled. */
        record Answer(int status, Map<String, String> headers, String body) implements Effect {}

        /** Its connection ends without an answer; it is not handled. */
        record DroppedConnection() implements Effect {}

        /** It is handled, but the connection ends in the middle of the answer's body. */
        record HalfBody() implements Effect {}

        /** It is handled, but the answer's body takes this long. */
        record SlowBody(Duration duration) implements Effect {}

        /** It is handled after this long. */
        record Delay(Duration duration) implements Effect {}

        /** It is handled, and its answer altered. */
        record Altered(Alteration how, String what) implements Effect {}
    }

    public Fault {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("a path begins with /");
        }
        if (after < 0 || times < 1) {
            throw new IllegalArgumentException("a fault happens at least once");
        }
    }

    /** An empty answer of that status. */
    public static Fault answer(int status) {
        return answer(status, Map.of(), "");
    }

    /** That answer; a body is JSON unless a header says what it is. */
    public static Fault answer(int status, Map<String, String> headers, String body) {
        return once(new Effect.Answer(status, Map.copyOf(headers), body));
    }

    /** An answer such as 429 with {@code Retry-After} in whole seconds. */
    public static Fault retryAfter(int status, Duration wait) {
        return answer(status, Map.of("Retry-After", Long.toString(wait.toSeconds())), "");
    }

    /** An answer such as 503 with {@code Retry-After} as an HTTP date, which has whole seconds. */
    public static Fault retryAfter(int status, Instant until) {
        return answer(status, Map.of("Retry-After", HTTP_DATE.format(until)), "");
    }

    /** The page of some proxy in between. */
    public static Fault htmlPage(int status) {
        var page = "<!doctype html><title>Out of order</title><h1>Out of order</h1>\n";
        return answer(status, Map.of("Content-Type", "text/html; charset=utf-8"), page);
    }

    /** See {@link Effect.DroppedConnection}. */
    public static Fault droppedConnection() {
        return once(new Effect.DroppedConnection());
    }

    /** See {@link Effect.HalfBody}. */
    public static Fault halfBody() {
        return once(new Effect.HalfBody());
    }

    /** See {@link Effect.SlowBody}. */
    public static Fault slowBody(Duration duration) {
        return once(new Effect.SlowBody(duration));
    }

    /** See {@link Effect.Delay}. */
    public static Fault delay(Duration duration) {
        return once(new Effect.Delay(duration));
    }

    /**
     * An answer that is not as the wire contract says.
     *
     * @param what the field or the row that this takes; empty if it takes none
     */
    public static Fault altered(Alteration how, String what) {
        return once(new Effect.Altered(how, what));
    }

    /** The same fault for calls of that method, or null for any, whose path begins like that. */
    public Fault on(@Nullable String method, String path) {
        return new Fault(method, path, after, times, effect);
    }

    /** The same fault for the next {@code times} calls. */
    public Fault times(int times) {
        return new Fault(method, path, after, times, effect);
    }

    /** The same fault once {@code calls} of its calls have passed unharmed. */
    public Fault after(int calls) {
        return new Fault(method, path, calls, times, effect);
    }

    private static Fault once(Effect effect) {
        return new Fault(null, "/", 0, 1, effect);
    }
}
