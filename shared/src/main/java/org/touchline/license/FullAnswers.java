package org.touchline.license;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Takes over full answers (design rule 3b). Whether a license is absent is on its own row; the profile says which answer was the
 * last. Of two answers at once, whatever the order of their requests, the later one decides:
 *
 * <ul>
 *   <li>Marks, and the ends of marks, are written on condition that no later answer is on the profile, in one transaction with it.
 *   <li>The first such transaction writes the answer itself on the profile: so the profile never promises marks that are missing.
 *   <li>After that the rows are read once more: a mark that was set before is seen there, and one that comes later is refused,
 *       unless its answer is later.
 * </ul>
 *
 * Safe for use by several threads.
 */
final class FullAnswers {
    /** From then on after a doubt, the next full answer is believed (design rule 25). */
    static final Duration DOUBT = Duration.ofHours(2);

    private static final int MOST_RACES = 20;

    /** Beside the profile, in one transaction: DynamoDB takes 100 items. */
    private static final int MOST_AT_ONCE = 99;

    private final LicenseRows rows;
    private final ProfileStore profiles;
    private final LicenseMoves moves;
    private final TransactionWriter writer;

    FullAnswers(LicenseRows rows, ProfileStore profiles, LicenseMoves moves, TransactionWriter writer) {
        this.rows = rows;
        this.profiles = profiles;
        this.moves = moves;
        this.writer = writer;
    }

    TakenOver takeOver(UssfId ussfId, Supplier<ShownLicenses> ask, boolean accepted, OrganizationCalendar calendar) {
        var before = rows.under(ussfId);
        var askedAt = after(before, calendar.clock().instant());
        var answer = ask.get();
        var shown = answer.licenses().stream()
                .collect(Collectors.toMap(LicenseChange::licenseId, Function.identity(), FullAnswers::later));
        var good = good(before, calendar.today());
        var takesEverything = answer.complete() && !good.isEmpty() && Collections.disjoint(good, shown.keySet());
        if (takesEverything && good.size() > 1 && !accepted && !isBelieved(before, askedAt)) {
            return TakenOver.doubted(askedAt);
        }
        var changed = putNews(before, shown);
        if (!answer.complete()) {
            profiles.refreshTried(ussfId, askedAt);
            if (profiles.movedTo(ussfId) != null) {
                moves.takeAllAlong(ussfId);
            }
            return new TakenOver(changed, 0, false, null);
        }
        var settling = new Settling(ussfId, askedAt, before, shown);
        settling.run();
        return new TakenOver(changed + settling.changed, settling.markedAbsent, takesEverything, null);
    }

    /** Only what differs from what was read (design rule 4). */
    private int putNews(List<Item> before, Map<LicenseId, LicenseChange> shown) {
        var known = byLicense(before);
        var news = 0;
        for (var change : shown.values()) {
            var row = known.get(change.licenseId());
            if (row == null || PersonItems.revision(row).compareTo(change.revision()) < 0) {
                news += rows.put(PersonItems.license(change, LearnedBy.FULL_ANSWER))
                                .news()
                        ? 1
                        : 0;
            }
        }
        return news;
    }

    /** One answer on its way into the store. */
    private final class Settling {
        private final UssfId ussfId;
        private final Instant askedAt;
        private final Map<LicenseId, Item> known;
        private final Map<LicenseId, LicenseChange> shown;
        private List<Item> items;
        private boolean stored;
        private int changed;
        private int markedAbsent;

        private Settling(UssfId ussfId, Instant askedAt, List<Item> before, Map<LicenseId, LicenseChange> shown) {
            this.ussfId = ussfId;
            this.askedAt = askedAt;
            this.known = byLicense(before);
            this.shown = shown;
            this.items = before;
        }

        void run() {
            for (var race = 0; race < MOST_RACES; race++) {
                var absent = chosen(this::isMissing, MOST_AT_ONCE);
                var ended = chosen(this::isShownAgain, MOST_AT_ONCE - absent.size());
                if (stored && absent.isEmpty() && ended.isEmpty()) {
                    return;
                }
                if (write(absent, ended)) {
                    stored = true;
                    markedAbsent += absent.size();
                    changed += absent.size() + ended.size();
                } else {
                    Backoff.pause(race);
                }
                // Whoever writes, looks (design rule 5): the profile is among these items.
                items = rows.under(ussfId);
                var profile = PersonItems.profileItem(items);
                if (PersonItems.movedTo(profile) != null) {
                    moves.takeAllAlong(ussfId);
                }
                if (isLaterStored(profile)) {
                    return;
                }
            }
            throw Conflicts.lost("the person was changed", MOST_RACES);
        }

        private boolean write(List<Item> absent, List<Item> ended) {
            var parts = new ArrayList<TransactWriteItem>();
            parts.add(stored ? profiles.lastAnswerIs(ussfId, askedAt) : profiles.storingAnswer(ussfId, askedAt));
            absent.forEach(row -> parts.add(rows.markingAbsent(row, askedAt)));
            ended.forEach(row -> parts.add(rows.markingShown(row, askedAt)));
            return writer.write(parts);
        }

        private List<Item> chosen(Predicate<Item> which, int most) {
            return PersonItems.licenses(items).stream()
                    .filter(which)
                    .limit(most)
                    .toList();
        }

        /** Held, not shown, and what it was when the answer was asked for. */
        private boolean isMissing(Item row) {
            var licenseId = PersonItems.licenseId(row);
            var before = known.get(licenseId);
            return PersonItems.isHeld(row)
                    && !shown.containsKey(licenseId)
                    && before != null
                    && PersonItems.revision(before).equals(PersonItems.revision(row))
                    && isOlder(row);
        }

        /** Marked by an earlier answer, and shown by this one; what it showed as news replaces the whole row. */
        private boolean isShownAgain(Item row) {
            var change = shown.get(PersonItems.licenseId(row));
            return change != null
                    && row.has(PersonItems.ABSENT_SINCE)
                    && change.revision().compareTo(PersonItems.revision(row)) <= 0
                    && isOlder(row);
        }

        private boolean isOlder(Item row) {
            var answeredAt = PersonItems.answeredAt(row);
            return answeredAt == null || answeredAt.isBefore(askedAt);
        }

        private boolean isLaterStored(Item profile) {
            var last = profile.instant("refreshedAt");
            return last != null && (last.isAfter(askedAt) || !stored && last.equals(askedAt));
        }
    }

    /** Rule 25: the first such answer is doubted, and so are those that follow it at once. */
    private static boolean isBelieved(List<Item> items, Instant askedAt) {
        var doubtedAt = PersonItems.profileItem(items).instant("doubtedAt");
        return doubtedAt != null && !askedAt.isBefore(doubtedAt.plus(DOUBT));
    }

    /** The licenses that are active, and have not ended. */
    private static Set<LicenseId> good(List<Item> items, LocalDate today) {
        return PersonItems.licenses(items).stream()
                .map(PersonItems::license)
                .filter(license -> license.statusOn(today) == LicenseStatus.ACTIVE)
                .map(License::licenseId)
                .collect(Collectors.toSet());
    }

    private static Map<LicenseId, Item> byLicense(List<Item> items) {
        return PersonItems.licenses(items).stream()
                .collect(Collectors.toMap(PersonItems::licenseId, Function.identity()));
    }

    /** Now, but after every answer that has left its mark: our clocks differ, and what was read came first. */
    private static Instant after(List<Item> before, Instant now) {
        var latest = before.stream()
                .map(PersonItems::lastAnsweredAt)
                .filter(Objects::nonNull)
                .map(at -> at.plus(1, ChronoUnit.MILLIS));
        return Stream.concat(latest, Stream.of(now)).max(Instant::compareTo).orElse(now);
    }

    /** Of two statements about one license the one that counts. */
    static LicenseChange later(LicenseChange one, LicenseChange other) {
        return one.revision().compareTo(other.revision()) >= 0 ? one : other;
    }
}
