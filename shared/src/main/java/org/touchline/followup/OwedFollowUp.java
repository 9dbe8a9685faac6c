package org.touchline.followup;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A follow-up as it is stored.
 *
 * @param version of the wish: every newer one for the same thing has another
 * @param dueAt before when nobody need do it
 * @param askedAt when it was first wished for
 * @param attempts how often it failed since it was last wished for
 * @param unknownAnswers how often of these the Learning Center said that it does not know the person
 * @param reason why it failed last; null if it never did
 */
public record OwedFollowUp(
        FollowUp work,
        String version,
        Instant dueAt,
        Instant askedAt,
        int attempts,
        int unknownAnswers,
        @Nullable String reason) {
    boolean isDue(Instant now) {
        return !dueAt.isAfter(now);
    }
}
