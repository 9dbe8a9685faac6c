package org.touchline.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.touchline.embedded.Template;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/**
 * Hands a stream's records to its function: those that fit the filter, in order, at least once. A batch that fails is tried
 * again, as often and for as long as the template says; where it says nothing, as long as a stream keeps records. Then what is too
 * old, or failed too often, is given up with a line that says so.
 */
final class BatchDelivery {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final Template.StreamMapping mapping;
    private final FunctionPool function;
    private final PrintStream out;
    private final int retries;
    private final InstantSource clock;

    /**
     * A delivery to one function.
     *
     * @param out where records that are given up are told
     * @throws IllegalArgumentException if a filter pattern cannot be understood; the message names the mapping
     */
    BatchDelivery(Template.StreamMapping mapping, FunctionPool function, PrintStream out, InstantSource clock) {
        for (var pattern : mapping.filterPatterns()) {
            var error = JsonRuleCompiler.check(pattern);
            if (error != null) {
                throw new IllegalArgumentException(mapping.logicalId() + ": " + error);
            }
        }
        this.mapping = mapping;
        this.function = function;
        this.out = out;
        var wanted = mapping.maximumRetryAttempts();
        this.retries = wanted < 0 ? Integer.MAX_VALUE : wanted;
        this.clock = clock;
    }

    /** Returns when the function has dealt with the records, or when they are given up. */
    void deliver(List<ObjectNode> records) throws InterruptedException {
        var rest = records.stream().filter(this::isWanted).toList();
        var pause = FIRST_PAUSE;
        for (var attempt = 0; !rest.isEmpty() && attempt <= retries; ) {
            if (attempt > 0) {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
            var expired = (int) rest.stream().takeWhile(this::isExpired).count();
            giveUp(expired);
            rest = rest.subList(expired, rest.size());
            var done = rest.isEmpty() ? 0 : dealtWith(rest);
            rest = rest.subList(done, rest.size());
            attempt = done > 0 ? 1 : attempt + 1;
        }
        giveUp(rest.size());
    }

    private void giveUp(int records) {
        if (records > 0) {
            out.printf(
                    Locale.ROOT,
                    "[%s] gave up %d record(s) of its stream%n",
                    function.function().logicalId(),
                    records);
        }
    }

    private boolean isExpired(ObjectNode record) {
        var written = record.at("/dynamodb/ApproximateCreationDateTime").asLong();
        return !clock.instant().isBefore(Instant.ofEpochSecond(written).plus(mapping.maximumRecordAge()));
    }

    private boolean isWanted(ObjectNode record) {
        var patterns = mapping.filterPatterns();
        return patterns.isEmpty() || patterns.stream().anyMatch(pattern -> fits(record, pattern));
    }

    private static boolean fits(ObjectNode record, String pattern) {
        try {
            return Ruler.matchesRule(record.toString(), pattern);
        } catch (Exception e) {
            throw new IllegalStateException("filter pattern " + pattern, e);
        }
    }

    /** How many of the first records the function has dealt with. */
    private int dealtWith(List<ObjectNode> batch) throws InterruptedException {
        var event = Json.object();
        event.putArray("Records").addAll(batch);
        try {
            var result = function.queue(Json.write(event)).get();
            return result.failed()
                    ? 0
                    : mapping.reportsBatchItemFailures() ? firstFailure(batch, result) : batch.size();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    /** The place of the earliest record that the answer names; one that cannot be understood fails the whole batch. */
    private static int firstFailure(List<ObjectNode> batch, InvocationResult result) {
        try {
            var places = batch.stream()
                    .map(record -> record.at("/dynamodb/SequenceNumber").textValue())
                    .toList();
            var first = batch.size();
            for (var failure : Json.read(result.payload()).path("batchItemFailures")) {
                first = Math.min(
                        first,
                        Math.max(
                                0, places.indexOf(failure.path("itemIdentifier").asText())));
            }
            return first;
        } catch (JsonProcessingException e) {
            return 0;
        }
    }
}
