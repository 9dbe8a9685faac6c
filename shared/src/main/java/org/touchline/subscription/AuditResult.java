package org.touchline.subscription;

import java.util.List;
import org.touchline.license.UssfId;

/**
 * What an audit found (wire contract §7).
 *
 * @param expected how many people we should be told of
 * @param subscribed how many we are told of
 * @param missingCount how many of the expected we are not told of
 * @param missing the first of them
 * @param extraCount how many we are told of without need
 * @param extra the first of them
 * @param repaired for how many of the missing a subscription was asked for
 */
public record AuditResult(
        int expected,
        int subscribed,
        int missingCount,
        List<UssfId> missing,
        int extraCount,
        List<UssfId> extra,
        int repaired) {
    /** How many people a list holds at most. */
    public static final int MOST_LISTED = 1_000;

    public AuditResult {
        missing = List.copyOf(missing);
        extra = List.copyOf(extra);
    }
}
