package org.touchline.schedule;

import java.util.Locale;

/** Work on a schedule whose end is noted; how far reconciliation has come, its checkpoint tells. */
public enum Scheduled {
    /** The complete list of licenses was taken over. */
    LICENSE_CATALOG_SYNC,
    /** A share of all people had their turn. */
    PERSON_REFRESH,
    /** Everybody's subscription was compared. */
    SUBSCRIPTION_AUDIT,
    /** All notices of licenses that end were given. */
    LICENSE_EXPIRY;

    String storedName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
