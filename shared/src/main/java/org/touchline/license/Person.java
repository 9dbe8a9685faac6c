package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a person: licenses, tombstones included, and profile.
 *
 * @param licenses in the order of license ids
 */
public record Person(UssfId ussfId, List<License> licenses, Profile profile) {
    public Person {
        licenses = List.copyOf(licenses);
    }

    /**
     * The instant up to which the licenses are known to be complete (wire contract §5). It begins with a full answer; where that is
     * not older than the subscription, the end of the last complete reconciliation window extends it while the person is
     * subscribed. A change that arrived extends nothing: another may have been lost.
     *
     * @param reconciledUntil the end of the last complete window; null if there was none
     * @return empty if no full answer has been stored
     */
    public Optional<Instant> asOf(@Nullable Instant reconciledUntil) {
        var answer = profile.lastAnswer();
        if (answer == null) {
            return Optional.empty();
        }
        var since = profile.subscribedSince();
        if (reconciledUntil == null || since == null || answer.isBefore(since)) {
            return Optional.of(answer);
        }
        return Optional.of(reconciledUntil.isAfter(answer) ? reconciledUntil : answer);
    }

    /**
     * What is known of a person beside the licenses. Everything may be missing.
     *
     * @param movedTo the person's new identifier, if this one is a former one
     * @param subscribedSince since when the Learning Center tells us of changes
     * @param lastAnswer up to when the last full answer is good (design rule 3b): just before it was fetched
     * @param refereeExperience whole years
     */
    public record Profile(
            @Nullable UssfId movedTo,
            @Nullable Instant subscribedSince,
            @Nullable Instant lastAnswer,
            @Nullable Integer refereeExperience,
            @Nullable GrassrootsCertificate grassrootsCertificate) {
        /** Nothing is known. */
        public static final Profile EMPTY = new Profile(null, null, null, null, null);

        /** Whether the Learning Center will tell us of changes. */
        public boolean subscribed() {
            return subscribedSince != null;
        }
    }

    /** Whether the person ever completed the Grassroots Referee e-learning module, and when. It is not a license. */
    public record GrassrootsCertificate(
            boolean hasCertificate, @Nullable LocalDate issueDate) {}
}
