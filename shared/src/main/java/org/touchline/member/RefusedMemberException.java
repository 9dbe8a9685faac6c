package org.touchline.member;

import org.touchline.ExplainedException;

/** A member's details that cannot be stored, because of one field. The message holds nothing of what was given. */
public final class RefusedMemberException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    private final String field;

    /** @param message what the field should be, such as {@code "a date such as 1977-01-31"} */
    public RefusedMemberException(String field, String message) {
        super(field + ": " + message);
        this.field = field;
    }

    /** The field's name, as it is spelled on the wire. */
    public String field() {
        return field;
    }
}
