package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
     * The instant up to which the licenses are known to be complete (wire contract §5): the person's last full refresh, and,
     * while subscribed, the end of the last complete reconciliation window and the last change.
     *
     * @param reconciledUntil the end of the last complete window, if there was one
     */
    public Optional<Instant> asOf(@Nullable Instant reconciledUntil) {
        var known = Stream.<FullAnswer>ofNullable(profile.lastAnswer()).map(FullAnswer::at);
        if (profile.subscribed()) {
            known = Stream.of(
                            known,
                            Stream.ofNullable(reconciledUntil),
                            licenses.stream().map(License::updatedAt))
                    .flatMap(instants -> instants);
        }
        return known.max(Instant::compareTo);
    }

    /**
     * What is known of a person beside the licenses. Everything may be missing.
     *
     * @param movedTo the person's new identifier, if this one is a former one
     * @param subscribedSince since when the Learning Center tells us of changes
     * @param lastAnswer the last full answer
     * @param refereeExperience whole years
     */
    public record Profile(
            @Nullable UssfId movedTo,
            @Nullable Instant subscribedSince,
            @Nullable FullAnswer lastAnswer,
            @Nullable Integer refereeExperience,
            @Nullable GrassrootsCertificate grassrootsCertificate) {
        /** Nothing is known. */
        public static final Profile EMPTY = new Profile(null, null, null, null, null);

        /** Whether the Learning Center will tell us of changes. */
        public boolean subscribed() {
            return subscribedSince != null;
        }
    }

    /**
     * A full answer of the Learning Center (design rule 3b).
     *
     * @param at up to when it is good: just before it was fetched
     * @param shown the licenses that the person had then
     */
    public record FullAnswer(Instant at, Set<LicenseId> shown) {
        public FullAnswer {
            shown = Set.copyOf(shown);
        }
    }

    /** Whether the person ever completed the Grassroots Referee e-learning module, and when. It is not a license. */
    public record GrassrootsCertificate(
            boolean hasCertificate, @Nullable LocalDate issueDate) {}
}
