package org.touchline.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
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
