package org.touchline;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What others do between two requests of somebody, each once and in this order: races that happen every time. */
public final class Meanwhile implements Consumer<SdkRequest> {
    private record Step(Class<? extends SdkRequest> before, Runnable what) {}

    private final Deque<Step> steps = new ArrayDeque<>();

    /** A client of the same DynamoDB between whose requests they do it. */
    public DynamoDbClient client(DynamoDbClient client) {
        return Intercepted.client(client, this);
    }

    /** Before the next request of that kind, once what was said before has happened. */
    public Meanwhile before(Class<? extends SdkRequest> request, Runnable what) {
        steps.add(new Step(request, what));
        return this;
    }

    /** Whether all of it has happened. */
    public boolean happened() {
        return steps.isEmpty();
    }

    @Override
    public void accept(SdkRequest request) {
        if (!steps.isEmpty() && steps.peek().before().isInstance(request)) {
            steps.remove().what().run();
        }
    }
}
