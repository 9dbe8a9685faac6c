package org.touchline.member;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Backoff;
import org.touchline.dynamodb.Item;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * The organization's members and their enrollment. Keyed by the identifier; the index {@code by-ussf-id} finds who holds a
 * USSF-ID, the index {@code by-enrollment-status} lists members by how far they have come. Indexes follow the table a moment
 * later; {@link #find} is strongly consistent.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class MemberDirectory {
    private static final String BY_USSF_ID = "by-ussf-id";
    private static final String BY_ENROLLMENT_STATUS = "by-enrollment-status";
    private static final int MOST_RACES = 30;

    private final DynamoDbClient dynamoDb;
    private final String table;

    /** A directory on a table that {@code template.yaml} made. */
    public MemberDirectory(DynamoDbClient dynamoDb, String table) {
        this.dynamoDb = dynamoDb;
        this.table = table;
    }

    /**
     * A part of a list.
     *
     * @param next the identifier to go on after; null at the end
     */
    public record Page(
            List<EnrolledMember> members, @Nullable MemberIdentifier next) {}

    /** A member; empty if there is none of that identifier. */
    public Optional<EnrolledMember> find(MemberIdentifier identifier) {
        return stored(identifier).map(MemberDirectory::enrolledMember);
    }

    /**
     * Puts a member in, or replaces one whole. The same member again changes nothing and writes nothing; one whose details
     * changed is to be looked up anew.
     *
     * @return the member as stored
     */
    public EnrolledMember put(Member member) {
        for (var race = 0; race < MOST_RACES; race++) {
            var before = stored(member.identifier());
            var known = before.map(MemberDirectory::enrolledMember);
            if (known.isPresent() && known.get().member().equals(member)) {
                return known.get();
            }
            var after = new EnrolledMember(
                    member,
                    known.map(old -> old.enrollmentOf(member)).orElseGet(() -> Enrollment.pending(member.ussfId())));
            if (replace(before.map(item -> item.number("version")).orElse(0L), after)) {
                return after;
            }
            Backoff.pause(race);
        }
        throw tooManyRaces();
    }

    /**
     * Takes a member out.
     *
     * @return whether there was one
     */
    public boolean delete(MemberIdentifier identifier) {
        try {
            dynamoDb.deleteItem(request -> request.tableName(table)
                    .key(key(identifier))
                    .conditionExpression("attribute_exists(memberIdentifier)"));
            return true;
        } catch (ConditionalCheckFailedException thereIsNone) {
            return false;
        }
    }

    /**
     * Members of an enrollment status, in the order of their identifiers.
     *
     * @param limit how many at most
     * @param after the identifier to go on after, which need not exist; null for the beginning
     */
    public Page withEnrollment(Enrollment.Status status, int limit, @Nullable MemberIdentifier after) {
        var found = new ArrayList<EnrolledMember>();
        for (var attributes : dynamoDb.queryPaginator(request -> request.tableName(table)
                        .indexName(BY_ENROLLMENT_STATUS)
                        .keyConditionExpression("enrollmentStatus = :status AND memberIdentifier > :after")
                        .expressionAttributeValues(Map.of(
                                ":status", AttributeValue.fromS(status.wireName()),
                                ":after", AttributeValue.fromS(after == null ? " " : after.value())))
                        .limit(limit + 1))
                .items()) {
            if (found.size() == limit) {
                return new Page(found, found.getLast().member().identifier());
            }
            found.add(enrolledMember(new Item(attributes)));
        }
        return new Page(found, null);
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
                .map(attributes -> new MemberIdentifier(new Item(attributes).text("memberIdentifier")))
                .toList();
    }

    /** Takes a member out as a part of a transaction, if there is one, and asks for nothing else. */
    public TransactWriteItem deleting(MemberIdentifier identifier) {
        return TransactWriteItem.builder()
                .delete(delete -> delete.tableName(table).key(key(identifier)))
                .build();
    }

    /** The USSF-IDs that members of an enrollment status hold, as often as they hold them; read as they are consumed. */
    public Stream<UssfId> heldUssfIds(Enrollment.Status status) {
        return dynamoDb
                .queryPaginator(request -> request.tableName(table)
                        .indexName(BY_ENROLLMENT_STATUS)
                        .keyConditionExpression("enrollmentStatus = :status")
                        .expressionAttributeValues(Map.of(":status", AttributeValue.fromS(status.wireName())))
                        .projectionExpression("holdsUssfId"))
                .items()
                .stream()
                .flatMap(attributes -> Stream.ofNullable(ussfId(new Item(attributes).textOrNull("holdsUssfId"))));
    }

    /** Lets the members who hold a USSF-ID hold the one it has changed to. What the organization gave stays as it is. */
    public void moveUssfId(UssfId former, UssfId present) {
        changeHolders(former, enrollment -> enrollment.of(present));
    }

    /** Tells the members who hold a USSF-ID that the Learning Center does not know it (design rule 18). */
    public void failUssfId(UssfId ussfId, Instant checkedAt) {
        changeHolders(ussfId, enrollment -> enrollment.failed(checkedAt));
    }

    private void changeHolders(UssfId ussfId, UnaryOperator<Enrollment> change) {
        for (var attributes : holders(ussfId)) {
            change(new MemberIdentifier(new Item(attributes).text("memberIdentifier")), enrolled -> {
                var holds = ussfId.equals(enrolled.enrollment().ussfId());
                return holds ? enrolled.with(change.apply(enrolled.enrollment())) : enrolled;
            });
        }
    }

    /** Changes a member, if there is one, as it is now. */
    private void change(MemberIdentifier identifier, UnaryOperator<EnrolledMember> change) {
        for (var race = 0; race < MOST_RACES; race++) {
            var before = stored(identifier);
            if (before.isEmpty()) {
                return;
            }
            var known = enrolledMember(before.get());
            var changed = change.apply(known);
            if (changed.equals(known) || replace(before.get().number("version"), changed)) {
                return;
            }
            Backoff.pause(race);
        }
        throw tooManyRaces();
    }

    /** Who holds a USSF-ID, as far as the index has followed. */
    private Iterable<Map<String, AttributeValue>> holders(UssfId ussfId) {
        return dynamoDb.queryPaginator(request -> request.tableName(table)
                        .indexName(BY_USSF_ID)
                        .keyConditionExpression("holdsUssfId = :ussfId")
                        .expressionAttributeValues(Map.of(":ussfId", AttributeValue.fromS(ussfId.value()))))
                .items();
    }

    private Optional<Item> stored(MemberIdentifier identifier) {
        var answer = dynamoDb.getItem(
                request -> request.tableName(table).key(key(identifier)).consistentRead(true));
        return answer.hasItem() ? Optional.of(new Item(answer.item())) : Optional.empty();
    }

    private static ConditionalCheckFailedException tooManyRaces() {
        return ConditionalCheckFailedException.builder()
                .message("the member was changed by others " + MOST_RACES + " times in a row")
                .build();
    }

    private boolean replace(long versionBefore, EnrolledMember after) {
        try {
            dynamoDb.putItem(request -> request.tableName(table)
                    .item(item(after).withNumber("version", versionBefore + 1).attributes())
                    .conditionExpression(versionBefore == 0 ? "attribute_not_exists(version)" : "version = :before")
                    .expressionAttributeValues(
                            versionBefore == 0
                                    ? null
                                    : Map.of(":before", AttributeValue.fromN(Long.toString(versionBefore)))));
            return true;
        } catch (ConditionalCheckFailedException changedByAnother) {
            return false;
        }
    }

    private static Item item(EnrolledMember enrolled) {
        var member = enrolled.member();
        var enrollment = enrolled.enrollment();
        return new Item(key(member.identifier()))
                .with("firstName", member.firstName())
                .with("lastName", member.lastName())
                .with("email", member.email())
                .with("dateOfBirth", member.dateOfBirth())
                .with("ussfId", member.ussfId())
                .withBoolean("active", member.active())
                .with("expiresOn", member.expiresOn())
                .withTexts("optionalFields", member.optionalFields())
                .with("enrollmentStatus", enrollment.status().wireName())
                .with("enrollmentDetail", enrollment.detail())
                .with("enrollmentCheckedAt", enrollment.checkedAt())
                .with("holdsUssfId", enrollment.ussfId());
    }

    private static EnrolledMember enrolledMember(Item item) {
        return new EnrolledMember(
                new Member(
                        new MemberIdentifier(item.text("memberIdentifier")),
                        item.text("firstName"),
                        item.text("lastName"),
                        item.text("email"),
                        Objects.requireNonNull(item.date("dateOfBirth")),
                        ussfId(item.textOrNull("ussfId")),
                        item.flag("active"),
                        item.date("expiresOn"),
                        item.texts("optionalFields")),
                new Enrollment(
                        Enrollment.Status.ofWireName(item.text("enrollmentStatus"))
                                .orElseThrow(),
                        item.text("enrollmentDetail"),
                        ussfId(item.textOrNull("holdsUssfId")),
                        item.instant("enrollmentCheckedAt")));
    }

    private static @Nullable UssfId ussfId(@Nullable String text) {
        return text == null ? null : new UssfId(text);
    }

    private static Map<String, AttributeValue> key(MemberIdentifier identifier) {
        return new Item().with("memberIdentifier", identifier).attributes();
    }
}
