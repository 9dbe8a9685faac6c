package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.LicenseStore.Applied;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Design rule 3b: a full answer says what is active now and invents no time. */
class FullAnswerTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final LicenseId COACH = new LicenseId("coach_41");
    private static final Changes HELD = active("2026-03-01T12:00:00Z");

    private final Calls calls = new Calls();
    private final Meanwhile meanwhile = new Meanwhile();
    private TestStack stack;
    private LicenseStore store;
    private ProfileStore profiles;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void whatItShowsIsHeldAndWhenItWasFetchedIsKept() {
        var changed = takeOver(NOON, HELD, HELD.license("coach_41"));

        assertEquals(2, changed);
        assertEquals(Set.of(REFEREE, COACH), held());
        assertEquals(NOON, lastAnswer());
    }

    @Test
    @Tag("rule-3b")
    void activeLicenseThatIsMissingCountsAsRemovedAndKeepsItsRevision() {
        store.apply(HELD.change());

        assertEquals(1, takeOver(NOON));

        var license = store.person(VIDAR).orElseThrow().licenses().getFirst();
        assertTrue(license.removed());
        assertEquals(HELD.change().revision(), license.revision());
        assertEquals(NOON, lastAnswer());
    }

    @Test
    @Tag("rule-3b")
    void changeThatCameBeforeDoesNotEndAnAbsence() {
        store.apply(HELD.change());
        takeOver(NOON);

        assertEquals(Applied.UNCHANGED, store.apply(HELD.change()));
        assertEquals(
                Applied.UNCHANGED, store.apply(active("2026-02-01T12:00:00Z").change()));
        assertEquals(Set.of(), held());
    }

    @Test
    @Tag("rule-3b")
    void higherRevisionEndsAnAbsence() {
        store.apply(HELD.change());
        takeOver(NOON);

        store.apply(active("2026-03-10T12:00:01Z").change());

        assertEquals(Set.of(REFEREE), held());
    }

    /** It may be that the Learning Center did not show it for a moment, and nothing has changed. */
    @Test
    @Tag("rule-3b")
    void laterFullAnswerThatShowsItEndsAnAbsence() {
        store.apply(HELD.change());
        takeOver(NOON);

        assertEquals(1, takeOver(NOON.plusSeconds(1), HELD));

        assertEquals(Set.of(REFEREE), held());
    }

    @Test
    void licenseThatIsMissingAgainIsAbsentAgain() {
        store.apply(HELD.change());
        takeOver(NOON);
        takeOver(NOON.plusSeconds(1), HELD);

        assertEquals(1, takeOver(NOON.plusSeconds(2)));

        assertEquals(Set.of(), held());
    }

    @Test
    void removalAfterAnAbsenceIsATombstoneThatNoAnswerOfAnotherInstantEnds() {
        store.apply(HELD.change());
        takeOver(NOON);
        store.apply(removed("2026-03-05T12:00:00Z").change());

        assertEquals(0, takeOver(NOON.plusSeconds(1), HELD));

        assertEquals(Set.of(), held());
    }

    @Test
    @Tag("rule-3b")
    void licenseShownAtTheVeryInstantOfItsTombstoneIsActiveAgain() {
        store.apply(removed("2026-03-01T12:00:00Z").change());

        assertEquals(1, takeOver(NOON, HELD));

        assertEquals(Set.of(REFEREE), held());
        assertEquals(
                Applied.UNCHANGED, store.apply(removed("2026-03-01T12:00:00Z").change()));
    }

    /** Rule 4. */
    @Test
    @Tag("rule-4")
    void sameAnswerAgainWritesNoLicense() {
        takeOver(NOON, HELD, HELD.license("coach_41"));
        calls.drain();

        assertEquals(0, takeOver(NOON.plusSeconds(1), HELD, HELD.license("coach_41")));

        assertEquals(List.of("Query", "UpdateItem", "Query"), calls.drain());
    }

    /** What is absent already stays so, since when it was. */
    @Test
    @Tag("rule-4")
    void emptyAnswerAgainWritesNoLicense() {
        store.apply(HELD.change());
        takeOver(NOON);
        calls.drain();

        assertEquals(0, takeOver(NOON.plusSeconds(1)));

        assertEquals(List.of("Query", "UpdateItem", "Query"), calls.drain());
        assertEquals(Set.of(), held());
    }

    @Test
    void answerThatCannotBeHadChangesNothing() {
        store.apply(HELD.change());

        assertThrows(
                UnintelligibleException.class,
                () -> Changes.takeOver(
                        store,
                        VIDAR,
                        () -> {
                            throw new UnintelligibleException("it is not JSON");
                        },
                        () -> NOON));

        assertEquals(Set.of(REFEREE), held());
    }

    /** Our rows are read first: what comes while the answer is fetched, it need not show. */
    @Test
    @Tag("rule-3b")
    void licenseThatComesWhileTheAnswerIsFetchedStays() {
        store.apply(HELD.change());

        var changed = Changes.takeOver(
                store,
                VIDAR,
                () -> {
                    store.apply(active("2026-03-10T11:59:59Z").change());
                    store.apply(
                            active("2026-03-10T11:59:59Z").license("coach_41").change());
                    return ShownLicenses.NONE;
                },
                () -> NOON);

        assertEquals(0, changed.changed());
        assertEquals(Set.of(REFEREE, COACH), held());
    }

    @Test
    @Tag("rule-3b")
    void webhookBetweenTheAnswerAndItsMarkWins() {
        store.apply(HELD.change());
        meanwhile.before(
                TransactWriteItemsRequest.class,
                () -> store.apply(active("2026-03-10T12:00:00Z").change()));

        var changed = Changes.takeOver(interrupted(), VIDAR, () -> ShownLicenses.NONE, () -> NOON);

        assertTrue(meanwhile.happened());
        assertEquals(0, changed.changed());
        assertEquals(Set.of(REFEREE), held());
    }

    /** Of two answers at once the later counts, though it is stored first. */
    @Test
    @Tag("rule-3b")
    void answerThatWasFetchedEarlierAndComesLaterDoesNotCount() {
        takeOver(NOON.minusSeconds(1), HELD);

        Changes.takeOver(
                store,
                VIDAR,
                () -> {
                    takeOver(NOON.plusSeconds(1));
                    return shown(HELD);
                },
                () -> NOON);
        assertEquals(Set.of(), held());
        assertEquals(NOON.plusSeconds(1), lastAnswer());

        Changes.takeOver(
                store,
                VIDAR,
                () -> {
                    takeOver(NOON.plusSeconds(9), HELD);
                    return ShownLicenses.NONE;
                },
                () -> NOON.plusSeconds(8));
        assertEquals(Set.of(REFEREE), held());
        assertEquals(NOON.plusSeconds(9), lastAnswer());
    }

    /** More marks than one transaction takes: those that are left are not set once a later answer is stored, which showed what they say is missing. */
    @Test
    @Tag("rule-3b")
    void markOfASecondTransactionIsNotSetOnceALaterAnswerIsStored() {
        var all = IntStream.range(0, 102)
                .mapToObj(number -> HELD.license("coach_" + number))
                .toArray(Changes[]::new);
        takeOver(NOON.minusSeconds(1), all);
        meanwhile
                .before(TransactWriteItemsRequest.class, () -> {})
                .before(TransactWriteItemsRequest.class, () -> takeOver(NOON.plusSeconds(1), all));

        Changes.takeOver(interrupted(), VIDAR, () -> shown(all[0]), () -> NOON);

        assertTrue(meanwhile.happened());
        assertEquals(102, held().size());
        assertEquals(NOON.plusSeconds(1), lastAnswer());
    }

    /** DynamoDB takes a hundred items a transaction. */
    @Test
    @Tag("rule-3b")
    void answerThatMarksAndUnmarksMoreThanOneTransactionTakesDoesBoth() {
        var some = numbered(0, 60);
        var others = numbered(60, 120);
        takeOver(NOON.minusSeconds(1), some);
        takeOver(NOON, others);

        assertEquals(120, takeOver(NOON.plusSeconds(1), some));

        assertEquals(Stream.of(some).map(Changes::licenseId).collect(Collectors.toSet()), held());
        assertEquals(NOON.plusSeconds(1), lastAnswer());
    }

    private static Changes[] numbered(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(number -> HELD.license("coach_" + number))
                .toArray(Changes[]::new);
    }

    @Test
    @Tag("rule-3b")
    void ofTwoAnswersOfOneInstantTheOneThatIsStoredFirstCounts() {
        takeOver(NOON.minusSeconds(1), HELD);

        var second = Changes.takeOver(
                store,
                VIDAR,
                () -> {
                    takeOver(NOON);
                    return shown(HELD);
                },
                () -> NOON);

        assertEquals(0, second.changed());
        assertEquals(Set.of(), held());
        assertEquals(NOON, lastAnswer());
    }

    /** Our own clocks differ: an answer is later than all whose marks were read before it was fetched. */
    @Test
    void answerByAClockThatIsBehindStillComesAfterWhatWasRead() {
        store.apply(HELD.change());
        var behind = NOON.minus(Duration.ofMinutes(5));

        takeOver(NOON);
        assertEquals(1, takeOver(behind, HELD));
        assertEquals(Set.of(REFEREE), held());

        assertEquals(1, takeOver(behind));
        assertEquals(Set.of(), held());
        assertTrue(lastAnswer().isAfter(NOON));
    }

    /** Wire contract §5: what is not marked yet must not be promised. */
    @Test
    @Tag("rule-3b")
    void answerIsOnTheProfileExactlyWhenItsMarksAreOnTheRows() {
        for (var requests = 0; requests < 4; requests++) {
            var person = new UssfId(String.format(Locale.ROOT, "%016d", requests));
            store.apply(HELD.of(person).change());
            var dying = new LicenseStore(
                    Intercepted.dyingAfter(requests, stack.dynamoDb()), stack.table("LicenseStoreTable"));
            try {
                Changes.takeOver(dying, person, () -> ShownLicenses.NONE, () -> NOON);
            } catch (AbortedException died) {
                // What was left to do is looked at below.
            }
            var known = store.person(person).orElseThrow();
            assertEquals(
                    known.profile().lastAnswer() != null,
                    known.licenses().getFirst().removed());
        }
    }

    /** Design rule 3b: the row's revision, and behind it the instant of the answer that marked or unmarked it since. */
    @Test
    @Tag("rule-3b")
    void revisionThatGoesOutRisesWithEachMarkAndEachEndOfOne() {
        takeOver(NOON.minusSeconds(9), HELD);
        var revision = HELD.state(LicenseState.SHOWN_ACTIVE).change().revision().text();
        assertEquals(revision, stateRevision());

        takeOver(NOON);
        assertEquals(revision + "~2026-03-10T12:00:00.000000000Z", stateRevision());
        takeOver(NOON.plusSeconds(1), HELD);
        assertEquals(revision + "~2026-03-10T12:00:01.000000000Z", stateRevision());
        takeOver(NOON.plusSeconds(2));
        var marked = stateRevision();
        assertTrue(marked.compareTo(revision + "~2026-03-10T12:00:01.000000000Z") > 0, marked);
        store.apply(active("2026-03-10T12:00:00Z").change());
        assertEquals(active("2026-03-10T12:00:00Z").change().revision().text(), stateRevision());
        assertTrue(stateRevision().compareTo(marked) > 0);
    }

    /** Of a version that read absence from the profile: what that ended is on no row, so that nothing is promised until asked anew. */
    @Test
    void answerThatAnEarlierVersionStoredDoesNotCount() {
        takeOver(NOON.minusSeconds(9), HELD);
        takeOver(NOON);
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(PersonItems.profileKey(VIDAR))
                        .updateExpression("SET refreshedAt = :at, shown = :shown")
                        .expressionAttributeValues(Map.of(
                                ":at", AttributeValue.fromS(Item.sortable(NOON.plusSeconds(1))),
                                ":shown", AttributeValue.fromSs(List.of("referee_8")))));
        assertEquals(null, lastAnswer());

        assertEquals(1, takeOver(NOON.plusSeconds(2), HELD));

        assertEquals(Set.of(REFEREE), held());
        assertEquals(NOON.plusSeconds(2), lastAnswer());
    }

    /** Where one row could not be read, nobody knows which license it was. */
    @Test
    void partOfAnAnswerIsAppliedAndMarksNothing() {
        takeOver(NOON, HELD);

        var changed = Changes.takeOver(
                store,
                VIDAR,
                () -> new ShownLicenses(
                        List.of(HELD.license("coach_41")
                                .state(LicenseState.SHOWN_ACTIVE)
                                .change()),
                        false),
                () -> NOON.plusSeconds(1));

        assertEquals(1, changed.changed());
        assertEquals(Set.of(REFEREE, COACH), held());
        assertEquals(NOON, lastAnswer());
    }

    /** Else those whose answers cannot be read would be first every day, and the others never have their turn. */
    @Test
    void personOfWhomOnlyAPartCouldBeReadHadTheirTurn() {
        var other = new UssfId("2020000004152809");
        Stream.of(VIDAR, other).forEach(person -> profiles.subscribed(person, NOON));
        assertEquals(List.of(VIDAR, other), profiles.turns(Stream.of(), 10).longestWaiting(10));

        Changes.takeOver(store, VIDAR, () -> new ShownLicenses(List.of(), false), () -> NOON);

        assertEquals(List.of(other, VIDAR), profiles.turns(Stream.of(), 10).longestWaiting(10));
    }

    @Test
    void licenseShownTwiceIsTheLaterOfTheTwo() {
        takeOver(NOON, HELD.issuer("Old"), active("2026-03-02T12:00:00Z").issuer("New"), HELD);

        assertEquals(
                "New", store.person(VIDAR).orElseThrow().licenses().getFirst().issuer());
        assertFalse(held().isEmpty());
    }

    /** What could be read of it is stored, and is not left under an id that moved meanwhile. */
    @Test
    @Tag("rule-5")
    void whatAnIncompleteAnswerShowsGoesAlongWithWhoMovedMeanwhile() {
        var present = new UssfId("3000000000000009");

        Changes.takeOver(
                store,
                VIDAR,
                () -> {
                    store.markAndTakeAlong(VIDAR, present);
                    return new ShownLicenses(shown(HELD).licenses(), false);
                },
                () -> NOON);

        assertEquals(
                List.of(REFEREE),
                store.person(present).orElseThrow().licenses().stream()
                        .map(License::licenseId)
                        .toList());
    }

    private int takeOver(Instant now, Changes... shown) {
        return Changes.takeOver(store, VIDAR, () -> shown(shown), () -> now).changed();
    }

    private static ShownLicenses shown(Changes... shown) {
        return new ShownLicenses(
                Stream.of(shown)
                        .map(license -> license.state(LicenseState.SHOWN_ACTIVE).change())
                        .toList(),
                true);
    }

    private String stateRevision() {
        return store.person(VIDAR).orElseThrow().licenses().getFirst().stateRevision();
    }

    private Set<LicenseId> held() {
        return Changes.held(store, VIDAR);
    }

    private Instant lastAnswer() {
        return store.person(VIDAR).orElseThrow().profile().lastAnswer();
    }

    /** A store of another process, on the same tables, between whose requests something happens. */
    private LicenseStore interrupted() {
        return new LicenseStore(meanwhile.client(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }
}
