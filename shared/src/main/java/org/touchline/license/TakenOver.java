package org.touchline.license;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What came of a full answer (design rules 3b and 25).
 *
 * @param changed how many licenses are not what they were
 * @param markedAbsent how many of them count as removed from now on, for the answer does not show them
 * @param tookEverything whether it shows none of the licenses that were active and had not ended, and there was one
 * @param doubtedAt when it was asked for, if it is doubted: then nothing of it was stored; null if it is not
 */
public record TakenOver(
        int changed,
        int markedAbsent,
        boolean tookEverything,
        @Nullable Instant doubtedAt) {
    static TakenOver doubted(Instant askedAt) {
        return new TakenOver(0, 0, true, askedAt);
    }
}
