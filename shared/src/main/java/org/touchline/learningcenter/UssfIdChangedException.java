package org.touchline.learningcenter;

import org.touchline.license.UssfId;

/**
 * The person has another USSF-ID now (410): their records are to be moved, and the call to be repeated with it (design
 * rule 18).
 */
public final class UssfIdChangedException extends LearningCenterException {
    private static final long serialVersionUID = 1L;

    private final transient UssfId newUssfId;

    public UssfIdChangedException(UssfId newUssfId) {
        super("the USSF-ID has been changed");
        this.newUssfId = newUssfId;
    }

    /** What the Learning Center says it is now; it may have been changed again since. */
    public UssfId newUssfId() {
        return newUssfId;
    }
}
