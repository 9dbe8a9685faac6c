package org.touchline.enrollment;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Lets something else happen, or go wrong, just before a request of the real client: what DynamoDB Local alone never shows. */
final class Interrupted implements ExecutionInterceptor {
    private final Predicate<SdkRequest> which;
    private final AtomicReference<Runnable> event = new AtomicReference<>(() -> {});

    /** @param operations before which it happens, such as {@code PutItem} */
    Interrupted(String... operations) {
        this(request ->
                List.of(operations).contains(request.getClass().getSimpleName().replace("Request", "")));
    }

    /** @param which requests it happens before */
    Interrupted(Predicate<SdkRequest> which) {
        this.which = which;
    }

    /** What happens before the next such request, and then no more. */
    void once(Runnable runnable) {
        event.set(runnable);
    }

    /** The next such request is canceled, for these reasons of its parts (design §8). */
    void cancelOnce(String... reasons) {
        once(() -> {
            throw TransactionCanceledException.builder()
                    .message("canceled")
                    .cancellationReasons(Arrays.stream(reasons)
                            .map(code -> CancellationReason.builder().code(code).build())
                            .toList())
                    .build();
        });
    }

    /** A client of the same DynamoDB. */
    DynamoDbClient client(DynamoDbClient client) {
        var endpoint = client.serviceClientConfiguration().endpointOverride().orElseThrow();
        return LocalClients.at(
                endpoint,
                DynamoDbClient.builder().overrideConfiguration(override -> override.addExecutionInterceptor(this)));
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        if (which.test(context.request())) {
            event.getAndSet(() -> {}).run();
        }
    }
}
