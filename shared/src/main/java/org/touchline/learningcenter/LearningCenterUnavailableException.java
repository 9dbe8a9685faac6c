package org.touchline.learningcenter;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Learning Center did not answer, or asked to be left alone (429, 5xx), and what could be tried within the caller's time
 * was tried (design rule 17): try again later.
 */
public final class LearningCenterUnavailableException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    private final @Nullable Instant retryAfter;

    public LearningCenterUnavailableException(String message, @Nullable Instant retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Before when nobody should try again, where the Learning Center said so. */
    public Optional<Instant> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
