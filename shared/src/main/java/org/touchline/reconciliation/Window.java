package org.touchline.reconciliation;

import java.time.Instant;
import org.touchline.InvalidValueException;

/**
 * A range of time, frozen while it is walked (design rule 11).
 *
 * @param start the first instant
 * @param end the last one
 */
public record Window(Instant start, Instant end) {
    /** @throws InvalidValueException if it ends before it starts */
    public Window {
        if (end.isBefore(start)) {
            throw new InvalidValueException("a window ends after it starts");
        }
    }
}
