package org.touchline.license;

/** What a change says of a license. The order of the constants is the order of revisions at one instant (design rule 1). */
public enum LicenseState {
    /** The person holds it: added or updated, which are one thing. */
    ACTIVE,
    /** The person no longer holds it; kept as a tombstone (design rule 2). */
    REMOVED,
    /** A full answer of the Learning Center showed it active, which ends a removal of the same instant (design rule 3b). */
    SHOWN_ACTIVE;

    /** Whether the person holds the license. */
    public boolean held() {
        return this != REMOVED;
    }
}
