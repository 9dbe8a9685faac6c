package org.touchline.learningcenter;

/**
 * What the Learning Center sent cannot be understood. The message is the reason, for the person who looks into it: it names
 * the field and what was expected, never what was there.
 */
public final class UnintelligibleException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    /** @param reason such as {@code "updated_at is missing"} */
    public UnintelligibleException(String reason) {
        super(reason);
    }
}
