package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.MutableClock;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore.Outstanding;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Design rules 8 and 10, as far as they are about rows. */
@OnEveryBackend
class FollowUpStoreTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId TIM = new UssfId("2020000004152809");
    private static final FollowUp WORK = new FetchRefereeExperience(VIDAR);

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final TestStack stack;
    private final FollowUpStore store;

    FollowUpStoreTest(Backend backend) {
        stack = backend.newStack();
        store = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), clock);
    }

    @AfterEach
    void deleteStore() {
        stack.close();
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

    /** Rule 8: of what one webhook asks for, nothing is owed alone. */
    @Test
    @Tag("rule-8")
    void severalThingsAreAskedForAtOnceOrNotAtAll() {
        var certificate = new FetchGrassrootsCertificate(VIDAR);
        var refusing = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof TransactWriteItemsRequest) {
                throw SdkClientException.create("no connection");
            }
        });
        var failing = new FollowUpStore(refusing, stack.table("FollowUpTable"), clock);

        assertThrows(SdkClientException.class, () -> failing.askAll(List.of(WORK, certificate)));
        assertEquals(0, store.countOutstanding(10));

        store.askLater(WORK, Duration.ofHours(1));
        store.askAll(List.of(WORK, certificate));
        for (var work : List.of(WORK, certificate)) {
            assertEquals(clock.instant(), find(work).dueAt());
            assertTrue(row(work).get("wakes").bool());
        }
    }

    /** Design §8: it meets what asks for something in a transaction. */
    @Test
    void wishThatMeetsATransactionIsRepeated() {
        var conflicts = new int[] {3};
        var client = Intercepted.client(stack.dynamoDb(), _ -> {
            if (conflicts[0]-- > 0) {
                throw TransactionConflictException.builder().message("conflict").build();
            }
        });
        var meeting = new FollowUpStore(client, stack.table("FollowUpTable"), clock);

        meeting.ask(WORK);
        assertEquals(clock.instant(), find(WORK).dueAt());

        conflicts[0] = 3;
        meeting.askNotBefore(WORK, Duration.ofHours(1));
        assertEquals(clock.instant().plus(Duration.ofHours(1)), find(WORK).dueAt());

        conflicts[0] = 3;
        meeting.forget(WORK);
        assertTrue(store.find(WORK.id()).isEmpty());
    }

    @Test
    void whatIsAskedForLaterIsDueThenAndWakesNobody() {
        store.askLater(WORK, Duration.ofMinutes(16));

        assertEquals(clock.instant().plus(Duration.ofMinutes(16)), find(WORK).dueAt());
        assertFalse(row(WORK).get("wakes").bool());
    }

    /** Rule 10: a row that is there in case a webhook dies. */
    @Test
    @Tag("rule-10")
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
        assertEquals(1, store.outstanding(1_000).count());
        assertEquals(first.askedAt(), second.askedAt());
        assertNotEquals(first.version(), second.version());
    }

    /** Rule 10: on condition of the version that was read. */
    @Test
    @Tag("rule-10")
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
                                "queue", AttributeValue.fromS("subscription"),
                                "dueAt", AttributeValue.fromN("1"))));

        assertEquals(new Outstanding(2, 1, clock.instant()), store.outstanding(1_000));
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
        assertEquals(
                subscriptions, store.ids(Queue.SUBSCRIPTION, clock.instant()).toList());
        assertEquals(2, store.ids(Queue.SUBSCRIPTION, null).count());
        assertEquals(0, store.ids(Queue.USER_UPDATE, clock.instant()).count());
        assertEquals(1, store.ids(Queue.USER_UPDATE, null).count());
        assertEquals(
                List.of(new LookAgain(VIDAR).id()),
                store.ids(Queue.LATER, clock.instant()).toList());

        clock.advance(Duration.ofSeconds(1));
        assertEquals(1, store.ids(Queue.USER_UPDATE, clock.instant()).count());
    }

    @Test
    void longQueueIsReadWhole() {
        for (var person = 1; person <= 110; person++) {
            store.ask(new Subscribe(FollowUpStack.id(person)));
        }

        assertEquals(110, store.ids(Queue.SUBSCRIPTION, clock.instant()).count());
        assertEquals(110, store.outstanding(1_000).count());
    }

    /** Wire contract §5: of those that are due first, whatever queue they wait in. */
    @Test
    void outstandingOfThoseThatAreDueFirst() {
        var first = clock.instant();
        store.askLater(WORK, Duration.ofSeconds(9));
        clock.advance(Duration.ofSeconds(1));
        store.ask(new Enroll(MemberIdentifier.parse("A1")));
        store.ask(new Subscribe(TIM));

        assertEquals(new Outstanding(2, 0, clock.instant()), store.outstanding(2));
        assertEquals(new Outstanding(3, 0, first), store.outstanding(3));
        assertEquals(new Outstanding(3, 0, first), store.outstanding(4));
    }

    @Test
    void whatWaitsForItsTimeIsNotOutstanding() {
        assertEquals(new Outstanding(0, 0, null), store.outstanding(1_000));
        var first = clock.instant();
        store.ask(WORK);
        clock.advance(Duration.ofSeconds(1));
        store.record(new Move(VIDAR, TIM));
        store.askLater(new LookAgain(VIDAR), Duration.ofMinutes(16));

        assertEquals(new Outstanding(2, 0, first), store.outstanding(1_000));
    }

    @Test
    void rowIsFailingFromTheFifthFailureOn() {
        store.ask(WORK);

        store.postpone(find(WORK), clock.instant(), 4, "no answer");
        assertEquals(0, store.outstanding(1_000).failing());

        store.postpone(find(WORK), clock.instant(), 5, "no answer");
        assertEquals(1, store.outstanding(1_000).failing());
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
        assertEquals(0, store.outstanding(1_000).failing());
    }

    /** Rule 27: of whatever queue. */
    @Test
    void whatIsDueTheLongestIsFoundOfEachQueue() {
        var now = clock.instant();
        assertEquals(Map.of(), store.longestDue());
        store.askLater(new LookAgain(VIDAR), Duration.ofMinutes(16));
        assertEquals(Map.of(Queue.LATER, now.plus(Duration.ofMinutes(16))), store.longestDue());

        store.ask(WORK);
        store.askLater(new LookAgain(TIM), Duration.ofMinutes(1));

        assertEquals(Map.of(Queue.USER_UPDATE, now, Queue.LATER, now.plus(Duration.ofMinutes(1))), store.longestDue());
    }

    /** Rule 32; wire contract §7: exactly up to a limit. */
    @Test
    @Tag("rule-32")
    void outstandingIsCountedUpToALimitWhateverTheQueue() {
        IntStream.rangeClosed(1, 7).forEach(person -> store.ask(new Subscribe(FollowUpStack.id(person))));
        IntStream.rangeClosed(1, 5).forEach(person -> store.ask(new FetchRefereeExperience(FollowUpStack.id(person))));
        store.ask(new LookAgain(VIDAR));

        assertEquals(12, store.countOutstanding(10_000));
        assertEquals(12, store.countOutstanding(12));
        assertEquals(11, store.countOutstanding(11));
        assertEquals(3, store.countOutstanding(3));
        assertEquals(0, store.countOutstanding(0));
    }

    @Test
    void leaseIsNoFollowUp() {
        var held = store.lease().acquire().orElseThrow();
        store.pause(held, clock.instant().plusSeconds(60));

        assertTrue(store.find("lease").isEmpty());
        assertEquals(0, store.outstanding(1_000).count());
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
