package org.touchline.license;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The licenses of people. Webhooks, reconciliation, enrollment and refresh all write here (design rule 3), by one condition, that of
 * {@link LicenseRows#put}: a change gets in only if its {@link Revision} is higher than what is stored. Whatever the order, however
 * often, the same changes end in the same state.
 *
 * <p>No license is left under a USSF-ID that has moved (design rule 5): every writer writes, then looks, strongly consistent,
 * whether the person has moved, and if so takes the row along; and {@link #markAndTakeAlong}
 * marks first, then copies.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then nothing was written, or what was written can be written again.
 */
public final class LicenseStore {
    private final LicenseRows rows;
    private final ProfileStore profiles;
    private final LicenseMoves moves;
    private final FullAnswers answers;
    private final @Nullable LearnedBy learnedBy;
    private final Consumer<UssfId> contradicted;

    /** A store on a table that {@code template.yaml} made, for those who write no single changes. */
    public LicenseStore(DynamoDbClient dynamoDb, String table) {
        this(dynamoDb, table, null, _ -> {});
    }

    /**
     * A store on a table that {@code template.yaml} made.
     *
     * @param learnedBy how the single changes that are written here were learned; null if nobody is to know
     * @param contradicted is told of whom two changes of one license name the same instant and say different things: only the
     *     Learning Center knows which was the later one. It is told before it is stored which of them counts, since whoever dies in
     *     between is not told so again (design rule 8)
     */
    public LicenseStore(
            DynamoDbClient dynamoDb, String table, @Nullable LearnedBy learnedBy, Consumer<UssfId> contradicted) {
        this.rows = new LicenseRows(dynamoDb, table);
        this.profiles = new ProfileStore(dynamoDb, table);
        var writer = new TransactionWriter(dynamoDb);
        this.moves = new LicenseMoves(rows, profiles, writer);
        this.answers = new FullAnswers(rows, profiles, moves, writer);
        this.learnedBy = learnedBy;
        this.contradicted = contradicted;
    }

    /** What {@link #apply} did. */
    public enum Applied {
        /** The change was news and is stored. */
        WRITTEN,
        /** The store already held this change or a later one; nothing was written. */
        UNCHANGED
    }

    /**
     * Stores a change if it is news: one conditional write, then one look at whether the person has moved.
     *
     * @return whether it was news
     */
    public Applied apply(LicenseChange change) {
        return apply(change, false, contradicted);
    }

    /** Sends what {@link #apply} sends, and changes nothing: the condition of the write can never hold. */
    public void rehearse(LicenseChange change) {
        rows.rehearsePut(PersonItems.license(change, learnedBy), change.revision());
        profiles.movedTo(change.ussfId());
    }

    private Applied apply(LicenseChange change, boolean missed, Consumer<UssfId> contradicted) {
        var license = PersonItems.license(change, learnedBy);
        if (missed) {
            license.withBoolean(PersonItems.MISSED, true);
        }
        var written = rows.putUnlessOfThatInstant(license, change.revision());
        var known = written.known();
        if (!written.news() && known != null) {
            var revision = PersonItems.revision(known);
            if (revision.contradicts(change.revision())) {
                contradicted.accept(change.ussfId());
            }
            if (revision.compareTo(change.revision()) < 0) {
                written = rows.put(license);
            }
        }
        var news = written.news();
        if (profiles.movedTo(change.ussfId()) != null) {
            // All of them: another writer may have died before its look.
            news = moves.takeAllAlong(change.ussfId()).contains(change.licenseId());
        }
        return news ? Applied.WRITTEN : Applied.UNCHANGED;
    }

    /** Tells of a change that is written. */
    @FunctionalInterface
    public interface Written {
        /** @param missed whether a webhook should have brought it, as {@link Missed} said */
        void change(LicenseChange change, boolean missed);
    }

    /** Tells of a change, before it is written, whether a webhook should have brought it (design rule 14). */
    @FunctionalInterface
    public interface Missed {
        /** @param subscribedSince since when the Learning Center tells of the person; null if it does not */
        boolean isMissed(LicenseChange change, @Nullable Instant subscribedSince);
    }

    /**
     * Applies many changes. What is stored is read first, in batches and eventually consistent, and only what may be news is
     * written (design rule 4): what is read late is at most too old, and then the condition of {@link #apply} decides.
     *
     * @param missed is asked about each change that may be news, and kept with it
     * @param written is told each change once it is written, of people who have moved under the id that they have now; of several
     *     of one license only the latest can be among them
     */
    public void applyAll(Collection<LicenseChange> changes, Missed missed, Written written) {
        var contradictions = new HashSet<UssfId>();
        var latest = new LinkedHashMap<Map<String, AttributeValue>, LicenseChange>();
        for (var change : changes) {
            latest.merge(PersonItems.licenseKey(change), change, (one, other) -> {
                if (one.revision().contradicts(other.revision())) {
                    contradictions.add(change.ussfId());
                }
                return FullAnswers.later(one, other);
            });
        }
        var stored = rows.stored(latest.values());
        var moved = movedPeople(stored.values());
        if (!moved.isEmpty()) {
            leftBehind(stored.values(), moved.keySet()).forEach(moves::takeAllAlong);
            applyAll(
                    changes.stream()
                            .map(change -> change.of(moved.getOrDefault(change.ussfId(), change.ussfId())))
                            .toList(),
                    missed,
                    written);
            return;
        }
        latest.forEach((key, change) -> {
            var known = stored.get(key);
            if (known != null && PersonItems.revision(known).contradicts(change.revision())) {
                contradictions.add(change.ussfId());
            }
        });
        contradictions.forEach(contradicted);
        Consumer<UssfId> others = ussfId -> {
            if (contradictions.add(ussfId)) {
                contradicted.accept(ussfId);
            }
        };
        latest.forEach((key, change) -> {
            var known = stored.get(key);
            var mayBeNews = known == null || PersonItems.revision(known).compareTo(change.revision()) < 0;
            if (mayBeNews) {
                var profile = stored.get(PersonItems.profileKey(change.ussfId()));
                var isMissed = missed.isMissed(change, profile == null ? null : profile.instant("subscribedSince"));
                if (apply(change, isMissed, others) == Applied.WRITTEN) {
                    written.change(change, isMissed);
                }
            }
        });
    }

    /**
     * Takes over a full answer (design rule 3b): what is stored is read, then the answer is fetched; what it shows is applied,
     * and what it does not show, if it has not changed since it was read, counts as removed from now on. Of an answer that is not
     * complete, only what it shows is applied. One that takes everything away is doubted (design rule 25), and nothing of it is
     * stored: to keep the {@linkplain ProfileStore#doubted doubt}, and to ask again, is the caller's.
     *
     * @param ussfId the id that the person has now
     * @param ask fetches all licenses that the person has now
     * @param accepted whether a person has said that the answer is right, whatever it takes away
     * @param calendar tells when it was asked, and which licenses have ended by then
     */
    public TakenOver takeOver(
            UssfId ussfId, Supplier<ShownLicenses> ask, boolean accepted, OrganizationCalendar calendar) {
        return answers.takeOver(ussfId, ask, accepted, calendar);
    }

    /**
     * What a move of a person to another USSF-ID is in this table: marks the former one first, then takes the licenses along
     * (design rule 5). Of what is marked, it takes along what was left behind, and does nothing otherwise. The whole move is
     * {@code PersonMove}'s.
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed
     */
    public Marked markAndTakeAlong(UssfId former, UssfId successor) {
        var marked = profiles.markMoved(former, successor);
        moves.move(former);
        return marked;
    }

    /** Takes the licenses that are still under a former id to the one that the person has now. */
    public void takeAllAlong(UssfId former) {
        moves.takeAllAlong(former);
    }

    /** One license of a person, strongly consistent, a tombstone too; empty if nothing is known of it. */
    public Optional<License> license(UssfId ussfId, LicenseId licenseId) {
        return Optional.ofNullable(rows.find(ussfId, licenseId)).map(PersonItems::license);
    }

    /** All that is known of a person, strongly consistent; empty if nothing is. */
    public Optional<Person> person(UssfId ussfId) {
        var items = rows.under(ussfId);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        var profile = PersonItems.profile(PersonItems.profileItem(items));
        var licenses =
                PersonItems.licenses(items).stream().map(PersonItems::license).toList();
        return Optional.of(new Person(ussfId, licenses, profile));
    }

    /**
     * Active licenses that end on one of these days, by date, then by USSF-ID, from the index {@code by-end}, which follows the
     * table a moment later. Four requests for each year that the days are of, as far as the limit reaches.
     *
     * @param after the {@linkplain EndingLicense#position position} to go on after; null for the beginning
     * @param limit how many at most
     * @param unreadable is told of each that cannot be read, which is passed over (design rule 24)
     */
    public List<EndingLicense> ending(
            LocalDate first, LocalDate last, @Nullable String after, int limit, Runnable unreadable) {
        var found = new ArrayList<EndingLicense>();
        for (var from = first; !from.isAfter(last) && found.size() < limit; from = nextYear(from)) {
            var until = nextYear(from).minusDays(1);
            var ofYear = new ArrayList<EndingLicense>();
            for (var shard = 0; shard < EndingLicense.SHARDS; shard++) {
                ofYear.addAll(rows.ending(from, until.isBefore(last) ? until : last, shard, after, limit, unreadable));
            }
            ofYear.stream().sorted().limit(limit - found.size()).forEach(found::add);
        }
        return found;
    }

    private static LocalDate nextYear(LocalDate day) {
        return LocalDate.of(day.getYear() + 1, 1, 1);
    }

    /** The ids that people have now who are known to have moved. */
    private Map<UssfId, UssfId> movedPeople(Collection<Item> items) {
        return items.stream()
                .filter(item -> PersonItems.movedTo(item) != null)
                .map(PersonItems::person)
                .collect(Collectors.toMap(Function.identity(), profiles::present));
    }

    /** The former ids under which a license was met. */
    private static Set<UssfId> leftBehind(Collection<Item> stored, Set<UssfId> moved) {
        return PersonItems.licenses(List.copyOf(stored)).stream()
                .map(PersonItems::person)
                .filter(moved::contains)
                .collect(Collectors.toSet());
    }
}
