package org.touchline.learningcenter;

/** The Learning Center does not do that (any 4xx that has no exception of its own): the same call again fails again. */
public final class RefusedException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String reason;

    public RefusedException(String call, int status, String reason) {
        super(call + " was refused with " + status);
        this.status = status;
        this.reason = reason;
    }

    /** The HTTP status, such as 403 for a payer that has not authorized us, 409 for a subsidy that has been used. */
    public int status() {
        return status;
    }

    /** What the Learning Center says, for the person who asked, not for a log; empty if it says nothing. */
    public String reason() {
        return reason;
    }
}
