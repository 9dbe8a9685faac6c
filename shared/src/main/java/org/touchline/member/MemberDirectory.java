package org.touchline.member;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.dynamodb.LongRead;
import org.touchline.dynamodb.TransactionWriter;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The organization's members and their enrollment. Keyed by the identifier; the index {@code by-ussf-id} finds who holds a
 * USSF-ID, the index {@code by-enrollment-status} lists members by how far they have come. Indexes follow the table a moment
 * later; {@link #find} is strongly consistent. Every item has a version, and is changed on condition of the version that was read.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class MemberDirectory {
    private static final String BY_USSF_ID = "by-ussf-id";
    private static final String BY_ENROLLMENT_STATUS = "by-enrollment-status";
    private static final int MOST_RACES = 30;

    /** Of reading on for those who are in the index and were taken out, or came further, since. */
    private static final int MOST_ROUNDS = 2;

    private final DynamoDbClient dynamoDb;
    private final String table;
    private final BatchReader batchReader;
    private final TransactionWriter writer;

    /** A directory on a table that {@code template.yaml} made. */
    public MemberDirectory(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
        this.batchReader = new BatchReader(dynamoDb, table);
        this.writer = new TransactionWriter(dynamoDb);
    }

    /**
     * A part of a list.
     *
     * @param next the identifier to go on after; null at the end
     */
    public record Page(
            List<EnrolledMember> members, @Nullable MemberIdentifier next) {}

    /**
     * What is owed to somebody for a change of a member, as parts of the transaction that stores the change: both are durable, or
     * neither is. Asked anew where others change the member meanwhile.
     */
    @FunctionalInterface
    public interface Owed {
        /** Nothing at all. */
        Owed NOTHING = _ -> List.of();

        /** What is owed. */
        List<TransactWriteItem> forChange(Change change);
    }

    /**
     * What becomes of a member.
     *
     * @param before null if the member is new, or there is none
     * @param after equal to {@code before} if nothing changes; null if the member is taken out, or there is none
     */
    public record Change(
            @Nullable EnrolledMember before, @Nullable EnrolledMember after) {
        /** Whether anything is written. */
        public boolean isNews() {
            return !Objects.equals(before, after);
        }
    }

    /** A member; empty if there is none of that identifier. */
    public Optional<EnrolledMember> find(MemberIdentifier identifier) {
        return stored(identifier).map(MemberItems::enrolledMember);
    }

    /** Those members who are there, eventually consistent. */
    public Map<MemberIdentifier, EnrolledMember> findAll(Set<MemberIdentifier> identifiers) {
        var keys = identifiers.stream().map(MemberItems::key).toList();
        return batchReader.read(keys, null).stream()
                .map(MemberItems::enrolledMember)
                .collect(Collectors.toMap(enrolled -> enrolled.member().identifier(), Function.identity()));
    }

    /**
     * Puts a member in, or replaces one whole. The same member again changes nothing; one whose details changed is to be looked
     * up anew.
     */
    public Change put(Member member, Owed owed) {
        return change(
                member.identifier(),
                before -> new EnrolledMember(
                        member, before == null ? Enrollment.pending(member.ussfId()) : before.enrollmentOf(member)),
                owed);
    }

    /**
     * Takes a member out.
     *
     * @return whether there was one
     */
    public boolean delete(MemberIdentifier identifier, Owed owed) {
        return change(identifier, _ -> null, owed).before() != null;
    }

    /**
     * Stores how far a member has come, if what they were looked up by is still so: else a newer wish decides. Whom somebody else has
     * enrolled meanwhile with the same USSF-ID stays enrolled.
     *
     * @param lookedUp the member as they were looked up
     * @return whether it was
     */
    public boolean settle(Member lookedUp, Enrollment enrollment, Owed owed) {
        var change = change(
                lookedUp.identifier(),
                before -> before != null
                                && before.member().looksUpLike(lookedUp)
                                && !before.enrollment().isBeyond(enrollment)
                        ? before.with(enrollment)
                        : before,
                owed);
        return change.after() != null && change.after().enrollment().equals(enrollment);
    }

    /** Has a member say why they are still pending; where they are so no longer, nothing changes. */
    public void explainPending(MemberIdentifier identifier, UnaryOperator<Enrollment> explained) {
        change(
                identifier,
                before -> before != null && before.enrollment().status() == Enrollment.Status.PENDING
                        ? before.with(explained.apply(before.enrollment()))
                        : before,
                Owed.NOTHING);
    }

    /**
     * Members of an enrollment status, in the order of their identifiers. At most 8 requests. A page holds fewer than the limit only if
     * hundreds came further within the moment that the index follows later.
     *
     * @param limit how many at most, up to 200
     * @param after the identifier to go on after, which need not exist; null for the beginning
     */
    public Page withEnrollment(Enrollment.Status status, int limit, @Nullable MemberIdentifier after) {
        return page(
                listed(BY_ENROLLMENT_STATUS, "enrollmentStatus", status.wireName()),
                member -> member.enrollment().status() == status,
                limit,
                after);
    }

    /**
     * All members, in the order of their identifiers. At most 8 requests. A page holds fewer than the limit only if hundreds were
     * taken out within the moment that the index follows later.
     *
     * @param limit how many at most, up to 200
     * @param after the identifier to go on after, which need not exist; null for the beginning
     */
    public Page everybody(int limit, @Nullable MemberIdentifier after) {
        return page(
                listed(MemberItems.EVERYBODY, MemberItems.EVERYBODY, MemberItems.EVERYBODY), _ -> true, limit, after);
    }

    /**
     * How many members are of an enrollment status, as the index has followed. Counts no further than {@code most}, up to a thousand: one
     * request.
     */
    public int count(Enrollment.Status status, int most) {
        var count = 0;
        for (var page : dynamoDb.queryPaginator(listed(BY_ENROLLMENT_STATUS, "enrollmentStatus", status.wireName())
                .apply(null)
                .select(Select.COUNT)
                .limit(most)
                .build())) {
            count += page.count();
            if (count >= most) {
                return most;
            }
        }
        return count;
    }

    /** @param listed asks an index for those behind an identifier; the members themselves are read from the table */
    private Page page(
            Function<@Nullable MemberIdentifier, QueryRequest.Builder> listed,
            Predicate<EnrolledMember> wanted,
            int limit,
            @Nullable MemberIdentifier after) {
        var found = new ArrayList<EnrolledMember>();
        var last = after;
        for (var round = 0; round < MOST_ROUNDS; round++) {
            var missing = limit + 1 - found.size();
            var identifiers = dynamoDb.query(listed.apply(last).limit(missing).build()).items().stream()
                    .map(MemberDirectory::identifier)
                    .toList();
            var known = findAll(Set.copyOf(identifiers));
            identifiers.stream()
                    .map(known::get)
                    .filter(Objects::nonNull)
                    .filter(wanted)
                    .forEach(found::add);
            if (found.size() > limit) {
                return new Page(
                        found.subList(0, limit), found.get(limit - 1).member().identifier());
            }
            if (identifiers.size() < missing) {
                return new Page(found, null);
            }
            last = identifiers.getLast();
        }
        return new Page(found, last);
    }

    /** Asks an index for the members of a partition, behind an identifier. */
    private Function<@Nullable MemberIdentifier, QueryRequest.Builder> listed(
            String index, String attribute, String value) {
        return after -> QueryRequest.builder()
                .tableName(table)
                .indexName(index)
                .keyConditionExpression(attribute + " = :value AND memberIdentifier > :after")
                .expressionAttributeValues(new Item()
                        .with(":value", value)
                        .with(":after", after == null ? " " : after.value())
                        .attributes());
    }

    /** The birth dates of the members who hold a USSF-ID. */
    public List<LocalDate> birthDatesOf(UssfId ussfId) {
        return StreamSupport.stream(holders(ussfId).spliterator(), false)
                .map(attributes -> Objects.requireNonNull(new Item(attributes).date("dateOfBirth")))
                .toList();
    }

    /** The identifiers of the members who hold a USSF-ID, as far as the index has followed. */
    public List<MemberIdentifier> holdersOf(UssfId ussfId) {
        return StreamSupport.stream(holders(ussfId).spliterator(), false)
                .map(MemberDirectory::identifier)
                .toList();
    }

    /** Takes a member out as a part of a transaction, if there is one, and asks for nothing else. */
    public TransactWriteItem deleting(MemberIdentifier identifier) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table).key(MemberItems.key(identifier)))
                .build();
    }

    /**
     * The USSF-IDs that members of an enrollment status hold, as often as they hold them; read unhurried, as they
     * are consumed.
     *
     * @param unreadable is told of each id that is none, which is passed over (design rule 24)
     */
    public Stream<UssfId> heldUssfIds(Enrollment.Status status, Runnable unreadable) {
        var pages = dynamoDb.queryPaginator(request -> request.tableName(table)
                .indexName(BY_ENROLLMENT_STATUS)
                .keyConditionExpression("enrollmentStatus = :status")
                .expressionAttributeValues(Map.of(":status", AttributeValue.fromS(status.wireName())))
                .projectionExpression("holdsUssfId")
                .limit(LongRead.PAGE));
        return LongRead.items(pages.stream(), QueryResponse::items)
                .map(item -> item.textOrNull("holdsUssfId"))
                .filter(Objects::nonNull)
                .flatMap(held -> UssfId.ofStored(held, unreadable));
    }

    /** Lets the members who hold a USSF-ID hold the one it has changed to. What the organization gave stays as it is. */
    public void moveUssfId(UssfId former, UssfId present) {
        changeHolders(former, enrollment -> enrollment.of(present));
    }

    /**
     * Tells the members who are enrolled with a USSF-ID that the Learning Center does not know it (design rule 18). For who is
     * pending a follow-up of their own is owed.
     *
     * @return those who have failed, now or before
     */
    public List<MemberIdentifier> failUssfId(UssfId ussfId, Instant checkedAt) {
        changeHolders(
                ussfId,
                enrollment ->
                        enrollment.status() == Enrollment.Status.ENROLLED ? enrollment.failed(checkedAt) : enrollment);
        return holdersNow(ussfId)
                .filter(holder -> holder.enrollment().status() == Enrollment.Status.FAILED)
                .map(holder -> holder.member().identifier())
                .toList();
    }

    /** The Learning Center knows the USSF-ID, and tells us of it: who had failed is enrolled again (design rule 26). */
    public void enrollUssfId(UssfId ussfId, Instant checkedAt) {
        changeHolders(
                ussfId,
                enrollment -> enrollment.status() == Enrollment.Status.FAILED
                        ? Enrollment.enrolled(ussfId, checkedAt)
                        : enrollment);
    }

    /** How far the members have come who hold a USSF-ID: those whom the index shows are looked at, strongly consistent. */
    public Set<Enrollment.Status> statusesOfHolders(UssfId ussfId) {
        return holdersNow(ussfId)
                .map(holder -> holder.enrollment().status())
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Enrollment.Status.class)));
    }

    /** Whether a member holds a USSF-ID: those whom the index shows are looked at, strongly consistent. */
    public boolean isHeld(UssfId ussfId) {
        return holdersNow(ussfId).findFirst().isPresent();
    }

    private Stream<EnrolledMember> holdersNow(UssfId ussfId) {
        return StreamSupport.stream(holders(ussfId).spliterator(), false)
                .flatMap(attributes -> find(identifier(attributes)).stream())
                .filter(enrolled -> ussfId.equals(enrolled.enrollment().heldUssfId()));
    }

    /** Each of them, though one of them fails (design rule 24): then it is to be done again. */
    private void changeHolders(UssfId ussfId, UnaryOperator<Enrollment> change) {
        RuntimeException failure = null;
        for (var attributes : holders(ussfId)) {
            try {
                change(
                        identifier(attributes),
                        before -> before != null
                                        && ussfId.equals(before.enrollment().heldUssfId())
                                ? before.with(change.apply(before.enrollment()))
                                : before,
                        Owed.NOTHING);
            } catch (RuntimeException failed) {
                failure = failed;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Changes a member as it is now; null is no member. */
    private Change change(
            MemberIdentifier identifier,
            Function<@Nullable EnrolledMember, @Nullable EnrolledMember> change,
            Owed owed) {
        for (var race = 0; race < MOST_RACES; race++) {
            var stored = stored(identifier);
            var before = stored.map(MemberItems::enrolledMember).orElse(null);
            var after = change.apply(before);
            var attempted = new Change(before, after);
            var parts = new ArrayList<>(owed.forChange(attempted));
            if (attempted.isNews()) {
                var version = stored.map(item -> item.number("version")).orElse(0L);
                parts.addFirst(after == null ? deletion(identifier, version) : replacement(after, version));
            }
            if (writer.write(parts)) {
                return attempted;
            }
            Backoff.pause(race);
        }
        throw ConditionalCheckFailedException.builder()
                .message("the member was changed by others " + MOST_RACES + " times in a row")
                .build();
    }

    private TransactWriteItem replacement(EnrolledMember after, long versionBefore) {
        var isNew = versionBefore == 0;
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table)
                        .item(MemberItems.item(after)
                                .withNumber("version", versionBefore + 1)
                                .attributes())
                        .conditionExpression(isNew ? "attribute_not_exists(version)" : "version = :before")
                        .expressionAttributeValues(isNew ? null : version(versionBefore)))
                .build();
    }

    private TransactWriteItem deletion(MemberIdentifier identifier, long versionBefore) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table)
                        .key(MemberItems.key(identifier))
                        .conditionExpression("version = :before")
                        .expressionAttributeValues(version(versionBefore)))
                .build();
    }

    private static Map<String, AttributeValue> version(long before) {
        return new Item().withNumber(":before", before).attributes();
    }

    /** Who holds a USSF-ID, as far as the index has followed. */
    private Iterable<Map<String, AttributeValue>> holders(UssfId ussfId) {
        return dynamoDb.queryPaginator(request -> request.tableName(table)
                        .indexName(BY_USSF_ID)
                        .keyConditionExpression("holdsUssfId = :ussfId")
                        .expressionAttributeValues(Map.of(":ussfId", AttributeValue.fromS(ussfId.value()))))
                .items();
    }

    private static MemberIdentifier identifier(Map<String, AttributeValue> attributes) {
        return new MemberIdentifier(new Item(attributes).text("memberIdentifier"));
    }

    private Optional<Item> stored(MemberIdentifier identifier) {
        var answer = dynamoDb.getItem(request ->
                request.tableName(table).key(MemberItems.key(identifier)).consistentRead(true));
        return answer.hasItem() ? Optional.of(new Item(answer.item())) : Optional.empty();
    }
}
