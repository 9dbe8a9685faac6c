package org.touchline;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * Which day it is for the organization: a license or a membership is good through its last day there (wire contract §5).
 *
 * @param zone the organization's time zone
 */
public record OrganizationCalendar(InstantSource clock, ZoneId zone) {
    /** The day it is now in the organization's time zone. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone);
    }
}
