package org.touchline.license;

import java.util.Locale;

/** What the organization's systems are told of a person's license (wire contract §5). */
public enum LicenseStatus {
    /** Held, and not past its expiration date. */
    ACTIVE,
    /** Held by the Learning Center's word, but past its expiration date. */
    EXPIRED,
    /** No longer held. */
    REMOVED;

    /** The spelling on the wire: lower case. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
