package org.touchline.license;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;

/**
 * The identifier of one of U.S. Soccer's certifications, such as {@code referee_8}.
 *
 * @param value lower case, without surrounding space, 1 to 200 characters
 */
public record LicenseId(String value) implements Comparable<LicenseId> {
    private static final int MAX_LENGTH = 200;
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** @throws InvalidValueException unless it is 1 to 200 characters, lower case and trimmed */
    public LicenseId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new InvalidValueException("a license id has 1 to " + MAX_LENGTH + " characters");
        }
        if (!value.equals(normalized(value))) {
            throw new InvalidValueException("a license id is lower case and has no space around it");
        }
    }

    /**
     * Reads an identifier as the Learning Center writes it (wire contract §1): trimmed, lower case; a bare number with a
     * discipline beside it becomes {@code discipline_number}, one without stays as its digits.
     *
     * @throws InvalidValueException if nothing is left, or too much
     */
    public static LicenseId parse(String text, @Nullable String discipline) {
        var id = normalized(text);
        if (discipline != null && !discipline.isBlank() && DIGITS.matcher(id).matches()) {
            return new LicenseId(normalized(discipline) + "_" + id);
        }
        return new LicenseId(id);
    }

    private static String normalized(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(LicenseId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
