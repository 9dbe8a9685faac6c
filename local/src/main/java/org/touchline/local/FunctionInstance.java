package org.touchline.local;

import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.Template;

/**
 * One of Lambda's execution environments: a handler and the one thread that it runs on. The first invocation makes the
 * handler. Not safe for concurrent invocations: {@link Instances} gives it to one at a time.
 */
final class FunctionInstance implements AutoCloseable {
    /** Lambda gives initialization ten seconds, whatever the function's own timeout. */
    private static final Duration INITIALIZATION_LIMIT = Duration.ofSeconds(10);

    /** Lambda's quota for a synchronous answer, 6 MB and what surrounds it. */
    private static final int ANSWER_LIMIT = 6_291_556;

    private final Template.Function function;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final ExecutorService thread;
    private @Nullable RequestStreamHandler handler;

    FunctionInstance(Template.Function function, Map<String, String> environment, PrintStream out) {
        this.function = function;
        this.environment = environment;
        this.out = out;
        this.thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name(function.logicalId()).factory());
    }

    Template.Function function() {
        return function;
    }

    /** Hands one event over and waits for the answer, an error or the function's timeout. */
    InvocationResult invoke(byte[] event) {
        var invocation = new Invocation(function, out);
        try {
            var ready = handler;
            if (ready == null) {
                ready = within(INITIALIZATION_LIMIT, invocation, () -> Handlers.make(function.handler(), environment));
                handler = ready;
            }
            return invocation.answered(answer(ready, event, invocation));
        } catch (Failure failure) {
            return invocation.failed(failure.error);
        }
    }

    /** Whether another invocation may follow: not after a failed start, a timeout or an {@link Error}. */
    boolean reusable() {
        return handler != null && !thread.isShutdown();
    }

    private byte[] answer(RequestStreamHandler handler, byte[] event, Invocation invocation) throws Failure {
        invocation.startClock();
        var answer = within(function.timeout(), invocation, () -> {
            var bytes = new ByteArrayOutputStream();
            handler.handleRequest(new ByteArrayInputStream(event), bytes, invocation);
            return bytes.toByteArray();
        });
        if (answer.length > ANSWER_LIMIT) {
            throw new Failure(FunctionError.answerTooLarge(answer.length, ANSWER_LIMIT));
        }
        return answer;
    }

    private <T> T within(Duration limit, Invocation invocation, Callable<T> task) throws Failure {
        try {
            return thread.submit(task).get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error) {
                thread.shutdownNow();
            }
            throw new Failure(FunctionError.thrown(requireNonNull(e.getCause())));
        } catch (TimeoutException e) {
            thread.shutdownNow();
            throw new Failure(FunctionError.timedOut(invocation.getAwsRequestId(), limit));
        } catch (InterruptedException | RejectedExecutionException e) {
            thread.shutdownNow();
            throw new Failure(FunctionError.runEnded());
        }
    }

    /** Interrupts what is running; a handler that does not heed that is left to end by itself. */
    void interrupt() {
        thread.shutdownNow();
    }

    /** Interrupts what is running and waits a moment for its end. */
    @Override
    public void close() {
        Shutdown.now(thread);
    }

    private static final class Failure extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient FunctionError error;

        Failure(FunctionError error) {
            super(error.errorMessage());
            this.error = error;
        }
    }
}
