package org.touchline.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The part of EventBridge that publishes, in this process, in memory, on 127.0.0.1 only: PutEvents, with its limits and its errors, of
 * the whole call and of single entries. {@code GET /events?after=<number>} lists the last {@value #KEPT} that were put, oldest first
 * (wire contract §6). {@code PUT /outage} with {@code {"status":503}} makes every call fail, with {@code {"everyNth":3}} that share of
 * the entries, until {@code DELETE /outage}. Signatures are not checked.
 *
 * <p>It is no kinder than EventBridge: it takes 256 KiB at once, EventBridge lately more.
 *
 * <p>Thread-safe.
 */
public final class EventsEndpoint implements AutoCloseable {
    /** How many events are kept. */
    public static final int KEPT = 1_000;

    private static final int MOST_ENTRIES = 10;
    private static final int MOST_BYTES = 256 * 1024;
    private static final String NAME_OF_A_BUS_ARN = ":event-bus/";
    private static final JsonMapper JSON = new JsonMapper();

    private final InstantSource clock;
    private final AwsJsonServer server;
    private final List<Consumer<PutEvent>> listeners = new CopyOnWriteArrayList<>();
    private final Deque<PutEvent> kept = new ArrayDeque<>();
    private long lastNumber;
    private volatile Predicate<PutEvent> refused = _ -> false;

    private EventsEndpoint(int port, InstantSource clock) {
        this.clock = clock;
        server = AwsJsonServer.start(port, "EventBridge", "AWSEvents.", new AwsJsonServer.Operations() {
            @Override
            public ObjectNode call(String operation, ObjectNode request) {
                if (!operation.equals("PutEvents")) {
                    throw new RefusedCallException(
                            "UnknownOperationException", "There is no " + operation + " here, only PutEvents.");
                }
                return putEvents(request);
            }

            @Override
            public AwsJsonServer.Answer other(HttpExchange request, String service) throws IOException {
                var asked = request.getRequestMethod() + " "
                        + request.getRequestURI().getPath();
                return switch (asked) {
                    case "GET /events" -> list(request.getRequestURI().getQuery());
                    case "PUT /outage" -> outage(AwsJsonServer.object(request));
                    case "DELETE /outage" -> {
                        restore();
                        yield new AwsJsonServer.Answer(200, JsonNodeFactory.instance.objectNode());
                    }
                    default ->
                        throw new RefusedCallException(
                                "UnknownOperationException",
                                "There is PutEvents here, GET /events?after=<number>, PUT /outage and DELETE /outage.");
                };
            }
        });
    }

    /** Starts it as {@link #start(int, InstantSource)} does, on the system's clock. */
    public static EventsEndpoint start(int port) {
        return start(port, InstantSource.system());
    }

    /**
     * Starts it without any event.
     *
     * @param port where it listens; 0 takes any free port
     * @param clock the time of events that name none
     * @throws UncheckedIOException when it cannot listen there; the message names address and port
     */
    public static EventsEndpoint start(int port, InstantSource clock) {
        return new EventsEndpoint(port, clock);
    }

    /** Where it listens, such as {@code http://127.0.0.1:8002}. */
    public URI endpoint() {
        return server.endpoint();
    }

    /** Is told each event that is put from now on, in order. */
    public void tell(Consumer<PutEvent> listener) {
        listeners.add(listener);
    }

    /** The last that were put, oldest first. */
    public List<PutEvent> events() {
        synchronized (kept) {
            return List.copyOf(kept);
        }
    }

    /** From now on every call fails with a status from 500 to 599. The SDK tries such a call again before it gives up. */
    public void failWith(int status) {
        server.failWith(status);
    }

    /** From now on these entries fail, and the others of their calls do not. */
    public void refuse(Predicate<PutEvent> which) {
        refused = which;
    }

    /** Ends what {@link #failWith} and {@link #refuse} began. */
    public void restore() {
        server.restore();
        refused = _ -> false;
    }

    /** Stops it at once; the events are gone. */
    @Override
    public void close() {
        server.close();
    }

    private ObjectNode putEvents(ObjectNode request) {
        var entries = StreamSupport.stream(request.path("Entries").spliterator(), false)
                .toList();
        if (entries.isEmpty() || entries.size() > MOST_ENTRIES) {
            throw RefusedCallException.validation("1 validation error detected: Value at 'entries' failed to satisfy"
                    + " constraint: Member must have length between 1 and " + MOST_ENTRIES);
        }
        if (entries.stream().mapToInt(EventsEndpoint::size).sum() > MOST_BYTES) {
            throw RefusedCallException.validation("Total size of the entries in the request is over the limit.");
        }
        var answer = JsonNodeFactory.instance.objectNode();
        var results = answer.putArray("Entries");
        var failed = 0;
        for (var entry : entries) {
            try {
                var event = put(entry);
                results.addObject().put("EventId", event.id());
            } catch (RefusedCallException e) {
                failed++;
                results.addObject().put("ErrorCode", e.type()).put("ErrorMessage", e.getMessage());
            }
        }
        return answer.put("FailedEntryCount", failed);
    }

    private PutEvent put(JsonNode entry) {
        PutEvent event;
        // Listeners too: in order.
        synchronized (kept) {
            event = event(entry, lastNumber + 1);
            if (refused.test(event)) {
                throw new RefusedCallException("InternalFailure", "This endpoint was told to fail.");
            }
            lastNumber = event.number();
            kept.addLast(event);
            if (kept.size() > KEPT) {
                kept.removeFirst();
            }
            listeners.forEach(listener -> listener.accept(event));
        }
        return event;
    }

    private PutEvent event(JsonNode entry, long number) {
        var source = required(entry, "Source");
        if (source.startsWith("aws.")) {
            throw new RefusedCallException(
                    "NotAuthorizedForSourceException", "Not authorized for the source " + source + ".");
        }
        var bus = entry.path("EventBusName").asText("default");
        var name = bus.indexOf(NAME_OF_A_BUS_ARN);
        return new PutEvent(
                number,
                name < 0 ? bus : bus.substring(name + NAME_OF_A_BUS_ARN.length()),
                UUID.randomUUID().toString(),
                source,
                required(entry, "DetailType"),
                time(entry.get("Time")),
                detail(required(entry, "Detail")));
    }

    private static String required(JsonNode entry, String field) {
        var text = entry.path(field).asText("");
        if (text.isEmpty()) {
            throw new RefusedCallException(
                    "InvalidArgument",
                    "Parameter " + field + " is not valid. Reason: " + field + " is a required argument.");
        }
        return text;
    }

    private static ObjectNode detail(String json) {
        try {
            if (JSON.readTree(json) instanceof ObjectNode object) {
                return object;
            }
        } catch (JacksonException e) {
            // Refused below, like JSON of another kind.
        }
        throw new RefusedCallException("MalformedDetail", "Detail is malformed.");
    }

    /** Seconds since the epoch, as the protocol has it; whole ones, as EventBridge hands it on. */
    private Instant time(@Nullable JsonNode seconds) {
        return Instant.ofEpochSecond(
                seconds == null || !seconds.isNumber() ? clock.instant().getEpochSecond() : seconds.longValue());
    }

    /** As EventBridge counts: 14 for the time, and the bytes of source, type, detail and resources. */
    private static int size(JsonNode entry) {
        var size = entry.has("Time") ? 14 : 0;
        for (var field : List.of("Source", "DetailType", "Detail")) {
            size += entry.path(field).asText("").getBytes(UTF_8).length;
        }
        for (var resource : entry.path("Resources")) {
            size += resource.asText().getBytes(UTF_8).length;
        }
        return size;
    }

    private AwsJsonServer.Answer list(@Nullable String query) {
        var parameters = Objects.requireNonNullElse(query, "");
        if (!parameters.matches("(after=\\d{1,18})?")) {
            throw RefusedCallException.validation(
                    "The one parameter is after, a number: " + parameters + " is something else.");
        }
        var after = parameters.isEmpty() ? 0 : Long.parseLong(parameters.substring("after=".length()));
        var answer = JsonNodeFactory.instance.objectNode();
        var list = answer.putArray("events");
        events().stream()
                .filter(event -> event.number() > after)
                .map(PutEvent::listed)
                .forEach(list::add);
        return new AwsJsonServer.Answer(200, answer);
    }

    private AwsJsonServer.Answer outage(ObjectNode wanted) {
        var status = wanted.path("status").asInt();
        var everyNth = wanted.path("everyNth").asInt();
        if (wanted.size() == 1 && status >= 500 && status <= 599) {
            failWith(status);
        } else if (wanted.size() == 1 && everyNth > 0) {
            var asked = new AtomicInteger();
            refuse(_ -> asked.incrementAndGet() % everyNth == 0);
        } else {
            throw RefusedCallException.validation(
                    "{\"status\"} from 500 to 599 makes every call fail, {\"everyNth\"} that share of the entries.");
        }
        return new AwsJsonServer.Answer(200, wanted);
    }
}
