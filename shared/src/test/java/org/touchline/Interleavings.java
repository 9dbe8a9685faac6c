package org.touchline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Two at work on the same DynamoDB, whose requests are sent one at a time, in every order that there is: each run takes another, until
 * all have been taken.
 */
public final class Interleavings implements AutoCloseable {
    private static final int LONGEST_WAIT_SECONDS = 30;

    private final Side one;
    private final Side other;

    public Interleavings(DynamoDbClient dynamoDb) {
        this.one = new Side(dynamoDb);
        this.other = new Side(dynamoDb);
    }

    /** What the two do, with a client each. */
    public interface Work {
        void with(DynamoDbClient dynamoDb);
    }

    /** One run: what is there before, what the two do, and what is to be so after. */
    public record Trial(Runnable before, Work one, Work other, Runnable after) {}

    /**
     * Runs it in every order.
     *
     * @return how many there are
     */
    public int run(Trial trial) {
        return run(trial, Integer.MAX_VALUE);
    }

    /**
     * Runs it in every order in which the other comes between so many times at most: most races take one or two.
     *
     * @return how many there are
     */
    public int run(Trial trial, int mostChanges) {
        var runs = 0;
        for (List<Boolean> order = new ArrayList<>(); order != null; order = next(order)) {
            trial.before().run();
            var made = new ArrayList<Boolean>();
            try {
                work(trial, order, made, mostChanges);
                trial.after().run();
            } catch (AssertionError | RuntimeException failed) {
                throw new AssertionError("in the order " + made + ": " + failed.getMessage(), failed);
            }
            order.clear();
            order.addAll(made);
            runs++;
        }
        return runs;
    }

    /** The last choice that can be made otherwise is; null if there is none. */
    private static @Nullable List<Boolean> next(List<Boolean> made) {
        var last = made.lastIndexOf(false);
        if (last < 0) {
            return null;
        }
        var next = new ArrayList<>(made.subList(0, last));
        next.add(true);
        return next;
    }

    /** Where both wait, it is chosen whether who was at work goes on, or the other comes between. */
    private void work(Trial trial, List<Boolean> order, List<Boolean> made, int mostChanges) {
        one.start(trial.one());
        other.start(trial.other());
        var atWork = one;
        var changes = 0;
        while (one.isWaiting() | other.isWaiting()) {
            if (!atWork.isWaiting()) {
                atWork = atWork == one ? other : one;
            } else if (one.isWaiting() && other.isWaiting() && changes < mostChanges) {
                made.add(made.size() < order.size() && order.get(made.size()));
                if (made.getLast()) {
                    changes++;
                    atWork = atWork == one ? other : one;
                }
            }
            atWork.go();
        }
        one.end();
        other.end();
    }

    @Override
    public void close() {
        one.client.close();
        other.client.close();
    }

    /** One of the two, who waits before each request until it is let go. */
    private static final class Side {
        private final DynamoDbClient client;
        private final SynchronousQueue<Boolean> arrivals = new SynchronousQueue<>();
        private volatile CountDownLatch gate = new CountDownLatch(1);
        private @Nullable Boolean waiting;
        private volatile @Nullable Throwable failure;

        Side(DynamoDbClient dynamoDb) {
            this.client = Intercepted.client(dynamoDb, _ -> arrive());
        }

        void start(Work work) {
            failure = null;
            waiting = null;
            Thread.ofVirtual().start(() -> {
                try {
                    work.with(client);
                } catch (Throwable failed) {
                    failure = failed;
                } finally {
                    tell(false);
                }
            });
        }

        private void arrive() {
            var mine = new CountDownLatch(1);
            gate = mine;
            tell(true);
            try {
                if (!mine.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("nobody lets it go");
                }
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        private void tell(boolean waits) {
            try {
                arrivals.offer(waits, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        /** Whether it waits before a request; false once it has ended. */
        boolean isWaiting() {
            if (waiting == null) {
                try {
                    waiting = arrivals.poll(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException stopped) {
                    throw new IllegalStateException(stopped);
                }
                if (waiting == null) {
                    throw new IllegalStateException("it neither waits nor ends");
                }
            }
            return waiting;
        }

        void go() {
            waiting = null;
            gate.countDown();
        }

        void end() {
            if (failure != null) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
