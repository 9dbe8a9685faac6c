package org.touchline.local;

import java.io.PrintStream;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.touchline.embedded.Template;

/**
 * The Lambda service for one function: an invocation gets an idle instance, the one used last, or else a new one; so each of
 * several at a time has its own. Safe for concurrent use.
 */
final class FunctionPool implements AutoCloseable {
    private final Template.Function function;
    private final Map<String, String> environment;
    private final PrintStream out;
    private final Deque<FunctionInstance> idle = new ConcurrentLinkedDeque<>();
    private final Set<FunctionInstance> instances = ConcurrentHashMap.newKeySet();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * A function without instances yet.
     *
     * @param environment what its handlers are made with
     * @param out where its log goes
     */
    FunctionPool(Template.Function function, Map<String, String> environment, PrintStream out) {
        this.function = function;
        this.environment = environment;
        this.out = out;
    }

    Template.Function function() {
        return function;
    }

    /**
     * Invokes the function. Its answer, which at the latest is that it timed out, may be waited for or not.
     *
     * @param event JSON, as Lambda would hand it over
     */
    Future<InvocationResult> invoke(byte[] event) {
        return callers.submit(() -> answer(event));
    }

    private InvocationResult answer(byte[] event) {
        var idleOne = idle.pollFirst();
        var instance = idleOne == null ? newInstance() : idleOne;
        var result = instance.invoke(event);
        if (instance.reusable()) {
            idle.addFirst(instance);
        } else {
            instances.remove(instance);
            instance.interrupt();
        }
        return result;
    }

    private FunctionInstance newInstance() {
        var instance = new FunctionInstance(function, environment, out);
        instances.add(instance);
        return instance;
    }

    /** Cuts off what is running, and waits a moment for its end. */
    @Override
    public void close() {
        instances.forEach(FunctionInstance::interrupt);
        instances.forEach(FunctionInstance::close);
        Shutdown.now(callers);
    }
}
