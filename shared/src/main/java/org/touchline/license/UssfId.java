package org.touchline.license;

import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.touchline.InvalidValueException;

/**
 * The Learning Center's 16-digit identifier of a person. A person's identifier may change; then the old one is never used
 * again (Connect API, "Update of a user's USSF-ID").
 *
 * @param value 16 ASCII digits
 */
public record UssfId(String value) implements Comparable<UssfId> {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{16}");

    /** @throws InvalidValueException unless it has exactly 16 digits */
    public UssfId {
        if (!DIGITS.matcher(value).matches()) {
            throw new InvalidValueException("a USSF-ID has 16 digits");
        }
    }

    /**
     * Reads an identifier as people and systems write it: spaces and dashes between the digits do not count (wire contract §1).
     *
     * @throws InvalidValueException unless 16 digits remain
     */
    public static UssfId parse(String text) {
        return new UssfId(text.replace(" ", "").replace("-", ""));
    }

    /**
     * An identifier among many that are stored: one that is none is passed over, and does not end the work on the others (design
     * rule 24).
     *
     * @param odd told if the text is none
     */
    public static Stream<UssfId> ofStored(String text, Runnable odd) {
        if (DIGITS.matcher(text).matches()) {
            return Stream.of(new UssfId(text));
        }
        odd.run();
        return Stream.empty();
    }

    /** The identifier of that {@linkplain #number number}. */
    public static UssfId of(long number) {
        return new UssfId(String.format(Locale.ROOT, "%016d", number));
    }

    /** The same as a number: 8 bytes where an object takes a hundred. */
    public long number() {
        return Long.parseLong(value);
    }

    @Override
    public int compareTo(UssfId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
