package org.touchline;

import java.util.function.Consumer;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Clients whose requests are met on their way: what happens between two of them, and what if there are no more. */
public final class Intercepted {
    private Intercepted() {}

    /** A client of the same DynamoDB; {@code before} is told each request before it is sent. */
    public static DynamoDbClient client(DynamoDbClient client, Consumer<SdkRequest> before) {
        var interceptor = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                before.accept(context.request());
            }
        };
        var endpoint = client.serviceClientConfiguration().endpointOverride().orElseThrow();
        return LocalClients.at(
                endpoint,
                DynamoDbClient.builder()
                        .overrideConfiguration(override -> override.addExecutionInterceptor(interceptor)));
    }

    /** A client that sends so many requests, and then no more: as if its process had died. */
    public static DynamoDbClient dyingAfter(int requests, DynamoDbClient client) {
        var left = new int[] {requests};
        return client(client, _ -> {
            if (left[0]-- <= 0) {
                throw AbortedException.create("died");
            }
        });
    }
}
