package org.touchline.local;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What Lambda answers in place of a function that failed.
 *
 * @param errorType a class name, or one of Lambda's own names such as {@code Sandbox.Timedout}
 * @param errorMessage for people
 * @param stackTrace one frame an entry, innermost first; empty, and then left out, where the failure is not an exception
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record FunctionError(String errorType, String errorMessage, List<String> stackTrace) {
    /** Where a function's own frames end. */
    private static final String OURS = FunctionInstance.class.getName();

    /** What the handler or its constructor threw; an exception without a message is told by its class. */
    static FunctionError thrown(Throwable failure) {
        var thrown = failure instanceof InvocationTargetException wrapped ? wrapped.getTargetException() : failure;
        var type = thrown.getClass().getName();
        var message = thrown.getLocalizedMessage();
        var frames = Arrays.stream(thrown.getStackTrace())
                .takeWhile(frame -> !frame.getClassName().startsWith(OURS))
                .map(StackTraceElement::toString);
        return new FunctionError(type, message == null ? type : message, frames.toList());
    }

    /** An invocation that was cut off after {@code limit}. */
    static FunctionError timedOut(String requestId, Duration limit) {
        var seconds = limit.toMillis() / 1000.0;
        var message = "RequestId: %s Error: Task timed out after %.2f seconds";
        return new FunctionError(
                "Sandbox.Timedout", String.format(Locale.ROOT, message, requestId, seconds), List.of());
    }

    /** An answer of {@code size} bytes where an invocation may carry back no more than {@code limit}. */
    static FunctionError answerTooLarge(int size, int limit) {
        var message = "Response payload size (%d bytes) exceeded maximum allowed payload size (%d bytes).";
        return new FunctionError(
                "Function.ResponseSizeTooLarge", String.format(Locale.ROOT, message, size, limit), List.of());
    }

    /** An invocation for which no instance was free in all that time. */
    static FunctionError neverFree(Duration waited) {
        return new FunctionError("Lambda.TooManyRequests", "No instance was free within " + waited, List.of());
    }

    /** An invocation that ended because the local run did. */
    static FunctionError runEnded() {
        return new FunctionError("Runtime.ExitError", "The local run has ended", List.of());
    }

    /** As it stands in a log. */
    String text() {
        var frames = stackTrace.stream().map(frame -> "\n    at " + frame).collect(joining());
        return errorType + ": " + errorMessage + frames;
    }

    /** As it stands in an answer. */
    byte[] json() {
        return Json.write(this);
    }
}
