package org.touchline.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/**
 * Records what the code under test asks of AWS, as IAM sees it, for the comparison with the template's policies (design rule
 * 22). The SDK gives it to every client in a process whose class path has this module. It records only where the system
 * property {@value #FILE} names a file: that of a function's tests. Calls of the tests' own clients, which are those of
 * {@link LocalClients}, are left out.
 *
 * <p>The file has a line for each pair of an action and a resource, a space between, such as {@code dynamodb:Query
 * stack-MemberDirectoryTable/index/by-ussf-id}; every stack is called {@value #STACK} there. It begins anew with each process.
 * Thread-safe.
 */
public final class AwsCallRecorder implements ExecutionInterceptor {
    /** The system property. */
    public static final String FILE = "touchline.aws-calls";

    /** What every stack is called in the file. */
    public static final String STACK = "stack";

    /** Marks what a test asks by itself. */
    static final ExecutionAttribute<Boolean> OF_THE_TEST = new ExecutionAttribute<>("touchline.of-the-test");

    /** The one of this process, whatever number of clients it has. */
    private static final class Journal {
        static final @Nullable Journal INSTANCE = open(System.getProperty(FILE));

        private final Path file;
        private final Set<Call> written = ConcurrentHashMap.newKeySet();

        private Journal(Path file) {
            this.file = file;
        }

        private static @Nullable Journal open(@Nullable String file) {
            if (file == null) {
                return null;
            }
            try {
                return new Journal(Files.writeString(Path.of(file), ""));
            } catch (IOException cannotBegin) {
                throw new UncheckedIOException(cannotBegin);
            }
        }

        synchronized void write(Call call) {
            if (written.add(call)) {
                try {
                    Files.writeString(file, call.action() + " " + call.resource() + "\n", StandardOpenOption.APPEND);
                } catch (IOException cannotWrite) {
                    throw new UncheckedIOException(cannotWrite);
                }
            }
        }
    }

    /** What IAM decides on, such as {@code dynamodb:GetItem} on a table: its name, or a secret's ARN. */
    record Call(String action, String resource) {
        Call {
            resource = EmbeddedStack.asIn(STACK, resource);
        }
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        var journal = Journal.INSTANCE;
        if (journal != null && attributes.getAttribute(OF_THE_TEST) == null) {
            calls(context.request()).forEach(journal::write);
        }
    }

    /** A transaction is what is in it; anything that has no line here is refused: nothing may go unseen. */
    static Stream<Call> calls(SdkRequest request) {
        return switch (request) {
            case GetItemRequest get -> onTable("GetItem", get.tableName());
            case PutItemRequest put -> onTable("PutItem", put.tableName());
            case UpdateItemRequest update -> onTable("UpdateItem", update.tableName());
            case DeleteItemRequest delete -> onTable("DeleteItem", delete.tableName());
            case QueryRequest query -> onIndex("Query", query.tableName(), query.indexName());
            case ScanRequest scan -> onIndex("Scan", scan.tableName(), scan.indexName());
            case BatchGetItemRequest batch ->
                batch.requestItems().keySet().stream().flatMap(table -> onTable("BatchGetItem", table));
            case BatchWriteItemRequest batch ->
                batch.requestItems().keySet().stream().flatMap(table -> onTable("BatchWriteItem", table));
            case TransactGetItemsRequest transaction ->
                transaction.transactItems().stream()
                        .flatMap(item -> onTable("GetItem", item.get().tableName()));
            case TransactWriteItemsRequest transaction ->
                transaction.transactItems().stream().flatMap(AwsCallRecorder::written);
            case GetSecretValueRequest secret ->
                Stream.of(new Call("secretsmanager:GetSecretValue", secret.secretId()));
            case PutEventsRequest put ->
                put.entries().stream().map(entry -> new Call("events:PutEvents", entry.eventBusName()));
            default ->
                throw new IllegalStateException("the recorder does not know "
                        + request.getClass().getSimpleName() + "; say there what IAM calls it");
        };
    }

    private static Stream<Call> written(TransactWriteItem item) {
        if (item.put() != null) {
            return onTable("PutItem", item.put().tableName());
        }
        if (item.update() != null) {
            return onTable("UpdateItem", item.update().tableName());
        }
        return item.delete() != null
                ? onTable("DeleteItem", item.delete().tableName())
                : onTable("ConditionCheckItem", item.conditionCheck().tableName());
    }

    private static Stream<Call> onTable(String action, String table) {
        return onIndex(action, table, null);
    }

    private static Stream<Call> onIndex(String action, String table, @Nullable String index) {
        return Stream.of(new Call("dynamodb:" + action, index == null ? table : table + "/index/" + index));
    }
}
