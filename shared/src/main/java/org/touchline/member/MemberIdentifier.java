package org.touchline.member;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.touchline.InvalidValueException;

/**
 * A member number of the organization (wire contract §4): compared in upper case, without space around it. What is pasted from a
 * table, a mail or a page may have a no-break space, a zero-width one or a mark of direction around it, which nobody sees and which is
 * no part of it: every white space of Unicode, and every format character (general category Cf).
 *
 * @param value 1 to 64 of A–Z, digits, spaces and {@code . _ - ~ : @}
 */
public record MemberIdentifier(String value) implements Comparable<MemberIdentifier> {
    private static final Pattern CANONICAL = Pattern.compile("[A-Z0-9 ._~:@-]{1,64}");
    private static final Pattern ASCII = Pattern.compile("\\p{ASCII}*");
    private static final int NEXT_LINE = 0x85;

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
        var visible = withoutSpaceAround(text);
        // Not before this look at it: in upper case, some letters beyond ASCII become letters of ASCII.
        var ascii = ASCII.matcher(visible).matches() ? visible : "";
        return new MemberIdentifier(ascii.toUpperCase(Locale.ROOT));
    }

    /** Whether a text is nothing but space that {@link #parse} does not count. */
    public static boolean isBlank(String text) {
        return text.codePoints().allMatch(MemberIdentifier::isSpace);
    }

    /** A text as {@link #parse} looks at it. */
    public static String withoutSpaceAround(String text) {
        var from = 0;
        while (from < text.length() && isSpace(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        var to = text.length();
        while (to > from && isSpace(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean isSpace(int character) {
        return Character.isWhitespace(character)
                || Character.isSpaceChar(character)
                || Character.getType(character) == Character.FORMAT
                || character == NEXT_LINE;
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
