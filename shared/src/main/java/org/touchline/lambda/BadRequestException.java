package org.touchline.lambda;

import org.touchline.ExplainedException;

/**
 * A request that its sender must change: answered 400. The message says what to change, and of what was sent it holds the name
 * of an unknown query parameter at most.
 */
public final class BadRequestException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, as the answer's {@code detail} */
    public BadRequestException(String message) {
        super(message);
    }
}
