package org.touchline.walk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * What every request of one function passes, to AWS (as an interceptor of its SDK) and to the Learning Center (by {@link
 * LearningCenterGate}). The requests have numbers, from 1 on; one of them can be made to go wrong. Once the function is stopped,
 * nothing that it sends gets anywhere. Thread-safe.
 */
final class Gate implements ExecutionInterceptor {
    private static final ExecutionAttribute<Integer> NUMBER = new ExecutionAttribute<>("touchline.number");
    private static final ExecutionAttribute<List<WriteRequest>> UNDONE = new ExecutionAttribute<>("touchline.undone");

    private final DynamoDbClient direct;
    private final @Nullable Disturbance disturbance;
    private final Passage passage;
    private final Runnable longTime;
    private final List<Sent> requests = new ArrayList<>();
    private final Map<String, SdkResponse> earlier = new HashMap<>();
    private final List<QueryRequest> indexQueries = new ArrayList<>();
    private boolean stopped;

    /**
     * A gate that lets everything pass but one.
     *
     * @param direct to send a request that the function will send again
     * @param passage is told of each request, and may hold it up
     * @param longTime lets more time pass than any lease lasts
     */
    Gate(DynamoDbClient direct, @Nullable Disturbance disturbance, Passage passage, Runnable longTime) {
        this.direct = direct;
        this.disturbance = disturbance;
        this.passage = passage;
        this.longTime = longTime;
    }

    /** What a request passes. Several may be under way at once. */
    interface Passage {
        /** Nobody is held up. */
        Passage FREE = new Passage() {
            @Override
            public void arrive(Sent what) {}

            @Override
            public void leave() {}
        };

        /** Returns when the request may be sent. */
        void arrive(Sent what);

        /** It is answered, or has failed. */
        void leave();
    }

    /**
     * What was sent.
     *
     * @param name the operation, or the call
     * @param whole all that was asked for
     */
    record Sent(String name, String whole) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** Which request goes wrong, and how. */
    record Disturbance(int request, Way way) {
        @Override
        public String toString() {
            return way + "@" + request;
        }
    }

    /** The function's process is gone. Nothing catches it. */
    static final class Stopped extends Error {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the function is stopped here", null, false, false);
        }
    }

    /** What was sent until now, in order. */
    synchronized List<Sent> requests() {
        return List.copyOf(requests);
    }

    /** What was asked of indexes. */
    synchronized List<QueryRequest> indexQueries() {
        return List.copyOf(indexQueries);
    }

    /** From now on such questions get the answers that are so now. */
    void freezeIndexes(List<QueryRequest> queries) {
        queries.forEach(query -> earlier.put(query.toString(), direct.query(query)));
    }

    /** Whether the function was stopped. */
    synchronized boolean isStopped() {
        return stopped;
    }

    synchronized void stop() {
        stopped = true;
    }

    /** Counts a request, and waits until it may be sent; how it goes wrong, null if it does not. Whoever sends it {@linkplain #leave leaves}. */
    @Nullable Way arrive(String name) {
        return wayOf(number(new Sent(name, name)));
    }

    /** The request is over. */
    void leave() {
        passage.leave();
    }

    private int number(Sent what) {
        if (isStopped()) {
            throw new Stopped();
        }
        passage.arrive(what);
        synchronized (this) {
            requests.add(what);
            return requests.size();
        }
    }

    private @Nullable Way wayOf(int number) {
        if (disturbance == null) {
            return null;
        }
        var hit = disturbance.way() == Way.ALL_FAIL
                ? number >= disturbance.request()
                : number == disturbance.request() || !disturbance.way().isAtOneRequest();
        if (hit && disturbance.way() == Way.LATE) {
            longTime.run();
        }
        return hit ? disturbance.way() : null;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        var request = context.request();
        var number = number(new Sent(request.getClass().getSimpleName().replace("Request", ""), request.toString()));
        attributes.putAttribute(NUMBER, number);
        if (request instanceof QueryRequest query && query.indexName() != null) {
            synchronized (this) {
                indexQueries.add(query);
            }
        }
        switch (wayOf(number)) {
            case FAILS, ALL_FAIL -> throw SdkClientException.create("no connection");
            case SENT_TWICE -> send(request);
            case THROTTLED -> throttle(request);
            case CONFLICTS -> conflict(request);
            case STOPS_BEFORE -> {
                stop();
                throw new Stopped();
            }
            case null, default -> {
                // It is sent.
            }
        }
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        if (wayOf(attributes) != Way.THROTTLED || !(context.request() instanceof BatchWriteItemRequest batch)) {
            return context.request();
        }
        var table = batch.requestItems().keySet().iterator().next();
        var writes = batch.requestItems().get(table);
        var half = (writes.size() + 1) / 2;
        attributes.putAttribute(UNDONE, writes.subList(half, writes.size()));
        return batch.toBuilder()
                .requestItems(Map.of(table, writes.subList(0, half)))
                .build();
    }

    @Override
    public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
        var request = context.request();
        if (request instanceof QueryRequest query && query.indexName() != null) {
            return earlier.getOrDefault(query.toString(), context.response());
        }
        if (wayOf(attributes) != Way.THROTTLED) {
            return context.response();
        }
        return switch (context.response()) {
            case BatchGetItemResponse got
            when request instanceof BatchGetItemRequest batch ->
                got.toBuilder()
                        .responses(Map.of())
                        .unprocessedKeys(batch.requestItems())
                        .build();
            case BatchWriteItemResponse written
            when request instanceof BatchWriteItemRequest batch ->
                written.toBuilder()
                        .unprocessedItems(
                                undone(batch.requestItems().keySet().iterator().next(), attributes))
                        .build();
            default -> context.response();
        };
    }

    private static Map<String, List<WriteRequest>> undone(String table, ExecutionAttributes attributes) {
        var undone = attributes.getAttribute(UNDONE);
        return undone == null || undone.isEmpty() ? Map.of() : Map.of(table, undone);
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        leave(attributes);
    }

    private void leave(ExecutionAttributes attributes) {
        // Who was not let in, does not leave.
        if (attributes.getAttribute(NUMBER) != null) {
            attributes.putAttribute(NUMBER, null);
            leave();
        }
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        var way = wayOf(attributes);
        leave(attributes);
        lose(way);
    }

    /** A condition that does not hold is an answer too. */
    @Override
    public Throwable modifyException(Context.FailedExecution context, ExecutionAttributes attributes) {
        if (!(context.exception() instanceof DynamoDbException answer) || answer.requestId() == null) {
            return context.exception();
        }
        // Thrown, since what is returned has to be of the same class.
        lose(wayOf(attributes));
        return context.exception();
    }

    /** What was done, nobody is told. */
    private void lose(@Nullable Way way) {
        switch (way) {
            case ANSWER_LOST -> throw SdkClientException.create("the connection was cut");
            case STOPS_AFTER, OUTLIVED -> {
                stop();
                throw new Stopped();
            }
            case null, default -> {
                // It is told.
            }
        }
    }

    private @Nullable Way wayOf(ExecutionAttributes attributes) {
        var number = attributes.getAttribute(NUMBER);
        if (disturbance == null || number == null || number != disturbance.request()) {
            return null;
        }
        return disturbance.way();
    }

    private static void throttle(SdkRequest request) {
        if (request instanceof BatchGetItemRequest || request instanceof BatchWriteItemRequest) {
            return;
        }
        if (request instanceof TransactWriteItemsRequest transaction) {
            throw canceled(transaction, "ThrottlingError");
        }
        throw ProvisionedThroughputExceededException.builder()
                .message("throttled")
                .awsErrorDetails(details("ProvisionedThroughputExceededException"))
                .build();
    }

    private static void conflict(SdkRequest request) {
        if (request instanceof TransactWriteItemsRequest transaction) {
            throw canceled(transaction, "TransactionConflict");
        }
        if (request instanceof PutItemRequest
                || request instanceof UpdateItemRequest
                || request instanceof DeleteItemRequest) {
            throw TransactionConflictException.builder()
                    .message("a transaction is at the item")
                    .awsErrorDetails(details("TransactionConflictException"))
                    .build();
        }
    }

    private static TransactionCanceledException canceled(TransactWriteItemsRequest transaction, String code) {
        var reasons = new ArrayList<CancellationReason>();
        transaction
                .transactItems()
                .forEach(_ -> reasons.add(CancellationReason.builder()
                        .code(reasons.isEmpty() ? code : "None")
                        .build()));
        return TransactionCanceledException.builder()
                .message("canceled")
                .awsErrorDetails(details("TransactionCanceledException"))
                .cancellationReasons(reasons)
                .build();
    }

    private static AwsErrorDetails details(String code) {
        return AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(code)
                .serviceName("DynamoDb")
                .build();
    }

    private void send(SdkRequest request) {
        try {
            switch (request) {
                case GetItemRequest _, QueryRequest _, ScanRequest _, BatchGetItemRequest _ -> {
                    // To read twice is to read.
                }
                case PutItemRequest put -> direct.putItem(put);
                case UpdateItemRequest update -> direct.updateItem(update);
                case DeleteItemRequest delete -> direct.deleteItem(delete);
                case BatchWriteItemRequest batch -> direct.batchWriteItem(batch);
                // The SDK repeats a transaction with its token, and DynamoDB does it once.
                default -> {}
            }
        } catch (DynamoDbException sameAnswerAgain) {
            // Of what the second one is told.
        }
    }
}
