package org.touchline.reconciliation;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.LicenseStore;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint.Keeper;
import org.touchline.reconciliation.Checkpoint.Start;
import org.touchline.reconciliation.Checkpoint.State;
import org.touchline.reconciliation.Run.Status;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

/**
 * Asks the Learning Center for everything that changed in a window of time, and applies what a webhook missed (design rules 11
 * to 14; Connect API, step 7). Pages are walked from the last to the first, one at a time, so memory does not grow with the
 * rows. Everything may run again: what is known is not written.
 */
public final class Reconciliation {
    /** What one page may take, retries and writes included: a page is not begun with less time left. */
    private static final Duration TIME_FOR_A_PAGE = Duration.ofSeconds(30);

    /**
     * A window that ended so long before is old: one that nobody could begin to read is begun anew, up to now, and where one was gone on
     * with instead of the next, or in the way of it, the next is owed.
     */
    private static final Duration OLD = Duration.ofHours(12);

    /** Against an answer whose total grows with every page: what slips through is caught by the overlap. */
    private static final int MOST_STEPS_BACK = 50;

    private final LearningCenterClient learningCenter;
    private final PageWriter writer;
    private final Checkpoint checkpoint;
    private final Reach reach;
    private final InstantSource clock;

    /** @param clock tells what now is, which is where a window ends */
    public Reconciliation(
            LearningCenterClient learningCenter,
            LicenseStore licenses,
            Quarantine quarantine,
            Checkpoint checkpoint,
            Reach reach,
            InstantSource clock) {
        this.learningCenter = learningCenter;
        this.writer = new PageWriter(licenses, quarantine, clock);
        this.checkpoint = checkpoint;
        this.reach = reach;
        this.clock = clock;
    }

    /**
     * How far back windows reach (design rule 11).
     *
     * @param overlap how much of the window before is asked for again
     * @param first how far back the first window reaches
     */
    public record Reach(Duration overlap, Duration first) {}

    /**
     * Goes on with an unfinished window, else begins the next one. While another run is at work it is skipped, and leaves a wish:
     * the run that only goes on begins the next window then.
     */
    public Run next(Deadline deadline) {
        var run = withLease(start -> {
            var state = start.state();
            var unfinished = state.unfinished();
            if (unfinished == null || isStale(unfinished)) {
                return begin(start, deadline);
            }
            checkpoint.wish();
            return goOn(start, unfinished, deadline);
        });
        if (run.isEmpty()) {
            checkpoint.wish();
        }
        return run.orElse(Run.SKIPPED);
    }

    /** Goes on with an unfinished window, or begins one that is owed; skipped if there is none, without taking the lease. */
    public Run resume(Deadline deadline) {
        if (!hasWork(checkpoint.look())) {
            return Run.SKIPPED;
        }
        return withLease(start -> {
                    var state = start.state();
                    if (state.unfinished() != null) {
                        return goOn(start, state.unfinished(), deadline);
                    }
                    return hasWork(state) ? begin(start, deadline) : Run.SKIPPED;
                })
                .orElse(Run.SKIPPED);
    }

    /** Walks a window of one's own, which leaves the checkpoint alone; goes on where it stopped less than a day ago. */
    public Run of(Window window, Deadline deadline) {
        return withLease(start -> {
                    var from = checkpoint
                            .unfinished(window)
                            .orElseGet(
                                    () -> Progress.begin(window, start.state().completeUntil() == null));
                    return walk(from, deadline, checkpoint.keeperOfOwn(start.lease(), window));
                })
                .orElse(Run.SKIPPED);
    }

    private interface Work {
        Run from(Start start);
    }

    /** Empty if another run holds the lease. */
    private Optional<Run> withLease(Work work) {
        var start = checkpoint.acquire();
        if (start.isEmpty()) {
            return Optional.empty();
        }
        try {
            var run = work.from(start.get());
            if (run.status() != Status.SKIPPED) {
                checkpoint.record(run);
            }
            return Optional.of(run);
        } finally {
            checkpoint.release(start.get().lease());
        }
    }

    private boolean hasWork(State state) {
        var wished = state.wishedAt();
        return state.unfinished() != null
                || wished != null
                        && (state.walkedUntil() == null || state.walkedUntil().isBefore(wished.minus(OLD)));
    }

    private boolean isStale(Progress unfinished) {
        return !unfinished.isCounted()
                && unfinished.window().end().isBefore(clock.instant().minus(OLD));
    }

    private Run begin(Start start, Deadline deadline) {
        var from = Progress.begin(nextWindow(start.state()), start.state().completeUntil() == null);
        checkpoint.begin(start.lease(), from);
        return goOn(start, from, deadline);
    }

    private Run goOn(Start start, Progress from, Deadline deadline) {
        return walk(from, deadline, checkpoint.keeper(start.lease()));
    }

    private Window nextWindow(State state) {
        // The next whole second: how the Learning Center reads a fraction in a query, nobody has said, and what
        // changed a moment ago belongs to this window. What changes in the rest of the second, the overlap brings.
        var now = clock.instant().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
        if (state.completeUntil() != null) {
            return new Window(state.completeUntil().minus(reach.overlap()), now);
        }
        // As long as none was complete, each reaches as far back as the first: what that passed over would be lost.
        var start = now.minus(reach.first());
        var first = state.firstStart();
        return new Window(first != null && first.isBefore(start) ? first : start, now);
    }

    /** The checkpoint moves only after every page is applied (design rule 13); nothing of a window that is over is kept. */
    private Run walk(Progress from, Deadline deadline, Keeper keeper) {
        var walk = new Walk(from, deadline);
        try {
            var run = walk.run(keeper::save);
            if (walk.progress.isComplete()) {
                keeper.complete(from.window());
            } else if (walk.progress.isOver()) {
                keeper.walked(from.window());
            } else {
                keeper.save(walk.progress.isWalked() ? walk.progress.again() : walk.progress);
            }
            return run;
        } catch (LeaseLostException anotherRunGoesOn) {
            return walk.run.partial(walk.passedOver, "it took so long that another run has taken over");
        } catch (UnusableSecretException noSession) {
            if (!noSession.isUnset()) {
                keeper.save(walk.progress);
            }
            throw noSession;
        }
    }

    /** One walk over a window's pages, from the last to the first (design rule 12). */
    private final class Walk {
        private final Deadline deadline;
        private Progress progress;
        private Run run;
        private int stepsBack;
        private int passedOver;
        private int lastAnswered;
        private @Nullable String stoppedBy;

        Walk(Progress from, Deadline deadline) {
            this.progress = from;
            this.run = Run.begin(from.window());
            this.deadline = deadline;
        }

        /** Reads page by page while there is time, and saves the progress after each. */
        Run run(Consumer<Progress> save) {
            if (!progress.isCounted()) {
                count();
            }
            while (stoppedBy == null && !progress.isWalked()) {
                if (progress.isPassedOver(progress.nextPage())) {
                    progress = progress.below();
                } else if (deadline.remaining(clock).compareTo(TIME_FOR_A_PAGE) < 0) {
                    stoppedBy = "its time ended before page " + progress.nextPage();
                } else {
                    readNextPage();
                    save.accept(progress);
                }
            }
            if (stoppedBy != null) {
                return run.partial(passedOver, stoppedBy);
            }
            return progress.isComplete()
                    ? run.complete(passedOver)
                    : run.partial(passedOver, progress.describeFailures());
        }

        /** A first look for the number of pages. The first page may be the one that cannot be read: any other tells it too. */
        private void count() {
            try {
                counted(page(1));
            } catch (LearningCenterException failure) {
                var other = IntStream.of(2, 4, 8)
                        .mapToObj(number -> answered(number, failure))
                        .flatMap(Optional::stream)
                        .findFirst();
                if (!other.map(this::counted).orElse(false)) {
                    stoppedBy = at(1, failure);
                }
            }
        }

        private boolean counted(Page<JsonValue> look) {
            progress = progress.counted(look.lastPage(), look.total());
            return true;
        }

        private void readNextPage() {
            var number = progress.nextPage();
            Page<JsonValue> page;
            try {
                page = page(number);
            } catch (LearningCenterException failure) {
                notRead(number, failure);
                return;
            }
            var result = writer.write(page.rows(), number, progress);
            run = run.with(number, result.rows());
            if (page.isGone()) {
                progress = progress.applied(number).below();
                return;
            }
            var mayStepBack = stepsBack < MOST_STEPS_BACK;
            progress = progress.read(mayStepBack ? page.total() : progress.total(), page.perPage(), page.lastPage());
            stepsBack += progress.nextPage() >= number ? 1 : 0;
            if (result.whyFailed() == null) {
                progress = progress.applied(number);
            } else {
                failed(number, result.whyFailed());
            }
        }

        /** Counts against the page only where another is answered (wire contract §2): else it is not the page's fault. */
        private void notRead(int number, LearningCenterException failure) {
            if (isAnotherAnswered(number, failure)) {
                failed(number, String.valueOf(failure.getMessage()));
                progress = progress.below();
            } else {
                stoppedBy = at(number, failure);
            }
        }

        private void failed(int page, String why) {
            var before = progress.passedOver();
            progress = progress.failed(page, why);
            passedOver += progress.passedOver() - before;
        }

        /** Asks for one that was answered just now, else for a neighbour or the first. */
        private boolean isAnotherAnswered(int number, LearningCenterException failure) {
            return IntStream.of(lastAnswered, number - 1, 1, number + 1)
                    .filter(other -> other > 0 && other != number)
                    .distinct()
                    .anyMatch(other -> answered(other, failure).isPresent());
        }

        /** Another page, right after one that failed; empty if it is not answered either, or nobody is to ask for a while. */
        private Optional<Page<JsonValue>> answered(int other, LearningCenterException failure) {
            if (failure instanceof LearningCenterUnavailableException unavailable
                    && unavailable.retryAfter().isPresent()) {
                return Optional.empty();
            }
            try {
                return Optional.of(page(other)).filter(page -> !page.isGone());
            } catch (LearningCenterException neither) {
                return Optional.empty();
            }
        }

        private Page<JsonValue> page(int number) {
            var window = progress.window();
            var page = learningCenter.userLicenses(window.start(), window.end(), number, deadline);
            if (!page.isGone()) {
                lastAnswered = number;
            }
            return page;
        }

        private static String at(int page, LearningCenterException failure) {
            return "page " + page + ": " + failure.getMessage();
        }
    }
}
