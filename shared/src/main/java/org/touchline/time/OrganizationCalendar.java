package org.touchline.time;

import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.Supplier;

/**
 * Which day it is for the organization: a license or a membership is good through its last day there (wire contract §5).
 *
 * @param zone tells the organization's time zone, each time that it is asked for a day
 */
public record OrganizationCalendar(InstantSource clock, Supplier<ZoneId> zone) {
    /** The day it is now in the organization's time zone. */
    public LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), zone.get());
    }
}
