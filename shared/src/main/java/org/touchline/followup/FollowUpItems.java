package org.touchline.followup;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.InvalidValueException;
import org.touchline.dynamodb.Item;
import org.touchline.followup.FollowUp.Kind;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How follow-ups are written: what is to be done, and for whom, is in the key, so that the same wish is the same item. */
final class FollowUpItems {
    /** In no USSF-ID and no member identifier. */
    private static final String SEPARATOR = "#";

    private FollowUpItems() {}

    static String id(FollowUp work) {
        return joined(work, work.subjects().stream());
    }

    /** An id for the log: of whom it is about, a USSF-ID may be told, and nothing else (design rule 21). */
    static String loggable(FollowUp work) {
        return joined(work, work.subjects().stream().filter(UssfId.class::isInstance));
    }

    /** The queue of the work that has an id; empty if there is no such work. */
    static Optional<Queue> queue(String id) {
        try {
            return Optional.of(work(id).kind().queue());
        } catch (IllegalStateException ofAnotherVersionOfTouchline) {
            return Optional.empty();
        }
    }

    private static String joined(FollowUp work, Stream<Object> subjects) {
        return Stream.concat(Stream.of(work.kind().storedName()), subjects)
                .map(Objects::toString)
                .collect(Collectors.joining(SEPARATOR));
    }

    /** @throws IllegalStateException if no follow-up has such an id */
    static FollowUp work(String id) {
        var parts = List.of(id.split(SEPARATOR, -1));
        try {
            return kind(parts.getFirst()).about(parts.subList(1, parts.size()));
        } catch (InvalidValueException | IndexOutOfBoundsException | NoSuchElementException odd) {
            throw new IllegalStateException("no follow-up has such an id");
        }
    }

    private static Kind kind(String storedName) {
        for (var kind : Kind.values()) {
            if (kind.storedName().equals(storedName)) {
                return kind;
            }
        }
        throw new IllegalStateException("no follow-up is called " + storedName);
    }

    /** Whom a follow-up is about, for the index {@code by-subject}: of a move, the former id. */
    static String subject(FollowUp work) {
        return subjects(id(work)).findFirst().orElseThrow();
    }

    /** Whom a follow-up is about, of whatever kind, those of other versions of Touchline included. */
    static Stream<String> subjects(String id) {
        return Arrays.stream(id.split(SEPARATOR)).skip(1);
    }

    static Map<String, AttributeValue> key(String id) {
        return new Item().with("id", id).attributes();
    }

    /** @throws IllegalStateException if the row cannot be read: another version of Touchline wrote it, or somebody else */
    static OwedFollowUp owed(Item item) {
        try {
            return new OwedFollowUp(
                    work(item.text("id")),
                    item.text("version"),
                    Instant.ofEpochMilli(item.number("dueAt")),
                    askedAt(item),
                    Math.toIntExact(item.number("attempts")),
                    Objects.requireNonNullElse(item.integer("unknownAnswers"), 0),
                    item.textOrNull("reason"));
        } catch (DateTimeException | ArithmeticException | NumberFormatException odd) {
            throw new IllegalStateException("a follow-up cannot be read");
        }
    }

    /** When it was first wished for; also of a row as the index has it. */
    static Instant askedAt(Item item) {
        try {
            return Instant.parse(item.text("askedAt"));
        } catch (DateTimeException odd) {
            throw new IllegalStateException("a follow-up has no askedAt");
        }
    }
}
