package org.touchline.learningcenter;

import org.touchline.ExplainedException;

/**
 * The Learning Center did not do what it was asked to, or did not say it as it should. The kinds differ in what a caller can
 * do about it. Messages name the call as the wire contract does, and hold nothing of what was sent or answered: it is
 * personal (design rule 21).
 */
public abstract sealed class LearningCenterException extends ExplainedException
        permits BirthDateMismatchException,
                LearningCenterUnavailableException,
                RefusedException,
                UnintelligibleException,
                UnknownUssfIdException,
                UssfIdChangedException {
    private static final long serialVersionUID = 1L;

    LearningCenterException(String message) {
        super(message);
    }
}
