package org.touchline.time;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How fast a function may call the Learning Center (design rule 10): the calls of one function instance are spread evenly. Where more
 * wait than have their turn, the lines that they stand in take turns, one call each; a line in which nobody stands passes its turn on
 * (design rule 33). Within a line, who came first is first. Safe for use by several threads.
 */
public final class RequestRate {
    /** What was lost because a thread woke late is made up for, and no more: there is no burst. */
    private static final Duration MOST_MADE_UP = Duration.ofMillis(100);

    /** Longer than anybody waits for a turn; whoever is to be left alone for hours is not called at all. */
    private static final Duration LONGEST_HOLD = Duration.ofMinutes(1);

    private static final ScopedValue<Object> LINE = ScopedValue.newInstance();
    private static final Object NO_LINE = new Object();

    private final Duration interval;
    private final Pacing pacing;
    private final ReentrantLock lock = new ReentrantLock();

    /** Those who wait, by line; the line whose turn it is first. */
    private final SequencedMap<Object, Deque<Caller>> lines = new LinkedHashMap<>();

    private Instant next = Instant.MIN;
    private Instant heldUntil = Instant.MIN;
    /** One of those who wait lets the time pass for all. */
    private boolean somebodyWatches;

    private RequestRate(Duration interval, Pacing pacing) {
        this.interval = interval;
        this.pacing = pacing;
    }

    /** So many calls a second at most; from 1 on. */
    public static RequestRate perSecond(long calls, Pacing pacing) {
        return new RequestRate(Duration.ofSeconds(1).dividedBy(calls), pacing);
    }

    /** As fast as they come. */
    public static RequestRate unlimited(Pacing pacing) {
        return new RequestRate(Duration.ZERO, pacing);
    }

    /**
     * Does work whose calls, those that it makes on this thread, stand in a line of their own.
     *
     * @param line what tells it from others, by {@code equals}
     */
    public static void inLine(Object line, Runnable work) {
        ScopedValue.where(LINE, line).run(work);
    }

    /**
     * Waits for a call's turn.
     *
     * @return whether it has come; if not, it would come too late, or the thread was interrupted
     */
    public boolean await(Deadline deadline) {
        lock.lock();
        try {
            var caller = arrive();
            while (!caller.hasTurn) {
                if (!(somebodyWatches ? caller.await(deadline.remaining(pacing.clock())) : watch(deadline))
                        && !caller.hasTurn) {
                    leave(caller);
                    return false;
                }
            }
            return true;
        } finally {
            wakeAWatcher();
            lock.unlock();
        }
    }

    /** Nobody has a turn before an instant, or for a minute if that is sooner: the Learning Center asks to be left alone. */
    public void holdUntil(Instant instant) {
        lock.lock();
        try {
            var latest = pacing.now().plus(LONGEST_HOLD);
            heldUntil = later(heldUntil, instant.isBefore(latest) ? instant : latest);
            next = later(next, heldUntil);
        } finally {
            lock.unlock();
        }
    }

    /** Until when nobody has a turn; long ago if nobody is held up. */
    public Instant heldUntil() {
        lock.lock();
        try {
            return heldUntil;
        } finally {
            lock.unlock();
        }
    }

    private Caller arrive() {
        if (lines.isEmpty()) {
            next = later(next, pacing.now());
        }
        var caller = new Caller(LINE.orElse(NO_LINE), lock.newCondition());
        lines.computeIfAbsent(caller.line, _ -> new ArrayDeque<>()).add(caller);
        return caller;
    }

    private void leave(Caller caller) {
        var line = lines.get(caller.line);
        if (line != null && line.remove(caller) && line.isEmpty()) {
            lines.remove(caller.line);
        }
    }

    /** Lets the time pass until the next turn, and gives it to whose it is; false if that would be too late for the one who waits. */
    private boolean watch(Deadline deadline) {
        var turn = next;
        var wait = Duration.between(pacing.now(), turn);
        if (wait.isPositive()) {
            somebodyWatches = true;
            lock.unlock();
            boolean inTime;
            try {
                inTime = pacing.pause(wait, deadline);
            } finally {
                lock.lock();
                somebodyWatches = false;
            }
            if (!inTime) {
                return false;
            }
        }
        // Unless it was put off meanwhile.
        if (!next.isAfter(turn)) {
            giveTurn();
        }
        return true;
    }

    private void giveTurn() {
        var line = lines.pollFirstEntry();
        var caller = line.getValue().remove();
        if (!line.getValue().isEmpty()) {
            lines.putLast(line.getKey(), line.getValue());
        }
        next = later(next, pacing.now().minus(MOST_MADE_UP)).plus(interval);
        caller.hasTurn = true;
        caller.called.signal();
    }

    private void wakeAWatcher() {
        if (!somebodyWatches && !lines.isEmpty()) {
            lines.firstEntry().getValue().element().called.signal();
        }
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    /** Who waits for a turn. */
    private static final class Caller {
        private final Object line;
        private final Condition called;
        private boolean hasTurn;

        Caller(Object line, Condition called) {
            this.line = line;
            this.called = called;
        }

        /** Whether it was called, to take its turn or to watch, before the time was over; or woke for nothing: its caller loops. */
        @SuppressWarnings("WaitNotInLoop")
        boolean await(Duration time) {
            try {
                return called.await(time.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
