package org.touchline.learningcenter.session;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.time.Pacing;

/**
 * The Learning Center did not take the credentials (design rule 16): nobody tries them again before a pause has passed, since
 * an account that is tried too often is locked.
 *
 * @param secretVersion the version of the secret that was refused
 * @param count how often in a row it was
 * @param until when it may be tried again
 */
record LoginRefusal(String secretVersion, int count, Instant until) {
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(15);

    /** @param before the refusal before this one, if there was one */
    static LoginRefusal after(@Nullable LoginRefusal before, String secretVersion, Instant now) {
        var count = before != null && before.isOf(secretVersion) ? before.count() + 1 : 1;
        var pause = Pacing.doubled(FIRST_PAUSE, LONGEST_PAUSE, count - 1);
        return new LoginRefusal(secretVersion, count, now.plus(pause));
    }

    boolean isOf(String version) {
        return secretVersion.equals(version);
    }

    boolean isOver(Instant now) {
        return !now.isBefore(until);
    }
}
