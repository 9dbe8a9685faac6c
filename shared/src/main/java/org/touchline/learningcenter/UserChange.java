package org.touchline.learningcenter;

import java.util.Set;
import org.touchline.license.UssfId;

/**
 * Something of a person changed that is no license.
 *
 * @param changed what is known of it
 * @param hasUnknown whether there is more, which is not known
 */
public record UserChange(UssfId ussfId, Set<Changed> changed, boolean hasUnknown) {
    public UserChange {
        changed = Set.copyOf(changed);
    }

    /** What may have changed (Connect API, "Update of a user"). */
    public enum Changed {
        /** The years as a referee. */
        REFEREE_EXPERIENCE,
        /** Whether the Grassroots Referee module was completed. */
        GRASSROOTS_REFEREE_CERTIFICATE
    }
}
