package org.touchline.license;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Takes licenses along to the USSF-ID that a person has now (design rule 5): copied first, on condition that it is news there,
 * then deleted, on condition that it is what was copied. So any number of takers, of writers under the former id and of further
 * moves can be at work on one license at once. Safe for use by several threads.
 */
final class LicenseMoves {
    private static final int MOST_RACES = 20;

    private final LicenseRows rows;
    private final ProfileStore profiles;
    private final TransactionWriter writer;

    LicenseMoves(LicenseRows rows, ProfileStore profiles, TransactionWriter writer) {
        this.rows = rows;
        this.profiles = profiles;
        this.writer = writer;
    }

    /** Takes all licenses that a person who moves has: what goes was learned by the move, where it goes. */
    void move(UssfId former) {
        takeAllAlong(former, true);
    }

    /**
     * Takes all licenses that are under a former id: what a move did not meet, and what a writer left who died before its look. Each
     * was learned as its writer learned it: nobody has heard of it under the id where it goes (wire contract §9).
     *
     * @return those that were news where they went
     */
    Set<LicenseId> takeAllAlong(UssfId former) {
        return takeAllAlong(former, false);
    }

    private Set<LicenseId> takeAllAlong(UssfId former, boolean byMove) {
        return PersonItems.licenses(rows.under(former)).stream()
                .map(PersonItems::licenseId)
                .filter(licenseId -> takeAlong(former, licenseId, byMove))
                .collect(Collectors.toSet());
    }

    /** Takes one license; whether it was news where it went. */
    private boolean takeAlong(UssfId former, LicenseId licenseId, boolean byMove) {
        var news = false;
        for (var race = 0; race < MOST_RACES; race++) {
            var row = rows.find(former, licenseId);
            if (row == null) {
                return news;
            }
            var present = profiles.present(former);
            if (present.equals(former)) {
                return news;
            }
            news |= copy(present, row, byMove);
            // What came meanwhile is not what was copied, and is copied next.
            var gone = rows.delete(row);
            // Whoever writes, looks: the person may have moved on, and that move may not have met what was put here.
            if (profiles.movedTo(present) != null) {
                news |= takeAlong(present, licenseId, byMove);
            }
            if (gone) {
                return news;
            }
            Backoff.pause(race);
        }
        throw lostToOthers();
    }

    /** Whether it was news where it went. */
    private boolean copy(UssfId present, Item row, boolean byMove) {
        var moved = PersonItems.withEnd(
                new Item(new HashMap<>(row.attributes())).with("pk", PersonItems.partition(present)));
        if (byMove) {
            moved.with(PersonItems.LEARNED_BY, LearnedBy.MOVE.wireName())
                    .attributes()
                    .remove(PersonItems.MISSED);
        }
        return PersonItems.answeredAt(row) == null ? rows.put(moved).news() : merge(present, moved);
    }

    /**
     * Of a row that a full answer marked or unmarked, that goes along: of two that hold the same revision, the later answer decides,
     * and no mark is set under an id of which a later answer is stored (design rule 3b).
     */
    private boolean merge(UssfId present, Item moved) {
        for (var race = 0; race < MOST_RACES; race++) {
            var answered = profiles.lastAnswered(present);
            var known = rows.find(present, PersonItems.licenseId(moved));
            var merged = merged(known, moved, answered);
            if (merged == null) {
                return false;
            }
            if (writer.write(List.of(rows.replacing(known, merged), profiles.lastAnswerIs(present, answered)))) {
                return true;
            }
            Backoff.pause(race);
        }
        throw lostToOthers();
    }

    /** What is to stand where a row goes; null if what is there already is to stay. */
    private static @Nullable Item merged(@Nullable Item known, Item moved, @Nullable Instant answered) {
        if (known == null) {
            return moved;
        }
        var order = PersonItems.revision(known).compareTo(PersonItems.revision(moved));
        var at = Objects.requireNonNull(PersonItems.answeredAt(moved));
        var laterAnswerIsStored = answered != null && answered.isAfter(at);
        if (order == 0) {
            var knownAt = PersonItems.answeredAt(known);
            return laterAnswerIsStored || knownAt != null && !knownAt.isBefore(at) ? null : moved;
        }
        if (order > 0) {
            return null;
        }
        if (answered != null
                && laterAnswerIsStored
                && moved.has(PersonItems.ABSENT_SINCE)
                && PersonItems.isHeld(known)) {
            // That answer showed the license, or it would not be held here.
            moved.attributes().remove(PersonItems.ABSENT_SINCE);
            moved.withSortable(PersonItems.SHOWN_SINCE, answered);
            PersonItems.withEnd(moved);
        }
        return moved;
    }

    private static RuntimeException lostToOthers() {
        return ConditionalCheckFailedException.builder()
                .message("a license was changed by others " + MOST_RACES + " times in a row while it moved")
                .build();
    }
}
