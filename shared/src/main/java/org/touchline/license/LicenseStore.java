package org.touchline.license;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.dynamodb.Item;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The licenses of people. Webhooks, reconciliation, enrollment and refresh all write through {@link #apply} (design rule 3),
 * which lets a change in only if its {@link Revision} is higher than what is stored: whatever the order, however often, the
 * same changes end in the same state.
 *
 * <p>No license is left under a USSF-ID that has moved (design rule 5): every writer writes, then looks, strongly consistent,
 * whether the person has moved, and if so takes the row along; and {@link #move} marks first, then copies.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then nothing was written, or what was written can be written again.
 */
public final class LicenseStore {
    private final LicenseRows rows;
    private final ProfileStore profiles;
    private final LicenseMoves moves;

    /** A store on a table that {@code template.yaml} made. */
    public LicenseStore(DynamoDbClient dynamoDb, String table) {
        this.rows = new LicenseRows(dynamoDb, table);
        this.profiles = new ProfileStore(dynamoDb, table);
        this.moves = new LicenseMoves(rows, profiles);
    }

    /** What {@link #apply} did. */
    public enum Applied {
        /** The change was news and is stored. */
        WRITTEN,
        /** The store already held this change or a later one; nothing was written. */
        UNCHANGED
    }

    /** What else is known of people, in the same table. */
    public ProfileStore profiles() {
        return profiles;
    }

    /**
     * Stores a change if it is news: one conditional write, then one look at whether the person has moved.
     *
     * @return whether it was news
     */
    public Applied apply(LicenseChange change) {
        var news = rows.put(PersonItems.license(change));
        if (profiles.movedTo(change.ussfId()) != null) {
            news = moves.takeAlong(change.ussfId(), change.licenseId());
        }
        return news ? Applied.WRITTEN : Applied.UNCHANGED;
    }

    /**
     * Applies many changes. What is stored is read first, in batches and eventually consistent, and only what may be news is
     * written (design rule 4): what is read late is at most too old, and then the condition of {@link #apply} decides.
     *
     * @return the changes that were written, of people who have moved under the id that they have now; of several of one
     *     license only the latest can be among them
     */
    public List<LicenseChange> applyAll(Collection<LicenseChange> changes) {
        var written = new ArrayList<LicenseChange>();
        applyAll(changes, written::add);
        return written;
    }

    /**
     * The same for who wants to know what was written, even if not all could be.
     *
     * @param written is told each change once it is written
     */
    public void applyAll(Collection<LicenseChange> changes, Consumer<LicenseChange> written) {
        var latest = new LinkedHashMap<Map<String, AttributeValue>, LicenseChange>();
        for (var change : changes) {
            latest.merge(PersonItems.licenseKey(change), change, LicenseStore::later);
        }
        var stored = rows.stored(latest.values());
        var moved = movedPeople(stored.values());
        if (!moved.isEmpty()) {
            applyAll(
                    changes.stream()
                            .map(change -> change.of(moved.getOrDefault(change.ussfId(), change.ussfId())))
                            .toList(),
                    written);
            return;
        }
        latest.forEach((key, change) -> {
            var known = stored.get(key);
            var mayBeNews = known == null || revision(known).compareTo(change.revision()) < 0;
            if (mayBeNews && apply(change) == Applied.WRITTEN) {
                written.accept(change);
            }
        });
    }

    /**
     * Takes over a full answer (design rule 3b): what is stored is read, then the answer is fetched; what it shows is applied,
     * and what it does not show, if it has not changed since it was read, counts as removed from now on. Of an answer that is not
     * complete, only what it shows is applied.
     *
     * @param ussfId the id that the person has now
     * @param ask fetches all licenses that the person has now
     * @return how many licenses are not what they were
     */
    public int takeOver(UssfId ussfId, Supplier<ShownLicenses> ask, InstantSource clock) {
        var before = rows.under(ussfId);
        var askedAt = after(before, clock.instant());
        var answer = ask.get();
        var shown = answer.licenses().stream()
                .collect(Collectors.toMap(LicenseChange::licenseId, Function.identity(), LicenseStore::later));
        var known = PersonItems.licenses(before).stream()
                .collect(Collectors.toMap(PersonItems::licenseId, Function.identity()));
        var lastAnswer = PersonItems.lastAnswer(PersonItems.profileItem(before));
        var changed = 0;
        for (var change : shown.values()) {
            var row = known.remove(change.licenseId());
            if (row == null || revision(row).compareTo(change.revision()) < 0) {
                changed += rows.put(PersonItems.license(change)) ? 1 : 0;
            } else if (answer.complete() && !row.flag("removed") && PersonItems.isAbsent(row, lastAnswer)) {
                changed++;
            }
        }
        if (answer.complete()) {
            for (var row : known.values()) {
                var held = !PersonItems.license(row, lastAnswer).removed();
                changed += held && rows.markAbsent(row, askedAt) ? 1 : 0;
            }
            profiles.refreshed(ussfId, askedAt, shown.keySet());
        } else {
            profiles.refreshTried(ussfId, askedAt);
        }
        if (profiles.movedTo(ussfId) != null) {
            shown.keySet().forEach(licenseId -> moves.takeAlong(ussfId, licenseId));
        }
        return changed;
    }

    /**
     * Moves a person to another USSF-ID: marks it first, then takes the licenses along (design rule 5). To move again what has
     * moved takes along what was left behind, and is otherwise nothing.
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed
     */
    public Marked move(UssfId former, UssfId successor) {
        var marked = profiles.markMoved(former, successor);
        moves.takeAllAlong(former);
        return marked;
    }

    /** Takes the licenses that are still under a former id to the one that the person has now. */
    public void takeAllAlong(UssfId former) {
        moves.takeAllAlong(former);
    }

    /** All that is known of a person, strongly consistent; empty if nothing is. */
    public Optional<Person> person(UssfId ussfId) {
        var items = rows.under(ussfId);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        var profile = PersonItems.profile(PersonItems.profileItem(items));
        var licenses = PersonItems.licenses(items).stream()
                .map(item -> PersonItems.license(item, profile.lastAnswer()))
                .toList();
        return Optional.of(new Person(ussfId, licenses, profile));
    }

    /** Now, but after every answer that has left its mark: our clocks differ, and what was read came first. */
    private static Instant after(List<Item> before, Instant now) {
        var latest = before.stream()
                .map(PersonItems::lastAnsweredAt)
                .filter(Objects::nonNull)
                .map(at -> at.plus(1, ChronoUnit.MILLIS));
        return Stream.concat(latest, Stream.of(now)).max(Instant::compareTo).orElse(now);
    }

    /** The ids that people have now who are known to have moved. */
    private Map<UssfId, UssfId> movedPeople(Collection<Item> items) {
        return items.stream()
                .filter(item -> PersonItems.movedTo(item) != null)
                .map(PersonItems::person)
                .collect(Collectors.toMap(Function.identity(), profiles::present));
    }

    private static Revision revision(Item license) {
        return new Revision(license.text("revision"));
    }

    private static LicenseChange later(LicenseChange one, LicenseChange other) {
        return one.revision().compareTo(other.revision()) >= 0 ? one : other;
    }
}
