package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.Intercepted;
import org.touchline.Meanwhile;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;
import org.touchline.license.LicenseStore.Applied;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Design rule 5: no license is ever left under a USSF-ID that has moved, races included. */
class LicenseMovesTest {
    private static final UssfId A = new UssfId("0000000000000001");
    private static final UssfId B = new UssfId("0000000000000002");
    private static final UssfId C = new UssfId("0000000000000003");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Changes HELD = active("2026-03-01T12:00:00Z").of(A);
    private static final Changes NEWER = active("2026-03-02T12:00:00Z").of(A).issuer("Newer");

    private final Calls calls = new Calls();
    private final Meanwhile meanwhile = new Meanwhile();
    private TestStack stack;
    private LicenseStore store;
    private ProfileStore profiles;
    /** Of another process, between whose requests the first one does something. */
    private LicenseStore interrupted;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        interrupted = new LicenseStore(meanwhile.client(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void licensesGoAlongAndSoDoTombstones() {
        store.apply(HELD.change());
        store.apply(removed("2026-03-02T12:00:00Z").of(A).license("coach_41").change());

        assertEquals(Marked.MOVED, store.markAndTakeAlong(A, B));

        assertLeft(A);
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
        store.apply(active("2026-03-01T12:00:00Z").of(B).license("coach_41").change());
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    @Test
    void ofTwoRowsOfOneLicenseTheHigherRevisionIsLeft() {
        store.apply(HELD.change());
        store.apply(NEWER.license("coach_41").change());
        store.apply(NEWER.of(B).change());
        store.apply(HELD.of(B).license("coach_41").change());

        store.markAndTakeAlong(A, B);

        assertLeft(A);
        assertEquals(
                List.of("Newer", "Newer"),
                store.person(B).orElseThrow().licenses().stream()
                        .map(License::issuer)
                        .toList());
    }

    @Test
    void formerIdKeepsWhereItMovedTo() {
        store.apply(HELD.change());
        store.markAndTakeAlong(A, B);

        assertEquals(B, store.person(A).orElseThrow().profile().movedTo());
        assertEquals(B, profiles.present(A));
    }

    @Test
    @Tag("rule-5")
    void changeUnderAFormerIdIsOneOfThePresentId() {
        store.apply(HELD.change());
        store.markAndTakeAlong(A, B);
        store.markAndTakeAlong(B, C);

        assertEquals(Applied.WRITTEN, store.apply(NEWER.change()));
        assertEquals(Applied.UNCHANGED, store.apply(HELD.change()));

        assertLeft(A, B);
        assertEquals("Newer", only(C).issuer());
    }

    /** Rule 4 as well: known under the present id is known. */
    @Test
    void bulkUnderFormerIdsIsWrittenUnderThePresentOneAndOnlyWhatDiffers() {
        store.apply(HELD.change());
        store.markAndTakeAlong(A, B);
        store.markAndTakeAlong(B, C);
        calls.drain();

        assertEquals(
                List.of(),
                Changes.applyAll(store, List.of(HELD.change(), HELD.of(B).change())));
        assertEquals(0, calls.drain().stream().filter("PutItem"::equals).count());

        var written = Changes.applyAll(store, List.of(HELD.change(), NEWER.of(B).change()));
        assertEquals(List.of(NEWER.of(C).change()), written);
        assertLeft(A, B);
    }

    @Test
    @Tag("rule-5")
    void chainsResolveToTheirEndWhateverIsLearnedFirst() {
        store.apply(HELD.change());

        store.markAndTakeAlong(B, C);
        store.markAndTakeAlong(A, B);

        assertLeft(A, B);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
        assertEquals(C, profiles.present(A));
    }

    @Test
    @Tag("rule-5")
    void movingTwiceIsMovingOnce() {
        store.apply(HELD.change());
        store.markAndTakeAlong(A, B);

        assertEquals(Marked.ALREADY_SO, store.markAndTakeAlong(A, B));
        store.markAndTakeAlong(B, C);
        assertEquals(Marked.ALREADY_SO, store.markAndTakeAlong(A, B));
        assertEquals(Marked.ALREADY_SO, store.markAndTakeAlong(A, C));
        assertTrue(profiles.hasMoved(A, C));
        assertTrue(profiles.hasMoved(A, B));
    }

    /** The 410 of a person who moved twice may name the last id, before the webhooks of the steps come. */
    @Test
    void stepThatIsLearnedAfterTheWholeWayIsAlreadySo() {
        store.markAndTakeAlong(A, C);
        store.markAndTakeAlong(B, C);

        assertEquals(Marked.ALREADY_SO, store.markAndTakeAlong(A, B));
    }

    /** Rule 3b: an absence goes along, and where the same was said later under the new id, that decides. */
    @Test
    @Tag("rule-3b")
    void ofOneLicenseUnderBothIdsTheLaterAnswerDecides() {
        takeOver(
                A,
                NOON.minusSeconds(9),
                HELD,
                HELD.license("coach_1"),
                HELD.license("coach_2"),
                HELD.license("coach_3"));
        takeOver(A, NOON);
        takeOver(B, NOON.minusSeconds(1), HELD.of(B));

        store.markAndTakeAlong(A, B);

        assertLeft(A);
        assertEquals(Set.of(), Changes.held(store, B));
        assertEquals(4, store.person(B).orElseThrow().licenses().size());

        takeOver(C, NOON.plusSeconds(1), HELD.of(C));
        store.markAndTakeAlong(B, C);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
        assertEquals(4, store.person(C).orElseThrow().licenses().size());
    }

    @Test
    @Tag("rule-3b")
    void endOfAnAbsenceGoesAlong() {
        takeOver(A, NOON.minusSeconds(9), HELD);
        takeOver(B, NOON.minusSeconds(9), HELD.of(B));
        takeOver(A, NOON.minusSeconds(2));
        takeOver(B, NOON.minusSeconds(1));
        takeOver(A, NOON, HELD);

        store.markAndTakeAlong(A, B);

        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    @Test
    @Tag("rule-3b")
    void higherRevisionUnderTheNewIdStaysWhateverAnAnswerSaidOfTheLowerOne() {
        store.apply(HELD.change());
        takeOver(A, NOON);
        store.apply(NEWER.of(B).change());

        store.markAndTakeAlong(A, B);

        assertLeft(A);
        assertEquals("Newer", only(B).issuer());
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    /** Rule 3b: what is absent and higher replaces what is lower, but a later answer under the new id showed the license. */
    @Test
    @Tag("rule-3b")
    void absenceOfAHigherRevisionGoesAlongUnlessALaterAnswerShowedTheLicense() {
        store.apply(NEWER.change());
        takeOver(A, NOON);
        store.apply(HELD.of(B).change());
        takeOver(B, NOON.minusSeconds(1), HELD.of(B));

        store.markAndTakeAlong(A, B);

        assertEquals("Newer", only(B).issuer());
        assertEquals(Set.of(), Changes.held(store, B));

        store.apply(HELD.of(C).change());
        takeOver(C, NOON.plusSeconds(1), HELD.of(C));
        store.markAndTakeAlong(B, C);

        assertEquals("Newer", only(C).issuer());
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
        assertEquals(NEWER.change().revision() + "~2026-03-10T12:00:01.000000000Z", only(C).stateRevision());
    }

    @Test
    @Tag("rule-3b")
    void absenceOfAHigherRevisionGoesAlongWhereALaterAnswerDidNotShowTheLicense() {
        store.apply(NEWER.change());
        takeOver(A, NOON);
        store.apply(HELD.of(B).change());
        takeOver(B, NOON.plusSeconds(1));

        store.markAndTakeAlong(A, B);

        assertEquals("Newer", only(B).issuer());
        assertEquals(Set.of(), Changes.held(store, B));
    }

    /** Wire contract §9: what a move takes along was learned by it; what was left under the former id, as its writer learned it. */
    @Test
    void whatAMoveTakesAlongWasLearnedByItAndWhatItDidNotMeetWasNot() {
        store.applyAll(List.of(HELD.change()), (_, _) -> true, (_, _) -> {});
        store.markAndTakeAlong(A, B);
        assertEquals(LearnedBy.MOVE, PersonItems.learnedBy(item(B, REFEREE)));
        assertFalse(PersonItems.isMissed(item(B, REFEREE)));

        new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"), LearnedBy.WEBHOOK, _ -> {})
                .apply(NEWER.license("coach_41").change());
        assertEquals(LearnedBy.WEBHOOK, PersonItems.learnedBy(item(B, new LicenseId("coach_41"))));
    }

    private Item item(UssfId person, LicenseId licenseId) {
        var answer = stack.dynamoDb()
                .getItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(PersonItems.licenseKey(person, licenseId)));
        return new Item(answer.item());
    }

    private void takeOver(UssfId person, Instant now, Changes... shown) {
        var licenses = Stream.of(shown)
                .map(license -> license.state(LicenseState.SHOWN_ACTIVE).change())
                .toList();
        Changes.takeOver(store, person, () -> new ShownLicenses(licenses, true), () -> now);
    }

    @Test
    @Tag("rule-5")
    void circleIsRefused() {
        store.apply(HELD.change());
        assertRefused("circle", A, A);
        store.markAndTakeAlong(A, B);
        assertRefused("circle", B, A);
        store.markAndTakeAlong(B, C);
        assertRefused("circle", C, A);
        // B has moved to where A is; and A was before it.
        assertRefused("circle", B, A);

        assertEquals(C, profiles.present(A));
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
    }

    @Test
    void idThatHasMovedElsewhereBeforeIsRefused() {
        store.markAndTakeAlong(A, B);

        assertRefused("elsewhere", A, C);
        assertEquals(B, profiles.present(A));
    }

    @Test
    @Tag("rule-5")
    void moveThatCommitsBetweenAWriteAndItsLookTakesItAlong() {
        meanwhile.before(GetItemRequest.class, () -> store.markAndTakeAlong(A, B));

        interrupted.apply(HELD.change());

        assertTrue(meanwhile.happened());
        assertLeft(A);
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    /** The writer writes after the move has taken along what there was. */
    @Test
    @Tag("rule-5")
    void moveThatCommitsBeforeAWriteIsSeenByItsLook() {
        meanwhile.before(PutItemRequest.class, () -> store.markAndTakeAlong(A, B));

        interrupted.apply(HELD.change());

        assertLeft(A);
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    @Test
    void moveThatCommitsWhileAFullAnswerIsFetchedTakesItAlong() {
        store.apply(HELD.change());

        Changes.takeOver(
                store,
                A,
                () -> {
                    store.markAndTakeAlong(A, B);
                    return new ShownLicenses(
                            List.of(
                                    HELD.state(LicenseState.SHOWN_ACTIVE).change(),
                                    HELD.license("coach_41")
                                            .state(LicenseState.SHOWN_ACTIVE)
                                            .change()),
                            true);
                },
                () -> NOON);

        assertLeft(A);
        assertEquals(Set.of(REFEREE, new LicenseId("coach_41")), Changes.held(store, B));
    }

    /** A mark of absence must not make a row where there is none any more. */
    @Test
    void absenceUnderAnIdThatMovesMeanwhileLeavesNothingThere() {
        store.apply(HELD.change());

        Changes.takeOver(
                store,
                A,
                () -> {
                    store.markAndTakeAlong(A, B);
                    return ShownLicenses.NONE;
                },
                () -> NOON);

        assertLeft(A);
    }

    @Test
    void changeThatComesWhileItsLicenseIsTakenAlongIsTakenAsWell() {
        store.apply(HELD.change());
        // By a writer that dies before its look.
        meanwhile.before(DeleteItemRequest.class, () -> putWithoutLooking(NEWER));

        interrupted.markAndTakeAlong(A, B);

        assertTrue(meanwhile.happened());
        assertLeft(A);
        assertEquals("Newer", only(B).issuer());
    }

    @Test
    @Tag("rule-5")
    void lateLookTakesWhatAWriterThatDiedLeftBehind() {
        store.markAndTakeAlong(A, B);
        store.markAndTakeAlong(B, C);
        putWithoutLooking(HELD);

        store.takeAllAlong(A);

        assertLeft(A, B);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
    }

    @Test
    void licensesOfWhoHasNotMovedStay() {
        store.apply(HELD.change());

        store.takeAllAlong(A);

        assertEquals(Set.of(REFEREE), Changes.held(store, A));
    }

    @Test
    void nextMoveThatCommitsWhileTheFirstTakesAlongIsFollowed() {
        store.apply(HELD.change());
        meanwhile.before(PutItemRequest.class, () -> store.markAndTakeAlong(B, C));

        interrupted.markAndTakeAlong(A, B);

        assertTrue(meanwhile.happened());
        assertLeft(A, B);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
    }

    /** The other has taken it further when this one puts it where it was, and finds nothing more to delete. */
    @Test
    void slowerOfTwoThatTakeALicenseAlongLeavesItNowhere() {
        store.apply(HELD.change());
        meanwhile.before(PutItemRequest.class, () -> {
            store.takeAllAlong(A);
            store.markAndTakeAlong(B, C);
        });

        interrupted.markAndTakeAlong(A, B);

        assertTrue(meanwhile.happened());
        assertLeft(A, B);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
    }

    @Test
    void ofTwoOppositeMovesAtOnceOneIsRefused() {
        store.apply(HELD.change());
        meanwhile.before(TransactWriteItemsRequest.class, () -> store.markAndTakeAlong(B, A));

        assertThrows(ContradictoryMoveException.class, () -> interrupted.markAndTakeAlong(A, B));

        assertTrue(meanwhile.happened());
        assertEquals(A, profiles.present(B));
        assertEquals(Set.of(REFEREE), Changes.held(store, A));
    }

    @Test
    @Tag("rule-5")
    void ofThreeMovesAtOnceThatWouldMakeACircleOneIsRefused() {
        meanwhile.before(TransactWriteItemsRequest.class, () -> {
            store.markAndTakeAlong(B, C);
            store.markAndTakeAlong(C, A);
        });

        assertThrows(ContradictoryMoveException.class, () -> interrupted.markAndTakeAlong(A, B));

        assertEquals(A, profiles.present(B));
    }

    @Test
    void successorThatMovesOnMeanwhileIsFollowed() {
        store.apply(HELD.change());
        meanwhile.before(TransactWriteItemsRequest.class, () -> store.markAndTakeAlong(B, C));

        assertEquals(Marked.MOVED, interrupted.markAndTakeAlong(A, B));

        assertLeft(A, B);
        assertEquals(Set.of(REFEREE), Changes.held(store, C));
    }

    @Test
    void sameMoveByTwoAtOnceIsOne() {
        store.apply(HELD.change());
        meanwhile.before(TransactWriteItemsRequest.class, () -> store.markAndTakeAlong(A, B));

        assertEquals(Marked.ALREADY_SO, interrupted.markAndTakeAlong(A, B));

        assertLeft(A);
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    /** It dies after each of its requests in turn; what is left, the same move once more does. */
    @Test
    @Tag("rule-5")
    void moveThatDiesAnywhereIsFinishedByItsRepetition() {
        store.apply(HELD.change());
        profiles.refereeExperience(A, 7, NOON);
        var from = A;
        var requests = 0;
        for (var finished = false; !finished; requests++) {
            var to = new UssfId(String.format(Locale.ROOT, "%016d", 100 + requests));
            var dying = new LicenseStore(
                    Intercepted.dyingAfter(requests, stack.dynamoDb()), stack.table("LicenseStoreTable"));
            try {
                dying.markAndTakeAlong(from, to);
                finished = true;
            } catch (AbortedException died) {
                store.markAndTakeAlong(from, to);
            }
            assertLeft(from);
            assertEquals(Set.of(REFEREE), Changes.held(store, to), "after " + requests + " requests");
            assertEquals(7, store.person(to).orElseThrow().profile().refereeExperience());
            from = to;
        }
        assertTrue(requests > 8, requests + " requests");
    }

    @Test
    void absenceGoesAlongAndOneThatHasEndedDoesNot() {
        store.apply(HELD.change());
        store.apply(HELD.license("coach_41").change());
        Changes.takeOver(store, A, () -> ShownLicenses.NONE, () -> NOON);
        Changes.takeOver(
                store,
                A,
                () -> new ShownLicenses(
                        List.of(HELD.license("coach_41")
                                .state(LicenseState.SHOWN_ACTIVE)
                                .at("2026-02-01T12:00:00Z")
                                .change()),
                        true),
                () -> NOON.plusSeconds(1));
        assertEquals(Set.of(new LicenseId("coach_41")), Changes.held(store, A));

        store.markAndTakeAlong(A, B);

        assertEquals(Set.of(new LicenseId("coach_41")), Changes.held(store, B));
        assertEquals(2, store.person(B).orElseThrow().licenses().size());
    }

    /** What full answers say of a license, the row says: it goes along even if it is said between copy and deletion. */
    @Test
    void absenceThatIsMarkedBetweenCopyAndDeletionSurvives() {
        store.apply(HELD.change());
        meanwhile.before(
                DeleteItemRequest.class, () -> Changes.takeOver(store, A, () -> ShownLicenses.NONE, () -> NOON));

        interrupted.markAndTakeAlong(A, B);

        assertTrue(meanwhile.happened());
        assertLeft(A);
        assertEquals(Set.of(), Changes.held(store, B));
    }

    /** Whoever marks looks whether the person has moved, and takes along; here they die before that. */
    @Test
    void absenceSurvivesThoughWhoMarkedItDiesBeforeTheirLook() {
        store.apply(HELD.change());
        var dying = new LicenseStore(Intercepted.dyingAfter(2, stack.dynamoDb()), stack.table("LicenseStoreTable"));
        meanwhile.before(
                DeleteItemRequest.class,
                () -> assertThrows(
                        AbortedException.class,
                        () -> Changes.takeOver(dying, A, () -> ShownLicenses.NONE, () -> NOON)));

        interrupted.markAndTakeAlong(A, B);

        assertTrue(meanwhile.happened());
        assertLeft(A);
        assertEquals(Set.of(), Changes.held(store, B));
    }

    /** Rule 3b: a mark is set on condition that no later full answer is stored. */
    @Test
    void absenceThatGoesAlongDoesNotCountWhereALaterAnswerShowedTheLicense() {
        store.apply(HELD.state(LicenseState.SHOWN_ACTIVE).change());
        Changes.takeOver(store, A, () -> ShownLicenses.NONE, () -> NOON);
        profiles.markMoved(A, B);
        var shown = new ShownLicenses(
                List.of(HELD.of(B).state(LicenseState.SHOWN_ACTIVE).change()), true);
        Changes.takeOver(store, B, () -> shown, () -> NOON.plusSeconds(1));

        store.takeAllAlong(A);

        assertLeft(A);
        assertEquals(Set.of(REFEREE), Changes.held(store, B));
    }

    /** A writer who died between its write and its look, under an id that moved long ago. */
    @Test
    void whoeverComesNextTakesAlongWhatAWriterThatDiedLeft() {
        store.markAndTakeAlong(A, B);
        putWithoutLooking(HELD.license("coach_41"));

        store.apply(HELD.change());

        assertLeft(A);
        assertEquals(Set.of(REFEREE, new LicenseId("coach_41")), Changes.held(store, B));

        putWithoutLooking(HELD.license("safety_1"));
        Changes.applyAll(store, List.of(HELD.license("safety_1").change()));

        assertLeft(A);
        assertEquals(3, Changes.held(store, B).size());
    }

    private void putWithoutLooking(Changes change) {
        new LicenseRows(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .put(PersonItems.license(change.change(), null));
    }

    private void assertRefused(String reason, UssfId former, UssfId successor) {
        var refused = assertThrows(ContradictoryMoveException.class, () -> store.markAndTakeAlong(former, successor));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(!profiles.hasMoved(former, successor));
    }

    private void assertLeft(UssfId... formers) {
        for (var former : formers) {
            var licenses = store.person(former).map(Person::licenses).orElse(List.of());
            assertEquals(List.of(), licenses, "left under " + former);
        }
    }

    private License only(UssfId person) {
        var licenses = store.person(person).orElseThrow().licenses();
        assertEquals(1, licenses.size());
        return licenses.getFirst();
    }
}
