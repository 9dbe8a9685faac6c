package org.touchline.secret;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonValue;

/**
 * What a secret holds, and since when: every new value has a new id.
 *
 * @param id the version id of Secrets Manager
 * @param value a JSON object (wire contract §8)
 */
public record SecretVersion(String id, JsonValue value) {
    /** What the template puts into a secret whose value only the organization can know. */
    private static final String PLACEHOLDER = "replace-me";

    /** A field's text; empty if it is missing, no text, blank or the placeholder, which all are no value (design rule 20). */
    public static Optional<String> usable(@Nullable JsonValue field) {
        return Optional.ofNullable(field)
                .filter(JsonValue::isTextual)
                .map(JsonValue::asText)
                .filter(text -> !isNoValue(text));
    }

    /** Whether a text is blank or the placeholder. */
    public static boolean isNoValue(String text) {
        return text.isBlank() || text.equals(PLACEHOLDER);
    }

    /**
     * A field's text; empty if it is missing, null, blank or the placeholder.
     *
     * @throws InvalidValueException if it is anything but a text
     */
    public Optional<String> text(String name) {
        var field = value.path(name);
        if (!field.isTextual() && !field.isMissingNode() && !field.isNull()) {
            throw new InvalidValueException("\"" + name + "\" is a text");
        }
        return usable(field);
    }

    /**
     * Refuses an object that holds something, but nothing of what it should: a mistyped name, or the value of another secret.
     *
     * @throws InvalidValueException then
     */
    public void requireOneOf(String... names) {
        if (!value.isEmpty() && Stream.of(names).noneMatch(value::has)) {
            throw new InvalidValueException("it has no \"" + String.join("\" and no \"", names) + "\"");
        }
    }

    /**
     * Until when what this secret calls previous is live: its {@code previousUntil} (ISO-8601, UTC), or, where there is none,
     * until it is taken out (wire contract §8). An end that cannot be read has passed.
     */
    public Instant previousUntil() {
        var until = value.path("previousUntil");
        if (until.isMissingNode() || until.isNull()) {
            return Instant.MAX;
        }
        try {
            return Instant.parse(until.asText());
        } catch (DateTimeParseException unreadable) {
            return Instant.MIN;
        }
    }

    /** The id alone. */
    @Override
    public String toString() {
        return "SecretVersion[" + id + "]";
    }
}
