package org.touchline.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.learningcenter.Chance;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.learningcenter.wire.AnswerObserver;
import org.touchline.learningcenter.wire.ConnectCall;
import org.touchline.learningcenter.wire.LearningCenterHttp;

/** Design rule 10: paced by one setting. */
class RequestRateTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final Instant start = clock.instant();
    private final Pacing pacing = new Pacing(clock, clock::advance, Chance.LEAST);
    private final Deadline deadline = Deadline.in(Duration.ofMinutes(1), clock);

    @Test
    void callsAreSpreadEvenly() {
        var rate = RequestRate.perSecond(5, pacing);

        var turns = new ArrayList<Duration>();
        for (var call = 0; call < 4; call++) {
            assertTrue(rate.await(deadline));
            turns.add(Duration.between(start, clock.instant()));
        }

        assertEquals(List.of(Duration.ZERO, INTERVAL, INTERVAL.multipliedBy(2), INTERVAL.multipliedBy(3)), turns);
    }

    @Test
    void pauseIsNotSavedUpForABurst() {
        var rate = RequestRate.perSecond(5, pacing);
        rate.await(deadline);
        clock.advance(Duration.ofSeconds(10));

        rate.await(deadline);
        rate.await(deadline);

        assertEquals(start.plusSeconds(10).plus(INTERVAL), clock.instant());
    }

    @Test
    void callWhoseTurnComesTooLateIsNotWaitedFor() {
        var rate = RequestRate.perSecond(1, pacing);
        var soon = Deadline.in(Duration.ofMillis(900), clock);

        assertTrue(rate.await(soon));
        assertFalse(rate.await(soon));

        assertEquals(start, clock.instant());
    }

    @Test
    void unlimitedRateNeverWaits() {
        var rate = RequestRate.unlimited(pacing);

        IntStream.range(0, 1_000).forEach(_ -> assertTrue(rate.await(deadline)));

        assertEquals(start, clock.instant());
    }

    @Test
    void threadsShareOneRate() throws Exception {
        var waits = new ConcurrentSkipListSet<Duration>();
        var rate = RequestRate.perSecond(5, new Pacing(clock, waits::add, Chance.LEAST));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 4).forEach(_ -> threads.submit(() -> rate.await(deadline)));
        }

        assertEquals(new TreeSet<>(List.of(INTERVAL, INTERVAL.multipliedBy(2), INTERVAL.multipliedBy(3))), waits);
    }

    /** Rule 33: whoever has many calls waiting does not hold up who has few. */
    @Test
    @Tag("rule-33")
    void linesTakeTurnsCallByCall() throws Exception {
        var turns = new ConcurrentLinkedQueue<String>();
        var mayGoOn = new CountDownLatch(1);
        var rate = RequestRate.perSecond(
                5,
                new Pacing(
                        clock,
                        _ -> {
                            mayGoOn.await();
                            turns.add(Thread.currentThread().getName());
                        },
                        Chance.LEAST));
        rate.await(deadline);
        var threads = new ArrayList<Thread>();
        for (var caller : List.of("updates", "updates", "updates", "updates", "enrollments", "enrollments", "moves")) {
            var thread =
                    Thread.ofVirtual().name(caller).start(() -> RequestRate.inLine(caller, () -> rate.await(deadline)));
            threads.add(thread);
            awaitWaiting(thread);
        }

        mayGoOn.countDown();
        for (var thread : threads) {
            thread.join();
        }

        assertEquals(
                List.of("updates", "enrollments", "moves", "updates", "enrollments", "updates", "updates"),
                List.copyOf(turns));
    }

    /** Rule 10: what one was told holds for all, and those who would come too late need not wait. */
    @Test
    void holdingUpHoldsUpAll() {
        var rate = RequestRate.perSecond(5, pacing);

        rate.holdUntil(start.plusSeconds(30));

        assertFalse(rate.await(Deadline.in(Duration.ofSeconds(30), clock)));
        assertEquals(start, clock.instant());
        assertTrue(rate.await(deadline));
        assertEquals(start.plusSeconds(30), clock.instant());
    }

    @Test
    void nobodyIsHeldUpForLongerThanAMinute() {
        var rate = RequestRate.perSecond(5, pacing);

        rate.holdUntil(start.plus(Duration.ofDays(1_000)));

        assertTrue(rate.await(Deadline.in(Duration.ofSeconds(61), clock)));
        assertEquals(start.plusSeconds(60), clock.instant());
    }

    @Test
    void whatOneThreadIsToldHoldsUpAnother() throws Exception {
        var rate = RequestRate.perSecond(5, pacing);
        assertTrue(rate.heldUntil().isBefore(start));
        rate.holdUntil(start.plusSeconds(30));
        rate.holdUntil(start.plusSeconds(10));
        var heldUntil = new ArrayList<Instant>();

        var other = Thread.ofPlatform().daemon().start(() -> {
            rate.await(deadline);
            heldUntil.add(rate.heldUntil());
        });
        other.join(Duration.ofSeconds(20));
        assertEquals(List.of(start.plusSeconds(30)), heldUntil);
        assertEquals(start.plusSeconds(30), clock.instant());
        assertEquals(start.plusSeconds(30), rate.heldUntil());
    }

    /** A turn that nobody takes would be a call fewer. */
    @Test
    void whoLeavesTheirLineTakesNoTurn() {
        var rate = RequestRate.perSecond(1, pacing);
        assertTrue(rate.await(deadline));
        assertFalse(rate.await(Deadline.in(Duration.ofMillis(900), clock)));
        clock.advance(Duration.ofSeconds(10));

        assertTrue(rate.await(deadline));
        assertEquals(start.plusSeconds(10), clock.instant());
        assertTrue(rate.await(deadline));
        assertEquals(start.plusSeconds(11), clock.instant());
    }

    /** Else a machine that wakes threads late would call too seldom; and one that slept would call in a burst. */
    @Test
    void whatIsLostByWakingLateIsMadeUpForUpToATenthOfASecond() {
        assertEquals(List.of(0L, 250L, 450L, 650L), turnsOfWhoWakesLateBy(Duration.ofMillis(50)));
        assertEquals(List.of(0L, 500L, 900L, 1_300L), turnsOfWhoWakesLateBy(Duration.ofMillis(300)));
    }

    private static List<Long> turnsOfWhoWakesLateBy(Duration delay) {
        var clock = new MutableClock("2026-03-01T12:00:00Z");
        var start = clock.instant();
        var rate = RequestRate.perSecond(5, new Pacing(clock, wait -> clock.advance(wait.plus(delay)), Chance.LEAST));
        return Stream.generate(() -> {
                    rate.await(Deadline.in(Duration.ofMinutes(1), clock));
                    return Duration.between(start, clock.instant()).toMillis();
                })
                .limit(4)
                .toList();
    }

    /** What is put off while somebody waits for their turn is put off for them too. */
    @Test
    @Tag("rule-10")
    void whoAlreadyWaitsIsHeldUpAsWell() {
        var rates = new ArrayList<RequestRate>();
        var rate = RequestRate.perSecond(
                5,
                new Pacing(
                        clock,
                        wait -> {
                            clock.advance(wait);
                            rates.removeFirst().holdUntil(start.plusSeconds(5));
                        },
                        Chance.LEAST));
        rates.addAll(List.of(rate, rate));
        assertTrue(rate.await(deadline));

        assertTrue(rate.await(deadline));

        assertEquals(start.plusSeconds(5), clock.instant());
    }

    @Test
    void whoIsInterruptedBehindAnotherLeavesAndStaysInterrupted() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        var rate = RequestRate.perSecond(5, new Pacing(clock, _ -> mayGoOn.await(), Chance.LEAST));
        var first = whoWatches(rate);
        var outcome = new ArrayList<Boolean>();
        var second = Thread.ofVirtual().start(() -> {
            outcome.add(rate.await(deadline));
            outcome.add(Thread.currentThread().isInterrupted());
        });
        awaitWaiting(second);

        second.interrupt();
        second.join();
        mayGoOn.countDown();
        first.join();

        assertEquals(List.of(false, true), outcome);
    }

    @Test
    void whoseTimeEndsBehindAnotherLeaves() throws Exception {
        var mayGoOn = new CountDownLatch(1);
        var rate = RequestRate.perSecond(5, new Pacing(clock, _ -> mayGoOn.await(), Chance.LEAST));
        var first = whoWatches(rate);
        var outcome = new ArrayList<Boolean>();
        var second = Thread.ofVirtual().start(() -> outcome.add(rate.await(Deadline.in(Duration.ofMillis(50), clock))));

        second.join(Duration.ofSeconds(20));
        mayGoOn.countDown();
        first.join();
        second.join();

        assertEquals(List.of(false), outcome);
    }

    /** Who lets the time pass until the next turn, for all who come behind. */
    private Thread whoWatches(RequestRate rate) {
        rate.await(deadline);
        var watcher = Thread.ofVirtual().start(() -> rate.await(deadline));
        awaitWaiting(watcher);
        return watcher;
    }

    private static void awaitWaiting(Thread thread) {
        while (thread.getState() != Thread.State.WAITING && thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
    }

    /** Logins, retries and everything else count: what is paced is calls, not follow-ups. */
    @Test
    void everyAttemptOfEveryCallHasItsTurn() {
        try (var connected = new ConnectedStack(Backend.EMBEDDED);
                var client = LearningCenterHttp.newHttpClient()) {
            var http = new LearningCenterHttp(
                    client,
                    connected.simulator.baseUrl(),
                    connected.pacing,
                    RequestRate.perSecond(5, connected.pacing),
                    AnswerObserver.NONE);
            var before = connected.now();

            for (var call = 0; call < 6; call++) {
                http.send(ConnectCall.licenses(), null, connected.soon());
            }

            assertEquals(INTERVAL.multipliedBy(5), Duration.between(before, connected.now()));
        }
    }
}
