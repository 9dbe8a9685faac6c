package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore.Outstanding;
import org.touchline.license.UssfId;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Design rules 8 and 10, as far as they are about rows. */
@OnEveryBackend
class FollowUpStoreTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId TIM = new UssfId("2020000004152809");
    private static final FollowUp WORK = new FetchRefereeExperience(VIDAR);

    private final Backend backend;
    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private TestStack stack;
    private FollowUpStore store;

    FollowUpStoreTest(Backend backend) {
        this.backend = backend;
    }

    @BeforeEach
    void createStore() {
        stack = backend.newStack();
        store = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), clock);
    }

    @AfterEach
    void deleteStore() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void everyKindOfWorkIsReadAsItWasWritten() {
        var kinds = List.of(
                new Move(VIDAR, TIM),
                new LookAgain(VIDAR),
                new Refresh(VIDAR),
                new Subscribe(VIDAR),
                new FetchRefereeExperience(VIDAR),
                new FetchGrassrootsCertificate(VIDAR));

        kinds.forEach(store::ask);

        for (var work : kinds) {
            assertEquals(work, find(work).work());
        }
        assertEquals("move#2020000004136762#2020000004152809", kinds.getFirst().id());
    }

    @Test
    void whatIsAskedForIsDueNowAndWakes() {
        store.ask(WORK);

        var owed = find(WORK);
        assertEquals(clock.instant(), owed.dueAt());
        assertEquals(clock.instant(), owed.askedAt());
        assertEquals(0, owed.attempts());
        assertNull(owed.reason());
        assertTrue(row(WORK).get("wakes").bool());
    }

    @Test
    void whatIsAskedForLaterIsDueThenAndWakesNobody() {
        store.askLater(WORK, Duration.ofMinutes(16));

        assertEquals(clock.instant().plus(Duration.ofMinutes(16)), find(WORK).dueAt());
        assertFalse(row(WORK).get("wakes").bool());
    }

    /** Rule 10: a row that is there in case a webhook dies. */
    @Test
    void whatIsRecordedIsDueAfter60SecondsAndWakesNobody() {
        var recorded = store.record(WORK);

        assertEquals(find(WORK), recorded);
        assertEquals(clock.instant().plusSeconds(60), recorded.dueAt());
        assertFalse(row(WORK).get("wakes").bool());

        store.finish(recorded);
        assertTrue(store.find(WORK.id()).isEmpty());
    }

    @Test
    void sameWishIsOneRowThatRemembersSinceWhen() {
        store.ask(WORK);
        var first = find(WORK);
        clock.advance(Duration.ofSeconds(10));

        store.ask(WORK);

        var second = find(WORK);
        assertEquals(1, store.outstanding().count());
        assertEquals(first.askedAt(), second.askedAt());
        assertNotEquals(first.version(), second.version());
    }

    /** Rule 10: on condition of the version that was read. */
    @Test
    void newerWishIsNeitherFinishedNorPostponed() {
        store.ask(WORK);
        var read = find(WORK);
        store.ask(WORK);
        var newer = find(WORK);

        store.finish(read);
        store.postpone(read, clock.instant().plusSeconds(30), 1, "late");

        assertEquals(newer, find(WORK));
    }

    @Test
    void whatIsFinishedIsNotBroughtBackByItsPostponement() {
        store.ask(WORK);
        var read = find(WORK);
        store.finish(read);

        store.postpone(read, clock.instant(), 1, "late");
        store.finish(read);

        assertTrue(store.find(WORK.id()).isEmpty());
    }

    @Test
    void postponedRowKeepsItsCountAndReasonAndHasItsAttemptsBeforeItWhenItIsAskedForAgain() {
        store.ask(WORK);
        store.postpone(find(WORK), clock.instant().plus(Duration.ofHours(6)), 7, "was answered 503");

        var postponed = find(WORK);
        assertEquals(7, postponed.attempts());
        assertEquals("was answered 503", postponed.reason());
        assertEquals(clock.instant().plus(Duration.ofHours(6)), postponed.dueAt());

        store.ask(WORK);
        assertEquals(clock.instant(), find(WORK).dueAt());
        assertEquals(0, find(WORK).attempts());
    }

    /** Rule 26. */
    @Test
    void wishAnewHasAllItsTriesOfAnUnknownIdBeforeIt() {
        store.ask(WORK);
        store.postponeUnknown(find(WORK), clock.instant().plus(Duration.ofHours(2)), "the USSF-ID does not exist");
        assertEquals(1, find(WORK).attempts());
        assertEquals(1, find(WORK).unknownAnswers());

        store.askLater(WORK, Duration.ofHours(1));

        assertEquals(0, find(WORK).unknownAnswers());
        assertEquals(clock.instant().plus(Duration.ofHours(1)), find(WORK).dueAt());
    }

    @Test
    void wishAnewIsNeverDueLaterThanItWas() {
        store.ask(WORK);
        var first = find(WORK);
        clock.advance(Duration.ofHours(1));

        store.ask(WORK);
        assertEquals(first.dueAt(), find(WORK).dueAt());
        store.askLater(WORK, Duration.ofDays(1));
        assertEquals(first.dueAt(), find(WORK).dueAt());
        store.record(WORK);
        assertEquals(first.dueAt(), find(WORK).dueAt());
        stack.dynamoDb().transactWriteItems(request -> request.transactItems(store.asking(WORK)));
        assertEquals(first.dueAt(), find(WORK).dueAt());

        assertNotEquals(first.version(), find(WORK).version());
    }

    @Test
    void whatIsPostponedIsDueNowForWhoAsksInATransaction() {
        store.askLater(WORK, Duration.ofHours(6));

        stack.dynamoDb().transactWriteItems(request -> request.transactItems(store.asking(WORK)));

        assertEquals(clock.instant(), find(WORK).dueAt());
    }

    /** A look after a time is in vain before that, and what was just tried is not due at once. */
    @Test
    void whatIsInVainBeforeATimeIsDueThenEvenIfItWasDueSooner() {
        store.askLater(WORK, Duration.ofMinutes(1));

        store.askNotBefore(WORK, Duration.ofMinutes(15));

        assertEquals(clock.instant().plus(Duration.ofMinutes(15)), find(WORK).dueAt());
    }

    /** Rule 24: of such a row nothing is known but that somebody should look. */
    @Test
    void rowThatCannotBeReadIsFailingAndTheOthersAreCounted() {
        store.ask(WORK);
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("FollowUpTable"))
                        .item(Map.of(
                                "id", AttributeValue.fromS("subscribe#12"),
                                "queue", AttributeValue.fromS("webhook"),
                                "dueAt", AttributeValue.fromN("1"))));

        assertEquals(new Outstanding(2, 1, clock.instant()), store.outstanding());
    }

    @Test
    void wishIsAPartOfTheTransactionThatCausesIt() {
        stack.dynamoDb().transactWriteItems(request -> request.transactItems(store.asking(WORK)));

        assertEquals(clock.instant(), find(WORK).dueAt());
        assertTrue(row(WORK).get("wakes").bool());
    }

    @Test
    void wishIsTakenBackHoweverNewItIs() {
        store.ask(WORK);

        store.forget(WORK);
        store.forget(WORK);

        assertTrue(store.find(WORK.id()).isEmpty());
    }

    @Test
    void queueTellsWhatIsDueTheLongestDueFirst() {
        store.ask(new Subscribe(TIM));
        clock.advance(Duration.ofSeconds(1));
        store.ask(new Subscribe(VIDAR));
        clock.advance(Duration.ofSeconds(1));
        store.askLater(WORK, Duration.ofSeconds(1));
        store.askLater(new LookAgain(VIDAR), Duration.ZERO);

        var subscriptions = List.of(new Subscribe(TIM).id(), new Subscribe(VIDAR).id());
        assertEquals(subscriptions, store.ids(Queue.WEBHOOK, clock.instant()).toList());
        assertEquals(3, store.ids(Queue.WEBHOOK, null).count());
        assertEquals(
                List.of(new LookAgain(VIDAR).id()),
                store.ids(Queue.LATER, clock.instant()).toList());

        clock.advance(Duration.ofSeconds(1));
        assertEquals(3, store.ids(Queue.WEBHOOK, clock.instant()).count());
    }

    @Test
    void longQueueIsReadWhole() {
        for (var person = 1; person <= 60; person++) {
            store.ask(new Subscribe(FollowUpStack.id(person)));
        }

        assertEquals(60, store.ids(Queue.WEBHOOK, clock.instant()).count());
        assertEquals(60, store.outstanding().count());
    }

    @Test
    void whatWaitsForItsTimeIsNotOutstanding() {
        assertEquals(new Outstanding(0, 0, null), store.outstanding());
        var first = clock.instant();
        store.ask(WORK);
        clock.advance(Duration.ofSeconds(1));
        store.record(new Move(VIDAR, TIM));
        store.askLater(new LookAgain(VIDAR), Duration.ofMinutes(16));

        assertEquals(new Outstanding(2, 0, first), store.outstanding());
    }

    @Test
    void rowIsFailingFromTheFifthFailureOn() {
        store.ask(WORK);

        store.postpone(find(WORK), clock.instant(), 4, "no answer");
        assertEquals(0, store.outstanding().failing());

        store.postpone(find(WORK), clock.instant(), 5, "no answer");
        assertEquals(1, store.outstanding().failing());
    }

    /** Rule 10, of the third queue: a row that fails is due again within six hours, one that is merely late is not looked at. */
    @Test
    void rowThatIsLookedAtMuchLaterFailsFromTheFifthFailureOnToo() {
        var late = new LookAgain(VIDAR);
        store.askLater(late, Duration.ofMinutes(16));
        store.postpone(find(late), clock.instant().plus(Duration.ofHours(6)), 4, "no answer");
        assertEquals(0, store.failingLater());

        store.postpone(find(late), clock.instant().plus(Duration.ofHours(6)), 5, "no answer");

        assertEquals(1, store.failingLater());
        assertEquals(0, store.outstanding().failing());
    }

    /** Rule 27: of whatever queue. */
    @Test
    void whatIsDueTheLongestIsFound() {
        assertTrue(store.longestDue().isEmpty());
        store.askLater(new LookAgain(VIDAR), Duration.ofMinutes(16));
        assertEquals(
                clock.instant().plus(Duration.ofMinutes(16)), store.longestDue().orElseThrow());

        store.ask(WORK);
        store.askLater(new LookAgain(TIM), Duration.ofMinutes(1));

        assertEquals(clock.instant(), store.longestDue().orElseThrow());
    }

    @Test
    void leaseIsNoFollowUp() {
        var held = store.lease().acquire().orElseThrow();
        store.pause(held, clock.instant().plusSeconds(60));

        assertTrue(store.find("lease").isEmpty());
        assertEquals(0, store.outstanding().count());
    }

    @Test
    void pauseOutlivesTheLease() {
        var held = store.lease().acquire().orElseThrow();
        assertNull(FollowUpStore.pausedUntil(held));
        store.pause(held, clock.instant().plusSeconds(60));
        store.lease().release(held);

        var next = store.lease().acquire().orElseThrow();

        assertEquals(clock.instant().plusSeconds(60), FollowUpStore.pausedUntil(next));
    }

    private OwedFollowUp find(FollowUp work) {
        return store.find(work.id()).orElseThrow();
    }

    private Map<String, AttributeValue> row(FollowUp work) {
        return stack.dynamoDb()
                .getItem(request -> request.tableName(stack.table("FollowUpTable"))
                        .key(Map.of("id", AttributeValue.fromS(work.id()))))
                .item();
    }
}
