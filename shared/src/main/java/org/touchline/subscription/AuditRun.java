package org.touchline.subscription;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.license.Person.Profile;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.subscription.SubscriptionAudit.Outcome;
import org.touchline.subscription.SubscriptionAudit.Parts;

/** One run of an audit, from where the one before stopped. */
final class AuditRun {
    /** What one page, or one person, may take, retries included: none is begun with less time left. */
    private static final Duration TIME_FOR_ONE = Duration.ofSeconds(30);

    /** So many ids are saved at once, 80 KB. */
    private static final int PIECE = 10_000;

    private static final Duration BETWEEN_SAVES = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(10);

    /** So many wishes are due at once; each further one a second later, so that a webhook's need not wait behind them all. */
    private static final int DUE_AT_ONCE = 100;

    private final Parts parts;
    private final Held held;
    private final Deadline deadline;
    private final Consumer<String> log;
    private final UssfIds subscribed;
    /** Read, but not saved yet. */
    private final UssfIds unsaved = new UssfIds();

    private final UssfIds missing = new UssfIds();
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
        missing.addPacked(progress.missing());
    }

    Outcome run() {
        try {
            if (!readList()) {
                return unfinished();
            }
            subscribed.settle();
            var expected = heldBy(Status.ENROLLED);
            var unconfirmed = heldBy(Status.PENDING, Status.FAILED);
            var marked = markedButNotListed();
            var seemMissing = expected.without(subscribed);
            seemMissing.addAll(marked);
            if (!lookOnceMore(seemMissing.settle(), expected, marked)) {
                return unfinished();
            }
            save();
            subscribed.settle();
            return complete(expected, subscribed.without(expected).without(unconfirmed));
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
            var number = progress.nextPage();
            var page = parts.learningCenter().subscriptions(number, deadline);
            page.rows().forEach(row -> unsaved.add(row.ussfId()));
            mark(page.rows());
            progress = progress.read(number < page.lastPage() ? number + 1 : 0);
            tell(String.format(
                    Locale.ROOT, "page %,d of %,d; %,d subscriptions in all", number, page.lastPage(), page.total()));
            if (unsaved.size() >= PIECE || progress.isRead()) {
                save();
            } else {
                saveNowAndThen();
            }
        }
        return true;
    }

    /** Of whoever the list shows, we are told. */
    private void mark(List<Subscription> listed) {
        var since = new HashMap<UssfId, Instant>();
        listed.forEach(row -> since.put(row.ussfId(), Objects.requireNonNullElseGet(row.createdAt(), this::now)));
        var known = parts.profiles().profiles(since.keySet());
        since.forEach((ussfId, at) -> {
            var profile = known.getOrDefault(ussfId, Profile.EMPTY);
            if (!profile.subscribed() && profile.movedTo() == null) {
                parts.profiles().subscribed(ussfId, at);
            }
        });
    }

    private UssfIds heldBy(Status... statuses) {
        var ids = new UssfIds();
        for (var status : statuses) {
            parts.members().heldUssfIds(status).forEach(ussfId -> {
                ids.add(ussfId);
                saveNowAndThen();
            });
        }
        return ids.settle();
    }

    private UssfIds markedButNotListed() {
        var ids = new UssfIds();
        parts.profiles().everybodySubscribed().forEach(ussfId -> {
            if (!subscribed.contains(ussfId)) {
                ids.add(ussfId);
            }
            saveNowAndThen();
        });
        return ids.settle();
    }

    /** Looks at each once more, from where it stopped; whether it came to the end. */
    private boolean lookOnceMore(UssfIds seemMissing, UssfIds expected, UssfIds marked) {
        for (var ussfId : (Iterable<UssfId>) seemMissing.stream()::iterator) {
            if (progress.isChecked(ussfId)) {
                continue;
            }
            if (!timeIsLeft()) {
                return false;
            }
            var present = parts.profiles().present(ussfId);
            Optional<Subscription> subscription;
            try {
                subscription = subscription(present);
            } catch (RefusedException | UnintelligibleException notTold) {
                // Then nobody has said that there is none, and the others are looked at (design rule 24).
                log.accept("%s is passed over: %s".formatted(ussfId, notTold.getMessage()));
                progress = progress.checked(ussfId);
                continue;
            }
            if (subscription.isPresent()) {
                unsaved.add(present);
                mark(List.of(subscription.get()));
            } else if (marked.contains(ussfId)) {
                parts.profiles().unsubscribed(ussfId);
            }
            progress =
                    subscription.isEmpty() && expected.contains(ussfId) ? isMissing(ussfId) : progress.checked(ussfId);
            tell(String.format(
                    Locale.ROOT,
                    "looked once more at who seems to be missing, until %s; %,d are",
                    ussfId,
                    progress.missingCount()));
            saveNowAndThen();
        }
        return true;
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
        if (missing.size() < AuditResult.MOST_LISTED) {
            missing.add(ussfId);
        }
        if (progress.repairing()) {
            var work = new Subscribe(ussfId);
            if (progress.repaired() < DUE_AT_ONCE) {
                parts.followUps().ask(work);
            } else {
                parts.followUps().askLater(work, Duration.ofSeconds(progress.repaired() - DUE_AT_ONCE));
            }
        }
        return progress.missing(ussfId, missing.packed());
    }

    private Outcome complete(UssfIds expected, UssfIds extra) {
        parts.checkpoint().complete(held, progress);
        log.accept(String.format(
                Locale.ROOT,
                "%,d expected, %,d subscribed, %,d missing, %,d extra, %,d repaired",
                expected.size(),
                subscribed.size(),
                progress.missingCount(),
                extra.size(),
                progress.repaired()));
        return new Outcome.Complete(new AuditResult(
                expected.size(),
                subscribed.size(),
                progress.missingCount(),
                missing.stream().toList(),
                extra.size(),
                extra.stream().limit(AuditResult.MOST_LISTED).toList(),
                progress.repaired()));
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
            parts.checkpoint().savePiece(held, progress, unsaved);
            progress = progress.saved();
            subscribed.addAll(unsaved);
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
