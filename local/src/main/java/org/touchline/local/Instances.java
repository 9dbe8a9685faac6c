package org.touchline.local;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.Template;

/**
 * The instances of all functions together, as an AWS account has them: no more than a limit, each at one invocation at a time, and
 * those that have been idle for {@link #IDLE} are let go. Thread-safe.
 */
final class Instances implements AutoCloseable {
    /** Lambda gives an account 1,000 at a time. A tenth suffices one person, and takes no laptop's memory. */
    static final int LIMIT = 100;

    /** Lambda keeps an idle instance for some minutes. Here the memory belongs to somebody who does other things as well. */
    static final Duration IDLE = Duration.ofMinutes(1);

    private final int limit;
    private final InstantSource clock;
    private final Lock lock = new ReentrantLock();
    private final Condition oneIsFree = lock.newCondition();
    private final Set<FunctionInstance> all = new HashSet<>();

    /** Those that wait for an invocation, the one used last first. */
    private final Deque<Idle> idle = new ArrayDeque<>();

    private boolean closed;

    private record Idle(FunctionInstance instance, Instant since) {}

    /** @param limit how many there may be */
    Instances(int limit, InstantSource clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /**
     * Takes an idle instance of a function, the one used last, or a new one, for which an idle one of another function may have to
     * go.
     *
     * @param make makes a new one
     * @param patience how long to wait while as many as there may be are at work
     * @return nothing if they still were
     * @throws InterruptedException also if the run is ending
     */
    Optional<FunctionInstance> take(Template.Function function, Supplier<FunctionInstance> make, Duration patience)
            throws InterruptedException {
        lock.lock();
        try {
            var left = patience.toNanos();
            var taken = takeOne(function, make);
            while (taken == null && left > 0) {
                left = oneIsFree.awaitNanos(left);
                taken = takeOne(function, make);
            }
            return Optional.ofNullable(taken);
        } finally {
            lock.unlock();
        }
    }

    private @Nullable FunctionInstance takeOne(Template.Function function, Supplier<FunctionInstance> make)
            throws InterruptedException {
        if (closed) {
            throw new InterruptedException("the run is ending");
        }
        for (var candidate : idle) {
            if (candidate.instance().function().logicalId().equals(function.logicalId())) {
                idle.remove(candidate);
                return candidate.instance();
            }
        }
        if (all.size() == limit) {
            if (idle.isEmpty()) {
                return null;
            }
            letGo(idle.removeLast().instance());
        }
        var made = make.get();
        all.add(made);
        return made;
    }

    /** Has an instance wait for its next invocation, or throws it away if there may be none. */
    void giveBack(FunctionInstance instance) {
        lock.lock();
        try {
            if (instance.reusable() && !closed) {
                idle.addFirst(new Idle(instance, clock.instant()));
            } else {
                letGo(instance);
            }
            oneIsFree.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those go that have been idle for long. */
    void letIdleGo() {
        lock.lock();
        try {
            var longAgo = clock.instant().minus(IDLE);
            while (!idle.isEmpty() && !idle.getLast().since().isAfter(longAgo)) {
                letGo(idle.removeLast().instance());
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until none is at work, or for as long as that. */
    void awaitIdle(Duration patience) throws InterruptedException {
        lock.lock();
        try {
            var left = patience.toNanos();
            while (idle.size() < all.size() && left > 0) {
                left = oneIsFree.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Its clients are garbage from then on: what costs threads they share (see {@code AwsClients}). */
    private void letGo(FunctionInstance instance) {
        all.remove(instance);
        instance.interrupt();
    }

    /** Cuts off what is running, and waits a moment for its end. */
    @Override
    public void close() {
        List<FunctionInstance> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(all);
            oneIsFree.signalAll();
        } finally {
            lock.unlock();
        }
        left.forEach(FunctionInstance::interrupt);
        left.forEach(FunctionInstance::close);
    }
}
