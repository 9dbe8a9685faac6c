package org.touchline.person;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpRunner.Background;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberDirectory;
import org.touchline.person.PersonRefresh.Refreshed;
import org.touchline.person.RefreshCheckpoint.Progress;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

/**
 * Refreshes a share of all people each day, those whose turn was longest ago first: nothing else repairs a lost user-update
 * webhook (design §5). Everybody has a turn whom a member has been enrolled with, or of whom the Learning Center tells us (design
 * rule 26); whoever is pending holds an id that nobody has confirmed yet, and has a follow-up of their own. It works in the background
 * of what is owed to someone, under the same lease and at the same pace, several at once (design rules 10 and 33). A share for which
 * the time of one run does not suffice goes on in the next (design rule 32).
 */
public final class RollingRefresh {
    /** Of fewer people nothing can be said (design rule 25). */
    private static final int FEWEST_TO_STOP = 20;

    private static final int MOST_PERCENT_EMPTIED = 5;

    /** A share is no larger than that of so many people: 32 bytes for each in it are held while it is found. */
    private static final int MOST_PEOPLE = 2_000_000;

    /** How far a run has come is saved after so many people: who comes after one that died asks no more of them again. */
    private static final int SAVED_EVERY = 1_000;

    private final PersonRefresh people;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final FollowUpStore followUps;
    private final FollowUpRunner runner;
    private final RefreshCheckpoint checkpoint;
    private final Consumer<Instant> oldestAnswer;
    private final Consumer<String> journal;
    private final InstantSource clock;

    /**
     * A refresh of the people in these stores.
     *
     * @param followUps takes what has to be asked again
     * @param runner what the refresh is in the background of
     * @param checkpoint how far a share has come
     * @param oldestAnswer is told when the person was asked about whose answer is the oldest, each time that a share begins
     * @param journal is told a line of each that failed, for the person who looks into it; nothing personal (design rule 21)
     * @param clock tells when a refresh failed
     */
    public RollingRefresh(
            PersonRefresh people,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpStore followUps,
            FollowUpRunner runner,
            RefreshCheckpoint checkpoint,
            Consumer<Instant> oldestAnswer,
            Consumer<String> journal,
            InstantSource clock) {
        this.people = people;
        this.profiles = profiles;
        this.members = members;
        this.followUps = followUps;
        this.runner = runner;
        this.checkpoint = checkpoint;
        this.oldestAnswer = oldestAnswer;
        this.journal = journal;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param refreshed people whose every answer is stored
     * @param changed those of them of whom something was not known
     * @param failed people of whom something could not be asked
     * @param unknown people whom the Learning Center has said several times that it does not know (design rule 18): of follow-ups
     *     that were more urgent
     * @param stopped whether a share stopped itself, for too many of it lost everything (design rule 25)
     * @param left how many of the share have not had their turn yet
     */
    public record Result(int refreshed, int changed, int failed, int unknown, boolean stopped, int left) {
        /** What came of it where nothing stopped, and nobody is left. */
        public Result(int refreshed, int changed, int failed, int unknown) {
            this(refreshed, changed, failed, unknown, false, 0);
        }
    }

    /**
     * Refreshes one person, at once.
     *
     * @param accepted whether a person has said that the answer is right, whatever it takes away (design rule 25)
     */
    public Result one(UssfId ussfId, boolean accepted, Deadline deadline) {
        var tally = new Tally(0, 0);
        try {
            tally.refresh(ussfId, accepted, deadline);
        } catch (LearningCenterUnavailableException unavailable) {
            // That is in the tally, and nobody else is to be spared it.
        }
        return tally.result(0, 0);
    }

    /**
     * Begins the next share, and refreshes what the time suffices for. What of the one before is unfinished is among the first of it.
     * Where more than 5 % of at least 20 people lose everything, it stops itself (design rule 25): the Learning Center may be telling
     * everybody so.
     *
     * @param days in which everybody has their turn
     * @return empty if another run is at work: the next share begins in the run that goes on after it
     */
    public Optional<Result> share(int days, Deadline deadline) {
        var result = underLease(lease -> Optional.of(begin(lease, days)), deadline);
        if (result.isEmpty()) {
            checkpoint.owe();
        }
        return result;
    }

    /**
     * Goes on with an unfinished share, or begins the next one, if that could not begin when it was asked for. It looks before it takes
     * the lease, so that nobody finds it taken for nothing.
     *
     * @param days in which everybody has their turn
     * @return empty if there is none, or another run is at work
     */
    public Optional<Result> resume(int days, Deadline deadline) {
        return checkpoint.isUnfinished()
                ? underLease(
                        lease -> checkpoint.isOwed(lease)
                                ? Optional.of(begin(lease, days))
                                : checkpoint.unfinished(lease),
                        deadline)
                : Optional.empty();
    }

    private Progress begin(Held lease, int days) {
        return checkpoint.begin(lease, nextShare(days));
    }

    private Optional<Result> underLease(Function<Held, Optional<Progress>> share, Deadline deadline) {
        return checkpoint.acquire().flatMap(lease -> {
            try {
                return share.apply(lease).map(progress -> new Run(lease, progress).work(deadline));
            } finally {
                checkpoint.release(lease);
            }
        });
    }

    private List<UssfId> nextShare(int days) {
        var turns = profiles.turns(enrolledBefore(), Math.ceilDiv(MOST_PEOPLE, days));
        turns.oldestAnswer().ifPresent(oldestAnswer);
        return turns.longestWaiting(Math.ceilDiv(turns.people(), days));
    }

    private Stream<UssfId> enrolledBefore() {
        return Stream.of(Status.ENROLLED, Status.FAILED)
                .flatMap(status -> members.heldUssfIds(
                        status,
                        () -> journal.accept("refresh: a member holds what is no USSF-ID, and is passed over")));
    }

    /** One "unknown" may be a mistake: a follow-up asks several times before a member fails (design rule 26). */
    private void isUnknown(UssfId ussfId) {
        var present = profiles.present(ussfId);
        var holders = members.statusesOfHolders(present);
        if (holders.contains(Status.ENROLLED) || holders.isEmpty() && profiles.isSubscribed(present)) {
            followUps.ask(new Subscribe(present));
        }
    }

    /** Of whom we should be told and are not, or whose members have failed, is known: a follow-up subscribes (design rule 26). */
    private void isKnown(UssfId ussfId) {
        var present = profiles.present(ussfId);
        var holders = members.statusesOfHolders(present);
        if (holders.contains(Status.FAILED) || holders.contains(Status.ENROLLED) && !profiles.isSubscribed(present)) {
            followUps.ask(new Subscribe(present));
        }
    }

    /** One run on a share. */
    private final class Run implements Background {
        private final Held lease;
        private final Progress before;
        private final Tally tally;
        private Iterator<UssfId> people = Collections.emptyIterator();
        private int begun;

        Run(Held lease, Progress before) {
            this.lease = lease;
            this.before = before;
            this.tally = new Tally(before.refreshed(), before.emptied());
            this.begun = before.begun();
        }

        /** Where it breaks off, how far it had come is not saved: who was not asked has their turn in the next run. */
        Result work(Deadline deadline) {
            var followUps = runner.background(this, deadline);
            var progress = progress();
            if (progress.left() == 0 || tally.isStopped()) {
                checkpoint.complete(lease, progress);
            } else {
                checkpoint.save(lease, progress);
            }
            return tally.result(followUps.givenUp(), tally.isStopped() ? 0 : progress.left());
        }

        @Override
        public Optional<Piece> next() {
            if (!people.hasNext() && begun < before.people()) {
                people = checkpoint.people(before, begun).iterator();
            }
            if (!people.hasNext() || tally.isStopped()) {
                return Optional.empty();
            }
            var ussfId = people.next();
            begun++;
            if (begun % SAVED_EVERY == 0) {
                checkpoint.save(lease, progress());
            }
            return Optional.of(new Piece(ussfId.value(), deadline -> tally.refreshIfKept(ussfId, deadline)));
        }

        private Progress progress() {
            return tally.progress(before, begun);
        }
    }

    /** Safe for use by several threads. */
    private final class Tally {
        private final int refreshedBefore;
        private int refreshed;
        private int changed;
        private int failed;
        private int emptied;

        Tally(int refreshedBefore, int emptiedBefore) {
            this.refreshedBefore = refreshedBefore;
            this.emptied = emptiedBefore;
        }

        synchronized Result result(int unknown, int left) {
            return new Result(refreshed, changed, failed, unknown, isStopped(), left);
        }

        synchronized Progress progress(Progress before, int begun) {
            return new Progress(before.startedAt(), before.people(), begun, refreshedBefore + refreshed, emptied);
        }

        synchronized boolean isStopped() {
            var all = refreshedBefore + refreshed;
            return all >= FEWEST_TO_STOP && emptied * 100L > all * (long) MOST_PERCENT_EMPTIED;
        }

        private synchronized void refreshed(Refreshed one) {
            changed += one.changed() > 0 ? 1 : 0;
            emptied += one.tookEverything() ? 1 : 0;
            refreshed++;
        }

        private synchronized void failed() {
            failed++;
        }

        /** Since the share began, which may be days ago, somebody may have been erased: nobody is brought back. */
        void refreshIfKept(UssfId ussfId, Deadline deadline) {
            boolean kept;
            try {
                kept = profiles.isKnown(ussfId) || members.isHeld(ussfId);
            } catch (RuntimeException failure) {
                notRefreshed(ussfId, failure.getClass().getSimpleName());
                return;
            }
            if (kept) {
                refresh(ussfId, false, deadline);
            }
        }

        void refresh(UssfId ussfId, boolean accepted, Deadline deadline) {
            try {
                refreshed(people.refresh(ussfId, accepted, deadline));
                andThen(ussfId, RollingRefresh.this::isKnown);
            } catch (LearningCenterUnavailableException unavailable) {
                notRefreshed(ussfId, unavailable.getMessage());
                throw unavailable;
            } catch (UnknownUssfIdException nobody) {
                notRefreshed(ussfId, nobody.getMessage());
                andThen(ussfId, RollingRefresh.this::isUnknown);
            } catch (LearningCenterException refused) {
                notRefreshed(ussfId, refused.getMessage());
            } catch (UnusableSecretException noSession) {
                throw noSession;
            } catch (RuntimeException failure) {
                // Its message may hold what is stored (design rule 21).
                notRefreshed(ussfId, failure.getClass().getSimpleName());
            }
        }

        /** Their turn counts as taken, so that they are not the first tomorrow (design rule 24). */
        private void notRefreshed(UssfId ussfId, String reason) {
            failed();
            journal.accept(String.format(Locale.ROOT, "refresh of %s failed: %s", ussfId, reason));
            andThen(ussfId, present -> profiles.refreshTried(present, clock.instant()));
        }

        /** What fails of it is one person's, and no reason to leave the others out (design rule 24). */
        private void andThen(UssfId ussfId, Consumer<UssfId> step) {
            try {
                step.accept(ussfId);
            } catch (RuntimeException failure) {
                journal.accept(String.format(
                        Locale.ROOT,
                        "refresh of %s: what came of it could not be stored: %s",
                        ussfId,
                        failure.getClass().getSimpleName()));
            }
        }
    }
}
