package org.touchline.benchmarks;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/**
 * What the functions in this process ask of AWS, so that the same can be asked without them. The SDK gives it to every client; it
 * keeps nothing until it is told to begin. One thread at a time.
 */
public final class SentRequests implements ExecutionInterceptor {
    private static final List<SdkRequest> SENT = new ArrayList<>();
    private static volatile boolean begun;

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (begun) {
            SENT.add(context.request());
        }
    }

    /** From now on what is sent is kept, until it is taken. */
    static void begin() {
        begun = true;
    }

    /** How many were sent since they were last taken. */
    static int count() {
        return SENT.size();
    }

    /** What was sent since this was last asked. */
    static List<SdkRequest> taken() {
        var taken = List.copyOf(SENT);
        SENT.clear();
        return taken;
    }
}
