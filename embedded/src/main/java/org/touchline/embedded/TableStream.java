package org.touchline.embedded;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/** The stream of one of a stack's tables, for a test that hands it to a function as Lambda does. Not safe for use by several threads. */
public final class TableStream implements AutoCloseable {
    private final DynamoDbStreamsClient streams;
    private final String arn;
    private final Map<String, String> last = new HashMap<>();

    /** Of what is written from now on. */
    public TableStream(EmbeddedStack stack, String tableLogicalId) {
        var dynamoDb = stack.dynamoDb();
        streams = LocalClients.at(
                dynamoDb.serviceClientConfiguration().endpointOverride().orElseThrow(),
                DynamoDbStreamsClient.builder());
        stack.enableStream(tableLogicalId);
        arn = dynamoDb.describeTable(request -> request.tableName(stack.table(tableLogicalId)))
                .table()
                .latestStreamArn();
    }

    /** What was written since this was asked last, in the order of each item, as a function gets it. */
    public List<ObjectNode> next() {
        var records = new ArrayList<ObjectNode>();
        streams.describeStream(request -> request.streamArn(arn))
                .streamDescription()
                .shards()
                .forEach(shard -> records.addAll(ofShard(shard.shardId())));
        return records;
    }

    private List<ObjectNode> ofShard(String shardId) {
        var from = last.get(shardId);
        var iterator = streams.getShardIterator(request -> request.streamArn(arn)
                        .shardId(shardId)
                        .shardIteratorType(
                                from == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                        .sequenceNumber(from))
                .shardIterator();
        var records = new ArrayList<ObjectNode>();
        while (iterator != null) {
            var at = iterator;
            var page = streams.getRecords(request -> request.shardIterator(at));
            if (page.records().isEmpty()) {
                break;
            }
            page.records().forEach(change -> records.add(StreamRecords.json(change, arn)));
            last.put(shardId, page.records().getLast().dynamodb().sequenceNumber());
            iterator = page.nextShardIterator();
        }
        return records;
    }

    @Override
    public void close() {
        streams.close();
    }
}
