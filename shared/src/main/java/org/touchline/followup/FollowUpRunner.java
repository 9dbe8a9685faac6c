package org.touchline.followup;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Lease;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.followup.Agenda.Errand;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Works on follow-ups, one execution at a time, in turns (design rules 10 and 33). Who finds another at work returns: the one at work
 * looks once more after it has let go. What fails is tried again later, with growing waits; what the Learning Center asks for by
 * {@code Retry-After} holds for all.
 *
 * <p>An execution works on several at once, each on a virtual thread: on a few at first, and on more as they are answered, so that an
 * outage meets few. Two that name the same person or member are not worked on at once. How fast they call is not its concern.
 *
 * <p>Not safe for use by several threads at once. Every method throws {@code SdkException} if DynamoDB cannot do it within the
 * client's time limits, and {@link UnusableSecretException}, once what failed for want of a session is postponed, if the secret
 * with the credentials is not set or not accepted.
 */
public final class FollowUpRunner {
    /** What one thing may take, retries and pauses included; it is not begun with less than half of that left. */
    private static final Duration TIME_FOR_ONE = Duration.ofSeconds(40);

    /** Together with what one thing may take, less than the lease. */
    private static final Duration RENEWED_EVERY = Duration.ofSeconds(30);

    /** With more than this share of it in use, the heap is collected then. */
    private static final double MOST_OF_THE_HEAP = 0.125;

    /** How long the one that begins the others waits for one of them to end, before it looks what has become due. */
    private static final Duration LOOKS_UP_EVERY = Duration.ofSeconds(1);

    private static final int AT_ONCE_AT_FIRST = 4;

    /** How many more are worked on at once for each that was answered. */
    private static final int MORE_AT_ONCE = 2;

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
    private final int atOnce;
    private final Consumer<String> journal;

    /**
     * A runner of what is in a store.
     *
     * @param worker does each
     * @param atOnce on how many it works at once at most; with 1 everything is done on the thread of the caller
     * @param journal is told a line of each that failed, for the person who looks into it; nothing personal (design rule 21)
     */
    public FollowUpRunner(FollowUpStore store, Worker worker, Pacing pacing, int atOnce, Consumer<String> journal) {
        this.store = store;
        this.worker = worker;
        this.pacing = pacing;
        this.atOnce = atOnce;
        this.journal = journal;
    }

    /** Who does what is owed. Everything may be done again. Safe for use by several threads. */
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

    /** Work that has its turn with what waits in {@link Queue#LATER}, behind it. */
    @FunctionalInterface
    public interface Background {
        /** Nothing. */
        Background NONE = Optional::empty;

        /** The next piece of it; empty if there is none left. Asked by one thread. */
        Optional<Piece> next();

        /**
         * A piece of it.
         *
         * @param subject whom it is about, as follow-ups name them
         * @param work throws {@link LearningCenterUnavailableException} if nobody answered: after several in a row no more is begun
         */
        record Piece(String subject, Consumer<Deadline> work) {}
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
        return new Execution(Agenda.due(store, pacing.clock(), ids, Background.NONE), deadline).work();
    }

    /** Works on everything outstanding, due or not. */
    public Tally all(Deadline deadline) {
        return new Execution(Agenda.everything(store, pacing.clock()), deadline).work();
    }

    /**
     * Works in the background, until there is no more of it, no time is left, or the Learning Center does not answer: as one
     * execution among the others, which does what is due as well. Waits for another that is at work.
     *
     * @return what was done of follow-ups meanwhile
     */
    public Tally background(Background background, Deadline deadline) {
        var execution = new Execution(Agenda.due(store, pacing.clock(), List.of(), background), deadline);
        var tally = execution.work();
        for (var polls = 0; !execution.hadTheLease && execution.mayGoOn(); polls++) {
            if (!pacing.pause(Pacing.doubled(FIRST_POLL, LONGEST_POLL, polls), deadline)) {
                break;
            }
            tally = execution.work();
        }
        return tally;
    }

    /**
     * What came of one errand.
     *
     * @param nothing whether there was nothing to do
     * @param answered how the Learning Center did: null if that cannot be told
     */
    private record Outcome(
            int done,
            int failed,
            int givenUp,
            boolean nothing,
            @Nullable Boolean answered) {
        static final Outcome NOTHING = new Outcome(0, 0, 0, true, null);
        static final Outcome PIECE = new Outcome(0, 0, 0, false, true);
        static final Outcome DONE = new Outcome(1, 0, 0, false, true);
        static final Outcome GIVEN_UP = new Outcome(1, 0, 1, false, true);
        static final Outcome REFUSED = new Outcome(0, 1, 0, false, true);
        static final Outcome FAILED = new Outcome(0, 1, 0, false, null);
        static final Outcome UNANSWERED = new Outcome(0, 1, 0, false, false);
        static final Outcome UNANSWERED_PIECE = new Outcome(0, 0, 0, false, false);
        /** It failed as others had before it, and is due as it was. */
        static final Outcome LEFT = new Outcome(0, 0, 0, false, null);
    }

    /** What came of an errand; what broke it breaks the execution. */
    private record Ended(
            Errand errand, Outcome outcome, @Nullable RuntimeException broken) {}

    private final class Execution {
        private final Agenda agenda;
        private final Deadline deadline;
        private final CompletionService<Ended> crew = new ExecutorCompletionService<>(
                atOnce == 1 ? Runnable::run : errand -> Thread.ofVirtual().start(errand));
        private final Set<Future<Ended>> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

        private int done;
        private int failed;
        private int givenUp;
        private int answered;
        private int unanswered;
        private Instant renewedAt = Instant.MIN;
        private @Nullable Instant pausedUntil;
        private @Nullable RuntimeException broken;
        private volatile boolean halted;
        private boolean hadTheLease;

        Execution(Agenda agenda, Deadline deadline) {
            this.agenda = agenda;
            this.deadline = deadline;
        }

        /** Works, unless another is at work. Whoever came meanwhile has returned: so it looks once more after letting go. */
        Tally work() {
            var hadIt = workIfFree();
            while (hadIt && mayGoOn() && agenda.hasMore()) {
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
            pausedUntil = FollowUpStore.pausedUntil(held);
            halted = pausedUntil != null && pacing.now().isBefore(pausedUntil);
            renewedAt = pacing.now();
            agenda.readAnew();
            try {
                do {
                    renewNowAndThen(held);
                    beginWhatThereIsRoomFor(held);
                } while (awaitOne());
            } finally {
                while (awaitOne()) {
                    // What is under way ends before the lease is given back.
                }
            }
            if (broken != null) {
                throw broken;
            }
        }

        private void renewNowAndThen(Lease.Held held) {
            var now = pacing.now();
            if (!now.isBefore(renewedAt.plus(RENEWED_EVERY))) {
                store.lease().renew(held);
                renewedAt = now;
                collectWhatIsLongGone();
            }
        }

        /**
         * What is under way outlives young collections, and the Serial collector of Lambda's runtime lets it lie until the heap is
         * full: a function that works on for minutes would use all the memory that it has, where it needs a tenth (design §6).
         */
        private static void collectWhatIsLongGone() {
            var runtime = Runtime.getRuntime();
            if (runtime.totalMemory() - runtime.freeMemory() > MOST_OF_THE_HEAP * runtime.maxMemory()) {
                System.gc();
            }
        }

        private void beginWhatThereIsRoomFor(Lease.Held held) {
            while (mayGoOn() && underWay.size() < roomNow()) {
                var errand = agenda.next();
                if (errand.isEmpty()) {
                    return;
                }
                underWay.add(crew.submit(() -> ended(errand.get(), held)));
            }
        }

        private int roomNow() {
            return (int) Math.min(atOnce, AT_ONCE_AT_FIRST + (long) MORE_AT_ONCE * answered);
        }

        /** Whether anything was under way; if so, waits a while until something of it has ended. What that is, is told by identity. */
        @SuppressWarnings("UndefinedEquals")
        private boolean awaitOne() {
            if (underWay.isEmpty()) {
                return false;
            }
            try {
                var one = crew.poll(LOOKS_UP_EVERY.toMillis(), TimeUnit.MILLISECONDS);
                if (one != null) {
                    underWay.remove(one);
                    settle(one.get());
                }
            } catch (InterruptedException stopped) {
                halted = true;
                underWay.forEach(errand -> errand.cancel(true));
                underWay.clear();
                Thread.currentThread().interrupt();
            } catch (ExecutionException error) {
                halted = true;
                throw new IllegalStateException("a follow-up could not be worked on", error.getCause());
            }
            return true;
        }

        private void settle(Ended ended) {
            var outcome = ended.outcome();
            agenda.over(ended.errand(), !outcome.nothing());
            done += outcome.done();
            failed += outcome.failed();
            givenUp += outcome.givenUp();
            if (outcome.answered() != null) {
                answered = outcome.answered() ? answered + 1 : 0;
                unanswered = outcome.answered() ? 0 : unanswered + 1;
                if (unanswered >= MOST_UNANSWERED) {
                    halted = true;
                }
            }
            if (ended.broken() != null) {
                broken = ended.broken();
                halted = true;
            }
        }

        private Ended ended(Errand errand, Lease.Held held) {
            var ended = new Ended[1];
            RequestRate.inLine(errand.queue(), () -> ended[0] = carriedOut(errand, held));
            return ended[0];
        }

        private Ended carriedOut(Errand errand, Lease.Held held) {
            try {
                var piece = errand.piece();
                var outcome = piece == null ? row(requireNonNull(errand.id()), held) : piece(piece, held);
                return new Ended(errand, outcome, null);
            } catch (RuntimeException broke) {
                return new Ended(errand, Outcome.FAILED, broke);
            }
        }

        private Outcome piece(Piece piece, Lease.Held held) {
            try {
                piece.work().accept(timeForOne());
                return Outcome.PIECE;
            } catch (LearningCenterUnavailableException unavailable) {
                unavailable.retryAfter().ifPresent(until -> pauseAll(held, until));
                return Outcome.UNANSWERED_PIECE;
            }
        }

        /**
         * One that cannot be read, or of which it cannot be stored what came, is due as it was, and the next has its turn (design
         * rule 24). What cannot be read is not named: its id may hold a member's (design rule 21).
         */
        private Outcome row(String id, Lease.Held held) {
            Optional<OwedFollowUp> found;
            try {
                found = agenda.toBeDone(id);
            } catch (SdkException notRead) {
                agenda.unreadable(id);
                journal.accept(
                        "a follow-up could not be read: " + notRead.getClass().getSimpleName());
                return Outcome.FAILED;
            }
            return found.map(owed -> row(owed, held)).orElse(Outcome.NOTHING);
        }

        private Outcome row(OwedFollowUp owed, Lease.Held held) {
            agenda.handled(owed);
            try {
                return carryOut(owed, held);
            } catch (SdkException notStored) {
                journal.accept(String.format(
                        Locale.ROOT,
                        "follow-up %s: what came of it could not be stored: %s",
                        FollowUpItems.loggable(owed.work()),
                        notStored.getClass().getSimpleName()));
                return Outcome.FAILED;
            }
        }

        private Outcome carryOut(OwedFollowUp owed, Lease.Held held) {
            try {
                worker.carryOut(owed.work(), timeForOne());
                finish(owed);
                return Outcome.DONE;
            } catch (UnknownUssfIdException unknown) {
                return unknown(owed, unknown.getMessage());
            } catch (LearningCenterUnavailableException unavailable) {
                return unanswered(owed, unavailable, held);
            } catch (LearningCenterException refused) {
                var dueAt = postpone(owed, refused.getMessage());
                worker.postponed(owed.work(), refused, owed.attempts() + 1, dueAt);
                return Outcome.REFUSED;
            } catch (UnusableSecretException noSession) {
                if (!halted) {
                    halted = true;
                    postponeUntilMended(owed, noSession);
                }
                throw noSession;
            } catch (RuntimeException bug) {
                // Its message may hold what somebody sent (design rule 21).
                postpone(owed, bug.getClass().getSimpleName());
                return Outcome.FAILED;
            }
        }

        private void finish(OwedFollowUp owed) {
            store.finish(owed);
            agenda.finished(owed);
        }

        /** Where nobody answers, or all are to be left alone, what is under way with others has not failed: it is due as it was. */
        private Outcome unanswered(OwedFollowUp owed, LearningCenterUnavailableException unavailable, Lease.Held held) {
            var othersFailedBefore = halted;
            if (unavailable.retryAfter().isPresent()) {
                halted = true;
            }
            if (othersFailedBefore) {
                unavailable.retryAfter().ifPresent(until -> pauseAll(held, until));
                return Outcome.LEFT;
            }
            var dueAt = postpone(owed, unavailable.getMessage());
            unavailable.retryAfter().ifPresent(until -> pauseAll(held, until));
            var leftAlone = unavailable.retryAfter().map(this::atMost).filter(dueAt::isBefore);
            worker.postponed(owed.work(), unavailable, owed.attempts() + 1, leftAlone.orElse(dueAt));
            return Outcome.UNANSWERED;
        }

        private Outcome unknown(OwedFollowUp owed, String reason) {
            if (owed.unknownAnswers() + 1 < TRIES_OF_AN_UNKNOWN_ID) {
                var dueAt = afterAbout(Pacing.doubled(
                        FIRST_WAIT_OF_AN_UNKNOWN_ID, LONGEST_WAIT_OF_AN_UNKNOWN_ID, owed.unknownAnswers()));
                store.postponeUnknown(owed, dueAt, reason);
                tellPostponed(owed, dueAt, reason);
                return Outcome.REFUSED;
            }
            try {
                giveUp(owed, reason);
                return Outcome.GIVEN_UP;
            } catch (RuntimeException notTold) {
                postpone(owed, notTold.getClass().getSimpleName());
                return Outcome.REFUSED;
            }
        }

        private void giveUp(OwedFollowUp owed, String reason) {
            worker.giveUp(owed.work());
            finish(owed);
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
            tellPostponed(owed, dueAt, reason);
            return dueAt;
        }

        /** From half of that on, so that those who failed together do not come back together. */
        private Instant afterAbout(Duration longest) {
            var half = longest.dividedBy(2);
            return pacing.now().plus(half).plus(pacing.upTo(half));
        }

        private void tellPostponed(OwedFollowUp owed, Instant dueAt, String reason) {
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

        /** What several are told at once is stored once, the latest. */
        private synchronized void pauseAll(Lease.Held held, Instant asked) {
            var until = atMost(asked);
            halted = true;
            if (pausedUntil == null || until.isAfter(pausedUntil)) {
                pausedUntil = until;
                store.pause(held, until);
                journal.accept("the Learning Center asks to be left alone: no follow-ups before " + until);
            }
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
