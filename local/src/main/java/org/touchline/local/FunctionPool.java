package org.touchline.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.touchline.embedded.Template;

/** The Lambda service for one function: each of several invocations at a time has an instance of its own. Thread-safe. */
final class FunctionPool implements AutoCloseable {
    /** Lambda keeps an asynchronous invocation for six hours. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);

    private final Template.Function function;
    private final Map<String, String> environment;
    private final Instances instances;
    private final PrintStream out;
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A function without instances yet.
     *
     * @param environment what its handlers are made with
     * @param instances where its instances are taken from
     * @param out where its log goes
     */
    FunctionPool(Template.Function function, Map<String, String> environment, Instances instances, PrintStream out) {
        this.function = function;
        this.environment = environment;
        this.instances = instances;
        this.out = out;
    }

    Template.Function function() {
        return function;
    }

    /**
     * Invokes the function now. Its answer, which at the latest is that it timed out, may be waited for or not.
     *
     * @param event JSON, as Lambda would hand it over
     * @return nothing if as many instances as there may be are at work
     * @throws InterruptedException also if the run is ending
     */
    Optional<Future<InvocationResult>> invoke(byte[] event) throws InterruptedException {
        return instances
                .take(function, this::newInstance, Duration.ZERO)
                .map(instance -> callers.submit(() -> answer(instance, event)));
    }

    /**
     * Invokes the function as soon as there may be an instance for it: what nobody waits for at the other end, such as a schedule's
     * or a stream's, is not lost because others are at work.
     *
     * @param event JSON, as Lambda would hand it over
     */
    Future<InvocationResult> queue(byte[] event) {
        return callers.submit(() -> {
            var instance = instances.take(function, this::newInstance, LONGEST_WAIT);
            return instance.isPresent()
                    ? answer(instance.get(), event)
                    : new Invocation(function, out).failed(FunctionError.neverFree(LONGEST_WAIT));
        });
    }

    private InvocationResult answer(FunctionInstance instance, byte[] event) {
        try {
            return instance.invoke(event);
        } finally {
            instances.giveBack(instance);
        }
    }

    private FunctionInstance newInstance() {
        return new FunctionInstance(function, environment, out);
    }

    /** Ends what waits for an answer. */
    @Override
    public void close() {
        Shutdown.now(callers);
    }
}
