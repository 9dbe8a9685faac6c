package org.touchline.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/**
 * Reads the history in the order of its numbers, strongly consistent, from the table itself (design rule 30). A reader who goes on where
 * the last page ended misses nothing: numbers have no gaps, and nothing gets a number below one that was read.
 *
 * <p>What a transaction wrote may be seen entry by entry for a moment. So a page ends before a number that is missing, if what is
 * behind it is only just kept; an older one DynamoDB deleted for its age. What was erased leaves a row that says so.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class ChangeFeed {
    /** A transaction is seen whole long before. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final Duration kept;
    private final InstantSource clock;

    ChangeFeed(DynamoDbClient dynamoDb, String table, Duration kept, InstantSource clock) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.kept = kept;
        this.clock = clock;
    }

    /**
     * A part of the feed.
     *
     * @param next the number to go on with
     */
    public record Page(List<Entry> entries, long next) {
        public Page {
            entries = List.copyOf(entries);
        }
    }

    /** Entries that a reader has not read are kept no longer: who follows has to begin anew. */
    public static final class CursorExpiredException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        CursorExpiredException() {
            super("what came after this cursor is no longer kept: begin anew");
        }
    }

    /** The number of the oldest entry that is kept; of the next one, if none is. */
    public long oldest() {
        return since(horizon());
    }

    /** The number of the first entry whose time is not before that; of the next one, if there is none. */
    public long since(Instant since) {
        var counter = Counter.read(dynamoDb, table);
        // What would be gone before it is read is gone.
        var oldest = horizon().plus(SETTLED);
        var begin = since.isBefore(oldest) ? oldest : since;
        if (counter.latest() == null || counter.latest().isBefore(begin)) {
            return counter.next();
        }
        var hours = hoursFrom(begin);
        if (hours.isEmpty() || hours.getFirst().number("sk") > ChangeHistory.hour(begin)) {
            return first(hours, 0, counter);
        }
        return firstReaching(begin, first(hours, 0, counter), first(hours, 1, counter));
    }

    /** The hour of an instant, if any entry reached it, and the next one that was. */
    private List<Item> hoursFrom(Instant instant) {
        return dynamoDb
                .query(request -> request.tableName(table)
                        .keyConditionExpression("pk = :hours AND sk >= :hour")
                        .expressionAttributeValues(new Item()
                                .with(":hours", "hours")
                                .withNumber(":hour", ChangeHistory.hour(instant))
                                .attributes())
                        .consistentRead(true)
                        .limit(2))
                .items()
                .stream()
                .map(Item::new)
                .toList();
    }

    private static long first(List<Item> hours, int place, Counter counter) {
        return place < hours.size() ? hours.get(place).number("first") : counter.next();
    }

    /** The latest time never goes back as numbers go on: so it can be halved. */
    private long firstReaching(Instant since, long begin, long end) {
        var low = begin / KeptEntry.BUCKET;
        var high = end / KeptEntry.BUCKET;
        while (low < high) {
            var middle = (low + high + 1) / 2;
            var first = first(middle * KeptEntry.BUCKET, end);
            if (first.isPresent() && seconds(first.get(), "latest").isBefore(since)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        for (var bucket = low; bucket * KeptEntry.BUCKET < end; bucket++) {
            for (var item : dynamoDb.queryPaginator(inBucket(Math.max(begin, bucket * KeptEntry.BUCKET), 0).toBuilder()
                            .projectionExpression("sk, latest")
                            .build())
                    .items()) {
                var row = new Item(item);
                if (row.number("sk") >= end) {
                    return end;
                }
                if (!seconds(row, "latest").isBefore(since)) {
                    return row.number("sk");
                }
            }
        }
        return end;
    }

    private Optional<Item> first(long from, long end) {
        for (var number = from; number < end; number = nextBucket(number)) {
            var items = dynamoDb.query(inBucket(number, 1)).items();
            if (!items.isEmpty()) {
                return Optional.of(new Item(items.getFirst()));
            }
        }
        return Optional.empty();
    }

    /**
     * Entries from a number on.
     *
     * @param limit how many at most
     * @throws CursorExpiredException if some of them are kept no longer, or there is no such number yet
     */
    public Page from(long number, int limit) {
        var counter = Counter.read(dynamoDb, table);
        if (number < 1 || number > counter.next()) {
            throw new CursorExpiredException();
        }
        var reading = new Reading(number, limit);
        for (var at = number; at < counter.next() && reading.wantsMore(); ) {
            var answer = dynamoDb.query(inBucket(at, limit - reading.entries.size()));
            if (answer.items().isEmpty()) {
                reading.nothingAt(counter);
            }
            for (var item : answer.items()) {
                reading.read(new Item(item), counter);
            }
            at = answer.hasLastEvaluatedKey() ? reading.next : Math.max(reading.next, nextBucket(at));
        }
        if (reading.wantsMore() && !isFresh(counter.keptAt())) {
            reading.skipTo(counter.next(), counter);
        }
        return new Page(reading.entries, reading.next);
    }

    /** One page on its way. */
    private final class Reading {
        private final List<Entry> entries = new ArrayList<>();
        private final long begin;
        private final int limit;
        private final Instant horizon = horizon();
        private long next;
        /** 0 until it is asked for. */
        private long firstPossible;

        private boolean begun;
        private boolean ended;

        Reading(long begin, int limit) {
            this.begin = begin;
            this.limit = limit;
            this.next = begin;
        }

        boolean wantsMore() {
            return !ended && entries.size() < limit;
        }

        void read(Item row, Counter counter) {
            var number = row.number("sk");
            ended |= number > next && isFresh(seconds(row, "keptAt"));
            if (ended) {
                return;
            }
            skipTo(number, counter);
            if (!begun && seconds(row, "latest").isBefore(horizon)) {
                throw new CursorExpiredException();
            }
            begun = true;
            if (KeptEntry.isOne(row) && !seconds(row, "time").isBefore(horizon)) {
                entries.add(KeptEntry.of(row).entry());
            }
            next++;
        }

        /** Whoever begins where all is deleted is told so at once: what is kept may be thousands of requests away. */
        void nothingAt(Counter counter) {
            if (!begun) {
                refuseIfMissed(counter);
            }
        }

        void skipTo(long number, Counter counter) {
            if (!begun && number > begin) {
                refuseIfMissed(counter);
            }
            next = Math.max(next, number);
        }

        /** What was deleted for its age the reader has missed. */
        private void refuseIfMissed(Counter counter) {
            if (firstPossible == 0) {
                firstPossible = firstPossible(counter, horizon);
            }
            if (begin < firstPossible) {
                throw new CursorExpiredException();
            }
        }
    }

    /** All entries with lower numbers are gone for their age. */
    private long firstPossible(Counter counter, Instant horizon) {
        if (counter.latest() == null || counter.latest().isBefore(horizon)) {
            return counter.next();
        }
        return first(hoursFrom(horizon), 0, counter);
    }

    private static Instant seconds(Item row, String name) {
        return Instant.ofEpochSecond(row.number(name));
    }

    private boolean isFresh(@Nullable Instant keptAt) {
        return keptAt != null && clock.instant().isBefore(keptAt.plus(SETTLED));
    }

    private static long nextBucket(long number) {
        return (number / KeptEntry.BUCKET + 1) * KeptEntry.BUCKET;
    }

    private QueryRequest inBucket(long from, int limit) {
        return QueryRequest.builder()
                .tableName(table)
                .keyConditionExpression("pk = :bucket AND sk >= :from")
                .expressionAttributeValues(new Item()
                        .with(":bucket", KeptEntry.partition(from))
                        .withNumber(":from", from)
                        .attributes())
                .consistentRead(true)
                .limit(limit == 0 ? null : limit)
                .build();
    }

    private Instant horizon() {
        return clock.instant().minus(kept);
    }
}
