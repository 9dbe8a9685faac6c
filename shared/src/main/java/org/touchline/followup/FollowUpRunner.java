package org.touchline.followup;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Works on follow-ups, one execution at a time, the most urgent first (design rule 10). Who finds another at work returns: the
 * one at work looks once more after it has let go. What fails is tried again later, with growing waits; what the Learning Center
 * asks for by {@code Retry-After} holds for all.
 *
 * <p>Not safe for use by several threads at once. Every method throws {@code SdkException} if DynamoDB cannot do it within the
 * client's time limits, and {@link UnusableSecretException}, once what failed for want of a session is postponed, if the secret
 * with the credentials is not set or not accepted.
 */
public final class FollowUpRunner {
    /** What one thing may take, retries and pauses included; it is not begun with less than half of that left. */
    private static final Duration TIME_FOR_ONE = Duration.ofSeconds(40);

    private static final Duration FIRST_WAIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_WAIT = FollowUpStore.LONGEST_WAIT;

    /** Design rule 26: what says so for a while may be a mistake of the Learning Center, or somebody new to a part of it. */
    private static final int TRIES_OF_AN_UNKNOWN_ID = 4;

    private static final Duration FIRST_WAIT_OF_AN_UNKNOWN_ID = Duration.ofHours(4);
    private static final Duration LONGEST_WAIT_OF_AN_UNKNOWN_ID = Duration.ofHours(16);

    /** When nobody answers so often in a row, the rest need not try. */
    private static final int MOST_UNANSWERED = 3;

    private static final Duration FIRST_POLL = Duration.ofMillis(100);
    private static final Duration LONGEST_POLL = Duration.ofSeconds(2);

    private final FollowUpStore store;
    private final Worker worker;
    private final Pacing pacing;
    private final Consumer<String> journal;

    /**
     * A runner of what is in a store.
     *
     * @param worker does each
     * @param journal is told a line of each that failed, for the person who looks into it; nothing personal (design rule 21)
     */
    public FollowUpRunner(FollowUpStore store, Worker worker, Pacing pacing, Consumer<String> journal) {
        this.store = store;
        this.worker = worker;
        this.pacing = pacing;
        this.journal = journal;
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

        /**
         * The Learning Center refused it, did not answer, or not so that it can be understood: it is tried again later.
         *
         * @param attempts how often it has failed
         * @param dueAt before when it is not tried again
         */
        default void postponed(FollowUp work, LearningCenterException why, int attempts, Instant dueAt) {}
    }

    /**
     * What was done.
     *
     * @param done things that are done now, those included that were given up
     * @param failed attempts that failed
     * @param givenUp things that will not be tried again, since the Learning Center does not know the person
     */
    public record Tally(int done, int failed, int givenUp) {}

    /** Work that is done where nothing more urgent is due. */
    @FunctionalInterface
    public interface Background {
        /** Nothing. */
        Background NONE = _ -> false;

        /**
         * Does a piece of it, if there is any left.
         *
         * @return whether there may be more
         * @throws LearningCenterUnavailableException if nobody answered: after several in a row it is not called again
         */
        boolean next(Deadline deadline);
    }

    /** Works on what is due. */
    public Tally sweep(Deadline deadline) {
        return wake(List.of(), deadline);
    }

    /**
     * Works on what is due, also on new rows that the index may not show yet.
     *
     * @param ids of the new rows
     */
    public Tally wake(List<String> ids, Deadline deadline) {
        return new Execution(Agenda.due(store, pacing.clock(), ids), Background.NONE, deadline).work();
    }

    /** Works on everything outstanding, due or not. */
    public Tally all(Deadline deadline) {
        return new Execution(Agenda.everything(store, pacing.clock()), Background.NONE, deadline).work();
    }

    /**
     * Works in the background, until there is no more of it, no time is left, or the Learning Center does not answer: as one
     * execution among the others, and what is due comes first. Waits for another that is at work.
     *
     * @return what was done of follow-ups meanwhile
     */
    public Tally background(Background background, Deadline deadline) {
        var execution = new Execution(Agenda.due(store, pacing.clock(), List.of()), background, deadline);
        var tally = execution.work();
        for (var polls = 0; !execution.hadTheLease && execution.mayGoOn(); polls++) {
            if (!pacing.pause(Pacing.doubled(FIRST_POLL, LONGEST_POLL, polls), deadline)) {
                break;
            }
            tally = execution.work();
        }
        return tally;
    }

    private final class Execution {
        private final Agenda agenda;
        private final Background background;
        private final Deadline deadline;

        private int done;
        private int failed;
        private int givenUp;
        private int unanswered;
        private boolean halted;
        private boolean hadTheLease;

        Execution(Agenda agenda, Background background, Deadline deadline) {
            this.agenda = agenda;
            this.background = background;
            this.deadline = deadline;
        }

        /** Works, unless another is at work. Whoever came meanwhile has returned: so it looks once more after letting go. */
        Tally work() {
            var hadIt = workIfFree();
            while (hadIt && mayGoOn() && agenda.next().isPresent()) {
                hadIt = workIfFree();
            }
            return new Tally(done, failed, givenUp);
        }

        boolean mayGoOn() {
            return !halted && deadline.remaining(pacing.clock()).compareTo(TIME_FOR_ONE.dividedBy(2)) >= 0;
        }

        /** Works under the lease; whether it was free. */
        private boolean workIfFree() {
            var held = store.lease().acquire();
            if (held.isEmpty()) {
                return false;
            }
            hadTheLease = true;
            try {
                workUnder(held.get());
            } catch (LeaseLostException anotherGoesOn) {
                halted = true;
            } finally {
                store.lease().release(held.get());
            }
            return true;
        }

        private void workUnder(Lease.Held held) {
            var pausedUntil = FollowUpStore.pausedUntil(held);
            halted = pausedUntil != null && pacing.now().isBefore(pausedUntil);
            while (mayGoOn()) {
                store.lease().renew(held);
                var next = agenda.next();
                if (next.isPresent()) {
                    agenda.handled(next.get());
                    handle(next.get(), held);
                } else if (!inBackground(held)) {
                    return;
                }
            }
        }

        private boolean inBackground(Lease.Held held) {
            try {
                var more = background.next(timeForOne());
                unanswered = 0;
                return more;
            } catch (LearningCenterUnavailableException unavailable) {
                unanswered(unavailable, held);
                return true;
            }
        }

        /** What comes of one may fail to be stored: it is due as it was, and the next has its turn (design rule 24). */
        private void handle(OwedFollowUp owed, Lease.Held held) {
            try {
                carryOut(owed, held);
            } catch (SdkException notStored) {
                failed++;
                journal.accept(String.format(
                        Locale.ROOT,
                        "follow-up %s: what came of it could not be stored: %s",
                        FollowUpItems.loggable(owed.work()),
                        notStored.getClass().getSimpleName()));
            }
        }

        private void carryOut(OwedFollowUp owed, Lease.Held held) {
            try {
                worker.carryOut(owed.work(), timeForOne());
                finish(owed);
                unanswered = 0;
            } catch (UnknownUssfIdException unknown) {
                unanswered = 0;
                unknown(owed, unknown.getMessage());
            } catch (LearningCenterUnavailableException unavailable) {
                var dueAt = postpone(owed, unavailable.getMessage());
                unanswered(unavailable, held);
                var pausedUntil = unavailable.retryAfter().map(this::atMost).filter(dueAt::isBefore);
                worker.postponed(owed.work(), unavailable, owed.attempts() + 1, pausedUntil.orElse(dueAt));
            } catch (LearningCenterException refused) {
                var dueAt = postpone(owed, refused.getMessage());
                unanswered = 0;
                worker.postponed(owed.work(), refused, owed.attempts() + 1, dueAt);
            } catch (UnusableSecretException noSession) {
                postponeUntilMended(owed, noSession);
                throw noSession;
            } catch (RuntimeException bug) {
                // Its message may hold what somebody sent (design rule 21).
                postpone(owed, bug.getClass().getSimpleName());
            }
        }

        private void finish(OwedFollowUp owed) {
            store.finish(owed);
            done++;
        }

        private void unknown(OwedFollowUp owed, String reason) {
            if (owed.unknownAnswers() + 1 < TRIES_OF_AN_UNKNOWN_ID) {
                var dueAt = afterAbout(Pacing.doubled(
                        FIRST_WAIT_OF_AN_UNKNOWN_ID, LONGEST_WAIT_OF_AN_UNKNOWN_ID, owed.unknownAnswers()));
                store.postponeUnknown(owed, dueAt, reason);
                postponed(owed, dueAt, reason);
                return;
            }
            try {
                giveUp(owed, reason);
            } catch (RuntimeException notTold) {
                postpone(owed, notTold.getClass().getSimpleName());
            }
        }

        private void giveUp(OwedFollowUp owed, String reason) {
            worker.giveUp(owed.work());
            finish(owed);
            givenUp++;
            journal.accept(String.format(
                    Locale.ROOT,
                    "follow-up %s is given up after %d attempts: %s",
                    FollowUpItems.loggable(owed.work()),
                    owed.attempts() + 1,
                    reason));
        }

        private Instant postpone(OwedFollowUp owed, String reason) {
            var dueAt = afterAbout(Pacing.doubled(FIRST_WAIT, LONGEST_WAIT, owed.attempts()));
            store.postpone(owed, dueAt, owed.attempts() + 1, reason);
            postponed(owed, dueAt, reason);
            return dueAt;
        }

        /** From half of that on, so that those who failed together do not come back together. */
        private Instant afterAbout(Duration longest) {
            var half = longest.dividedBy(2);
            return pacing.now().plus(half).plus(pacing.upTo(half));
        }

        private void postponed(OwedFollowUp owed, Instant dueAt, String reason) {
            failed++;
            journal.accept(String.format(
                    Locale.ROOT,
                    "follow-up %s failed, attempt %d: %s; it is tried again from %s on",
                    FollowUpItems.loggable(owed.work()),
                    owed.attempts() + 1,
                    reason,
                    dueAt.truncatedTo(ChronoUnit.SECONDS)));
        }

        /**
         * The next would fare no better, and it is for a person to mend: when it is, nothing should have hours to wait, and trying
         * again costs the Learning Center nothing (design rule 16). Before anybody has set the secret nothing has failed.
         */
        private void postponeUntilMended(OwedFollowUp owed, UnusableSecretException noSession) {
            var attempts = noSession.isUnset() ? owed.attempts() : owed.attempts() + 1;
            store.postpone(owed, pacing.now().plus(FIRST_WAIT), attempts, noSession.getMessage());
        }

        private void unanswered(LearningCenterUnavailableException unavailable, Lease.Held held) {
            unavailable.retryAfter().ifPresent(until -> pauseAll(held, until));
            halted |= ++unanswered >= MOST_UNANSWERED;
        }

        private void pauseAll(Lease.Held held, Instant asked) {
            var until = atMost(asked);
            halted = true;
            store.pause(held, until);
            journal.accept("the Learning Center asks to be left alone: no follow-ups before " + until);
        }

        private Instant atMost(Instant asked) {
            var latest = pacing.now().plus(LONGEST_WAIT);
            return asked.isBefore(latest) ? asked : latest;
        }

        private Deadline timeForOne() {
            return deadline.orEarlier(pacing.now().plus(TIME_FOR_ONE));
        }
    }
}
