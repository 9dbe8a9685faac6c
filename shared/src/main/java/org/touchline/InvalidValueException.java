package org.touchline;

/**
 * A text that is not what it should be. The message says what was expected, never what was there: it may be somebody's
 * birth date.
 */
public final class InvalidValueException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    /** @param message what was expected, such as {@code "a USSF-ID has 16 digits"} */
    public InvalidValueException(String message) {
        super(message);
    }
}
