package org.touchline.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.license.Person.Profile;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.secret.UnusableSecretException;
import org.touchline.subscription.SubscriptionAudit.Outcome;
import org.touchline.subscription.SubscriptionAudit.Parts;
import org.touchline.time.Deadline;

/** One run of an audit, from where the one before stopped. */
final class AuditRun {
    /** What one page, or one person, may take, retries included: none is begun with less time left. */
    private static final Duration TIME_FOR_ONE = Duration.ofSeconds(30);

    /** So many ids are saved at once, 80 KB. */
    private static final int PIECE = 10_000;

    private static final Duration BETWEEN_SAVES = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /** After so many in a row whom nobody answered about, the rest wait for the next run. */
    private static final int MOST_UNANSWERED = 3;

    /** In so many runs a page may fail before it is passed over. */
    private static final int RUNS_OF_A_PAGE = 3;

    /** So many wishes are due at once; each further one a second later, so that a webhook's need not wait behind them all. */
    private static final int DUE_AT_ONCE = 100;

    private final Parts parts;
    private final Held held;
    private final Deadline deadline;
    private final Consumer<String> log;
    /** Those whom the list shows, or a second look. */
    private final UssfIds.Builder subscribed;
    /** Read, but not saved yet. */
    private final UssfIds.Builder unsaved = new UssfIds.Builder();

    /** What is stored and cannot be read: found anew by each run. */
    private int unreadable;

    private AuditProgress progress;
    private Instant savedAt;
    private Instant loggedAt = Instant.MIN;

    AuditRun(Parts parts, Held held, AuditProgress progress, Deadline deadline, Consumer<String> log) {
        this.parts = parts;
        this.held = held;
        this.progress = progress;
        this.deadline = deadline;
        this.log = log;
        this.subscribed = parts.checkpoint().read(progress);
        this.savedAt = now();
    }

    Outcome run() {
        try {
            if (!readList()) {
                return unfinished();
            }
            var listed = subscribed.build();
            var expected = heldBy(Status.ENROLLED);
            var unconfirmed = heldBy(Status.PENDING, Status.FAILED);
            var seemMissing = expected.without(listed);
            if (progress.repairing()) {
                // Whoever is marked and not listed; who is pending or has failed has a follow-up of their own.
                seemMissing = seemMissing.and(markedButNotIn(listed).without(unconfirmed));
            }
            if (!lookOnceMore(seemMissing, expected)) {
                return unfinished();
            }
            save();
            var all = subscribed.build();
            return complete(expected, all, all.without(expected).without(unconfirmed));
        } finally {
            // Whatever ended it, the next run goes on from here.
            if (unsaved.size() > 0) {
                save();
            }
        }
    }

    /** Reads the list from where it stopped, one page at least; whether it came to the end. */
    private boolean readList() {
        for (var pages = 0; !progress.isRead(); pages++) {
            if (pages > 0 && !timeIsLeft()) {
                return false;
            }
            var number = progress.list().nextPage();
            try {
                take(number, parts.learningCenter().subscriptions(number, deadline));
            } catch (LearningCenterException failure) {
                passOver(number, failure);
            }
        }
        return true;
    }

    private void take(int number, Page<Subscription> page) {
        page.rows().forEach(row -> unsaved.add(row.ussfId()));
        if (progress.repairing()) {
            mark(page.rows());
        }
        pageIsDone(number, page.lastPage());
        tell(String.format(
                Locale.ROOT, "page %,d of %,d; %,d subscriptions in all", number, page.lastPage(), page.total()));
        if (unsaved.size() >= PIECE || progress.isRead()) {
            save();
        } else {
            saveNowAndThen();
        }
    }

    private void pageIsDone(int number, int lastPage) {
        progress = progress.read(number < lastPage ? number + 1 : 0, lastPage);
    }

    /** Wire contract §2: it is this page alone that fails in every run; else the run has failed. */
    private void passOver(int number, LearningCenterException failure) {
        progress = progress.failed();
        save();
        if (progress.list().failures() < RUNS_OF_A_PAGE) {
            throw failure;
        }
        var another = parts.learningCenter().subscriptions(number == 1 ? 2 : 1, deadline);
        pageIsDone(number, Math.max(progress.list().lastPage(), another.lastPage()));
        undecided(String.format(Locale.ROOT, "page %,d is passed over: %s", number, failure.getMessage()));
        save();
    }

    /** Of whoever the list shows, we are told; if one of them cannot be looked at or marked, the others are (design rule 24). */
    private void mark(List<Subscription> listed) {
        var since = new HashMap<UssfId, Instant>();
        listed.forEach(row -> since.put(row.ussfId(), Objects.requireNonNullElseGet(row.createdAt(), this::now)));
        try {
            mark(since);
        } catch (RuntimeException oneOfThem) {
            since.forEach((ussfId, at) -> {
                try {
                    mark(Map.of(ussfId, at));
                } catch (RuntimeException failure) {
                    undecided(String.format(
                            Locale.ROOT,
                            "%s could not be marked: %s",
                            ussfId,
                            failure.getClass().getSimpleName()));
                }
            });
        }
    }

    private void mark(Map<UssfId, Instant> since) {
        var known = parts.profiles().profiles(since.keySet());
        since.forEach((ussfId, at) -> {
            var profile = known.getOrDefault(ussfId, Profile.EMPTY);
            if (!profile.subscribed()
                    && profile.movedTo() == null
                    && (known.containsKey(ussfId) || !isStranger(ussfId))) {
                parts.profiles().subscribed(ussfId, at);
            }
        });
    }

    /** Somebody whom nobody holds, and of whom nothing is known (wire contract §5). */
    private boolean isStranger(UssfId ussfId) {
        return parts.members().holdersOf(ussfId).isEmpty() && !parts.profiles().isKnown(ussfId);
    }

    private UssfIds heldBy(Status... statuses) {
        var ids = new UssfIds.Builder();
        for (var status : statuses) {
            parts.members().heldUssfIds(status, () -> unreadable++).forEach(ussfId -> {
                ids.add(ussfId);
                saveNowAndThen();
            });
        }
        return ids.build();
    }

    private UssfIds markedButNotIn(UssfIds listed) {
        var ids = new UssfIds.Builder();
        parts.profiles().everybodySubscribed(() -> unreadable++).forEach(ussfId -> {
            if (!listed.contains(ussfId)) {
                ids.add(ussfId);
            }
            saveNowAndThen();
        });
        return ids.build();
    }

    /** Looks at each once more, from where it stopped; whether it came to the end. */
    private boolean lookOnceMore(UssfIds seemMissing, UssfIds expected) {
        var unanswered = 0;
        for (var ussfId : (Iterable<UssfId>) seemMissing.stream()::iterator) {
            if (progress.isChecked(ussfId)) {
                continue;
            }
            if (unanswered == MOST_UNANSWERED || !timeIsLeft()) {
                return false;
            }
            try {
                progress = looked(ussfId, expected.contains(ussfId));
                unanswered = 0;
            } catch (UnusableSecretException noSession) {
                throw noSession;
            } catch (RuntimeException failure) {
                // Their turn counts as taken (design rule 24).
                progress = progress.checked(ussfId);
                undecided(String.format(Locale.ROOT, "%s could not be looked at: %s", ussfId, reason(failure)));
                unanswered = failure instanceof LearningCenterUnavailableException ? unanswered + 1 : 0;
            }
            tell(String.format(
                    Locale.ROOT,
                    "looked once more at who seems to be missing, until %s; %,d are",
                    ussfId,
                    progress.secondLook().missingCount()));
            saveNowAndThen();
        }
        return true;
    }

    private AuditProgress looked(UssfId ussfId, boolean isExpected) {
        var present = parts.profiles().present(ussfId);
        var subscription = subscription(present);
        if (subscription.isPresent()) {
            unsaved.add(present);
            if (progress.repairing()) {
                mark(List.of(subscription.get()));
            }
            return progress.checked(ussfId);
        }
        if (progress.repairing()) {
            // From when on we are told begins anew: what comes next may be the new subscription.
            parts.profiles().unsubscribed(ussfId);
        }
        return isExpected ? isMissing(ussfId) : progress.checked(ussfId);
    }

    /** An id that has changed without our knowing has no subscription: to subscribe it follows the change (design rule 18). */
    private Optional<Subscription> subscription(UssfId ussfId) {
        try {
            return parts.learningCenter().subscription(ussfId, deadline);
        } catch (UssfIdChangedException moved) {
            return Optional.empty();
        }
    }

    private AuditProgress isMissing(UssfId ussfId) {
        if (progress.repairing()) {
            var work = new Subscribe(ussfId);
            if (progress.secondLook().repaired() < DUE_AT_ONCE) {
                parts.followUps().ask(work);
            } else {
                parts.followUps()
                        .askLater(work, Duration.ofSeconds(progress.secondLook().repaired() - DUE_AT_ONCE));
            }
        }
        return progress.missing(ussfId);
    }

    private Outcome complete(UssfIds expected, UssfIds all, UssfIds extra) {
        if (progress.purpose().repairOwed()) {
            parts.checkpoint().save(held, progress.checkedAnew(true));
        } else {
            parts.checkpoint().complete(held, progress);
        }
        log.accept(String.format(
                Locale.ROOT,
                "%,d expected, %,d subscribed, %,d missing, %,d extra, %,d repaired",
                expected.size(),
                all.size(),
                progress.secondLook().missingCount(),
                extra.size(),
                progress.secondLook().repaired()));
        var result = new AuditResult(
                expected.size(),
                all.size(),
                progress.secondLook().missingCount(),
                progress.secondLook().missing().stream().toList(),
                extra.size(),
                extra.stream().limit(AuditResult.MOST_LISTED).toList(),
                progress.secondLook().repaired());
        return new Outcome.Complete(result, progress.undecided() + unreadable);
    }

    private void undecided(String line) {
        progress = progress.undecidedOnce();
        log.accept(line);
    }

    /** Only the Learning Center's are known to hold nothing personal (design rule 21). */
    private static String reason(RuntimeException failure) {
        return failure instanceof LearningCenterException
                ? Objects.toString(failure.getMessage())
                : failure.getClass().getSimpleName();
    }

    private Outcome unfinished() {
        save();
        log.accept("the time is over; the next run goes on from here");
        return new Outcome.Unfinished();
    }

    private void saveNowAndThen() {
        if (Duration.between(savedAt, now()).compareTo(BETWEEN_SAVES) > 0) {
            save();
        }
    }

    /** Saves what was found, then that it was, and renews the lease. */
    private void save() {
        if (unsaved.size() > 0) {
            var piece = unsaved.build();
            parts.checkpoint().savePiece(held, progress, piece);
            progress = progress.saved();
            subscribed.addAll(piece);
            unsaved.clear();
        }
        parts.checkpoint().save(held, progress);
        savedAt = now();
    }

    private boolean timeIsLeft() {
        return deadline.remaining(parts.clock()).compareTo(TIME_FOR_ONE) >= 0;
    }

    private void tell(String line) {
        var now = now();
        if (loggedAt.isBefore(now.minus(BETWEEN_LINES))) {
            log.accept(line);
            loggedAt = now;
        }
    }

    private Instant now() {
        return parts.clock().instant();
    }
}
