package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Meanwhile;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Design rule 5, as far as it is about the person rather than the licenses. */
class ProfileStoreTest {
    private static final UssfId A = new UssfId("0000000000000001");
    private static final UssfId B = new UssfId("0000000000000002");
    private static final UssfId C = new UssfId("0000000000000003");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final GrassrootsCertificate CERTIFICATE = new GrassrootsCertificate(true, LocalDate.of(2020, 5, 5));

    private final Meanwhile meanwhile = new Meanwhile();
    private TestStack stack;
    private ProfileStore profiles;
    /** Of another process, between whose requests the first one does something. */
    private ProfileStore interrupted;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        interrupted = new ProfileStore(meanwhile.client(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        if (stack != null) {
            stack.close();
        }
    }

    /** What a webhook should have brought is missed from then on (rule 14). */
    @Test
    @Tag("rule-14")
    void fromWhenOnWeAreToldStaysWhereWeAreToldAlready() {
        profiles.subscribed(A, NOON);

        profiles.subscribed(A, NOON.plusSeconds(100));

        assertEquals(NOON, profile(A).subscribedSince());
    }

    /** Rule 27: a refresh that fails again and again hides nobody, and neither does one that never came. */
    @Test
    void oldestRefreshIsThatOfWhoeverIsSubscribed() {
        assertTrue(profiles.turns(Stream.of(), 10).oldestAnswer().isEmpty());
        profiles.subscribed(A, NOON.minusSeconds(500));
        answered(A, NOON);
        assertEquals(NOON, profiles.turns(Stream.of(), 10).oldestAnswer().orElseThrow());

        profiles.refreshTried(A, NOON.plusSeconds(500));
        profiles.subscribed(B, NOON.plusSeconds(100));
        answered(C, NOON.minusSeconds(900));
        assertEquals(NOON, profiles.turns(Stream.of(), 10).oldestAnswer().orElseThrow());

        answered(A, NOON.plusSeconds(700));
        assertEquals(
                NOON.plusSeconds(100),
                profiles.turns(Stream.of(), 10).oldestAnswer().orElseThrow());
    }

    private void answered(UssfId ussfId, Instant at) {
        stack.dynamoDb().transactWriteItems(request -> request.transactItems(profiles.storingAnswer(ussfId, at)));
    }

    @Test
    void answerIsNewsOnceAndAnEarlierOneNever() {
        assertTrue(profiles.refereeExperience(A, 7, NOON));
        assertFalse(profiles.refereeExperience(A, 7, NOON.plusSeconds(1)));
        assertFalse(profiles.refereeExperience(A, 6, NOON));
        assertTrue(profiles.grassrootsCertificate(A, CERTIFICATE, NOON));
        assertFalse(profiles.grassrootsCertificate(A, CERTIFICATE, NOON.plusSeconds(1)));
        assertTrue(profiles.grassrootsCertificate(A, new GrassrootsCertificate(false, null), NOON.plusSeconds(2)));

        var profile = profile(A);
        assertEquals(7, profile.refereeExperience());
        assertEquals(new GrassrootsCertificate(false, null), profile.grassrootsCertificate());
    }

    @Test
    void experienceAndCertificateGoAlongAndTheSubscriptionDoesNot() {
        profiles.subscribed(A, NOON);
        profiles.refereeExperience(A, 7, NOON);
        profiles.grassrootsCertificate(A, CERTIFICATE, NOON);

        profiles.markMoved(A, B);

        assertFalse(profile(A).subscribed());
        assertFalse(profile(B).subscribed());
        assertEquals(7, profile(B).refereeExperience());
        assertEquals(CERTIFICATE, profile(B).grassrootsCertificate());
    }

    @Test
    void laterAnswerOfThePresentIdStaysWhenAnEarlierOneGoesAlong() {
        profiles.refereeExperience(A, 7, NOON);
        profiles.refereeExperience(B, 8, NOON.plusSeconds(1));

        profiles.markMoved(A, B);

        assertEquals(8, profile(B).refereeExperience());
    }

    @Test
    void answerUnderAFormerIdIsOneOfThePresentId() {
        profiles.markMoved(A, B);
        profiles.markMoved(B, C);

        assertTrue(profiles.refereeExperience(A, 7, NOON));
        assertFalse(profiles.refereeExperience(A, 7, NOON));

        assertEquals(7, profile(C).refereeExperience());
    }

    @Test
    void moveThatCommitsBeforeAnAnswerIsStoredIsSeenByItsLook() {
        meanwhile.before(UpdateItemRequest.class, () -> profiles.markMoved(A, B));

        assertTrue(interrupted.refereeExperience(A, 7, NOON));

        assertTrue(meanwhile.happened());
        assertEquals(7, profile(B).refereeExperience());
    }

    /** DynamoDB cancels one of two transactions on one item, and does not try it again; DynamoDB Local never does that. */
    @Test
    void transactionThatMeetsAnotherIsTriedAgain() {
        meanwhile.before(TransactWriteItemsRequest.class, ProfileStoreTest::conflict);

        assertEquals(Marked.MOVED, interrupted.markMoved(A, B));

        assertTrue(meanwhile.happened());
        assertEquals(B, profiles.present(A));
    }

    /** Every retry has a count. */
    @Test
    void transactionThatMeetsOthersForEverIsGivenUp() {
        Collections.nCopies(100, TransactWriteItemsRequest.class)
                .forEach(request -> meanwhile.before(request, ProfileStoreTest::conflict));

        assertThrows(TransactionConflictException.class, () -> interrupted.markMoved(A, B));

        assertFalse(meanwhile.happened());
        assertEquals(A, profiles.present(A));
    }

    @Test
    void onlyWhoIsSubscribedAndHasNotMovedHasATurn() {
        profiles.subscribed(A, NOON);
        profiles.subscribed(B, NOON);
        profiles.subscribed(C, NOON);
        profiles.unsubscribed(C);
        profiles.markMoved(A, B);
        // A writer that did not know of the move.
        profiles.subscribed(A, NOON);

        assertEquals(List.of(B), profiles.turns(Stream.of(), 10).longestWaiting(10));
    }

    /** Of the others, who is known to have moved has none, and who is subscribed has only one. */
    @Test
    void whoIsHeldHasATurnThoughNothingIsKnownOfThem() {
        var moved = new UssfId("0000000000000004");
        profiles.markMoved(moved, B);
        profiles.subscribed(C, NOON);
        profiles.subscribed(B, NOON);
        answered(B, NOON);
        answered(C, NOON.plusSeconds(1));

        var turns = profiles.turns(Stream.of(A, moved, C), 10);

        assertEquals(List.of(A, B, C), turns.longestWaiting(10));
        assertEquals(List.of(A, B), turns.longestWaiting(2));
        assertEquals(3, turns.people());
        assertEquals(List.of(A, B), profiles.turns(Stream.of(A, C), 2).longestWaiting(10));
    }

    @Test
    void turnIsTakenByAnAnswerAndByATry() {
        Stream.of(A, B, C).forEach(ussfId -> profiles.subscribed(ussfId, NOON));
        answered(A, NOON.plusSeconds(1));
        profiles.refreshTried(A, NOON.plusSeconds(5));
        profiles.refreshTried(B, NOON.plusSeconds(3));
        answered(B, NOON.plusSeconds(4));
        profiles.refreshTried(C, NOON.plusSeconds(6));

        assertEquals(List.of(B, A, C), profiles.turns(Stream.of(), 10).longestWaiting(10));
    }

    /** Rule 24: one that cannot be read is as one that never had a turn, and keeps nobody from theirs. */
    @Test
    @Tag("rule-24")
    void oddTimeOfOneKeepsNobodyFromTheirTurn() {
        profiles.subscribed(A, NOON);
        profiles.subscribed(B, NOON);
        answered(A, NOON);
        answered(B, NOON.plusSeconds(1));
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(PersonItems.profileKey(B))
                        .updateExpression("SET refreshedAt = :odd")
                        .expressionAttributeValues(
                                new Item().with(":odd", "yesterday").attributes()));

        var turns = profiles.turns(Stream.of(), 10);

        assertEquals(List.of(B, A), turns.longestWaiting(10));
        assertEquals(NOON, turns.oldestAnswer().orElseThrow());
    }

    @Test
    void everyIdOfAPersonIsFoundWhicheverIsAskedFor() {
        var other = new UssfId("0000000000000004");
        profiles.markMoved(A, B);
        profiles.markMoved(B, C);
        profiles.markMoved(other, C);

        assertEquals(List.of(A, B, C), profiles.chain(A));
        assertEquals(Set.of(A, B, other), profiles.formerIdsOf(C));
        assertEquals(Set.of(A), profiles.formerIdsOf(B));
        assertEquals(Set.of(), profiles.formerIdsOf(A));
        for (var ussfId : List.of(A, B, C, other)) {
            assertEquals(Set.of(A, B, C, other), profiles.idsOf(ussfId));
            assertEquals(C, profiles.idsOf(ussfId).iterator().next());
        }
    }

    @Test
    void moveIsKnownFromEachIdToEachLaterOneAndNotBack() {
        profiles.markMoved(A, B);
        profiles.markMoved(B, C);

        assertTrue(profiles.hasMoved(A, B));
        assertTrue(profiles.hasMoved(A, C));
        assertTrue(profiles.hasMoved(B, C));
        assertFalse(profiles.hasMoved(B, A));
        assertFalse(profiles.hasMoved(A, A));
        assertFalse(profiles.hasMoved(A, new UssfId("0000000000000004")));
    }

    @Test
    @Tag("rule-5")
    void moveElsewhereAndCircleAreRefusedAndTheSameMoveIsNot() {
        profiles.markMoved(A, B);

        assertEquals(Marked.ALREADY_SO, profiles.markMoved(A, B));
        assertThrows(ContradictoryMoveException.class, () -> profiles.markMoved(A, C));
        assertThrows(ContradictoryMoveException.class, () -> profiles.markMoved(B, A));
        assertThrows(ContradictoryMoveException.class, () -> profiles.markMoved(A, A));
        assertEquals(B, profiles.present(A));
        assertEquals(B, profiles.present(B));
    }

    @Test
    void whoIsSubscribedIsToldOfOneByOneAndOfAll() {
        var odd = new AtomicInteger();
        profiles.subscribed(A, NOON);
        profiles.subscribed(B, NOON);
        profiles.unsubscribed(B);
        profiles.unsubscribed(C);

        assertTrue(profiles.isSubscribed(A));
        assertFalse(profiles.isSubscribed(B));
        assertFalse(profiles.isSubscribed(C));
        assertEquals(
                List.of(A), profiles.everybodySubscribed(odd::incrementAndGet).toList());
        assertEquals(0, odd.get());
        assertFalse(profiles.isKnown(C), "of whom nothing is known, nothing is stored");
    }

    @Test
    void profilesAreThoseOfWhomSomethingIsKnown() {
        profiles.subscribed(A, NOON);
        profiles.refereeExperience(B, 7, NOON);

        var known = profiles.profiles(Set.of(A, B, C));

        assertEquals(Set.of(A, B), known.keySet());
        assertEquals(NOON, known.get(A).subscribedSince());
        assertEquals(7, known.get(B).refereeExperience());
        assertTrue(profiles.isKnown(A));
        assertFalse(profiles.isKnown(C));
    }

    /** Rule 26: whoever was told of under a former id is subscribed to under the present one, however many moves later. */
    @Test
    void thatTheLearningCenterToldOfAPersonGoesAlong() {
        profiles.subscribed(A, NOON);
        profiles.markMoved(A, B);
        profiles.markMoved(B, C);

        assertFalse(isToldOf(A));
        assertFalse(isToldOf(B));
        assertTrue(isToldOf(C));

        profiles.markMoved(new UssfId("0000000000000004"), A);
        profiles.unsubscribed(C);
        assertFalse(isToldOf(C));
    }

    @Test
    void whoWasToldOfByNobodyIsNotAfterAMove() {
        profiles.refereeExperience(A, 7, NOON);
        profiles.markMoved(A, B);

        assertFalse(isToldOf(B));
    }

    private boolean isToldOf(UssfId ussfId) {
        var answer = stack.dynamoDb()
                .getItem(request ->
                        request.tableName(stack.table("LicenseStoreTable")).key(PersonItems.profileKey(ussfId)));
        return PersonItems.isToldOf(new Item(answer.item()));
    }

    private Person.Profile profile(UssfId ussfId) {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .person(ussfId)
                .map(Person::profile)
                .orElse(Person.Profile.EMPTY);
    }

    private static void conflict() {
        throw TransactionCanceledException.builder()
                .message("TransactionConflict")
                .build();
    }
}
