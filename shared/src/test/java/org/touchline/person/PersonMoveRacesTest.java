package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.active;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.Meanwhile;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.Changes;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ProfileStore.Marked;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Design rules 5 and 8: what repetitions, chains and late writers do to a move. */
class PersonMoveRacesTest {
    private static final UssfId FORMER = new UssfId("0000000000000001");
    private static final UssfId SUCCESSOR = new UssfId("0000000000000002");
    private static final MemberIdentifier MEMBER = MemberIdentifier.parse("A1");

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private TestStack stack;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private FollowUpStore followUps;
    private PersonMove moves;

    @BeforeEach
    void createStores() {
        stack = Backend.EMBEDDED.newStack();
        licenses = licenses(stack.dynamoDb());
        profiles = profiles(stack.dynamoDb());
        members = members(stack.dynamoDb());
        followUps = followUps(stack.dynamoDb());
        moves = moves(stack.dynamoDb());
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    @Test
    void membersWhoHoldAFormerIdOfAChainHoldItsEnd() {
        live(FORMER);
        var last = new UssfId("0000000000000003");
        moves.recordAndMove(SUCCESSOR, last);

        moves.recordAndMove(FORMER, SUCCESSOR);

        assertMoved(FORMER, last);
    }

    /** The sender tries again while the first attempt's follow-up is still owed: it stays. */
    @Test
    void repetitionOfAMoveThatDiedDoesNotClearWhatIsOwed() {
        live(FORMER);
        // Recorded, marked, died.
        var meanwhile = new Meanwhile().before(TransactWriteItemsRequest.class, () -> {
            profiles.markMoved(FORMER, SUCCESSOR);
            throw AbortedException.create("died");
        });
        assertThrows(
                AbortedException.class,
                () -> moves(meanwhile.client(stack.dynamoDb())).recordAndMove(FORMER, SUCCESSOR));

        assertEquals(Marked.ALREADY_SO, moves.recordAndMove(FORMER, SUCCESSOR));

        assertTrue(isOwed(new Move(FORMER, SUCCESSOR)));
        moves.move(FORMER, SUCCESSOR);
        assertMoved(FORMER, SUCCESSOR);
    }

    /** The index of holders follows a moment later, and writers may not know of a move for as long as they live. */
    @Test
    @Tag("rule-5")
    void lateLookTakesAlongWhatCameAfterTheMove() {
        moves.recordAndMove(FORMER, SUCCESSOR);
        putMember(FORMER);

        moves.lookAgain(FORMER);

        assertEquals(SUCCESSOR, members.find(MEMBER).orElseThrow().enrollment().ussfId());
    }

    /** A webhook may come under a former id years later, and its writer die before its look. */
    @Test
    @Tag("rule-5")
    void looksGoOnEverMoreSeldomForAsLongAsAnIdIsAFormerOne() {
        moves.recordAndMove(FORMER, SUCCESSOR);
        var waits = new ArrayList<Long>();
        for (var look = 0; look < 9; look++) {
            var due = followUps.find(new LookAgain(FORMER).id()).orElseThrow().dueAt();
            clock.advance(Duration.between(clock.instant(), due));
            putWithoutLooking("coach_" + look);

            moves.lookAgain(FORMER);

            assertEquals(List.of(), licenses.person(FORMER).orElseThrow().licenses());
            assertEquals(look + 1, Changes.held(licenses, SUCCESSOR).size());
            waits.add(Duration.between(
                            clock.instant(),
                            followUps
                                    .find(new LookAgain(FORMER).id())
                                    .orElseThrow()
                                    .dueAt())
                    .toDays());
        }
        assertEquals(List.of(1L, 1L, 2L, 4L, 8L, 16L, 32L, 32L, 32L), waits);
    }

    /** Erased, or never moved. */
    @Test
    void idThatIsNoFormerOneIsNotLookedAtAgain() {
        moves.lookAgain(FORMER);

        assertFalse(isOwed(new LookAgain(FORMER)));
    }

    private void putWithoutLooking(String license) {
        // That of a webhook, whose function ends after its first request.
        assertThrows(
                AbortedException.class,
                () -> licenses(Intercepted.dyingAfter(1, stack.dynamoDb()))
                        .apply(active("2026-03-01T12:00:00Z")
                                .of(FORMER)
                                .license(license)
                                .change()));
    }

    private void live(UssfId person) {
        licenses.apply(active("2026-03-01T12:00:00Z").of(person).change());
        profiles.subscribed(person, clock.instant());
        profiles.refereeExperience(person, 7, clock.instant());
        putMember(person);
    }

    private void putMember(UssfId person) {
        Members.put(members, Members.member(MEMBER.value(), "\"ussfId\":\"" + person + "\""));
    }

    private void assertMoved(UssfId former, UssfId present) {
        assertEquals(0, licenses.person(former).orElseThrow().licenses().size());
        assertFalse(licenses.person(former).orElseThrow().profile().subscribed());
        assertEquals(Set.of(REFEREE), Changes.held(licenses, present));
        assertEquals(7, licenses.person(present).orElseThrow().profile().refereeExperience());
        assertEquals(present, members.find(MEMBER).orElseThrow().enrollment().ussfId());
        assertTrue(isOwed(new Subscribe(present)));
        assertEquals(
                clock.instant().plus(Duration.ofMinutes(16)),
                followUps.find(new LookAgain(former).id()).orElseThrow().dueAt());
    }

    private boolean isOwed(FollowUp work) {
        return followUps.find(work.id()).isPresent();
    }

    private PersonMove moves(DynamoDbClient dynamoDb) {
        return new PersonMove(licenses(dynamoDb), profiles(dynamoDb), members(dynamoDb), followUps(dynamoDb));
    }

    private LicenseStore licenses(DynamoDbClient dynamoDb) {
        return new LicenseStore(dynamoDb, stack.table("LicenseStoreTable"));
    }

    private ProfileStore profiles(DynamoDbClient dynamoDb) {
        return new ProfileStore(dynamoDb, stack.table("LicenseStoreTable"));
    }

    private MemberDirectory members(DynamoDbClient dynamoDb) {
        return new MemberDirectory(dynamoDb, stack.table("MemberDirectoryTable"));
    }

    private FollowUpStore followUps(DynamoDbClient dynamoDb) {
        return new FollowUpStore(dynamoDb, stack.table("FollowUpTable"), clock);
    }
}
