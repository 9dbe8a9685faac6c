package org.touchline.license;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.ExplainedException;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Conflicts;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/**
 * What is known of people beside their licenses: whether their USSF-ID has changed, whether the Learning Center tells us of
 * changes, their experience and certificate; one item a person in the table of the license store.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class ProfileStore {
    private static final int MOST_RACES = 10;
    /** A person has a handful of USSF-IDs at most, and there are no circles: this is a guard against a bug. */
    private static final int MOST_IDS = 100;

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

    /** This id, and all that the person has had since, in their order. */
    private List<UssfId> chain(UssfId ussfId) {
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
     * Everybody of whom the Learning Center tells us, and some others, those first who have not been refreshed, or tried to be, for
     * the longest time. Former ids are left out. Reads the whole table, eventually consistent.
     *
     * @param others who have a turn as well, whether or not anything is known of them
     */
    public List<UssfId> leastRecentlyRefreshed(Set<UssfId> others) {
        record Turn(UssfId ussfId, String last) {}
        var withoutProfile = new HashSet<>(others);
        var withProfile = profiles("pk, subscribedSince, movedTo, refreshedAt, refreshTriedAt")
                .flatMap(item -> PersonItems.personIfReadable(item, () -> {})
                        .peek(withoutProfile::remove)
                        .filter(ussfId -> !item.has("movedTo"))
                        .filter(ussfId -> item.has("subscribedSince") || others.contains(ussfId))
                        .map(ussfId -> new Turn(
                                ussfId,
                                Stream.of("refreshedAt", "refreshTriedAt")
                                        .map(item::textOrNull)
                                        .filter(Objects::nonNull)
                                        .max(Comparator.naturalOrder())
                                        .orElse(""))))
                .toList();
        return Stream.concat(withProfile.stream(), withoutProfile.stream().map(ussfId -> new Turn(ussfId, "")))
                .sorted(Comparator.comparing(Turn::last).thenComparing(Turn::ussfId))
                .map(Turn::ussfId)
                .toList();
    }

    /**
     * When the person was last asked about, of all of whom the Learning Center tells us, whose full answer is the oldest; where there was
     * none yet, since when it tells of them. Empty if there is nobody. Reads the whole table, eventually consistent.
     */
    public Optional<Instant> oldestRefresh() {
        return dynamoDb
                .scanPaginator(request -> request.tableName(table)
                        .filterExpression("sk = :profile AND attribute_exists(subscribedSince)"
                                + " AND attribute_not_exists(movedTo)")
                        .expressionAttributeValues(
                                new Item().with(":profile", PersonItems.PROFILE).attributes())
                        .projectionExpression("refreshedAt, subscribedSince"))
                .items()
                .stream()
                .map(Item::new)
                .flatMap(item -> Stream.of("refreshedAt", "subscribedSince")
                        .map(item::instant)
                        .filter(Objects::nonNull)
                        .limit(1))
                .min(Instant::compareTo);
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
     * changes at once cannot make a circle. Experience and certificate are taken along; licenses are the caller's to move.
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
            var known = movedTo(former);
            if (known != null) {
                if (!present(known).equals(end)) {
                    throw new ContradictoryMoveException("the USSF-ID has moved elsewhere before");
                }
                takeProfileAlong(former, end);
                return Marked.ALREADY_SO;
            }
            if (mark(former, successor, end)) {
                takeProfileAlong(former, end);
                return Marked.MOVED;
            }
            Backoff.pause(race);
        }
        throw TransactionConflictException.builder()
                .message("the USSF-ID was changed by others " + MOST_RACES + " times in a row")
                .build();
    }

    /**
     * The Learning Center tells us of this person's changes.
     *
     * @param since from when on; what is earlier is kept
     */
    public void subscribed(UssfId ussfId, Instant since) {
        Conflicts.repeating(() -> dynamoDb.updateItem(request -> request.tableName(table)
                .key(PersonItems.profileKey(ussfId))
                .updateExpression("SET subscribedSince = if_not_exists(subscribedSince, :since)")
                .expressionAttributeValues(new Item().with(":since", since).attributes())));
    }

    /** It tells us of them no longer. Of whom nothing is known, nothing is stored. */
    public void unsubscribed(UssfId ussfId) {
        try {
            Conflicts.repeating(() -> dynamoDb.updateItem(request -> request.tableName(table)
                    .key(PersonItems.profileKey(ussfId))
                    .updateExpression("REMOVE subscribedSince")
                    .conditionExpression("attribute_exists(subscribedSince)")));
        } catch (ConditionalCheckFailedException itDidNot) {
            // So it is already.
        }
    }

    /**
     * Everybody of whom the Learning Center tells us, in no order. Reads the whole table, eventually consistent, as it is consumed.
     *
     * @param unreadable is told of each profile of nobody, which is passed over (design rule 24)
     */
    public Stream<UssfId> everybodySubscribed(Runnable unreadable) {
        return profiles("pk, subscribedSince, movedTo")
                .filter(item -> item.has("subscribedSince") && !item.has("movedTo"))
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
        return learn(ussfId, "refereeExperience", new Item().withNumber("refereeExperience", years), askedAt);
    }

    /**
     * Stores whether the person has the certificate.
     *
     * @param askedAt when the Learning Center was asked: an answer to a later question stays
     * @return whether that was news
     */
    public boolean grassrootsCertificate(UssfId ussfId, GrassrootsCertificate certificate, Instant askedAt) {
        return learn(ussfId, "certificate", certificateItem(certificate), askedAt);
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
        return dynamoDb
                .scanPaginator(request -> request.tableName(table)
                        .filterExpression("sk = :profile")
                        .expressionAttributeValues(
                                new Item().with(":profile", PersonItems.PROFILE).attributes())
                        .projectionExpression(projection))
                .items()
                .stream()
                .map(Item::new);
    }

    /** Whether it was marked; if not, one of the two has just moved, or a transaction on one of them is under way. */
    private boolean mark(UssfId former, UssfId successor, UssfId end) {
        return writer.write(List.of(
                TransactWriteItem.builder()
                        .update(update -> update.tableName(table)
                                .key(PersonItems.profileKey(former))
                                .updateExpression("SET movedTo = :successor REMOVE subscribedSince")
                                .conditionExpression("attribute_not_exists(movedTo)")
                                .expressionAttributeValues(
                                        new Item().with(":successor", successor).attributes()))
                        .build(),
                TransactWriteItem.builder()
                        .conditionCheck(check -> check.tableName(table)
                                .key(PersonItems.profileKey(end))
                                .conditionExpression("attribute_not_exists(movedTo)"))
                        .build()));
    }

    /** When the last full answer for a person was asked for, strongly consistent; null if there was none. */
    @Nullable Instant lastAnswered(UssfId ussfId) {
        return item(ussfId).instant("refreshedAt");
    }

    private void takeProfileAlong(UssfId former, UssfId end) {
        var item = item(former);
        var profile = PersonItems.profile(item);
        if (profile.refereeExperience() != null) {
            refereeExperience(
                    end, profile.refereeExperience(), Objects.requireNonNull(item.instant("refereeExperienceAsOf")));
        }
        if (profile.grassrootsCertificate() != null) {
            grassrootsCertificate(
                    end, profile.grassrootsCertificate(), Objects.requireNonNull(item.instant("certificateAsOf")));
        }
    }

    private Item item(UssfId ussfId) {
        var answer = dynamoDb.getItem(request ->
                request.tableName(table).key(PersonItems.profileKey(ussfId)).consistentRead(true));
        return new Item(answer.item());
    }

    /** A writer writes, then looks whether the person has moved: then it writes there too (design rule 5). */
    private boolean learn(UssfId ussfId, String what, Item news, Instant askedAt) {
        var asOf = what + "AsOf";
        var values = new Item().withSortable(":asOf", askedAt);
        var assignments = new StringBuilder("SET " + asOf + " = :asOf");
        news.attributes().forEach((name, value) -> {
            assignments.append(", ").append(name).append(" = :").append(name);
            values.attributes().put(":" + name, value);
        });
        var before = update(
                ussfId,
                assignments.toString(),
                String.format(Locale.ROOT, "attribute_not_exists(%1$s) OR %1$s < :asOf", asOf),
                values);
        var movedTo = before == null ? movedTo(ussfId) : PersonItems.movedTo(before);
        if (movedTo != null) {
            return learn(movedTo, what, news, askedAt);
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
