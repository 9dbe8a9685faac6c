package org.touchline.subscription;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.Page;
import org.touchline.learningcenter.Subscription;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.license.Person.Profile;
import org.touchline.license.UssfId;
import org.touchline.license.UssfIds;
import org.touchline.member.Enrollment.Status;
import org.touchline.secret.UnusableSecretException;
import org.touchline.subscription.AuditProgress.Comparison;
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
    /** Whom the list, or a second look, shows to be subscribed to, and who is not saved yet. */
    private final UssfIds.Builder unsaved = new UssfIds.Builder();

    private AuditProgress progress;
    private Instant savedAt;
    private Instant loggedAt = Instant.MIN;

    AuditRun(Parts parts, Held held, AuditProgress progress, Deadline deadline, Consumer<String> log) {
        this.parts = parts;
        this.held = held;
        this.progress = progress;
        this.deadline = deadline;
        this.log = log;
        this.savedAt = now();
    }

    Outcome run() {
        try {
            if (!readList()) {
                return unfinished();
            }
            if (progress.comparison() == null && !compare() || !lookOnceMore()) {
                return unfinished();
            }
            save();
            return complete(requireNonNull(progress.comparison()));
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
        return !isHeld(ussfId) && !parts.profiles().isKnown(ussfId);
    }

    /**
     * Compares the list with whom we hold. Each id is held once, as a number, whatever it is found in: those of the list in their order,
     * with a bit for what else they are, and those that are not in it by what they are instead (design rule 32). Where the time does not
     * suffice for it, the next run, which has more left, begins with it.
     *
     * @return whether it came to the end
     */
    private boolean compare() {
        if (unsaved.size() > 0) {
            save();
        }
        var before = progress;
        var listed = parts.checkpoint().read(progress).build();
        var expected = heldBy(listed, Status.ENROLLED);
        var unconfirmed = heldBy(listed, Status.PENDING, Status.FAILED);
        // Whoever is marked and not listed; who is pending or has failed has a follow-up of their own.
        var marked = progress.repairing() ? markedBeside(listed, expected, unconfirmed) : UssfIds.NONE;
        if (!timeIsLeft()) {
            progress = before;
            log.accept("comparing the list with whom members hold takes longer: the next run begins with it");
            return false;
        }
        var extra = (BitSet) expected.listed().clone();
        extra.or(unconfirmed.listed());
        extra.flip(0, listed.size());
        parts.checkpoint().saveCandidates(held, progress, List.of(expected.notListed(), marked));
        progress = progress.compared(new Comparison(
                expected.listed().cardinality() + expected.notListed().size(),
                listed.size(),
                extra.cardinality(),
                listed.first(extra, AuditResult.MOST_LISTED),
                expected.notListed().size(),
                marked.size()));
        save();
        return true;
    }

    /**
     * Whom members hold.
     *
     * @param listed those of the list, by their places in it
     */
    private record HeldIds(BitSet listed, UssfIds notListed) {}

    private HeldIds heldBy(UssfIds listed, Status... statuses) {
        var places = new BitSet(listed.size());
        var notListed = new UssfIds.Builder();
        for (var status : statuses) {
            whileTimeIsLeft(parts.members().heldUssfIds(status, this::unreadable), ussfId -> {
                var place = listed.indexOf(ussfId);
                if (place >= 0) {
                    places.set(place);
                } else {
                    notListed.add(ussfId);
                }
            });
        }
        return new HeldIds(places, notListed.build());
    }

    private UssfIds markedBeside(UssfIds listed, HeldIds expected, HeldIds unconfirmed) {
        var ids = new UssfIds.Builder();
        whileTimeIsLeft(parts.profiles().everybodySubscribed(this::unreadable), ussfId -> {
            if (Stream.of(listed, expected.notListed(), unconfirmed.notListed())
                    .noneMatch(others -> others.contains(ussfId))) {
                ids.add(ussfId);
            }
        });
        return ids.build();
    }

    /** Of a long read, each; renews the lease now and then. Where the time ends, the rest is not read. */
    private void whileTimeIsLeft(Stream<UssfId> people, Consumer<UssfId> each) {
        people.takeWhile(_ -> timeIsLeft()).forEach(ussfId -> {
            each.accept(ussfId);
            saveNowAndThen();
        });
    }

    /** Looks at each once more, from where it stopped; whether it came to the end. */
    private boolean lookOnceMore() {
        var comparison = requireNonNull(progress.comparison());
        var unanswered = 0;
        while (progress.secondLook().looked() < comparison.toBeLookedAt()) {
            var candidates = parts.checkpoint()
                    .candidates(progress, progress.secondLook().looked());
            if (candidates.isEmpty()) {
                throw new IllegalStateException("whom to look at once more is not saved any longer");
            }
            for (var ussfId : candidates) {
                if (unanswered == MOST_UNANSWERED || !timeIsLeft()) {
                    return false;
                }
                unanswered =
                        look(ussfId, progress.secondLook().looked() < comparison.seemMissing()) ? 0 : unanswered + 1;
                tell(String.format(
                        Locale.ROOT,
                        "looked once more at who seems to be missing, %,d of %,d; %,d are",
                        progress.secondLook().looked(),
                        comparison.toBeLookedAt(),
                        progress.secondLook().missingCount()));
                saveNowAndThen();
            }
        }
        return true;
    }

    /** Whether somebody answered. */
    private boolean look(UssfId ussfId, boolean isExpected) {
        try {
            progress = looked(ussfId, isExpected);
            return true;
        } catch (UnusableSecretException noSession) {
            throw noSession;
        } catch (RuntimeException failure) {
            // Their turn counts as taken (design rule 24).
            progress = progress.looked();
            undecided(String.format(Locale.ROOT, "%s could not be looked at: %s", ussfId, reason(failure)));
            return !(failure instanceof LearningCenterUnavailableException);
        }
    }

    private AuditProgress looked(UssfId ussfId, boolean isExpected) {
        var present = parts.profiles().present(ussfId);
        var subscription = subscription(present);
        if (subscription.isPresent()) {
            unsaved.add(present);
            if (progress.repairing()) {
                mark(List.of(subscription.get()));
            }
            return progress.found(isExpected);
        }
        if (progress.repairing()) {
            // From when on we are told begins anew: what comes next may be the new subscription.
            parts.profiles().unsubscribed(ussfId);
        }
        // Since they were compared, which may be days ago, they may have been taken out or erased.
        return isExpected && Stream.of(present, ussfId).distinct().anyMatch(this::isHeld)
                ? isMissing(ussfId)
                : progress.looked();
    }

    private boolean isHeld(UssfId ussfId) {
        return !parts.members().holdersOf(ussfId).isEmpty();
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

    private Outcome complete(Comparison comparison) {
        var looked = progress.secondLook();
        var result = new AuditResult(
                comparison.expected(),
                comparison.subscribed() + looked.found(),
                looked.missingCount(),
                looked.missing().stream().toList(),
                comparison.extraCount() + looked.foundExtra(),
                comparison.extra().stream().toList(),
                looked.repaired());
        if (progress.purpose().repairOwed()) {
            parts.checkpoint().report(held, result);
            parts.checkpoint().save(held, progress.checkedAnew(true));
        } else {
            parts.checkpoint().complete(held, progress, result);
        }
        log.accept(String.format(
                Locale.ROOT,
                "%,d expected, %,d subscribed, %,d missing, %,d extra, %,d repaired",
                result.expected(),
                result.subscribed(),
                result.missingCount(),
                result.extraCount(),
                result.repaired()));
        return new Outcome.Complete(result, progress.undecided());
    }

    /** What is stored and cannot be read. */
    private void unreadable() {
        progress = progress.undecidedOnce();
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
            parts.checkpoint().savePiece(held, progress, unsaved.build());
            progress = progress.saved();
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
