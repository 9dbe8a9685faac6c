package org.touchline.license;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

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
    private static final int MOST_RACES = 20;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;
    private final ProfileStore profiles;

    /** A store on a table that {@code template.yaml} made. */
    public LicenseStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
        this.profiles = new ProfileStore(dynamoDb, table);
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
        var applied = put(PersonItems.license(change)) ? Applied.WRITTEN : Applied.UNCHANGED;
        return profiles.movedTo(change.ussfId()) == null ? applied : takeAlong(change.ussfId(), change.licenseId());
    }

    /**
     * Applies many changes. What is stored is read first, in batches and eventually consistent, and only what may be news is
     * written (design rule 4): what is read late is at most too old, and then the condition of {@link #apply} decides.
     *
     * @return the changes that were written, of people who have moved under the id that they have now; of several of one
     *     license only the latest can be among them
     */
    public List<LicenseChange> applyAll(Collection<LicenseChange> changes) {
        var latest = new LinkedHashMap<Map<String, AttributeValue>, LicenseChange>();
        for (var change : changes) {
            latest.merge(PersonItems.licenseKey(change), change, LicenseStore::later);
        }
        var stored = stored(latest);
        var moved = movedPeople(stored.values());
        if (!moved.isEmpty()) {
            return applyAll(changes.stream()
                    .map(change -> change.of(moved.getOrDefault(change.ussfId(), change.ussfId())))
                    .toList());
        }
        var written = new ArrayList<LicenseChange>();
        latest.forEach((key, change) -> {
            var known = stored.get(key);
            var mayBeNews = known == null || revision(known).compareTo(change.revision()) < 0;
            if (mayBeNews && apply(change) == Applied.WRITTEN) {
                written.add(change);
            }
        });
        return written;
    }

    /**
     * Takes over a full answer (design rule 3b): what is stored is read, then the answer is fetched; what it shows is applied,
     * and what it does not show, if it has not changed since it was read, counts as removed from now on.
     *
     * @param ussfId the id that the person has now
     * @param ask fetches all licenses that the person has now, as {@link LicenseState#SHOWN_ACTIVE}
     * @return how many licenses are not what they were
     */
    public int takeOver(UssfId ussfId, Supplier<List<LicenseChange>> ask, InstantSource clock) {
        var before = items(ussfId);
        var askedAt = after(before, clock.instant());
        var shown = ask.get().stream()
                .collect(Collectors.toMap(LicenseChange::licenseId, Function.identity(), LicenseStore::later));
        var lastAnswer = PersonItems.lastAnswer(profileItem(before));
        var unseen = new HashMap<>(shown);
        var changed = 0;
        for (var row : licenseItems(before)) {
            var change = unseen.remove(PersonItems.licenseId(row));
            var held = !PersonItems.license(row, lastAnswer).removed();
            if (change == null) {
                changed += held && markAbsent(row, askedAt) ? 1 : 0;
            } else if (revision(row).compareTo(change.revision()) < 0) {
                changed += put(PersonItems.license(change)) ? 1 : 0;
            } else {
                changed += !held && !row.flag("removed") ? 1 : 0;
            }
        }
        for (var change : unseen.values()) {
            changed += put(PersonItems.license(change)) ? 1 : 0;
        }
        profiles.refreshed(ussfId, askedAt, shown.keySet());
        if (profiles.movedTo(ussfId) != null) {
            shown.keySet().forEach(licenseId -> takeAlong(ussfId, licenseId));
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
        takeAllAlong(former);
        return marked;
    }

    /** Takes the licenses that are still under a former id to the one that the person has now. */
    public void takeAllAlong(UssfId former) {
        for (var row : licenseItems(items(former))) {
            takeAlong(former, PersonItems.licenseId(row));
        }
    }

    /** All that is known of a person, strongly consistent; empty if nothing is. */
    public Optional<Person> person(UssfId ussfId) {
        var items = items(ussfId);
        if (items.isEmpty()) {
            return Optional.empty();
        }
        var profile = PersonItems.profile(profileItem(items));
        var licenses = licenseItems(items).stream()
                .map(item -> PersonItems.license(item, profile.lastAnswer()))
                .toList();
        return Optional.of(new Person(ussfId, licenses, profile));
    }

    /** Writes a license unless the store holds the same or a higher revision; whether it did. */
    private boolean put(Item license) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(license.attributes())
                    .conditionExpression("attribute_not_exists(revision) OR revision < :revision")
                    .expressionAttributeValues(Map.of(":revision", AttributeValue.fromS(license.text("revision")))));
            return true;
        } catch (ConditionalCheckFailedException sameOrNewerIsStored) {
            return false;
        }
    }

    /** Marks a license as missing in a full answer, if it is still what was read; whether it was. */
    private boolean markAbsent(Item license, Instant askedAt) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table)
                    .key(key(license))
                    .updateExpression("SET absentSince = :at")
                    .conditionExpression(
                            "revision = :revision AND (attribute_not_exists(absentSince) OR absentSince < :at)")
                    .expressionAttributeValues(new Item()
                            .with(":revision", license.text("revision"))
                            .withSortable(":at", askedAt)
                            .attributes()));
            return true;
        } catch (ConditionalCheckFailedException changedSince) {
            return false;
        }
    }

    /** Takes a row to the id that the person has now, wherever others take it meanwhile; whether it was news there. */
    private Applied takeAlong(UssfId former, LicenseId licenseId) {
        var from = former;
        var applied = Applied.UNCHANGED;
        for (var race = 0; race < MOST_RACES; race++) {
            var row = row(from, licenseId);
            if (row == null) {
                return applied;
            }
            var present = profiles.present(from);
            if (put(under(present, row, from))) {
                applied = Applied.WRITTEN;
            }
            // Only what was copied goes: what came meanwhile is copied next.
            if (delete(row)) {
                if (profiles.movedTo(present) == null) {
                    return applied;
                }
                from = present;
            }
            Backoff.pause(race);
        }
        throw ConditionalCheckFailedException.builder()
                .message("a license was changed by others " + MOST_RACES + " times in a row while it moved")
                .build();
    }

    /** A row as it goes to another id: its revision stays, and so does its absence if it still counts. */
    private Item under(UssfId present, Item row, UssfId former) {
        var moved = new Item(new HashMap<>(row.attributes())).with("pk", PersonItems.partition(present));
        if (row.has("absentSince") && !PersonItems.isAbsent(row, profiles.lastAnswer(former))) {
            moved.attributes().remove("absentSince");
        }
        return moved;
    }

    private boolean delete(Item row) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key(row))
                    .conditionExpression("revision = :revision")
                    .expressionAttributeValues(Map.of(":revision", AttributeValue.fromS(row.text("revision")))));
            return true;
        } catch (ConditionalCheckFailedException changedOrGone) {
            return false;
        }
    }

    private @Nullable Item row(UssfId ussfId, LicenseId licenseId) {
        var answer = dynamoDb.getItem(request -> request.tableName(table)
                .key(PersonItems.licenseKey(ussfId, licenseId))
                .consistentRead(true));
        return answer.hasItem() ? new Item(answer.item()) : null;
    }

    /** Everything under an id, strongly consistent. */
    private List<Item> items(UssfId ussfId) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(PersonItems.partition(ussfId))))
                        .consistentRead(true))
                .items()
                .stream()
                .map(Item::new)
                .toList();
    }

    private static List<Item> licenseItems(List<Item> items) {
        return items.stream()
                .filter(item -> item.text("sk").startsWith(PersonItems.LICENSE))
                .toList();
    }

    private static Item profileItem(List<Item> items) {
        return items.stream()
                .filter(item -> item.text("sk").equals(PersonItems.PROFILE))
                .findFirst()
                .orElseGet(Item::new);
    }

    /** Now, but after every answer that has left its mark: our clocks differ, and what was read came first. */
    private static Instant after(List<Item> before, Instant now) {
        var latest = before.stream()
                .map(PersonItems::lastAnsweredAt)
                .filter(Objects::nonNull)
                .map(at -> at.plus(1, ChronoUnit.MILLIS));
        return Stream.concat(latest, Stream.of(now)).max(Instant::compareTo).orElse(now);
    }

    /** What is stored of these licenses, and the profiles of their people, by key. */
    private Map<Map<String, AttributeValue>, Item> stored(Map<Map<String, AttributeValue>, LicenseChange> changes) {
        var keys = new LinkedHashSet<>(changes.keySet());
        changes.values().forEach(change -> keys.add(PersonItems.profileKey(change.ussfId())));
        return batchReader.read(List.copyOf(keys), "pk, sk, revision, movedTo").stream()
                .collect(Collectors.toMap(LicenseStore::key, Function.identity()));
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

    private static Map<String, AttributeValue> key(Item item) {
        return new Item()
                .with("pk", item.text("pk"))
                .with("sk", item.text("sk"))
                .attributes();
    }

    private static LicenseChange later(LicenseChange one, LicenseChange other) {
        return one.revision().compareTo(other.revision()) >= 0 ? one : other;
    }
}
