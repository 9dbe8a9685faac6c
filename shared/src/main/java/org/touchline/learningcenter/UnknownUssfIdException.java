package org.touchline.learningcenter;

/** The Learning Center knows nobody of that USSF-ID (404): asking again does not help (design rule 18). */
public final class UnknownUssfIdException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    public UnknownUssfIdException() {
        super("the USSF-ID does not exist");
    }
}
