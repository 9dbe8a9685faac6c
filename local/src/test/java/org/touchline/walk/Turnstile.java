package org.touchline.walk;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Lets several at the same people, one request at a time, in an order that is given: so many requests of the first, then so many of
 * the next, and so on; after the last turn each goes on to its end.
 */
final class Turnstile {
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);
    private static final int NOBODY = -1;

    private final World world;
    private final List<Side> sides = new ArrayList<>();
    private int admitted = NOBODY;

    private Turnstile(World world) {
        this.world = world;
    }

    /**
     * Runs them.
     *
     * @param turns how many requests each turn has
     * @return how many requests each has sent
     */
    static List<Integer> run(World world, List<Errand> errands, List<Integer> turns) {
        return new Turnstile(world).run(errands, turns);
    }

    private final class Side {
        final int number;
        final Gate gate;
        boolean waits;
        boolean ended;
        boolean done;

        Side(int number) {
            this.number = number;
            this.gate = world.gate(null, () -> arrive(this));
        }

        /** What is told has happened first, and others may come before it is told. */
        void work(Errand errand) {
            try {
                gate.arrive("what it is about");
                errand.before().accept(world);
                done = errand.call(world, gate);
            } finally {
                synchronized (Turnstile.this) {
                    ended = true;
                    Turnstile.this.notifyAll();
                }
            }
        }
    }

    private List<Integer> run(List<Errand> errands, List<Integer> turns) {
        for (var errand : errands) {
            var side = new Side(sides.size());
            sides.add(side);
            Thread.ofVirtual().start(() -> side.work(errand));
        }
        sides.forEach(this::awaitArrival);
        var turn = 0;
        for (var at = 0; !sides.stream().allMatch(side -> side.ended); at = (at + 1) % sides.size()) {
            var side = sides.get(at);
            var requests = turn < turns.size() ? turns.get(turn) : Integer.MAX_VALUE;
            turn++;
            for (var request = 0; request < requests && !side.ended; request++) {
                admit(side);
            }
        }
        for (var side : sides) {
            if (!side.done) {
                throw new AssertionError(errands.get(side.number) + " fails: " + side.gate.requests());
            }
        }
        return sides.stream().map(side -> side.gate.requests().size()).toList();
    }

    private synchronized void arrive(Side side) {
        side.waits = true;
        notifyAll();
        await(() -> admitted == side.number);
        side.waits = false;
        admitted = NOBODY;
    }

    private synchronized void admit(Side side) {
        side.waits = false;
        admitted = side.number;
        notifyAll();
        await(() -> side.ended || side.waits && admitted == NOBODY);
        admitted = NOBODY;
    }

    private synchronized void awaitArrival(Side side) {
        await(() -> side.ended || side.waits);
    }

    private synchronized void await(java.util.function.BooleanSupplier condition) {
        var until = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (!condition.getAsBoolean()) {
            var left = (until - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new IllegalStateException("neither waits nor ends");
            }
            try {
                wait(left);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }
    }
}
