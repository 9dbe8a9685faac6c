package org.touchline.followup;

import java.util.List;
import java.util.Locale;

/** The lines in which follow-ups wait, in the order of their urgency (design rule 10). */
public enum Queue {
    /** A webhook asked for it. */
    WEBHOOK,
    /** A member is to be enrolled, or their subscription ended. */
    ENROLLMENT,
    /** Owed to nobody before its time: what is looked at once more, or tried again much later. */
    LATER;

    /** Those whose rows are outstanding: somebody waits for them. */
    static final List<Queue> OUTSTANDING = List.of(WEBHOOK, ENROLLMENT);

    String storedName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
