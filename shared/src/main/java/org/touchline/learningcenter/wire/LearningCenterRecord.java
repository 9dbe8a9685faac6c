package org.touchline.learningcenter.wire;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.UssfId;

/**
 * A JSON object of the Learning Center, read with the tolerance of wire contract §1: the source spells one field several
 * ways ({@code USSF-ID}, {@code ussf_id}, {@code Current USSF-ID}), writes numbers as texts, and leaves things out.
 *
 * <p>Every method takes a field's {@code snake_case} name. A field that is absent, {@code null} or a blank text is missing;
 * one that is there but cannot be read is an {@link UnintelligibleException}, required or not: an expiration date that
 * nobody could read must not turn into a license that never expires.
 */
public final class LearningCenterRecord {
    /** What a database that knows no missing date writes, as a date or a date-time. */
    private static final Pattern NO_DATE = Pattern.compile("0000-00-00([Tt ]00:00(:00(\\.0+)?)?([Zz]|[+-]00:?00)?)?");

    private final Map<String, Set<JsonValue>> fields = new HashMap<>();

    /** @throws UnintelligibleException if it is no object */
    public LearningCenterRecord(JsonValue json) {
        if (!json.isObject()) {
            throw new UnintelligibleException("an object was expected, and there is " + kind(json));
        }
        for (var field : json.properties()) {
            fields.computeIfAbsent(normalized(field.getKey()), spelling -> new HashSet<>())
                    .add(field.getValue());
        }
    }

    /** A person's identifier; required. */
    public UssfId ussfId(String name) {
        return required(name, ussfIdOrNull(name));
    }

    /** A person's identifier; null if missing. */
    public @Nullable UssfId ussfIdOrNull(String name) {
        return read(name, "16 digits", UssfId::parse);
    }

    /** The field {@code license_id}, with {@code discipline} where it is a bare number; required. */
    public LicenseId licenseId() {
        var discipline = text("discipline");
        return required("license_id", read("license_id", "a license id", id -> LicenseId.parse(id, discipline)));
    }

    /** The field {@code action}: what it says of the license's state; required. */
    public LicenseState action() {
        return required("action", read("action", "one of added, updated, removed", action -> {
            return switch (action.toLowerCase(Locale.ROOT)) {
                case "added", "updated" -> LicenseState.ACTIVE;
                case "removed" -> LicenseState.REMOVED;
                default -> throw new InvalidValueException("no known action");
            };
        }));
    }

    /** An instant; required. */
    public Instant timestamp(String name) {
        return required(name, timestampOrNull(name));
    }

    /** An instant; null if missing. */
    public @Nullable Instant timestampOrNull(String name) {
        return read(name, "a timestamp", Timestamps::parse);
    }

    /** A day, a date-time being cut to its date; null if missing or {@code 0000-00-00}. */
    public @Nullable LocalDate date(String name) {
        return read(name, "a date", text -> NO_DATE.matcher(text).matches() ? null : Timestamps.parseDate(text));
    }

    /** A whole number; null if missing. */
    public @Nullable Integer wholeNumber(String name) {
        return read(name, "a whole number", text -> new BigDecimal(text).intValueExact());
    }

    /** A text without the space around it, numbers and booleans included; null if missing. */
    public @Nullable String text(String name) {
        return read(name, "a text", text -> text);
    }

    /** A text; required. */
    public String requiredText(String name) {
        return required(name, text(name));
    }

    /** One text, or an array of texts, without the space around them; required, and what is no text in an array is blank. */
    public List<String> texts(String name) {
        var value = field(name);
        if (value == null || !value.isArray()) {
            return List.of(requiredText(name));
        }
        return value.valueStream()
                .map(text -> Objects.requireNonNullElse(scalar(text), "").strip())
                .toList();
    }

    /** {@code true} or {@code false}, in any case; required. */
    public boolean truth(String name) {
        return required(name, read(name, "true or false", text -> {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "true" -> Boolean.TRUE;
                case "false" -> Boolean.FALSE;
                default -> throw new InvalidValueException("neither true nor false");
            };
        }));
    }

    /** An object within this one; null if missing. */
    public @Nullable LearningCenterRecord object(String name) {
        var value = field(name);
        return value == null ? null : new LearningCenterRecord(value);
    }

    /** Whether the field is there and not {@code null}. */
    public boolean has(String name) {
        return field(name) != null;
    }

    private <T> @Nullable T read(String name, String expected, Function<String, @Nullable T> parse) {
        var value = field(name);
        if (value == null) {
            return null;
        }
        var text = scalar(value);
        if (text == null) {
            throw new UnintelligibleException(name + " is " + kind(value) + ", and should be " + expected);
        }
        if (text.isBlank()) {
            return null;
        }
        if (!Json.isWellFormed(text)) {
            throw new UnintelligibleException(name + " is no Unicode text");
        }
        try {
            return parse.apply(text.strip());
        } catch (InvalidValueException | DateTimeException | ArithmeticException | NumberFormatException unreadable) {
            throw new UnintelligibleException(name + " is not " + expected);
        }
    }

    /** What is in a field; null if it is missing. */
    private @Nullable JsonValue field(String name) {
        var values = fields.getOrDefault(normalized(name), Set.of());
        if (values.size() > 1) {
            throw new UnintelligibleException(name + " is there twice, in two spellings, with different values");
        }
        return values.stream().filter(value -> !value.isNull()).findFirst().orElse(null);
    }

    private static <T> T required(String name, @Nullable T value) {
        if (value == null) {
            throw new UnintelligibleException(name + " is missing");
        }
        return value;
    }

    private static @Nullable String scalar(JsonValue value) {
        return value.isValueNode() ? value.asText() : null;
    }

    static String kind(JsonValue json) {
        return switch (json.kind()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a text";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            default -> "nothing";
        };
    }

    /** A field name without case, dashes, underscores and spaces, which do not count. */
    static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "").replace(" ", "");
    }
}
