package org.touchline.reconciliation;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.dynamodb.Lease.LeaseLostException;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.learningcenter.LearningCenterJson;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person.Profile;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint.Start;
import org.touchline.reconciliation.Run.PageResult;
import org.touchline.reconciliation.Run.Status;

/**
 * Asks the Learning Center for everything that changed in a window of time, and applies what a webhook missed (design rules 11
 * to 14; Connect API, step 7). Pages are walked from the last to the first, one at a time, so memory does not grow with the
 * rows. Everything may run again: what is known is not written.
 */
public final class Reconciliation {
    /** Where rows that cannot be understood say that they came from, in quarantine. */
    public static final String SOURCE = "/user-licenses";

    /** What one page may take, retries and writes included: a page is not begun with less time left. */
    private static final Duration TIME_FOR_A_PAGE = Duration.ofSeconds(30);

    /** What is younger at the window's end, a webhook may still bring. */
    private static final Duration WEBHOOK_MAY_TAKE = Duration.ofMinutes(15);

    /** Against an answer whose total grows with every page: what slips through is caught by the overlap. */
    private static final int MOST_STEPS_BACK = 50;

    private final LearningCenterClient learningCenter;
    private final LicenseStore licenses;
    private final Quarantine quarantine;
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
        this.licenses = licenses;
        this.quarantine = quarantine;
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

    /** Goes on with an unfinished window, else begins the next one. */
    public Run next(Deadline deadline) {
        return withLease(start -> {
            var unfinished = start.unfinished();
            return walkAndKeep(start, unfinished == null ? nextWindow(start.completeUntil()) : unfinished, deadline);
        });
    }

    /** Goes on with an unfinished window; skipped if there is none. */
    public Run resume(Deadline deadline) {
        return withLease(
                start -> start.unfinished() == null ? Run.SKIPPED : walkAndKeep(start, start.unfinished(), deadline));
    }

    /** Walks a window of one's own, which leaves the checkpoint alone. */
    public Run of(Window window, Deadline deadline) {
        return withLease(start -> {
            var walk = new Walk(Progress.begin(window, start.completeUntil() == null), deadline);
            return walk.run(progress -> checkpoint.renew(start.lease()));
        });
    }

    private interface Work {
        Run from(Start start);
    }

    private Run withLease(Work work) {
        var start = checkpoint.acquire();
        if (start.isEmpty()) {
            return Run.SKIPPED;
        }
        try {
            var run = work.from(start.get());
            if (run.status() != Status.SKIPPED) {
                checkpoint.record(run);
            }
            return run;
        } finally {
            checkpoint.release(start.get().lease());
        }
    }

    private Progress nextWindow(@Nullable Instant completeUntil) {
        // The next whole second: how the Learning Center reads a fraction in a query, nobody has said, and what
        // changed a moment ago belongs to this window. What changes in the rest of the second, the overlap brings.
        var now = clock.instant().plusNanos(999_999_999).truncatedTo(ChronoUnit.SECONDS);
        var start = completeUntil == null ? now.minus(reach.first()) : completeUntil.minus(reach.overlap());
        return Progress.begin(new Window(start, now), completeUntil == null);
    }

    /** The checkpoint moves only after every page is applied (design rule 13). */
    private Run walkAndKeep(Start start, Progress from, Deadline deadline) {
        checkpoint.save(start.lease(), from);
        var walk = new Walk(from, deadline);
        var run = walk.run(progress -> checkpoint.save(start.lease(), progress));
        try {
            if (run.status() == Status.COMPLETE) {
                checkpoint.complete(start.lease(), from.window());
            } else if (walk.progress.isWalked()) {
                checkpoint.save(start.lease(), walk.progress.again());
            }
            return run;
        } catch (LeaseLostException anotherRunGoesOn) {
            return run.ended(Status.PARTIAL);
        }
    }

    /** One walk over a window's pages, from the last to the first (design rule 12). */
    private final class Walk {
        private final Deadline deadline;
        private Progress progress;
        private Run run;
        private int stepsBack;

        Walk(Progress from, Deadline deadline) {
            this.progress = from;
            this.run = Run.begin(from.window());
            this.deadline = deadline;
        }

        /** Reads page by page while there is time, and saves the progress after each. */
        Run run(Consumer<Progress> save) {
            try {
                if (!progress.isCounted()) {
                    var look = page(1);
                    progress = progress.counted(look.lastPage(), look.total());
                }
                while (!progress.isWalked() && deadline.remaining(clock).compareTo(TIME_FOR_A_PAGE) >= 0) {
                    readNextPage();
                    save.accept(progress);
                }
            } catch (LearningCenterUnavailableException
                    | UnintelligibleException
                    | LeaseLostException anotherRunGoesOn) {
                return run;
            }
            return progress.isWalked() && progress.unreadPage() == 0 ? run.ended(Status.COMPLETE) : run;
        }

        private void readNextPage() {
            var number = progress.nextPage();
            Page<JsonNode> page;
            try {
                page = page(number);
            } catch (UnintelligibleException unreadable) {
                progress = progress.unreadable();
                return;
            }
            run = run.with(number, apply(page.rows(), progress));
            var mayStepBack = stepsBack < MOST_STEPS_BACK;
            progress = progress.read(mayStepBack ? page.total() : progress.total(), page.perPage(), page.lastPage());
            stepsBack += progress.nextPage() >= number ? 1 : 0;
        }

        private Page<JsonNode> page(int number) {
            var window = progress.window();
            return learningCenter.userLicenses(window.start(), window.end(), number, deadline);
        }
    }

    /** What can be used is; the rest is quarantined, with its source. */
    private PageResult apply(List<JsonNode> rows, Progress progress) {
        var changes = new ArrayList<LicenseChange>();
        for (var row : rows) {
            try {
                changes.add(LearningCenterJson.licenseChange(row, clock.instant()));
            } catch (UnintelligibleException unintelligible) {
                quarantine.keep(
                        SOURCE,
                        row.toString().getBytes(StandardCharsets.UTF_8),
                        unintelligible.getMessage(),
                        clock.instant());
            }
        }
        var repaired = licenses.applyAll(changes);
        var missed = progress.first() ? List.<LicenseChange>of() : missed(repaired, progress.window());
        var now = clock.instant();
        var latest = missed.stream()
                .map(change -> Duration.between(change.updatedAt(), now))
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
        return new PageResult(rows.size(), repaired.size(), missed.size(), rows.size() - changes.size(), latest);
    }

    /** Those that a webhook should have brought (design rule 14). */
    private List<LicenseChange> missed(List<LicenseChange> repaired, Window window) {
        var profiles = licenses.profiles()
                .profiles(repaired.stream().map(LicenseChange::ussfId).collect(Collectors.toSet()));
        var youngest = window.end().minus(WEBHOOK_MAY_TAKE);
        return repaired.stream()
                .filter(change -> !change.updatedAt().isAfter(youngest))
                .filter(change -> {
                    var profile = profiles.getOrDefault(change.ussfId(), Profile.EMPTY);
                    return profile.subscribed() && !change.updatedAt().isBefore(profile.subscribedSince());
                })
                .toList();
    }
}
