package org.touchline.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.BatchReader;
import org.touchline.time.Deadline;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Publishes what is new in the history (design rule 29). What was erased meanwhile is
 * not sent, and what an erasure took out of an entry is not in it: each is read before it is sent.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then it may be done again.
 */
public final class ChangePublisher {
    private final BatchReader reader;
    private final Duration kept;
    private final EventBus bus;
    private final InstantSource clock;

    /**
     * A publisher of a history.
     *
     * @param table of the history
     * @param kept for how long entries are kept, from their time: what is older is gone, deleted or not
     */
    public ChangePublisher(DynamoDbClient dynamoDb, String table, Duration kept, EventBus bus, InstantSource clock) {
        this.reader = BatchReader.consistent(dynamoDb, table);
        this.kept = kept;
        this.bus = bus;
        this.clock = clock;
    }

    /**
     * What became of entries, by their numbers.
     *
     * @param published how many are on the bus
     * @param refused those that the bus will never take
     * @param failed those that are to be published again
     * @param reason why some failed, in one line; empty if none did
     * @param oldest the time of the oldest that was published; null if none was
     */
    public record Published(
            int published,
            List<Long> refused,
            List<Long> failed,
            String reason,
            @Nullable Instant oldest) {
        public Published {
            refused = List.copyOf(refused);
            failed = List.copyOf(failed);
        }
    }

    /**
     * Publishes those of these entries that are still kept, as they are now.
     *
     * @param numbers their places
     * @param deadline until when what fails is tried again
     */
    public Published publish(Collection<Long> numbers, Deadline deadline) {
        var horizon = clock.instant().minus(kept);
        var rows = reader.read(numbers.stream().distinct().map(KeptEntry::key).toList(), null).stream()
                .filter(KeptEntry::isOne)
                .map(KeptEntry::of)
                .filter(row -> !row.entry().time().isBefore(horizon))
                .sorted(Comparator.comparingLong(KeptEntry::number))
                .toList();
        var outcome = bus.publish(rows.stream().map(KeptEntry::entry).toList(), deadline);
        var byId = rows.stream().collect(Collectors.toMap(row -> row.entry().id(), KeptEntry::number));
        return new Published(
                outcome.published().size(),
                outcome.refused().stream().map(entry -> byId.get(entry.id())).toList(),
                outcome.failed().stream().map(entry -> byId.get(entry.id())).toList(),
                outcome.reason(),
                outcome.published().stream()
                        .map(Entry::time)
                        .min(Instant::compareTo)
                        .orElse(null));
    }
}
