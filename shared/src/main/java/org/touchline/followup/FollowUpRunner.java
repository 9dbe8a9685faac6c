package org.touchline.followup;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Pacing;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.secret.UnusableSecretException;

/**
 * Works on follow-ups, one execution at a time, the most urgent first (design rule 10). Who finds another at work returns: the
 * one at work looks once more after it has let go. What fails is tried again later, with growing waits; what the Learning Center
 * asks for by {@code Retry-After} holds for all.
 *
 * <p>Not safe for use by several threads at once.
 */
public final class FollowUpRunner {
    /** What one thing may take, retries and pauses included; it is not begun with less than half of that left. */
    private static final Duration TIME_FOR_ONE = Duration.ofSeconds(40);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = Duration.ofHours(6);

    /** A person who is new to the Learning Center may be unknown to a part of it for a moment. */
    private static final int UNKNOWN_FOR_GOOD = 3;

    /** When nobody answers so often in a row, the rest need not try. */
    private static final int MOST_UNANSWERED = 3;

    private static final Duration LONGEST_POLL = Duration.ofSeconds(2);

    private final FollowUpStore store;
    private final Worker worker;
    private final Pacing pacing;

    /** @param worker does each */
    public FollowUpRunner(FollowUpStore store, Worker worker, Pacing pacing) {
        this.store = store;
        this.worker = worker;
        this.pacing = pacing;
    }

    /** Who does what is owed. Everything may be done again. */
    public interface Worker {
        /**
         * Does it.
         *
         * @throws RuntimeException if it is to be tried again later; see {@link LearningCenterException}
         */
        void carryOut(FollowUp work, Deadline deadline);

        /** The Learning Center says, again and again, that it does not know the person (design rule 18). */
        void giveUp(FollowUp work);
    }

    /**
     * What was done.
     *
     * @param done things that are done now
     * @param failed attempts that failed
     */
    public record Tally(int done, int failed) {}

    /** Work that is done where nothing more urgent is due. */
    @FunctionalInterface
    public interface Background {
        /** Nothing. */
        Background NONE = _ -> false;

        /**
         * Does a piece of it.
         *
         * @return whether there may be more
         */
        boolean next(Deadline deadline);
    }

    /** Works on what is due. */
    public Tally sweep(Deadline deadline) {
        return wake(List.of(), deadline);
    }

    /**
     * Works on what is due, on some first that the index may not show yet.
     *
     * @param ids of new rows
     */
    public Tally wake(List<String> ids, Deadline deadline) {
        var run = new Run(deadline, false, ids);
        // Whoever came while this one was at work has returned: so it looks once more after letting go.
        while (run.underLease(Background.NONE) && run.next().isPresent()) {}
        return run.tally();
    }

    /** Works on everything outstanding, due or not. */
    public Tally all(Deadline deadline) {
        var run = new Run(deadline, true, List.of());
        while (run.underLease(Background.NONE) && run.next().isPresent()) {}
        return run.tally();
    }

    /**
     * Works in the background: as one execution among the others, and what is due comes first. Waits for another that is at work.
     *
     * @return whether it came to its end, rather than to that of its time, or was halted
     */
    public boolean background(Background background, Deadline deadline) {
        var run = new Run(deadline, false, List.of());
        for (var polls = 0; !run.underLease(background); polls++) {
            if (run.halted || !pacing.pause(Pacing.doubled(Duration.ofMillis(100), LONGEST_POLL, polls), deadline)) {
                return false;
            }
        }
        return run.backgroundDone;
    }

    private final class Run {
        private final Deadline deadline;
        private final boolean everything;
        private final Deque<String> hinted;
        /** What is behind the index may show there still. */
        private final Set<String> handled = new HashSet<>();

        private int done;
        private int failed;
        private int unanswered;
        private boolean halted;
        private boolean backgroundDone;

        Run(Deadline deadline, boolean everything, List<String> hinted) {
            this.deadline = deadline;
            this.everything = everything;
            this.hinted = new ArrayDeque<>(hinted);
        }

        Tally tally() {
            return new Tally(done, failed);
        }

        /** Works under the lease; whether it had it, and may go on. */
        boolean underLease(Background background) {
            var held = store.lease().acquire();
            if (held.isEmpty()) {
                return false;
            }
            try {
                var pausedUntil = FollowUpStore.pausedUntil(held.get());
                halted = pausedUntil != null && pacing.now().isBefore(pausedUntil);
                work(held.get(), background);
                return !halted && timeIsLeft();
            } catch (LeaseLostException anotherGoesOn) {
                halted = true;
                return false;
            } finally {
                store.lease().release(held.get());
            }
        }

        private void work(Lease.Held held, Background background) {
            while (!halted && timeIsLeft()) {
                store.lease().renew(held);
                var next = next();
                if (next.isPresent()) {
                    handle(next.get(), held);
                } else if (!inBackground(background, held)) {
                    backgroundDone = !halted;
                    return;
                }
            }
        }

        private boolean inBackground(Background background, Lease.Held held) {
            try {
                return background.next(timeForOne());
            } catch (LearningCenterUnavailableException unavailable) {
                halt(unavailable, held);
                return !halted;
            }
        }

        /** The most urgent of what is due. */
        Optional<OwedFollowUp> next() {
            while (!hinted.isEmpty()) {
                var owed = unhandled(hinted.poll());
                if (owed.isPresent()) {
                    return owed;
                }
            }
            for (var queue : everything ? Queue.OUTSTANDING : List.of(Queue.values())) {
                var owed = store.ids(queue, everything ? null : pacing.now())
                        .map(this::unhandled)
                        .flatMap(Optional::stream)
                        .findFirst();
                if (owed.isPresent()) {
                    return owed;
                }
            }
            return Optional.empty();
        }

        /** The row as it is, if it is there, is due, and has not been dealt with. */
        private Optional<OwedFollowUp> unhandled(String id) {
            try {
                return store.find(id)
                        .filter(owed -> everything || owed.isDue(pacing.now()))
                        .filter(owed -> !handled.contains(owed.version()));
            } catch (IllegalStateException ofAnotherVersionOfTouchline) {
                return Optional.empty();
            }
        }

        private void handle(OwedFollowUp owed, Lease.Held held) {
            handled.add(owed.version());
            try {
                worker.carryOut(owed.work(), timeForOne());
                finish(owed);
            } catch (UnknownUssfIdException unknown) {
                if (owed.attempts() < UNKNOWN_FOR_GOOD) {
                    postpone(owed, unknown.getMessage());
                } else {
                    worker.giveUp(owed.work());
                    finish(owed);
                }
            } catch (LearningCenterUnavailableException unavailable) {
                postpone(owed, unavailable.getMessage());
                halt(unavailable, held);
            } catch (UnusableSecretException noSession) {
                // The next would fare no better, and it is for a person to mend.
                postpone(owed, noSession.getMessage());
                throw noSession;
            } catch (LearningCenterException refused) {
                postpone(owed, refused.getMessage());
            } catch (RuntimeException bug) {
                // Its message may hold what somebody sent (design rule 21).
                postpone(owed, bug.getClass().getSimpleName());
            }
        }

        private void finish(OwedFollowUp owed) {
            store.finish(owed);
            done++;
            unanswered = 0;
        }

        private void postpone(OwedFollowUp owed, @Nullable String reason) {
            failed++;
            var longest = Pacing.doubled(FIRST_WAIT, LONGEST_WAIT, owed.attempts());
            var half = longest.dividedBy(2);
            store.postpone(owed, pacing.now().plus(half).plus(pacing.upTo(half)), reason == null ? "" : reason);
        }

        private void halt(LearningCenterUnavailableException unavailable, Lease.Held held) {
            var retryAfter = unavailable.retryAfter();
            retryAfter.ifPresent(until -> store.pause(held, until));
            halted = retryAfter.isPresent() || ++unanswered >= MOST_UNANSWERED;
        }

        private boolean timeIsLeft() {
            return deadline.remaining(pacing.clock()).compareTo(TIME_FOR_ONE.dividedBy(2)) >= 0;
        }

        private Deadline timeForOne() {
            return deadline.orEarlier(pacing.now().plus(TIME_FOR_ONE));
        }
    }
}
