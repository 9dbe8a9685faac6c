package org.touchline.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Sums up what a function's process asks of DynamoDB, and its heap at its fullest, in a file that whoever measures reads at any time.
 * The SDK gives it to every client; it does nothing but where the system property {@value #FILE} names that file. Safe for use by
 * several threads.
 *
 * <p>Units are those that DynamoDB says were consumed, indexes included; of transactions what {@link TransactionUnits} says. Of a write whose
 * condition did not hold DynamoDB says nothing: that counts as one unit.
 */
public final class CapacityMeter implements ExecutionInterceptor {
    /** The system property. */
    static final String FILE = "touchline.meter";

    /** The system property that has the indexes of the tables, as {@link TransactionUnits} writes them. */
    static final String INDEXES = "touchline.indexes";

    private static final VarHandle LONGS = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
    private static final int SLOTS = 4;
    private static final int HEAP_EVERY_MILLIS = 50;
    /** At least, in the cloud: DynamoDB Local says none for what finds nothing. */
    private static final double LEAST_READ = 0.5;

    /** Units come in halves. */
    private static final int PARTS = 2;

    /** Where each sum is. */
    private enum Slot {
        REQUESTS(0),
        READ(1),
        WRITTEN(2),
        HEAP(3);

        private final int place;

        Slot(int place) {
            this.place = place;
        }
    }

    /** One for the process, however many clients it has. */
    private static final class Measured {
        static final @Nullable ByteBuffer SUMS = open();
        static final TransactionUnits TRANSACTIONS = new TransactionUnits(System.getProperty(INDEXES, ""));

        private static @Nullable ByteBuffer open() {
            var file = System.getProperty(FILE);
            if (file == null) {
                return null;
            }
            var sums = map(Path.of(file));
            Thread.ofPlatform().daemon().name("heap").start(() -> watchHeap(sums));
            return sums;
        }
    }

    /**
     * What was summed up so far.
     *
     * @param heap bytes at the fullest, looked at twenty times a second
     */
    record Sums(long requests, double readUnits, double writeUnits, long heap) {
        Sums minus(Sums before) {
            return new Sums(
                    requests - before.requests, readUnits - before.readUnits, writeUnits - before.writeUnits, heap);
        }
    }

    /** The file as it is now; an empty one has zeros. */
    static Sums read(Path file) {
        var sums = map(file);
        return new Sums(
                get(sums, Slot.REQUESTS),
                (double) get(sums, Slot.READ) / PARTS,
                (double) get(sums, Slot.WRITTEN) / PARTS,
                get(sums, Slot.HEAP));
    }

    private static ByteBuffer map(Path file) {
        try (var channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) SLOTS * Long.BYTES)
                    .order(ByteOrder.nativeOrder());
        } catch (IOException cannotMap) {
            throw new UncheckedIOException(cannotMap);
        }
    }

    private static void watchHeap(ByteBuffer sums) {
        var runtime = Runtime.getRuntime();
        while (true) {
            var used = runtime.totalMemory() - runtime.freeMemory();
            if (used > get(sums, Slot.HEAP)) {
                LONGS.setVolatile(sums, at(Slot.HEAP), used);
            }
            try {
                Thread.sleep(HEAP_EVERY_MILLIS);
            } catch (InterruptedException ends) {
                return;
            }
        }
    }

    private static int at(Slot slot) {
        return slot.place * Long.BYTES;
    }

    private static long get(ByteBuffer sums, Slot slot) {
        return (long) LONGS.getVolatile(sums, at(slot));
    }

    private static void add(ByteBuffer sums, Slot slot, long more) {
        // The buffer is direct, so that this is atomic.
        var _ = (long) LONGS.getAndAdd(sums, at(slot), more);
    }

    @Override
    public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
        return Measured.SUMS == null ? context.request() : asking(context.request(), ReturnConsumedCapacity.TOTAL);
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        var sums = Measured.SUMS;
        if (sums != null) {
            add(sums, Slot.REQUESTS, 1);
            if (context.request() instanceof TransactWriteItemsRequest transaction) {
                add(sums, Slot.WRITTEN, PARTS * Measured.TRANSACTIONS.of(transaction));
                return;
            }
            var units = consumed(context.response()).stream()
                    .mapToDouble(ConsumedCapacity::capacityUnits)
                    .sum();
            if (isWrite(context.request())) {
                add(sums, Slot.WRITTEN, Math.round(units * PARTS));
            } else if (isRead(context.request())) {
                add(sums, Slot.READ, Math.round(Math.max(units, LEAST_READ) * PARTS));
            }
        }
    }

    @Override
    public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
        var sums = Measured.SUMS;
        if (sums != null) {
            add(sums, Slot.REQUESTS, 1);
            add(sums, Slot.WRITTEN, PARTS * refused(context.request(), context.exception()));
        }
    }

    private static long refused(SdkRequest request, Throwable failure) {
        if (failure instanceof ConditionalCheckFailedException) {
            return 1;
        }
        return failure instanceof TransactionCanceledException
                        && request instanceof TransactWriteItemsRequest transaction
                ? Measured.TRANSACTIONS.of(transaction)
                : 0;
    }

    private static boolean isRead(SdkRequest request) {
        return request instanceof GetItemRequest
                || request instanceof QueryRequest
                || request instanceof ScanRequest
                || request instanceof BatchGetItemRequest
                || request instanceof TransactGetItemsRequest;
    }

    private static boolean isWrite(SdkRequest request) {
        return request instanceof PutItemRequest
                || request instanceof UpdateItemRequest
                || request instanceof DeleteItemRequest
                || request instanceof BatchWriteItemRequest;
    }

    private static SdkRequest asking(SdkRequest request, ReturnConsumedCapacity what) {
        return switch (request) {
            case GetItemRequest one ->
                one.toBuilder().returnConsumedCapacity(what).build();
            case PutItemRequest one ->
                one.toBuilder().returnConsumedCapacity(what).build();
            case UpdateItemRequest one ->
                one.toBuilder().returnConsumedCapacity(what).build();
            case DeleteItemRequest one ->
                one.toBuilder().returnConsumedCapacity(what).build();
            case QueryRequest some ->
                some.toBuilder().returnConsumedCapacity(what).build();
            case ScanRequest some ->
                some.toBuilder().returnConsumedCapacity(what).build();
            case BatchGetItemRequest some ->
                some.toBuilder().returnConsumedCapacity(what).build();
            case BatchWriteItemRequest some ->
                some.toBuilder().returnConsumedCapacity(what).build();
            case TransactGetItemsRequest some ->
                some.toBuilder().returnConsumedCapacity(what).build();
            default -> request;
        };
    }

    private static List<ConsumedCapacity> consumed(SdkResponse response) {
        return switch (response) {
            case GetItemResponse one -> List.of(one.consumedCapacity());
            case PutItemResponse one -> List.of(one.consumedCapacity());
            case UpdateItemResponse one -> List.of(one.consumedCapacity());
            case DeleteItemResponse one -> List.of(one.consumedCapacity());
            case QueryResponse some -> List.of(some.consumedCapacity());
            case ScanResponse some -> List.of(some.consumedCapacity());
            case BatchGetItemResponse some -> some.consumedCapacity();
            case BatchWriteItemResponse some -> some.consumedCapacity();
            case TransactGetItemsResponse some -> some.consumedCapacity();
            default -> List.of();
        };
    }
}
