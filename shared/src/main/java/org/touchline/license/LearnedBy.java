package org.touchline.license;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** How a row of the license store came to say what it says (wire contract §9). */
public enum LearnedBy {
    /** The Learning Center called the webhook. */
    WEBHOOK,
    /** It was asked for all that changed. */
    RECONCILIATION,
    /** It was asked for all licenses of the person (design rule 3b). */
    FULL_ANSWER,
    /** It was in quarantine before. */
    REPLAY,
    /** The person's USSF-ID changed: the license was taken along. */
    MOVE;

    /** The spelling on the wire, and of what is stored: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The way of a spelling; empty for any other text. */
    public static Optional<LearnedBy> ofWireName(String name) {
        return Arrays.stream(values())
                .filter(way -> way.wireName().equals(name))
                .findFirst();
    }
}
