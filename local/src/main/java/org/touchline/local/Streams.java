package org.touchline.local;

import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** Every stream of the stack's tables that wakes a function, each followed on a thread of its own. */
final class Streams implements AutoCloseable {
    private final DynamoDbStreamsClient client;
    private final List<Repetition> followers = new ArrayList<>();

    /**
     * Begins to follow the streams.
     *
     * @param dynamoDb where the tables are
     * @param out where failures are told
     * @throws IllegalArgumentException if the template asks for what there is not; the message names the mapping
     */
    Streams(Template template, Functions functions, URI dynamoDb, PrintStream out) {
        client = LocalClients.at(dynamoDb, DynamoDbStreamsClient.builder());
        try (var tables = LocalClients.at(dynamoDb, DynamoDbClient.builder())) {
            for (var function : functions.all()) {
                for (var mapping : function.function().streams()) {
                    if (mapping.enabled()) {
                        var name = template.table(mapping.tableLogicalId()).name();
                        var table = tables.describeTable(r -> r.tableName(name)).table();
                        var poller = new StreamPoller(mapping, table.latestStreamArn(), function, client, out);
                        followers.add(Repetition.of(mapping.logicalId(), poller::poll));
                    }
                }
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        followers.forEach(Repetition::close);
        client.close();
    }
}
