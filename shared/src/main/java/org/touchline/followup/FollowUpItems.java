package org.touchline.followup;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.InvalidValueException;
import org.touchline.dynamodb.Item;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.EnrollAgain;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LateHolders;
import org.touchline.followup.FollowUp.LateLook;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUp.Unsubscribe;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How follow-ups are written: what is to be done, and for whom, is in the key, so that the same wish is the same item. */
final class FollowUpItems {
    /** In no USSF-ID and no member identifier. */
    private static final String SEPARATOR = "#";

    private FollowUpItems() {}

    static String id(FollowUp work) {
        return joined(parts(work).stream());
    }

    /** An id for the log: of whom it is about, a USSF-ID may be told, and nothing else (design rule 21). */
    static String loggable(FollowUp work) {
        return joined(parts(work).stream().filter(part -> part instanceof String || part instanceof UssfId));
    }

    /** The queue of the work that has an id; empty if there is no such work. */
    static Optional<Queue> queue(String id) {
        try {
            return Optional.of(work(id).queue());
        } catch (IllegalStateException ofAnotherVersionOfTouchline) {
            return Optional.empty();
        }
    }

    private static List<Object> parts(FollowUp work) {
        return switch (work) {
            case Move(var former, var successor) -> List.of("move", former, successor);
            case LateLook(var former) -> List.of("late-look", former);
            case Subscribe(var ussfId) -> List.of("subscribe", ussfId);
            case FetchRefereeExperience(var ussfId) -> List.of("referee-experience", ussfId);
            case FetchGrassrootsCertificate(var ussfId) -> List.of("grassroots-referee-certificate", ussfId);
            case Enroll(var member) -> List.of("enroll", member);
            case EnrollAgain(var member) -> List.of("enroll-again", member);
            case Unsubscribe(var ussfId) -> List.of("unsubscribe", ussfId);
            case LateHolders(var ussfId) -> List.of("late-holders", ussfId);
            case Refresh(var ussfId) -> List.of("refresh", ussfId);
        };
    }

    private static String joined(Stream<Object> parts) {
        return parts.map(Objects::toString).collect(Collectors.joining(SEPARATOR));
    }

    /** @throws IllegalStateException if no follow-up has such an id */
    static FollowUp work(String id) {
        try {
            return work(id.split(SEPARATOR, -1));
        } catch (InvalidValueException | IndexOutOfBoundsException odd) {
            throw new IllegalStateException("no follow-up has such an id");
        }
    }

    private static FollowUp work(String[] parts) {
        var subject = parts[1];
        return switch (parts[0]) {
            case "move" -> new Move(new UssfId(subject), new UssfId(parts[2]));
            case "late-look" -> new LateLook(new UssfId(subject));
            case "subscribe" -> new Subscribe(new UssfId(subject));
            case "referee-experience" -> new FetchRefereeExperience(new UssfId(subject));
            case "grassroots-referee-certificate" -> new FetchGrassrootsCertificate(new UssfId(subject));
            case "enroll" -> new Enroll(new MemberIdentifier(subject));
            case "enroll-again" -> new EnrollAgain(new MemberIdentifier(subject));
            case "unsubscribe" -> new Unsubscribe(new UssfId(subject));
            case "late-holders" -> new LateHolders(new UssfId(subject));
            case "refresh" -> new Refresh(new UssfId(subject));
            default -> throw new IllegalStateException("no follow-up is called " + parts[0]);
        };
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
