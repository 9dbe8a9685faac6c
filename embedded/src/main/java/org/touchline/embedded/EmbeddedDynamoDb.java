package org.touchline.embedded;

import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBRequestHandler;
import com.amazonaws.services.dynamodbv2.local.server.LocalDynamoDBServerHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * DynamoDB Local in this process, in memory, on 127.0.0.1 only. All clients see the same tables, whatever their region and
 * credentials, and even unsigned. Its own launcher would listen on every interface, print a banner and report usage; so its
 * request handler runs here in a server of ours.
 *
 * <p>Thread-safe. It holds threads that keep the JVM alive until {@link #close}.
 */
public final class EmbeddedDynamoDb implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int MAX_THREADS = 64;
    private static final int MIN_THREADS = 4;
    private static final int IDLE_MILLIS = 60_000;
    private static final int STOP_MILLIS = 2_000;

    private final ThreadGroup threads;
    private final Server server;
    private final LocalDynamoDBServerHandler dynamoDb;
    private final URI endpoint;

    private EmbeddedDynamoDb(int port) throws IOException {
        threads = new ThreadGroup("embedded-dynamodb");
        var pool = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, IDLE_MILLIS, -1, null, threads);
        pool.setName(threads.getName());
        server = new Server(pool);
        server.setStopTimeout(STOP_MILLIS);
        var connector = new ServerConnector(server, 1, 1);
        connector.setHost(HOST);
        connector.setPort(port);
        server.addConnector(connector);
        var inMemory = new LocalDynamoDBRequestHandler(0, true, null, true, false);
        dynamoDb = new LocalDynamoDBServerHandler(inMemory, null);
        server.setHandler(new AnyCredentials(dynamoDb));
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException failedToListen ? failedToListen : new IOException(e);
        }
        endpoint = URI.create("http://" + HOST + ":" + connector.getLocalPort());
    }

    /**
     * Starts an empty DynamoDB.
     *
     * @param port where it listens; 0 takes any free port
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static EmbeddedDynamoDb start(int port) {
        try {
            return new EmbeddedDynamoDb(port);
        } catch (IOException e) {
            throw new UncheckedIOException("DynamoDB cannot listen on " + HOST + ":" + port, e);
        }
    }

    /**
     * Creates every table of a template, with its indexes and its stream. Time to live stays off: a row past its time may be
     * there for days in the cloud as well, and here it always is.
     */
    public static void createTables(DynamoDbClient client, Template template) {
        template.tables().forEach(table -> client.createTable(table.createRequest()));
    }

    /** Where it listens, such as {@code http://127.0.0.1:8000}. */
    public URI endpoint() {
        return endpoint;
    }

    /** Stops it, with all its threads; the tables are gone. */
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
