package org.touchline.local;

import static java.util.stream.Collectors.toSet;

import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.touchline.embedded.StreamRecords;
import org.touchline.embedded.Template;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;

/**
 * Lambda's event source mapping between one DynamoDB stream and one function: reads every shard in order, a parent before its
 * children, from the oldest record on, because the table is as new as the run.
 */
final class StreamPoller {
    private final Template.StreamMapping mapping;
    private final String streamArn;
    private final DynamoDbStreamsClient streams;
    private final BatchDelivery delivery;
    private final PrintStream out;

    /** The last record that was dealt with, by shard. A reader starts behind it anew each time: iterators expire. */
    private final Map<String, String> checkpoints = new HashMap<>();

    /** When all that was written to a shard had been read. */
    private final Map<String, Instant> readUntil = new HashMap<>();

    private final Set<String> finished = new HashSet<>();
    private boolean troubled;

    /**
     * At the beginning of a stream.
     *
     * @param out where failures are told
     */
    StreamPoller(
            Template.StreamMapping mapping,
            String streamArn,
            FunctionPool function,
            DynamoDbStreamsClient streams,
            PrintStream out) {
        this.mapping = mapping;
        this.streamArn = streamArn;
        this.streams = streams;
        this.delivery = new BatchDelivery(mapping, function, out, InstantSource.system());
        this.out = out;
    }

    /** Hands over what is new in the stream, and returns when the function has dealt with it. */
    void poll() throws InterruptedException {
        try {
            var shards = shards();
            var unfinished = shards.stream()
                    .map(Shard::shardId)
                    .filter(id -> !finished.contains(id))
                    .collect(toSet());
            for (var shard : shards) {
                if (unfinished.contains(shard.shardId()) && !unfinished.contains(shard.parentShardId())) {
                    read(shard.shardId());
                }
            }
            troubled = false;
        } catch (AbortedException e) {
            throw new InterruptedException(e.getMessage());
        } catch (SdkException | IllegalStateException e) {
            if (!troubled) {
                out.println(mapping.logicalId() + " cannot follow its stream, and keeps trying: " + e.getMessage());
            }
            troubled = true;
        }
    }

    private List<Shard> shards() {
        var shards = new ArrayList<Shard>();
        String last = null;
        do {
            var from = last;
            var page = streams.describeStream(r -> r.streamArn(streamArn).exclusiveStartShardId(from))
                    .streamDescription();
            shards.addAll(page.shards());
            last = page.lastEvaluatedShardId();
        } while (last != null);
        return shards;
    }

    private void read(String shardId) throws InterruptedException {
        try {
            readOn(shardId);
        } catch (TrimmedDataAccessException e) {
            // A stream forgets after a day, and with it where this was.
            checkpoints.remove(shardId);
        }
    }

    private void readOn(String shardId) throws InterruptedException {
        var begin = Instant.now();
        var checkpoint = checkpoints.get(shardId);
        var position = checkpoint == null ? ShardIteratorType.TRIM_HORIZON : ShardIteratorType.AFTER_SEQUENCE_NUMBER;
        var iterator = streams.getShardIterator(r -> r.streamArn(streamArn)
                        .shardId(shardId)
                        .shardIteratorType(position)
                        .sequenceNumber(checkpoint))
                .shardIterator();
        var page = streams.getRecords(r -> r.shardIterator(iterator).limit(mapping.batchSize()));
        var notBefore = readUntil.getOrDefault(shardId, Instant.EPOCH);
        delivery.deliver(page.records().stream()
                .map(change -> StreamRecords.json(change, streamArn, notBefore))
                .toList());
        if (page.records().size() < mapping.batchSize()) {
            readUntil.put(shardId, begin);
        }
        if (page.hasRecords() && !page.records().isEmpty()) {
            checkpoints.put(shardId, page.records().getLast().dynamodb().sequenceNumber());
        } else if (page.nextShardIterator() == null) {
            finished.add(shardId);
        }
    }
}
