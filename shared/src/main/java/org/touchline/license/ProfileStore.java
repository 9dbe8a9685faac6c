package org.touchline.license;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Gatherers;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.LongRead;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What is known of people beside their licenses: whether their USSF-ID has changed, whether the Learning Center tells us of
 * changes, their experience and certificate; one item a person in the table of the license store.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class ProfileStore {
    /** As {@link PersonItems#cameAlong} knows the years as a referee. */
    public static final String EXPERIENCE = "refereeExperience";

    /** As {@link PersonItems#cameAlong} knows the Grassroots Referee certificate. */
    public static final String CERTIFICATE = "certificate";

    private static final int MOST_RACES = 10;
    /** A person has a handful of USSF-IDs at most, and there are no circles: this is a guard against a bug. */
    private static final int MOST_IDS = 100;

    private static final String TOLD_OF = "(attribute_exists(subscribedSince) OR attribute_exists(subscriptionMoved))";
    private static final int PEOPLE_A_READ = 100;
    private static final String TURN = "pk, subscribedSince, movedTo, refreshedAt, refreshTriedAt";

    private static final String NO_LATER_ANSWER = "attribute_not_exists(refreshedAt) OR refreshedAt < :at";

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;
    private final TransactionWriter writer;

    /** A store on the license store's table. */
    public ProfileStore(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
        this.writer = new TransactionWriter(dynamoDb);
    }

    /** What {@link #markMoved} did. */
    public enum Marked {
        /** From now on the person has the new id. */
        MOVED,
        /** It was so already. */
        ALREADY_SO
    }

    /**
     * A change of a USSF-ID that contradicts what is known (design rule 5): it would make a circle, or the id has moved
     * elsewhere before. The message says which.
     */
    public static final class ContradictoryMoveException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        ContradictoryMoveException(String message) {
            super(message);
        }
    }

    /** The USSF-ID that a person has now: this one, or the end of the chain that leads away from it. Strongly consistent. */
    public UssfId present(UssfId ussfId) {
        return chain(ussfId).getLast();
    }

    /** This id, and all that the person has had since, in their order: the present one last. Strongly consistent. */
    public List<UssfId> chain(UssfId ussfId) {
        var chain = new ArrayList<UssfId>();
        for (var next = ussfId; next != null; next = movedTo(next)) {
            if (chain.size() == MOST_IDS) {
                throw new IllegalStateException("a chain of more than " + MOST_IDS + " USSF-IDs begins with " + ussfId);
            }
            chain.add(next);
        }
        return chain;
    }

    /** Whether a person's id is known to have changed so, in one step or several. Strongly consistent. */
    public boolean hasMoved(UssfId former, UssfId successor) {
        var chain = chain(successor);
        return !chain.contains(former) && present(former).equals(chain.getLast());
    }

    /** Every id that the person has or had, whichever is asked for: the present one first. */
    public Set<UssfId> idsOf(UssfId ussfId) {
        var present = present(ussfId);
        var ids = new LinkedHashSet<>(List.of(present));
        ids.add(ussfId);
        ids.addAll(formerIdsOf(present));
        return ids;
    }

    /**
     * The ids that have moved to this one, in one step or several, as far as the index {@code by-moved-to} has followed: one request for
     * each of them and one for this one.
     */
    public Set<UssfId> formerIdsOf(UssfId present) {
        var found = new LinkedHashSet<UssfId>();
        for (var open = List.of(present); !open.isEmpty(); ) {
            open = open.stream()
                    .flatMap(this::movedDirectlyTo)
                    .filter(former -> !former.equals(present) && found.add(former))
                    .toList();
        }
        return found;
    }

    private Stream<UssfId> movedDirectlyTo(UssfId successor) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .indexName("by-moved-to")
                        .keyConditionExpression("movedTo = :successor")
                        .expressionAttributeValues(
                                new Item().with(":successor", successor).attributes()))
                .items()
                .stream()
                .map(attributes -> PersonItems.person(new Item(attributes)));
    }

    /** Where an id has moved to, one step; null if it has not. Strongly consistent. */
    @Nullable UssfId movedTo(UssfId ussfId) {
        var answer = dynamoDb.getItem(request -> request.tableName(table)
                .key(PersonItems.profileKey(ussfId))
                .projectionExpression("movedTo")
                .consistentRead(true));
        return PersonItems.movedTo(new Item(answer.item()));
    }

    /** The profiles of these people, eventually consistent; those of whom nothing is known are left out. */
    public Map<UssfId, Profile> profiles(Set<UssfId> people) {
        var keys = people.stream().map(PersonItems::profileKey).toList();
        var profiles = new HashMap<UssfId, Profile>();
        for (var item : batchReader.read(keys, null)) {
            profiles.put(PersonItems.person(item), PersonItems.profile(item));
        }
        return profiles;
    }

    /**
     * Everybody of whom the Learning Center tells us, and some others, by how long they have waited to be refreshed. Former ids are left
     * out. Reads the whole table, eventually consistent and unhurried, then of the others the profiles. It holds 8 bytes for each person of
     * whom it tells: most of the others are among them, and need not be read again.
     *
     * @param others who have a turn as well, whether or not anything is known of them; read as they are consumed
     * @param most how many are held of those who have waited the longest
     */
    public Turns turns(Stream<UssfId> others, int most) {
        var turns = new Turns(most);
        var subscribed = new UssfIds.Builder();
        profiles(TURN).filter(ProfileStore::isToldOf).forEach(item -> {
            PersonItems.personIfReadable(item, () -> {}).forEach(ussfId -> {
                turns.add(ussfId, lastTurn(item));
                subscribed.add(ussfId);
            });
            turns.answered(instant(item, item.has("refreshedAt") ? "refreshedAt" : "subscribedSince"));
        });
        var added = subscribed.build();
        others.filter(ussfId -> !added.contains(ussfId))
                .gather(Gatherers.windowFixed(PEOPLE_A_READ))
                .forEach(some -> addUnsubscribed(turns, Set.copyOf(some)));
        return turns;
    }

    private void addUnsubscribed(Turns turns, Set<UssfId> people) {
        var keys = people.stream().map(PersonItems::profileKey).toList();
        var known = new HashMap<UssfId, Item>();
        batchReader.read(keys, TURN).forEach(item -> known.put(PersonItems.person(item), item));
        for (var ussfId : people) {
            var item = known.getOrDefault(ussfId, new Item());
            if (!item.has("movedTo") && !item.has("subscribedSince")) {
                turns.add(ussfId, lastTurn(item));
            }
        }
    }

    private static boolean isToldOf(Item profile) {
        return profile.has("subscribedSince") && !profile.has("movedTo");
    }

    private static @Nullable Instant lastTurn(Item profile) {
        return Stream.of("refreshedAt", "refreshTriedAt")
                .map(name -> instant(profile, name))
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** Of one among many (design rule 24): what cannot be read is as if it were not there. */
    private static @Nullable Instant instant(Item profile, String name) {
        try {
            return profile.instant(name);
        } catch (DateTimeException odd) {
            return null;
        }
    }

    /** Whether the Learning Center tells us of a person. Strongly consistent. */
    public boolean isSubscribed(UssfId ussfId) {
        return PersonItems.profile(item(ussfId)).subscribed();
    }

    /** A refresh failed: others have their turn before it is tried again. Of whom nothing is known, nothing is stored. */
    public void refreshTried(UssfId ussfId, Instant at) {
        update(ussfId, "SET refreshTriedAt = :at", "attribute_exists(pk)", new Item().withSortable(":at", at));
    }

    /**
     * Marks that a person's USSF-ID has changed: in one transaction with a look at the id that they have in the end, so that two
     * changes at once cannot make a circle. Experience and certificate are taken along, and that the Learning Center told of the
     * person; licenses are the caller's to move.
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before
     */
    public Marked markMoved(UssfId former, UssfId successor) {
        for (var race = 0; race < MOST_RACES; race++) {
            var chain = chain(successor);
            if (chain.contains(former)) {
                throw new ContradictoryMoveException("the change of the USSF-ID would make a circle");
            }
            var end = chain.getLast();
            var before = item(former);
            var known = PersonItems.movedTo(before);
            var isToldOf = PersonItems.isToldOf(before);
            if (known != null) {
                if (!present(known).equals(end)) {
                    throw new ContradictoryMoveException("the USSF-ID has moved elsewhere before");
                }
                takeProfileAlong(former, end);
                return Marked.ALREADY_SO;
            }
            if (mark(former, successor, end, isToldOf)) {
                takeProfileAlong(former, end);
                return Marked.MOVED;
            }
            Backoff.pause(race);
        }
        throw Conflicts.lost("the USSF-ID was changed", MOST_RACES);
    }

    /**
     * The Learning Center tells us of this person's changes.
     *
     * @param since from when on; what is earlier is kept
     */
    public void subscribed(UssfId ussfId, Instant since) {
        Conflicts.repeating(() -> dynamoDb.updateItem(request -> request.tableName(table)
                .key(PersonItems.profileKey(ussfId))
                .updateExpression(
                        "SET subscribedSince = if_not_exists(subscribedSince, :since) REMOVE subscriptionMoved")
                .expressionAttributeValues(new Item().with(":since", since).attributes())));
    }

    /** It tells us of them no longer. Of whom nothing is known, nothing is stored. */
    public void unsubscribed(UssfId ussfId) {
        try {
            Conflicts.repeating(() -> dynamoDb.updateItem(request -> request.tableName(table)
                    .key(PersonItems.profileKey(ussfId))
                    .updateExpression("REMOVE subscribedSince, subscriptionMoved")
                    .conditionExpression(TOLD_OF)));
        } catch (ConditionalCheckFailedException itDidNot) {
            // So it is already.
        }
    }

    /**
     * Everybody of whom the Learning Center tells us, in no order. Reads the whole table, eventually consistent and
     * unhurried, as it is consumed.
     *
     * @param unreadable is told of each profile of nobody, which is passed over (design rule 24)
     */
    public Stream<UssfId> everybodySubscribed(Runnable unreadable) {
        return profiles("pk, subscribedSince, movedTo")
                .filter(ProfileStore::isToldOf)
                .flatMap(item -> PersonItems.personIfReadable(item, unreadable));
    }

    /** Whether anything at all is known of a person. */
    public boolean isKnown(UssfId ussfId) {
        return dynamoDb.query(request -> request.tableName(table)
                                .keyConditionExpression("pk = :person")
                                .expressionAttributeValues(new Item()
                                        .with(":person", PersonItems.partition(ussfId))
                                        .attributes())
                                .projectionExpression("pk")
                                .limit(1))
                        .count()
                > 0;
    }

    /**
     * Stores for how many years the person has been a referee.
     *
     * @param askedAt when the Learning Center was asked: an answer to a later question stays
     * @return whether that was news
     */
    public boolean refereeExperience(UssfId ussfId, int years, Instant askedAt) {
        return learn(ussfId, EXPERIENCE, experienceItem(years), askedAt, false);
    }

    /**
     * Stores whether the person has the certificate.
     *
     * @param askedAt when the Learning Center was asked: an answer to a later question stays
     * @return whether that was news
     */
    public boolean grassrootsCertificate(UssfId ussfId, GrassrootsCertificate certificate, Instant askedAt) {
        return learn(ussfId, CERTIFICATE, certificateItem(certificate), askedAt, false);
    }

    /**
     * A full answer is doubted (design rule 25), unless a later one is stored. It is the first doubt that counts, until an answer is
     * believed. The person had their turn.
     *
     * @param askedAt when it was asked for
     */
    public void doubted(UssfId ussfId, Instant askedAt) {
        update(
                ussfId,
                "SET doubtedAt = if_not_exists(doubtedAt, :at), refreshTriedAt = :at",
                NO_LATER_ANSWER,
                new Item().withSortable(":at", askedAt));
    }

    /** Writes that a full answer came, unless that or a later one is there. */
    TransactWriteItem storingAnswer(UssfId ussfId, Instant askedAt) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(PersonItems.profileKey(ussfId))
                        .updateExpression("SET refreshedAt = :at REMOVE shown, doubtedAt")
                        .conditionExpression(NO_LATER_ANSWER)
                        .expressionAttributeValues(
                                new Item().withSortable(":at", askedAt).attributes()))
                .build();
    }

    /**
     * The condition that a full answer is the last one that came.
     *
     * @param askedAt when it was asked for; null for none
     */
    TransactWriteItem lastAnswerIs(UssfId ussfId, @Nullable Instant askedAt) {
        return TransactWriteItem.builder()
                .conditionCheck(check -> {
                    check.tableName(table).key(PersonItems.profileKey(ussfId));
                    if (askedAt == null) {
                        check.conditionExpression("attribute_not_exists(refreshedAt)");
                    } else {
                        check.conditionExpression("refreshedAt = :at")
                                .expressionAttributeValues(
                                        new Item().withSortable(":at", askedAt).attributes());
                    }
                })
                .build();
    }

    private Stream<Item> profiles(String projection) {
        return LongRead.ofTable(
                dynamoDb,
                ScanRequest.builder()
                        .tableName(table)
                        .filterExpression("sk = :profile")
                        .expressionAttributeValues(
                                new Item().with(":profile", PersonItems.PROFILE).attributes())
                        .projectionExpression(projection)
                        .limit(LongRead.PAGE)
                        .build());
    }

    /** Whether it was marked; if not, one of the two has just moved, or a transaction on one of them is under way. */
    private boolean mark(UssfId former, UssfId successor, UssfId end, boolean isToldOf) {
        var marking = TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(PersonItems.profileKey(former))
                        .updateExpression("SET movedTo = :successor REMOVE subscribedSince, subscriptionMoved")
                        .conditionExpression("attribute_not_exists(movedTo) AND " + (isToldOf ? "" : "NOT ") + TOLD_OF)
                        .expressionAttributeValues(
                                new Item().with(":successor", successor).attributes()))
                .build();
        return writer.write(List.of(marking, isToldOf ? takingSubscriptionAlong(end) : hasNotMoved(end)));
    }

    private TransactWriteItem takingSubscriptionAlong(UssfId end) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(PersonItems.profileKey(end))
                        .updateExpression("SET subscriptionMoved = :true")
                        .conditionExpression("attribute_not_exists(movedTo)")
                        .expressionAttributeValues(
                                new Item().withBoolean(":true", true).attributes()))
                .build();
    }

    private TransactWriteItem hasNotMoved(UssfId end) {
        return TransactWriteItem.builder()
                .conditionCheck(check -> check.tableName(table)
                        .key(PersonItems.profileKey(end))
                        .conditionExpression("attribute_not_exists(movedTo)"))
                .build();
    }

    /** When the last full answer for a person was asked for, strongly consistent; null if there was none. */
    @Nullable Instant lastAnswered(UssfId ussfId) {
        return item(ussfId).instant("refreshedAt");
    }

    private void takeProfileAlong(UssfId former, UssfId end) {
        var item = item(former);
        var profile = PersonItems.profile(item);
        if (profile.refereeExperience() != null) {
            var asOf = Objects.requireNonNull(item.instant("refereeExperienceAsOf"));
            learn(end, EXPERIENCE, experienceItem(profile.refereeExperience()), asOf, true);
        }
        if (profile.grassrootsCertificate() != null) {
            var asOf = Objects.requireNonNull(item.instant("certificateAsOf"));
            learn(end, CERTIFICATE, certificateItem(profile.grassrootsCertificate()), asOf, true);
        }
    }

    private Item item(UssfId ussfId) {
        var answer = dynamoDb.getItem(request ->
                request.tableName(table).key(PersonItems.profileKey(ussfId)).consistentRead(true));
        return new Item(answer.item());
    }

    /** A writer writes, then looks whether the person has moved: then it writes there too (design rule 5). */
    private boolean learn(UssfId ussfId, String what, Item news, Instant askedAt, boolean fromFormerId) {
        var asOf = what + "AsOf";
        var values =
                new Item().withSortable(":asOf", askedAt).with(":by", fromFormerId ? LearnedBy.MOVE.wireName() : null);
        var assignments = new StringBuilder("SET " + asOf + " = :asOf");
        news.attributes().forEach((name, value) -> {
            assignments.append(", ").append(name).append(" = :").append(name);
            values.attributes().put(":" + name, value);
        });
        assignments.append(String.format(Locale.ROOT, fromFormerId ? ", %sBy = :by" : " REMOVE %sBy", what));
        var before = update(
                ussfId,
                assignments.toString(),
                String.format(Locale.ROOT, "attribute_not_exists(%1$s) OR %1$s < :asOf", asOf),
                values);
        var movedTo = before == null ? movedTo(ussfId) : PersonItems.movedTo(before);
        if (movedTo != null) {
            return learn(movedTo, what, news, askedAt, fromFormerId);
        }
        return before != null
                && !news.attributes().entrySet().stream()
                        .allMatch(attribute ->
                                attribute.getValue().equals(before.attributes().get(attribute.getKey())));
    }

    /** The item before an update; null if the condition does not hold. */
    private @Nullable Item update(UssfId ussfId, String expression, String condition, Item values) {
        try {
            return new Item(Conflicts.repeating(() -> dynamoDb.updateItem(request -> request.tableName(table)
                            .key(PersonItems.profileKey(ussfId))
                            .updateExpression(expression)
                            .conditionExpression(condition)
                            .expressionAttributeValues(values.attributes())
                            .returnValues(ReturnValue.ALL_OLD)))
                    .attributes());
        } catch (ConditionalCheckFailedException laterIsKnown) {
            return null;
        }
    }

    private static Item experienceItem(int years) {
        return new Item().withNumber("refereeExperience", years);
    }

    private static Item certificateItem(GrassrootsCertificate certificate) {
        var item = new Item().withBoolean("hasCertificate", certificate.hasCertificate());
        item.attributes()
                .put(
                        "certificateIssueDate",
                        certificate.issueDate() == null
                                ? AttributeValue.fromNul(true)
                                : AttributeValue.fromS(certificate.issueDate().toString()));
        return item;
    }
}
