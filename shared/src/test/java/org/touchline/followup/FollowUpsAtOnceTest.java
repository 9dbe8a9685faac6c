package org.touchline.followup;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.learningcenter.Chance;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;

/** Design rule 33: several at once, and what is never done at once. */
class FollowUpsAtOnceTest {
    private static final int MANY = 20;

    /** With {@code -Dtouchline.new-year.updates=300000} as many as of a million people. */
    private static final int UPDATES = Integer.getInteger("touchline.new-year.updates", 400);

    private static final Duration A_CALL = Duration.ofMillis(5);

    private final ConcurrentLinkedQueue<FollowUp> carriedOut = new ConcurrentLinkedQueue<>();
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

    /** Each waits until so many are at work, which would be never if they were fewer. */
    @Test
    @Tag("rule-33")
    void asManyAreWorkedOnAtOnceAsAreAllowedOnceSomeWereAnswered() {
        IntStream.rangeClosed(1, MANY + 10).forEach(this::askForExperience);
        var all = new CountDownLatch(MANY);
        var begun = new AtomicInteger();
        var most = new AtomicInteger();
        var atWork = new AtomicInteger();

        var tally = sweep(_ -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            if (begun.incrementAndGet() > 10) {
                all.countDown();
                await(all);
            }
            atWork.decrementAndGet();
        });

        assertEquals(new Tally(MANY + 10, 0, 0), tally);
        assertEquals(MANY, most.get());
        assertEquals(0, store.outstanding(1_000).count());
    }

    /** An outage is met by a few, and what was under way with them is due as it was. */
    @Test
    void outageMeetsFewAndWhatIsLeftIsDueAsItWas() {
        IntStream.rangeClosed(1, MANY).forEach(this::askForExperience);

        var tally = sweep(_ -> {
            throw new LearningCenterUnavailableException("got no answer", null);
        });

        assertTrue(carriedOut.size() <= 6, carriedOut.toString());
        assertTrue(tally.failed() >= 3, tally.toString());
        assertEquals(MANY, store.outstanding(1_000).count());
        assertEquals(
                MANY - tally.failed(),
                IntStream.rangeClosed(1, MANY)
                        .filter(person -> store.find(experience(person).id())
                                        .orElseThrow()
                                        .attempts()
                                == 0)
                        .count());
    }

    /** Rule 10: all are under way when one is told to come back in an hour. */
    @Test
    void retryAfterHaltsAllAndCountsForNobodyElse() {
        IntStream.rangeClosed(1, 3).forEach(this::askForExperience);
        var together = new CountDownLatch(3);
        var paused = new CountDownLatch(1);
        var first = new AtomicInteger();
        var anHourLater = stack.connected.now().plus(Duration.ofHours(1));

        var tally = sweep(
                _ -> {
                    together.countDown();
                    await(together);
                    if (first.incrementAndGet() > 1) {
                        await(paused);
                        throw new LearningCenterUnavailableException("got no answer", null);
                    }
                    throw new LearningCenterUnavailableException("was answered 429", anHourLater);
                },
                _ -> paused.countDown());

        assertEquals(new Tally(0, 1, 0), tally);
        stack.connected.clock.advance(Duration.ofMinutes(59));
        assertEquals(new Tally(0, 0, 0), sweep(carriedOut::add));
        stack.connected.clock.advance(Duration.ofMinutes(1));
        assertEquals(new Tally(3, 0, 0), sweep(carriedOut::add));
    }

    /** Rule 10: of what several are told at once the latest holds, in whatever order they are told. */
    @Test
    @Tag("rule-10")
    void ofSeveralRetryAftersTheLatestHolds() {
        IntStream.rangeClosed(1, 3).forEach(this::askForExperience);
        var together = new CountDownLatch(3);
        var place = new AtomicInteger();
        var hours = List.of(1, 3, 2);
        // Each is told once the one before it was heard.
        var heard = IntStream.range(0, 3).mapToObj(CountDownLatch::new).toList();
        var begin = stack.connected.now();

        var tally = sweep(
                _ -> {
                    together.countDown();
                    await(together);
                    var own = place.getAndIncrement();
                    await(heard.get(own));
                    throw new LearningCenterUnavailableException(
                            "was answered 429", begin.plus(Duration.ofHours(hours.get(own))));
                },
                line -> {
                    if (line.contains("left alone")) {
                        heard.forEach(CountDownLatch::countDown);
                    }
                });

        assertEquals(new Tally(0, 1, 0), tally);
        stack.connected.clock.advance(Duration.ofMinutes(3 * 60 - 1));
        assertEquals(new Tally(0, 0, 0), sweep(carriedOut::add));
        stack.connected.clock.advance(Duration.ofMinutes(1));
        assertEquals(new Tally(3, 0, 0), sweep(carriedOut::add));
    }

    /** The first lasts until all is done that names nobody of it: whatever else names them is begun beside it, or never. */
    @Test
    @Tag("rule-33")
    void whatNamesTheSamePersonOrMemberIsNotWorkedOnAtOnce() {
        var one = FollowUpStack.id(1);
        var two = FollowUpStack.id(2);
        var all = List.<FollowUp>of(
                new Subscribe(one),
                new Move(one, two),
                new FetchRefereeExperience(two),
                new FetchGrassrootsCertificate(two),
                new FetchRefereeExperience(FollowUpStack.id(3)),
                new Enroll(new MemberIdentifier("M-1")),
                new LookAgain(one));
        all.subList(0, all.size() - 1).forEach(store::ask);
        store.askLater(all.getLast(), Duration.ZERO);
        var first = new AtomicReference<LongWork>();
        var busy = new HashSet<String>();

        var tally = sweep(work -> {
            var subjects = FollowUpItems.subjects(work.id()).collect(Collectors.toSet());
            synchronized (busy) {
                assertTrue(subjects.stream().allMatch(busy::add), busy + " and " + work);
            }
            var others = all.stream()
                    .filter(other -> FollowUpItems.subjects(other.id()).noneMatch(subjects::contains))
                    .count();
            if (first.compareAndSet(null, new LongWork(subjects, new CountDownLatch((int) others)))) {
                await(first.get().others());
            } else if (Collections.disjoint(first.get().subjects(), subjects)) {
                first.get().others().countDown();
            }
            synchronized (busy) {
                busy.removeAll(subjects);
            }
        });

        assertEquals(all.size(), tally.done(), stack.journal.toString());
    }

    private record LongWork(Set<String> subjects, CountDownLatch others) {}

    /** The refresh is not about somebody whom a row names who is being worked on. */
    @Test
    void pieceOfTheBackgroundWaitsForWhoIsBeingWorkedOn() {
        store.ask(experience(1));
        var rowIsDone = new AtomicInteger();
        var pieces = new ArrayList<>(List.of(1, 2));
        var seen = new ConcurrentLinkedQueue<String>();
        var secondPiece = new CountDownLatch(1);

        runner(
                        _ -> {
                            await(secondPiece);
                            rowIsDone.incrementAndGet();
                        },
                        _ -> {})
                .background(
                        () -> pieces.isEmpty()
                                ? Optional.empty()
                                : Optional.of(pieces.removeFirst())
                                        .map(number -> new Piece(
                                                FollowUpStack.id(number).value(), _ -> {
                                                    if (number == 2) {
                                                        secondPiece.countDown();
                                                    } else {
                                                        seen.add("row done: " + rowIsDone.get());
                                                    }
                                                })),
                        soon());

        assertEquals(List.of("row done: 1"), List.copyOf(seen));
    }

    /** What is in one line does not take all the room: the others' work is begun beside it, whenever it comes. */
    @Test
    @Tag("rule-33")
    void longLineLeavesRoomToTheOthers() {
        IntStream.rangeClosed(1, 60).forEach(this::askForExperience);
        var lines = new ConcurrentLinkedQueue<Queue>();
        var begun = new AtomicInteger();
        var asked = new CountDownLatch(1);

        sweep(work -> {
            lines.add(work.kind().queue());
            if (begun.incrementAndGet() == 10) {
                IntStream.rangeClosed(101, 105).forEach(person -> store.ask(new Subscribe(FollowUpStack.id(person))));
                stack.connected.clock.advance(Duration.ofSeconds(1));
                asked.countDown();
            } else if (begun.get() >= 10) {
                await(asked);
            }
        });

        var all = List.copyOf(lines);
        assertEquals(65, all.size());
        assertTrue(all.lastIndexOf(Queue.SUBSCRIPTION) < 10 + 2 * MANY, all.toString());
    }

    /** Turns are taken as calls: one that comes behind many of another line is made before them. */
    @Test
    @Tag("rule-33")
    void callWaitsForOneOfAnotherLineHoweverManyWaitThere() {
        var callers = new ConcurrentHashMap<Thread, Queue>();
        var turns = new ConcurrentLinkedQueue<Queue>();
        var mayGoOn = new CountDownLatch(1);
        var rate = RequestRate.perSecond(
                5,
                new Pacing(
                        stack.connected.clock,
                        _ -> {
                            await(mayGoOn);
                            turns.add(requireNonNull(callers.get(Thread.currentThread())));
                        },
                        Chance.LEAST));
        rate.await(soon());
        IntStream.rangeClosed(1, 2).forEach(this::askForExperience);
        store.ask(new Subscribe(FollowUpStack.id(3)));

        sweep(work -> {
            var queue = work.kind().queue();
            var caller = Thread.currentThread();
            if (queue == Queue.SUBSCRIPTION) {
                awaitWaiting(() ->
                        callers.size() == 2 && callers.keySet().stream().allMatch(FollowUpsAtOnceTest::isWaiting));
                Thread.ofVirtual().start(() -> {
                    awaitWaiting(() -> isWaiting(caller));
                    mayGoOn.countDown();
                });
            }
            callers.put(caller, queue);
            assertTrue(rate.await(soon()));
        });

        assertEquals(List.of(Queue.USER_UPDATE, Queue.SUBSCRIPTION, Queue.USER_UPDATE), List.copyOf(turns));
    }

    private static void awaitWaiting(BooleanSupplier waiting) {
        var begin = System.nanoTime();
        while (!waiting.getAsBoolean()) {
            assertTrue(System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(20));
            Thread.yield();
        }
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING;
    }

    /** New Year: everybody's experience is one more, and members are put in meanwhile; they have at least a quarter of the turns. */
    @Test
    void newYearsUpdatesHoldUpNoEnrollment() {
        IntStream.rangeClosed(1, UPDATES).forEach(this::askForExperience);
        var newcomers = UPDATES / 10;
        var begun = new AtomicInteger();
        var putIn = new CountDownLatch(1);
        Consumer<FollowUp> work = _ -> {
            if (begun.getAndIncrement() == 0) {
                IntStream.rangeClosed(1, newcomers)
                        .forEach(member -> store.ask(new Enroll(new MemberIdentifier("M-" + member))));
                putIn.countDown();
            }
            await(putIn);
            stack.connected.clock.advance(A_CALL);
        };

        var runs = 0;
        while (store.countOutstanding(1) > 0 && runs++ < UPDATES) {
            sweep(work);
        }

        var enrollments = carriedOut.stream().map(Enroll.class::isInstance).toList();
        assertEquals(UPDATES + newcomers, enrollments.size());
        assertTrue(enrollments.indexOf(true) < UPDATES / 2, "the first waits for few: " + enrollments.indexOf(true));
        var turns = 1 + enrollments.lastIndexOf(true) - enrollments.indexOf(true);
        assertTrue(turns <= 4 * newcomers, newcomers + " of " + turns + " turns");
    }

    private void askForExperience(int person) {
        store.ask(experience(person));
    }

    private static FollowUp experience(int person) {
        return new FetchRefereeExperience(FollowUpStack.id(person));
    }

    private Tally sweep(Consumer<FollowUp> work) {
        return sweep(work, _ -> {});
    }

    private Tally sweep(Consumer<FollowUp> work, Consumer<String> journal) {
        return runner(
                        followUp -> {
                            carriedOut.add(followUp);
                            work.accept(followUp);
                        },
                        journal)
                .sweep(soon());
    }

    private FollowUpRunner runner(Consumer<FollowUp> work, Consumer<String> journal) {
        return new FollowUpRunner(
                store, FollowUpStack.worker(work), stack.connected.pacing, MANY, journal.andThen(stack.journal::add));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(20, TimeUnit.SECONDS));
        } catch (InterruptedException stopped) {
            throw new AssertionError(stopped);
        }
    }

    private Deadline soon() {
        return stack.connected.in(Duration.ofMinutes(15));
    }
}
