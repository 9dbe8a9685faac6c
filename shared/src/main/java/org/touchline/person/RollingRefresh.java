package org.touchline.person;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberDirectory;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;

/**
 * Refreshes a share of all people each day, those whose turn was longest ago first: nothing else repairs a lost user-update
 * webhook (design §5). Everybody has a turn whom a member has been enrolled with, or of whom the Learning Center tells us (design
 * rule 26); whoever is pending holds an id that nobody has confirmed yet, and has a follow-up of their own. It works in the background of what is owed to someone, under the same lease and at the same pace (design
 * rule 10).
 */
public final class RollingRefresh {
    /** Of fewer people nothing can be said (design rule 25). */
    private static final int FEWEST_TO_STOP = 20;

    private static final int MOST_PERCENT_EMPTIED = 5;

    private final PersonRefresh people;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final FollowUpStore followUps;
    private final FollowUpRunner runner;
    private final Consumer<String> journal;
    private final InstantSource clock;

    /**
     * A refresh of the people in these stores.
     *
     * @param followUps takes what has to be asked again
     * @param runner what the refresh is in the background of
     * @param journal is told a line of each that failed, for the person who looks into it; nothing personal (design rule 21)
     * @param clock tells when a refresh failed
     */
    public RollingRefresh(
            PersonRefresh people,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpStore followUps,
            FollowUpRunner runner,
            Consumer<String> journal,
            InstantSource clock) {
        this.people = people;
        this.profiles = profiles;
        this.members = members;
        this.followUps = followUps;
        this.runner = runner;
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
     */
    public record Result(int refreshed, int changed, int failed, int unknown, boolean stopped) {
        /** What came of it where nothing stopped. */
        public Result(int refreshed, int changed, int failed, int unknown) {
            this(refreshed, changed, failed, unknown, false);
        }
    }

    /**
     * Refreshes one person, at once.
     *
     * @param accepted whether a person has said that the answer is right, whatever it takes away (design rule 25)
     */
    public Result one(UssfId ussfId, boolean accepted, Deadline deadline) {
        var tally = new Tally();
        try {
            tally.refresh(ussfId, accepted, deadline);
        } catch (LearningCenterUnavailableException unavailable) {
            // That is in the tally, and nobody else is to be spared it.
        }
        return tally.result();
    }

    /**
     * Refreshes the next share. What the time does not suffice for is first tomorrow. Where more than 5 % of at least 20 people lose
     * everything, it stops itself (design rule 25): the Learning Center may be telling everybody so.
     *
     * @param days in which everybody has their turn
     */
    public Result share(int days, Deadline deadline) {
        var everybody = profiles.leastRecentlyRefreshed(enrolledBefore());
        var share = everybody.subList(0, Math.ceilDiv(everybody.size(), days)).iterator();
        var tally = new Tally();
        var followUps = runner.background(timeForOne -> tally.refreshNext(share, timeForOne), deadline);
        tally.unknown += followUps.givenUp();
        return tally.result();
    }

    private Set<UssfId> enrolledBefore() {
        return Stream.of(Status.ENROLLED, Status.FAILED)
                .flatMap(status -> members.heldUssfIds(
                        status, () -> journal.accept("refresh: a member holds what is no USSF-ID, and is passed over")))
                .collect(Collectors.toSet());
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

    private final class Tally {
        private int refreshed;
        private int changed;
        private int failed;
        private int unknown;
        private int emptied;

        Result result() {
            return new Result(refreshed, changed, failed, unknown, isStopped());
        }

        boolean refreshNext(Iterator<UssfId> share, Deadline deadline) {
            if (share.hasNext()) {
                refresh(share.next(), false, deadline);
            }
            return share.hasNext() && !isStopped();
        }

        private boolean isStopped() {
            return refreshed >= FEWEST_TO_STOP && emptied * 100 > refreshed * MOST_PERCENT_EMPTIED;
        }

        void refresh(UssfId ussfId, boolean accepted, Deadline deadline) {
            try {
                var one = people.refresh(ussfId, accepted, deadline);
                changed += one.changed() > 0 ? 1 : 0;
                emptied += one.tookEverything() ? 1 : 0;
                refreshed++;
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
            failed++;
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
