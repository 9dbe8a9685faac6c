package org.touchline.member;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.touchline.InvalidValueException;

/**
 * A member number of the organization (wire contract §4): compared in upper case, without space around it.
 *
 * @param value 1 to 64 of A–Z, digits, spaces and {@code . _ - ~ : @}
 */
public record MemberIdentifier(String value) implements Comparable<MemberIdentifier> {
    private static final Pattern CANONICAL = Pattern.compile("[A-Z0-9 ._~:@-]{1,64}");
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");

    /** @throws InvalidValueException unless it has the form above, without space around it */
    public MemberIdentifier {
        if (!CANONICAL.matcher(value).matches() || !value.equals(value.strip())) {
            throw new InvalidValueException(
                    "a member identifier has 1 to 64 letters (A-Z), digits, spaces and . _ - ~ : @");
        }
    }

    /**
     * Reads an identifier as people type it, in any case and with space around it.
     *
     * @throws InvalidValueException if it cannot be one
     */
    public static MemberIdentifier parse(String text) {
        // Not before this look at it: in upper case, some letters beyond ASCII become letters of ASCII.
        var ascii = ASCII.matcher(text).matches() ? text : "";
        return new MemberIdentifier(ascii.strip().toUpperCase(Locale.ROOT));
    }

    /** {@link #parse} for a text that may be anything; empty if it cannot be an identifier. */
    public static Optional<MemberIdentifier> tryParse(String text) {
        try {
            return Optional.of(parse(text));
        } catch (InvalidValueException noIdentifier) {
            return Optional.empty();
        }
    }

    @Override
    public int compareTo(MemberIdentifier other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
