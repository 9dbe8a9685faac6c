package org.touchline.followup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Intercepted;
import org.touchline.dynamodb.Item;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Background;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.followup.FollowUpRunner.Worker;
import org.touchline.learningcenter.Chance;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Design rule 10: who works when, on what first, and what becomes of what failed. */
class FollowUpRunnerTest {
    private static final UssfId ONE = FollowUpStack.id(1);
    private static final UssfId TWO = FollowUpStack.id(2);
    private static final FollowUp FIRST = new FetchRefereeExperience(ONE);
    private static final FollowUp SECOND = new FetchRefereeExperience(TWO);
    private static final FollowUp LATER = new LookAgain(ONE);
    private static final FollowUp SUBSCRIBE = new Subscribe(TWO);
    private static final FollowUp ENROLL = new Enroll(new MemberIdentifier("M-1"));
    private static final Tally NOTHING = new Tally(0, 0, 0);

    private final List<FollowUp> carriedOut = new ArrayList<>();
    private FollowUpStack stack;
    private FollowUpStore store;

    @BeforeEach
    void createStack() {
        stack = new FollowUpStack();
        store = stack.followUps;
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void whatIsDueIsDoneAndGone() {
        store.ask(FIRST);
        store.ask(SECOND);

        assertEquals(new Tally(2, 0, 0), runner(this::succeed).sweep(soon()));

        assertEquals(0, store.outstanding(1_000).count());
        assertEquals(NOTHING, runner(this::succeed).sweep(soon()));
    }

    @Test
    void whatIsNotDueWaits() {
        store.record(FIRST);
        advance(Duration.ofSeconds(59));

        assertEquals(NOTHING, runner(this::succeed).sweep(soon()));
        assertEquals(NOTHING, runner(this::succeed).wake(List.of(FIRST.id()), soon()));

        advance(Duration.ofSeconds(1));
        assertEquals(1, runner(this::succeed).sweep(soon()).done());
    }

    @Test
    void everythingOutstandingIsDoneDueOrNotButNotWhatHasItsTime() {
        store.record(FIRST);
        store.askLater(LATER, Duration.ofMinutes(16));

        assertEquals(1, runner(this::succeed).all(soon()).done());

        assertEquals(List.of(FIRST), carriedOut);
        assertTrue(store.find(LATER.id()).isPresent());
    }

    /** Rule 33: the lines take turns, and within a line the longest due comes first. */
    @Test
    @Tag("rule-33")
    void linesTakeTurnsAndTheLongestDueOfEachIsFirst() {
        store.askLater(LATER, Duration.ZERO);
        advance(Duration.ofSeconds(1));
        store.ask(SECOND);
        advance(Duration.ofSeconds(1));
        store.ask(FIRST);
        store.ask(SUBSCRIBE);
        store.ask(ENROLL);

        runner(this::succeed).sweep(soon());

        assertEquals(List.of(SUBSCRIBE, ENROLL, SECOND, LATER, FIRST), carriedOut);
    }

    /** What the stream brings is new, and has waited for less than what is there. */
    @Test
    void newRowComesAfterWhatHasWaitedForLonger() {
        store.ask(FIRST);
        advance(Duration.ofSeconds(1));
        store.ask(SECOND);

        runner(this::succeed).wake(List.of(SECOND.id()), soon());

        assertEquals(List.of(FIRST, SECOND), carriedOut);
    }

    @Test
    void newRowsThatAreDoneAlreadyOrUnknownAreNothing() {
        store.ask(FIRST);

        var tally = runner(this::succeed).wake(List.of("lease", "juggle#ball", SECOND.id(), FIRST.id(), ""), soon());

        assertEquals(new Tally(1, 0, 0), tally);
    }

    @Test
    void rowOfANewerVersionOfTouchlineIsLeftToIt() {
        store.ask(FIRST);
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.connected.stack.table("FollowUpTable"))
                        .item(new Item()
                                .with("id", "juggle#" + ONE)
                                .with("version", "1")
                                .with("queue", "subscription")
                                .withNumber("dueAt", 0)
                                .with("askedAt", now())
                                .withNumber("attempts", 0)
                                .attributes()));

        assertEquals(1, runner(this::succeed).sweep(soon()).done());

        assertEquals(1, store.outstanding(1_000).count());
    }

    /** Rule 24: the sweep of each minute would end with it, for good. */
    @ParameterizedTest
    @Tag("rule-24")
    @ValueSource(
            strings = {
                "subscribe#12",
                "move#0000000000000001",
                "enroll# ",
                "subscribe",
                "referee-experience#0000000000000007"
            })
    void rowThatCannotBeReadHoldsNothingUp(String id) {
        store.ask(FIRST);
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.connected.stack.table("FollowUpTable"))
                        .item(new Item()
                                .with("id", id)
                                .with("version", "1")
                                .with("queue", "subscription")
                                .withNumber("dueAt", 0)
                                .with("askedAt", "yesterday")
                                .withNumber("attempts", 0)
                                .attributes()));

        assertEquals(1, runner(this::succeed).wake(List.of(id), soon()).done());

        assertEquals(1, store.outstanding(1_000).failing());
    }

    // ---------------------------------------------------------------------------------------------- one execution at a
    // time

    @Test
    @Tag("rule-10")
    void otherExecutionReturnsAndTheOneAtWorkDoesWhatCameMeanwhile() {
        store.ask(FIRST);

        var tally = runner(work -> {
                    succeed(work);
                    if (work.equals(FIRST)) {
                        store.ask(SECOND);
                        assertEquals(NOTHING, runner(this::succeed).wake(List.of(SECOND.id()), soon()));
                    }
                })
                .sweep(soon());

        assertEquals(new Tally(2, 0, 0), tally);
        assertEquals(List.of(FIRST, SECOND), carriedOut);
    }

    /** Between its last look and letting go, another may have found the lease taken, and returned. */
    @Test
    @Tag("rule-10")
    void holderLooksOnceMoreAfterLettingGo() {
        store.ask(FIRST);
        var runner = new FollowUpRunner(
                storeThatIsAskedWhileItLetsGo(),
                FollowUpStack.worker(this::succeed),
                stack.connected.pacing,
                1,
                stack.journal::add);

        assertEquals(new Tally(2, 0, 0), runner.sweep(soon()));
    }

    @Test
    @Tag("rule-10")
    void executionThatDiedIsOvertakenWhenItsLeaseEnds() {
        store.ask(FIRST);
        store.lease().acquire();

        advance(Duration.ofSeconds(119));
        assertEquals(NOTHING, runner(this::succeed).sweep(soon()));

        advance(Duration.ofSeconds(1));
        assertEquals(1, runner(this::succeed).sweep(soon()).done());
    }

    @Test
    @Tag("rule-10")
    void leaseIsRenewedBeforeEachRow() {
        IntStream.range(1, 5).forEach(person -> store.ask(new FetchRefereeExperience(FollowUpStack.id(person))));

        var tally = runner(_ -> {
                    advance(Duration.ofSeconds(90));
                    assertTrue(store.lease().acquire().isEmpty());
                })
                .sweep(soon());

        assertEquals(4, tally.done());
    }

    @Test
    void overtakenExecutionStopsAndLeavesTheLeaseToTheOther() {
        store.ask(FIRST);
        store.ask(SECOND);

        var tally = runner(_ -> {
                    advance(Duration.ofMinutes(3));
                    assertTrue(store.lease().acquire().isPresent());
                })
                .sweep(soon());

        assertEquals(new Tally(1, 0, 0), tally);
        assertTrue(store.lease().acquire().isEmpty());
    }

    @Test
    void nothingIsBegunThatTheTimeDoesNotSufficeFor() {
        store.ask(FIRST);
        store.ask(SECOND);

        assertEquals(NOTHING, runner(this::succeed).sweep(in(Duration.ofSeconds(19))));
        var tally = runner(_ -> advance(Duration.ofSeconds(1))).sweep(in(Duration.ofSeconds(20)));

        assertEquals(1, tally.done());
        assertEquals(1, store.outstanding(1_000).count());
    }

    @Test
    void oneThingMayTake40Seconds() {
        store.ask(FIRST);
        var limits = new ArrayList<Instant>();

        new FollowUpRunner(
                        store,
                        new Worker() {
                            @Override
                            public void carryOut(FollowUp work, Deadline deadline) {
                                limits.add(deadline.at());
                            }

                            @Override
                            public void giveUp(FollowUp work) {}
                        },
                        stack.connected.pacing,
                        1,
                        stack.journal::add)
                .sweep(soon());

        assertEquals(List.of(now().plusSeconds(40)), limits);
    }

    // -------------------------------------------------------------------------------------------------------- what
    // failed

    @Test
    @Tag("rule-10")
    void waitsGrowFrom30SecondsTo6Hours() {
        store.ask(FIRST);

        var longest = waits(Chance.MOST, 12);

        assertEquals(
                List.of(30L, 60L, 120L, 240L, 480L, 960L, 1920L, 3840L, 7680L, 15360L, 21600L, 21600L),
                longest.stream().map(Duration::toSeconds).toList());
    }

    /** Those that failed together do not come back together: from half the wait on. */
    @Test
    @Tag("rule-10")
    void waitsAreJittered() {
        store.ask(FIRST);

        assertEquals(
                List.of(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(60)),
                waits(Chance.LEAST, 3));
    }

    @Test
    @Tag("rule-10")
    void whatKeepsFailingIsCountedAndStaysVisibleWithItsReason() {
        store.ask(FIRST);
        var asked = now();

        for (var day = 0; day < 10; day++) {
            assertEquals(new Tally(0, 1, 0), runner(this::fail).sweep(soon()));
            advance(Duration.ofDays(1));
        }

        var owed = store.find(FIRST.id()).orElseThrow();
        assertEquals(10, owed.attempts());
        assertEquals("IllegalArgumentException", owed.reason());
        assertEquals(new FollowUpStore.Outstanding(1, 1, asked), store.outstanding(1_000));
    }

    @Test
    void whatFailsHoldsNothingUp() {
        store.ask(FIRST);
        advance(Duration.ofSeconds(1));
        store.ask(SECOND);

        var tally = runner(work -> {
                    if (work.equals(FIRST)) {
                        fail(work);
                    }
                })
                .sweep(soon());

        assertEquals(new Tally(1, 1, 0), tally);
    }

    /** Rule 24: the row is due as it was, and the others have their turn. */
    @Test
    @Tag("rule-24")
    void whatCannotBeStoredOfOneHoldsNothingUp() {
        store.ask(FIRST);
        advance(Duration.ofSeconds(1));
        store.ask(SECOND);

        var tally = new FollowUpRunner(
                        notStoring(FIRST),
                        FollowUpStack.worker(this::succeed),
                        stack.connected.pacing,
                        1,
                        stack.journal::add)
                .sweep(soon());

        assertEquals(new Tally(1, 1, 0), tally);
        assertEquals(List.of(FIRST, SECOND), carriedOut);
        assertEquals(1, runner(this::succeed).sweep(soon()).done());
        assertEquals(
                List.of("follow-up referee-experience#0000000000000001: what came of it could not be stored:"
                        + " SdkClientException"),
                stack.journal);
    }

    /** Rule 24: who it is about is not said, since it could not be read. */
    @Test
    void whatCannotBeReadOfOneHoldsNothingUp() {
        store.ask(FIRST);
        advance(Duration.ofSeconds(1));
        store.ask(SECOND);
        var reads = new AtomicInteger();
        var notReadingTheFirst = stack.followUps(Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof GetItemRequest get && get.key().equals(FollowUpItems.key(FIRST.id()))) {
                reads.incrementAndGet();
                throw SdkClientException.create("timed out");
            }
        }));

        var tally = new FollowUpRunner(
                        notReadingTheFirst,
                        FollowUpStack.worker(this::succeed),
                        stack.connected.pacing,
                        1,
                        stack.journal::add)
                .sweep(soon());

        assertEquals(new Tally(1, 1, 0), tally);
        assertEquals(List.of(SECOND), carriedOut);
        assertEquals(1, reads.get(), "once in an execution");
        assertEquals(List.of("a follow-up could not be read: SdkClientException"), stack.journal);
        assertEquals(1, runner(this::succeed).sweep(soon()).done());
    }

    @Test
    void oneExecutionTriesTheSameOnce() {
        store.ask(FIRST);

        assertEquals(new Tally(0, 1, 0), runner(this::fail).all(soon()));
    }

    @Test
    void askedForAgainWhatBacksOffIsDueNow() {
        store.ask(FIRST);
        for (var failure = 0; failure < 8; failure++) {
            runner(this::fail).all(soon());
        }
        assertEquals(NOTHING, runner(this::succeed).sweep(soon()));

        store.ask(FIRST);

        assertEquals(1, runner(this::succeed).sweep(soon()).done());
    }

    /** The answer that is stored may be older than the newer wish. */
    @Test
    @Tag("rule-10")
    void newerWishWhileTheOldOneIsDoneIsKeptAndDone() {
        store.ask(FIRST);

        var tally = runner(work -> {
                    if (carriedOut.isEmpty()) {
                        store.ask(work);
                    }
                    succeed(work);
                })
                .sweep(soon());

        assertEquals(new Tally(2, 0, 0), tally);
        assertEquals(List.of(FIRST, FIRST), carriedOut);
        assertTrue(store.find(FIRST.id()).isEmpty());
    }

    @Test
    void newerWishWhileTheOldOneFailsIsNotPostponed() {
        store.ask(FIRST);

        var tally = runner(work -> {
                    succeed(work);
                    if (carriedOut.size() == 1) {
                        store.ask(work);
                        fail(work);
                    }
                })
                .sweep(soon());

        assertEquals(new Tally(1, 1, 0), tally);
    }

    /** Rule 21: the message of a mistake of ours may hold what somebody sent. */
    @Test
    @Tag("rule-21")
    void failureIsALineInTheJournalWithNothingThatSomebodySent() {
        store.ask(FIRST);

        runner(this::fail).sweep(soon());

        assertEquals(
                List.of(
                        "follow-up referee-experience#0000000000000001 failed, attempt 1: IllegalArgumentException; it is tried"
                                + " again from 2026-03-01T12:00:15Z on"),
                stack.journal);
        assertEquals(
                "IllegalArgumentException", store.find(FIRST.id()).orElseThrow().reason());
    }

    /** Rule 21: who somebody is among the organization's members is nobody's business, whatever became of their follow-up. */
    @Test
    @Tag("rule-21")
    void whatBecameOfAMembersFollowUpIsToldWithoutTheMember() {
        store.ask(ENROLL);
        runner(this::fail).all(soon());
        new FollowUpRunner(
                        notStoring(ENROLL),
                        FollowUpStack.worker(this::succeed),
                        stack.connected.pacing,
                        1,
                        stack.journal::add)
                .all(soon());
        for (var attempt = 1; attempt <= 4; attempt++) {
            stack.runner(nobodyKnows(() -> {})).all(soon());
        }

        assertEquals(6, stack.journal.size(), stack.journal::toString);
        assertTrue(stack.journal.getLast().startsWith("follow-up enroll is given up"), stack.journal::toString);
        stack.journal.forEach(line -> assertFalse(line.contains("M-1"), line));
    }

    /** Rule 21: the message of what keeps us from telling the members may hold what somebody sent. */
    @Test
    @Tag("rule-21")
    void whatKeepsOneFromBeingGivenUpIsToldByItsClass() {
        store.ask(FIRST);

        for (var attempt = 1; attempt <= 4; attempt++) {
            stack.runner(nobodyKnows(() -> fail(FIRST))).all(soon());
        }

        assertTrue(stack.journal.getLast().contains(": IllegalArgumentException; "), stack.journal::toString);
        assertEquals(
                "IllegalArgumentException", store.find(FIRST.id()).orElseThrow().reason());
    }

    // ----------------------------------------------------------------------------------------------------- in the
    // background

    @Test
    void backgroundIsDoneWhereNothingIsDueAndEndsWhenThereIsNoMore() {
        var pieces = new ArrayList<String>();
        store.ask(FIRST);

        runner(work -> pieces.add(work.id()))
                .background(
                        pieces(4, () -> {
                            pieces.add("piece");
                            if (pieces.size() == 3) {
                                store.ask(SECOND);
                            }
                        }),
                        soon());

        assertEquals(List.of(FIRST.id(), "piece", "piece", SECOND.id(), "piece", "piece"), pieces);
    }

    /** Rule 33: it has its turn with what waits in its line, and is the last there. */
    @Test
    @Tag("rule-33")
    void backgroundTakesTurnsWithTheOtherLinesAndIsTheLastOfItsOwn() {
        var third = new FetchRefereeExperience(FollowUpStack.id(3));
        store.askLater(LATER, Duration.ZERO);
        for (var work : List.of(FIRST, SECOND, third)) {
            store.ask(work);
            advance(Duration.ofSeconds(1));
        }
        var done = new ArrayList<String>();

        runner(work -> done.add(work.id())).background(pieces(2, () -> done.add("piece")), soon());

        assertEquals(List.of(FIRST.id(), LATER.id(), SECOND.id(), "piece", third.id(), "piece"), done);
    }

    @Test
    void backgroundWaitsForAnotherAtWork() {
        store.lease().acquire();
        var before = now();
        var pieces = new ArrayList<Instant>();

        runner(this::succeed).background(pieces(1, () -> pieces.add(now())), soon());

        assertEquals(1, pieces.size());
        assertTrue(pieces.getFirst().isAfter(before.plusSeconds(119)));
        assertTrue(pieces.getFirst().isBefore(before.plusSeconds(123)));
    }

    @Test
    void backgroundWaitsNoLongerThanItsTime() {
        var other = store.lease().acquire().orElseThrow();
        var before = now();

        runner(this::succeed).background(pieces(9, () -> {}), in(Duration.ofSeconds(60)));

        assertTrue(now().isBefore(before.plusSeconds(60)));
        store.lease().renew(other);
    }

    @Test
    void backgroundEndsWithItsTimeAndLetsGo() {
        var pieces = new ArrayList<Instant>();
        var before = now();

        runner(this::succeed)
                .background(
                        pieces(9, () -> {
                            advance(Duration.ofSeconds(10));
                            pieces.add(now());
                        }),
                        in(Duration.ofSeconds(50)));

        assertEquals(4, pieces.size());
        assertEquals(before.plusSeconds(40), now());
        assertTrue(store.lease().acquire().isPresent());
    }

    @Test
    void backgroundLooksOnceMoreAfterLettingGo() {
        var runner = new FollowUpRunner(
                storeThatIsAskedWhileItLetsGo(),
                FollowUpStack.worker(this::succeed),
                stack.connected.pacing,
                1,
                stack.journal::add);

        runner.background(Background.NONE, soon());

        assertEquals(List.of(SECOND), carriedOut);
    }

    /** Another that came just before the lease was given back found it taken. */
    private FollowUpStore storeThatIsAskedWhileItLetsGo() {
        var asked = new boolean[1];
        return stack.followUps(Intercepted.client(stack.dynamoDb(), request -> {
            var letsGo = request instanceof UpdateItemRequest update
                    && update.updateExpression().startsWith("REMOVE leaseOwner");
            if (letsGo && !asked[0]) {
                asked[0] = true;
                store.ask(SECOND);
                assertEquals(NOTHING, runner(this::succeed).wake(List.of(SECOND.id()), soon()));
            }
        }));
    }

    /** So many, each about somebody else. */
    private static Background pieces(int number, Runnable piece) {
        var people =
                IntStream.rangeClosed(1, number).mapToObj(FollowUpStack::id).iterator();
        return () ->
                people.hasNext() ? Optional.of(new Piece(people.next().value(), _ -> piece.run())) : Optional.empty();
    }

    /** How long each failure makes the first row wait. */
    private List<Duration> waits(Chance chance, int failures) {
        var pacing = new Pacing(stack.connected.clock, stack.connected.clock::advance, chance);
        var waits = new ArrayList<Duration>();
        for (var failure = 0; failure < failures; failure++) {
            new FollowUpRunner(store, FollowUpStack.worker(this::fail), pacing, 1, stack.journal::add).all(soon());
            waits.add(
                    Duration.between(now(), store.find(FIRST.id()).orElseThrow().dueAt()));
        }
        return waits;
    }

    /** The Learning Center knows nobody. */
    private static Worker nobodyKnows(Runnable givingUp) {
        return new Worker() {
            @Override
            public void carryOut(FollowUp followUp, Deadline deadline) {
                throw new UnknownUssfIdException();
            }

            @Override
            public void giveUp(FollowUp followUp) {
                givingUp.run();
            }
        };
    }

    /** Of that one, nothing can be stored. */
    private FollowUpStore notStoring(FollowUp work) {
        return stack.followUps(Intercepted.client(stack.dynamoDb(), request -> {
            var key = request instanceof DeleteItemRequest delete
                    ? delete.key()
                    : request instanceof UpdateItemRequest update ? update.key() : Map.<String, AttributeValue>of();
            if (key.equals(FollowUpItems.key(work.id()))) {
                throw SdkClientException.create("timed out");
            }
        }));
    }

    private void succeed(FollowUp work) {
        carriedOut.add(work);
    }

    private void fail(FollowUp work) {
        throw new IllegalArgumentException("what somebody sent, " + work);
    }

    private FollowUpRunner runner(Consumer<FollowUp> work) {
        return stack.runner(FollowUpStack.worker(work));
    }

    private void advance(Duration duration) {
        stack.connected.clock.advance(duration);
    }

    private Instant now() {
        return stack.connected.now();
    }

    private Deadline soon() {
        return in(Duration.ofMinutes(15));
    }

    private Deadline in(Duration time) {
        return stack.connected.in(time);
    }
}
