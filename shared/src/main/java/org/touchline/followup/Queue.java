package org.touchline.followup;

import java.util.List;
import java.util.Locale;

/** The lines in which follow-ups wait. They take turns (design rule 33). */
public enum Queue {
    /** A USSF-ID changed, or somebody is to be subscribed to: until then their changes are missed. */
    SUBSCRIPTION,
    /** A member is to be enrolled, or their subscription ended. */
    ENROLLMENT,
    /** A user update names it. */
    USER_UPDATE,
    /** Owed to nobody before its time: what is looked at once more, or tried again much later. */
    LATER;

    /** Those whose rows are outstanding: somebody waits for them. */
    static final List<Queue> OUTSTANDING = List.of(SUBSCRIPTION, ENROLLMENT, USER_UPDATE);

    /** As rows and metrics name it: lower case. */
    public String storedName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
