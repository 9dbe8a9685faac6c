package org.touchline.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.member.Members.member;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberDirectory.Owed;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@OnEveryBackend
class MemberDirectoryTest {
    private static final MemberIdentifier A1 = MemberIdentifier.parse("A1");
    private static final String TIMS_ID = "\"ussfId\":\"2020000004152809\"";

    private final Calls calls = new Calls();
    private final TestStack stack;
    private final MemberDirectory members;

    MemberDirectoryTest(Backend backend) {
        stack = backend.newStack();
        members = new MemberDirectory(calls.listening(stack.dynamoDb()), stack.table("MemberDirectoryTable"));
    }

    @AfterEach
    void deleteDirectory() {
        stack.close();
    }

    @Test
    void memberIsStoredWholeAndPending() {
        var member = member("a1", TIMS_ID + ",\"expiresOn\":\"2026-12-31\",\"active\":false,\"city\":\"Los Angeles\"");

        var stored = Members.put(members, member);

        assertEquals(Optional.of(stored), members.find(A1));
        assertEquals(member, stored.member());
        assertEquals(Status.PENDING, stored.enrollment().status());
        assertEquals(new UssfId("2020000004152809"), stored.enrollment().ussfId());
    }

    @Test
    void putReplacesTheMemberWhole() {
        Members.put(members, member("A1", "\"city\":\"Los Angeles\",\"expiresOn\":\"2026-12-31\""));

        Members.put(members, member("A1", "\"region\":\"CA\""));

        var stored = members.find(A1).orElseThrow().member();
        assertEquals(Map.of("region", "CA"), stored.optionalFields());
        assertNull(stored.expiresOn());
    }

    @Test
    void sameMemberAgainWritesNothing() {
        Members.put(members, member("A1", TIMS_ID));
        calls.drain();

        Members.put(members, member("A1", TIMS_ID));

        assertEquals(List.of("GetItem"), calls.drain());
    }

    @Test
    void enrollmentOutlivesAChangeThatDoesNotConcernItAndNoOther() {
        Members.put(members, member("A1", TIMS_ID));
        enroll(A1);

        assertEquals(
                Status.ENROLLED,
                Members.put(members, member("A1", TIMS_ID + ",\"city\":\"Reno\""))
                        .enrollment()
                        .status());
        assertEquals(
                Status.PENDING,
                Members.put(members, member("A1", TIMS_ID + ",\"firstName\":\"Timothy\""))
                        .enrollment()
                        .status());
    }

    /** A coach who was found stays found until the new details have been looked up. */
    @Test
    void ussfIdThatWasFoundStaysWhenOtherDetailsChangeAndGoesWhenAnotherIsGiven() {
        Members.put(members, member("A1", ""));
        enroll(A1);

        var moved =
                Members.put(members, member("A1", "\"email\":\"new@test.com\"")).enrollment();
        assertEquals(Status.PENDING, moved.status());
        assertEquals(new UssfId("2020000004152809"), moved.ussfId());

        var given = Members.put(members, member("A1", "\"ussfId\":\"2020000004136762\""))
                .enrollment();
        assertEquals(new UssfId("2020000004136762"), given.ussfId());
    }

    @Test
    void putsOfOneMemberAtOnceAllSucceed() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var puts = IntStream.range(0, 20)
                    .mapToObj(i -> threads.submit(() -> Members.put(members, member("A1", "\"city\":\"" + i + "\""))))
                    .toList();
            for (var put : puts) {
                put.get();
            }
        }

        assertTrue(members.find(A1).isPresent());
    }

    @Test
    void deletedMemberIsGoneAndCannotBeDeletedAgain() {
        Members.put(members, member("A1", ""));

        assertTrue(members.delete(A1, Owed.NOTHING));
        assertEquals(Optional.empty(), members.find(A1));
        assertFalse(members.delete(A1, Owed.NOTHING));
    }

    @Test
    void listsMembersOfAStatusInTheOrderOfTheirIdentifiersPageByPage() {
        for (var identifier : List.of("B2", "A10", "A1", "C3", "A2")) {
            Members.put(members, member(identifier, ""));
        }
        Members.put(members, member("A3", TIMS_ID));
        enroll(MemberIdentifier.parse("A3"));

        var listed = new ArrayList<String>();
        MemberIdentifier after = null;
        var pages = 0;
        do {
            var page = members.withEnrollment(Status.PENDING, 2, after);
            page.members()
                    .forEach(member -> listed.add(member.member().identifier().value()));
            after = page.next();
            pages++;
        } while (after != null);

        assertEquals(List.of("A1", "A10", "A2", "B2", "C3"), listed);
        assertEquals(3, pages);
        assertEquals(
                1, members.withEnrollment(Status.ENROLLED, 50, null).members().size());
    }

    @Test
    void countsMembersOfAStatusUpToALimit() {
        for (var identifier : List.of("B2", "A10", "A1")) {
            Members.put(members, member(identifier, ""));
        }

        assertEquals(3, members.count(Status.PENDING, 4));
        assertEquals(3, members.count(Status.PENDING, 3));
        assertEquals(2, members.count(Status.PENDING, 2));
        assertEquals(0, members.count(Status.ENROLLED, 2));
    }

    @Test
    void lastPageThatIsFullNamesNoNext() {
        Members.put(members, member("A1", ""));
        Members.put(members, member("A2", ""));

        assertNull(members.withEnrollment(Status.PENDING, 2, null).next());
    }

    @Test
    void findsTheBirthDatesOfWhoHoldsAUssfId() {
        Members.put(members, member("A1", TIMS_ID));
        Members.put(members, member("A2", TIMS_ID + ",\"dateOfBirth\":\"1999-01-01\""));
        Members.put(members, member("A3", ""));

        var dates = members.birthDatesOf(new UssfId("2020000004152809"));

        assertEquals(
                List.of(LocalDate.of(1973, 11, 5), LocalDate.of(1999, 1, 1)),
                dates.stream().sorted().toList());
        assertEquals(List.of(), members.birthDatesOf(new UssfId("2020000004136762")));
    }

    /** As the follow-up of a later issue does it. */
    private void enroll(MemberIdentifier identifier) {
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("MemberDirectoryTable"))
                        .key(Map.of("memberIdentifier", AttributeValue.fromS(identifier.value())))
                        .updateExpression("SET enrollmentStatus = :enrolled, holdsUssfId = :found")
                        .expressionAttributeValues(Map.of(
                                ":enrolled", AttributeValue.fromS("enrolled"),
                                ":found", AttributeValue.fromS("2020000004152809"))));
    }
}
