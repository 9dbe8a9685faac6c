package org.touchline.embedded;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * DynamoDB Local in this process, in memory or in a folder, on 127.0.0.1 only. All clients see the same tables, whatever their region and
 * credentials, and even unsigned. Its own launcher would listen on every interface, print a banner and report usage; so its
 * request handler runs here in a server of ours.
 *
 * <p>Thread-safe. It holds threads that keep the JVM alive until {@link #close}.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {
    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 4;
    private static final int IDLE_MILLIS = 60_000;
    private static final int STOP_MILLIS = 2_000;

    static {
        // DynamoDB Local has nothing to tell but errors: a whole logging system for them would take a tenth of a second
        // at each start.
        System.setProperty("log4j2.loggerContextFactory", "org.apache.logging.log4j.simple.SimpleLoggerContextFactory");
    }

    private final ThreadGroup threads;
    private final Server server;
    private final LocalDynamoDBServerHandler dynamoDb;
    private final URI endpoint;

    private EmbeddedDynamoDb(int port, @Nullable Path folder) throws IOException {
        threads = new ThreadGroup("embedded-dynamodb");
        var pool = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS, -1, null, threads);
        pool.setName(threads.getName());
        server = new Server(pool);
        server.setStopTimeout(STOP_MILLIS);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost(LoopbackNames.HOST);
        connector.setPort(port);
        server.addConnector(connector);
        var requests = new LocalDynamoDBRequestHandler(
                0, folder == null, folder == null ? null : folder.toString(), true, false);
        dynamoDb = new LocalDynamoDBServerHandler(requests, null);
        server.setHandler(new OfThisMachine(new AnyCredentials(dynamoDb)));
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException failedToListen ? failedToListen : new IOException(e);
        }
        endpoint = URI.create("http://" + LoopbackNames.HOST + ":" + connector.getLocalPort());
    }

    /**
     * Starts an empty DynamoDB.
     *
     * @param port where it listens; 0 takes any free port
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static EmbeddedDynamoDb start(int port) {
        return start(port, null);
    }

    /**
     * Starts a DynamoDB with the tables that are in a folder, where what is written stays.
     *
     * @param port where it listens; 0 takes any free port
     * @param folder which is there; null for an empty DynamoDB in memory
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static EmbeddedDynamoDb start(int port, @Nullable Path folder) {
        try {
            return new EmbeddedDynamoDb(port, folder);
        } catch (IOException e) {
            throw new UncheckedIOException("DynamoDB cannot listen on " + LoopbackNames.HOST + ":" + port, e);
        }
    }

    /**
     * Creates every table of a template, with its indexes and its stream. Time to live stays off: a row past its time may be
     * there for days in the cloud as well, and here it always is.
     */
    public static void createTables(DynamoDbClient client, Template template) {
        template.tables().forEach(table -> client.createTable(table.createRequest()));
    }

    /**
     * Creates those tables of a template that are not there.
     *
     * @throws IllegalStateException if one that is there has other keys or indexes than the template's
     */
    public static void createMissingTables(DynamoDbClient client, Template template) {
        for (var table : template.tables()) {
            var wanted = table.createRequest();
            try {
                var found = client.describeTable(request -> request.tableName(wanted.tableName()))
                        .table();
                if (!shape(
                                found.keySchema(),
                                found.globalSecondaryIndexes(),
                                GlobalSecondaryIndexDescription::indexName)
                        .equals(shape(
                                wanted.keySchema(),
                                wanted.globalSecondaryIndexes(),
                                GlobalSecondaryIndex::indexName))) {
                    throw new IllegalStateException(
                            "the table " + wanted.tableName() + " is another version's, with other keys or indexes");
                }
            } catch (ResourceNotFoundException e) {
                client.createTable(wanted);
            }
        }
    }

    private static <I> List<Object> shape(List<KeySchemaElement> keys, List<I> indexes, Function<I, String> name) {
        return List.of(keys, indexes.stream().map(name).sorted().toList());
    }

    /** Where it listens, such as {@code http://127.0.0.1:8000}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Stops it, with all its threads; tables that are in no folder are gone. */
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB did not stop", e);
        } finally {
            dynamoDb.close();
            // Its background jobs only look up when their sleep is over. They are in this group, as is all that
            // the server's threads started.
            threads.interrupt();
        }
    }

    /** Hands on what names this machine. A browser, led here under a stranger's name, gets nothing (wire contract §6). */
    private static final class OfThisMachine extends Handler.Wrapper {
        OfThisMachine(Handler next) {
            super(next);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            if (LoopbackNames.askPerhapsWithoutPort(
                    request.getHeaders().getValuesList(HttpHeader.HOST), Request.getLocalPort(request))) {
                return super.handle(request, response, callback);
            }
            Response.writeError(
                    request, response, callback, HttpStatus.MISDIRECTED_REQUEST_421, "This machine is not called so.");
            return true;
        }
    }

    /** Hands every request on as signed with a key that DynamoDB Local accepts: it refuses those that are not alphanumeric. */
    private static final class AnyCredentials extends Handler.Wrapper {
        private static final HttpField AUTHORIZATION = new HttpField(
                HttpHeader.AUTHORIZATION,
                "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host,"
                        + " Signature=local");

        AnyCredentials(Handler next) {
            super(next);
        }

        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            var headers =
                    HttpFields.build(request.getHeaders()).put(AUTHORIZATION).asImmutable();
            var signed = new Request.Wrapper(request) {
                @Override
                public HttpFields getHeaders() {
                    return headers;
                }
            };
            return super.handle(signed, response, callback);
        }
    }
}
