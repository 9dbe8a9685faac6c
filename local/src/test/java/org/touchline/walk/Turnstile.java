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
    private final List<String> order = new ArrayList<>();
    private int admitted = NOBODY;

    private Turnstile(World world) {
        this.world = world;
    }

    /**
     * Runs them.
     *
     * @param turns how many requests each turn has; or, with {@code +} between several, parts of the names of requests: until that
     *     one is about to be sent, and then the next
     */
    static Course run(World world, List<Errand> errands, List<String> turns) {
        return new Turnstile(world).run(errands, turns);
    }

    /**
     * What came of it.
     *
     * @param requests how many each has sent
     * @param order what was sent, one after the other: the number of who sent it, and what
     */
    record Course(List<Integer> requests, List<String> order) {}

    /** One who is at it, with as many threads as they like. */
    private final class Side implements Gate.Passage {
        final int number;
        final Gate gate;
        String next = "";
        int waiting;
        int underWay;
        boolean ended;
        boolean done;

        Side(int number) {
            this.number = number;
            this.gate = world.gate(null, this);
        }

        /** Whether the request that was let in is over, and the next one waits. */
        boolean isNext() {
            return ended || waiting > 0 && underWay == 0 && admitted == NOBODY;
        }

        @Override
        public void arrive(Gate.Sent what) {
            synchronized (Turnstile.this) {
                waiting++;
                next = what.name();
                Turnstile.this.notifyAll();
                await(() -> admitted == number);
                order.add(number + 1 + " " + what);
                waiting--;
                underWay++;
                admitted = NOBODY;
            }
        }

        @Override
        public void leave() {
            synchronized (Turnstile.this) {
                underWay--;
                Turnstile.this.notifyAll();
            }
        }

        /** What is told has happened first, and others may come before it is told. */
        void work(Errand errand) {
            try {
                gate.arrive("what it is about");
                errand.before().accept(world);
                gate.leave();
                done = errand.call(world, gate);
            } finally {
                synchronized (Turnstile.this) {
                    ended = true;
                    Turnstile.this.notifyAll();
                }
            }
        }
    }

    private Course run(List<Errand> errands, List<String> turns) {
        for (var errand : errands) {
            var side = new Side(sides.size());
            sides.add(side);
            Thread.ofVirtual().start(() -> side.work(errand));
        }
        sides.forEach(this::awaitArrival);
        var turn = 0;
        for (var at = 0; !sides.stream().allMatch(side -> side.ended); at = (at + 1) % sides.size()) {
            var side = sides.get(at);
            admit(side, turn < turns.size() ? turns.get(turn) : Integer.toString(Integer.MAX_VALUE));
            turn++;
        }
        for (var side : sides) {
            if (!side.done) {
                throw new AssertionError(errands.get(side.number) + " fails: " + side.gate.requests());
            }
        }
        return new Course(
                sides.stream().map(side -> side.gate.requests().size()).toList(), List.copyOf(order));
    }

    private void admit(Side side, String turn) {
        if (turn.matches("\\d+")) {
            for (var request = 0; request < Integer.parseInt(turn) && !side.ended; request++) {
                admit(side);
            }
            return;
        }
        for (var name : turn.split("[+]")) {
            do {
                admit(side);
            } while (!side.ended && !side.next.contains(name));
        }
    }

    private synchronized void admit(Side side) {
        admitted = side.number;
        notifyAll();
        await(side::isNext);
        admitted = NOBODY;
    }

    private synchronized void awaitArrival(Side side) {
        await(side::isNext);
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
