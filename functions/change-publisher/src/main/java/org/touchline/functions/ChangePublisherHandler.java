package org.touchline.functions;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.change.ChangePublisher;
import org.touchline.lambda.EventWiring;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.time.Deadline;

/**
 * Puts what is new in the history on the event bus (wire contract §9), as its stream says, each entry at least once. What the bus does not
 * take is handed over again, until it does or the stream forgets it (design rule 29).
 */
@NullMarked
public final class ChangePublisherHandler extends InvokedFunction {
    private static final String STREAM = "ChangeHistoryTable";

    private final ChangePublisher publisher;
    private final Metrics metrics;
    private final InstantSource clock;

    /** For Lambda. */
    public ChangePublisherHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public ChangePublisherHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private ChangePublisherHandler(Wiring wiring) {
        super(wiring.clock());
        this.publisher = new ChangePublisher(
                wiring.dynamoDb(),
                wiring.required("CHANGE_HISTORY_TABLE"),
                Duration.ofDays(wiring.number("HISTORY_DAYS")),
                new EventWiring(wiring).bus(),
                wiring.clock());
        this.metrics = wiring.metrics();
        this.clock = wiring.clock();
    }

    @Override
    protected String acceptedPayloads() {
        return "events of the stream of " + STREAM + ", and nothing else; ChangeReplayFunction publishes again";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (!payload.path("Records").isArray()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        tellAge(payload);
        var places = places(payload);
        var published = publisher.publish(places.keySet(), deadline);
        metrics.line()
                .count(Metrics.CHANGES_PUBLISHED, published.published())
                .countIfAny(Metrics.CHANGES_REFUSED, published.refused().size())
                .write();
        published.refused().forEach(number -> log("the bus will never take the entry number " + number));
        if (!published.failed().isEmpty()) {
            log(published.failed().size() + " of " + places.size()
                    + " entries could not be published, and will be tried again: " + published.reason());
        }
        return failures(published.failed(), places);
    }

    /** Whether it succeeds or not: what waits gets older (design rule 29). */
    private void tellAge(JsonObject event) {
        event.path("Records")
                .valueStream()
                .map(record -> record.path("dynamodb")
                        .path("ApproximateCreationDateTime")
                        .decimalValue()
                        .longValue())
                .min(Long::compare)
                .map(oldest -> Duration.between(Instant.ofEpochSecond(oldest), clock.instant()))
                .ifPresent(age -> metrics.line()
                        .by(Metrics.STREAM, STREAM)
                        .seconds(Metrics.STREAM_DELAY, age.isNegative() ? Duration.ZERO : age)
                        .write());
    }

    /** Where each entry stands in the stream, by its number. */
    private static Map<Long, String> places(JsonObject event) {
        var places = new LinkedHashMap<Long, String>();
        for (var record : event.path("Records")) {
            places.putIfAbsent(
                    Long.parseLong(record.path("dynamodb")
                            .path("Keys")
                            .path("sk")
                            .path("N")
                            .asText()),
                    record.path("dynamodb").path("SequenceNumber").asText());
        }
        return places;
    }

    /** As Lambda wants it told where to go on. */
    private static JsonObject failures(Collection<Long> failed, Map<Long, String> places) {
        var document = new JsonObject();
        var failures = document.putArray("batchItemFailures");
        failed.forEach(number -> failures.addObject().put("itemIdentifier", places.get(number)));
        return document;
    }
}
