package org.touchline;

import static java.util.Objects.requireNonNull;

/** An exception of ours: it always has a message, which says to whoever reads it what is wrong. */
public abstract class ExplainedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected ExplainedException(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return requireNonNull(super.getMessage());
    }
}
