package org.touchline.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.touchline.embedded.Template;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Ruler;

/**
 * Hands a stream's records to its function: those that fit the filter, in order, at least once. A batch that fails is tried
 * again, at most {@value #RETRIES} times (in the cloud, unless the template says otherwise, until its records expire), and is
 * then given up with a line that says so.
 */
final class BatchDelivery {
    private static final int RETRIES = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(50);

    private final Template.StreamMapping mapping;
    private final FunctionPool function;
    private final PrintStream out;
    private final int retries;

    /**
     * A delivery to one function.
     *
     * @param out where records that are given up are told
     * @throws IllegalArgumentException if a filter pattern cannot be understood; the message names the mapping
     */
    BatchDelivery(Template.StreamMapping mapping, FunctionPool function, PrintStream out) {
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
        this.retries = wanted < 0 ? RETRIES : Math.min(wanted, RETRIES);
    }

    /** Returns when the function has dealt with the records, or when they are given up. */
    void deliver(List<ObjectNode> records) throws InterruptedException {
        var rest = records.stream().filter(this::isWanted).toList();
        var pause = FIRST_PAUSE;
        for (var attempt = 0; !rest.isEmpty() && attempt <= retries; attempt++) {
            if (attempt > 0) {
                Thread.sleep(pause);
                pause = pause.multipliedBy(2);
            }
            rest = rest.subList(dealtWith(rest), rest.size());
        }
        if (!rest.isEmpty()) {
            out.printf(
                    Locale.ROOT,
                    "[%s] gave up %d record(s) of its stream%n",
                    function.function().logicalId(),
                    rest.size());
        }
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
