package org.touchline.learningcenter;

/**
 * The birth date is not that of the person with the USSF-ID (400, Connect API, "User licenses"): the id may be somebody
 * else's.
 */
public final class BirthDateMismatchException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    public BirthDateMismatchException() {
        super("the birth date is not that of the USSF-ID");
    }
}
