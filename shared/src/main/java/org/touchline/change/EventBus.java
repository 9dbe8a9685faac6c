package org.touchline.change;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/**
 * The stack's bus: puts entries there, each at least once (wire contract §9, design rule 29). {@code source} is {@value #SOURCE},
 * {@code detail-type} the entry's type, {@code detail} the whole event.
 *
 * <p>Safe for use by several threads.
 */
public final class EventBus {
    /** What every event of every stack has as its source. */
    public static final String SOURCE = "touchline";

    /** As many, and as much, as EventBridge takes at once. */
    private static final int MOST_AT_ONCE = 10;

    private static final int MOST_BYTES = 256 * 1024;

    /** What EventBridge counts of an event beside its text: the time. */
    private static final int TIME_BYTES = 14;

    private static final int MOST_ROUNDS = 6;
    private static final Duration FIRST_WAIT = Duration.ofMillis(200);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    /** Codes that say that an event is wrong, and not that EventBridge cannot. */
    private static final Set<String> FOR_GOOD = Set.of("MalformedDetail", "InvalidArgument", "ValidationException");

    private final EventBridgeClient client;
    private final String name;
    private final String stackName;
    private final Pacing pacing;

    /**
     * A bus.
     *
     * @param name what it is called
     * @param stackName of the stack that tells
     * @param pacing waits between tries
     */
    public EventBus(EventBridgeClient client, String name, String stackName, Pacing pacing) {
        this.client = client;
        this.name = name;
        this.stackName = stackName;
        this.pacing = pacing;
    }

    /**
     * What became of entries.
     *
     * @param published are on the bus
     * @param refused EventBridge would never take, for it says that they are wrong, or they are too large
     * @param failed can be published again; why, the reason says
     * @param reason in one line, without anything of the entries; empty if none failed
     */
    public record Outcome(List<Entry> published, List<Entry> refused, List<Entry> failed, String reason) {
        public Outcome {
            published = List.copyOf(published);
            refused = List.copyOf(refused);
            failed = List.copyOf(failed);
        }
    }

    /**
     * Publishes entries. Those that fail are tried again alone, a few times, with growing waits.
     *
     * @param deadline ends that earlier
     */
    public Outcome publish(List<Entry> entries, Deadline deadline) {
        var publishing = new Publishing();
        var left = entries.stream().map(this::event).toList();
        for (var round = 0; !left.isEmpty(); round++) {
            left = publishing.round(left);
            var wait = pacing.upTo(Pacing.doubled(FIRST_WAIT, LONGEST_WAIT, round));
            if (!left.isEmpty() && (round + 1 == MOST_ROUNDS || !pacing.pause(wait, deadline))) {
                break;
            }
        }
        return publishing.outcome(left);
    }

    /** An entry as it is put. */
    private record Event(Entry entry, PutEventsRequestEntry put, int bytes) {}

    private Event event(Entry entry) {
        var detail = entry.event(stackName).toString();
        var type = entry.type().wireName();
        return new Event(
                entry,
                PutEventsRequestEntry.builder()
                        .eventBusName(name)
                        .source(SOURCE)
                        .detailType(type)
                        .time(entry.time())
                        .detail(detail)
                        .build(),
                TIME_BYTES + SOURCE.length() + type.length() + detail.getBytes(UTF_8).length);
    }

    /** What becomes of some, over several rounds. */
    private final class Publishing {
        private final List<Entry> published = new ArrayList<>();
        private final List<Entry> refused = new ArrayList<>();
        private String reason = "";

        /** Tries each once; those that failed. */
        List<Event> round(List<Event> events) {
            var failed = new ArrayList<Event>();
            for (var from = 0; from < events.size(); ) {
                var some = events.subList(from, from + fitting(events.subList(from, events.size())));
                try {
                    failed.addAll(put(some));
                } catch (EventBridgeException refusal) {
                    if (!FOR_GOOD.contains(refusal.awsErrorDetails().errorCode())) {
                        return unanswered(refusal, failed, events.subList(from, events.size()));
                    }
                    failed.addAll(refusedTogether(some, refusal));
                } catch (SdkException unanswered) {
                    return unanswered(unanswered, failed, events.subList(from, events.size()));
                }
                from += some.size();
            }
            return failed;
        }

        /** Whoever gets no answer asks no further: each of the others would wait as long. */
        private List<Event> unanswered(SdkException failure, List<Event> failed, List<Event> rest) {
            reason = String.valueOf(failure.getMessage());
            failed.addAll(rest);
            return failed;
        }

        private List<Event> put(List<Event> some) {
            var answer = client.putEvents(
                    request -> request.entries(some.stream().map(Event::put).toList()));
            var failed = new ArrayList<Event>();
            for (var place = 0; place < some.size(); place++) {
                var code = code(answer, place);
                if (code == null) {
                    published.add(some.get(place).entry());
                } else if (FOR_GOOD.contains(code)) {
                    refused.add(some.get(place).entry());
                } else {
                    reason = "EventBridge says " + code;
                    failed.add(some.get(place));
                }
            }
            return failed;
        }

        /** Of several, one may be wrong: they are tried one by one. */
        private List<Event> refusedTogether(List<Event> some, EventBridgeException refusal) {
            if (some.size() > 1) {
                var failed = new ArrayList<Event>();
                some.forEach(each -> failed.addAll(round(List.of(each))));
                return failed;
            }
            reason = String.valueOf(refusal.awsErrorDetails().errorCode());
            refused.add(some.getFirst().entry());
            return List.of();
        }

        Outcome outcome(List<Event> left) {
            return new Outcome(
                    published, refused, left.stream().map(Event::entry).toList(), left.isEmpty() ? "" : reason);
        }
    }

    /** EventBridge's word on one; null if it took it. An answer that says nothing of it is no word that it did. */
    private static @Nullable String code(PutEventsResponse answer, int place) {
        if (place >= answer.entries().size()) {
            return "nothing";
        }
        var entry = answer.entries().get(place);
        return entry.errorCode() == null && entry.eventId() == null ? "nothing" : entry.errorCode();
    }

    /** How many of the first go together; one, however large. */
    private static int fitting(List<Event> events) {
        var bytes = 0;
        for (var count = 0; count < Math.min(MOST_AT_ONCE, events.size()); count++) {
            bytes += events.get(count).bytes();
            if (count > 0 && bytes > MOST_BYTES) {
                return count;
            }
        }
        return Math.min(MOST_AT_ONCE, events.size());
    }
}
