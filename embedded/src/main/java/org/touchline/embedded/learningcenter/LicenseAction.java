package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What happened to a person's license last. */
public enum LicenseAction {
    /** The person earned it. */
    @JsonProperty("added")
    ADDED,
    /** Something about it changed. */
    @JsonProperty("updated")
    UPDATED,
    /** It expired or was taken away: it is not active any more. */
    @JsonProperty("removed")
    REMOVED
}
