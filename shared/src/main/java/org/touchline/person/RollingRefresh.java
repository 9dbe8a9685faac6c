package org.touchline.person;

import java.time.InstantSource;
import java.util.Iterator;
import java.util.function.Consumer;
import org.touchline.followup.FollowUpRunner;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;

/**
 * Refreshes a share of all people each day, those whose turn was longest ago first: nothing else repairs a lost user-update
 * webhook (design §5). It works in the background of what is owed to someone, under the same lease and at the same pace (design
 * rule 10).
 */
public final class RollingRefresh {
    /** Of fewer people nothing can be said (design rule 25). */
    private static final int FEWEST_TO_STOP = 20;

    private static final int MOST_PERCENT_EMPTIED = 5;

    private final PersonRefresh people;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final FollowUpRunner runner;
    private final Consumer<String> journal;
    private final InstantSource clock;

    /**
     * A refresh of the people in these stores.
     *
     * @param runner what the refresh is in the background of
     * @param journal is told a line of each that failed, for the person who looks into it; nothing personal (design rule 21)
     * @param clock tells when a refresh failed
     */
    public RollingRefresh(
            PersonRefresh people,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpRunner runner,
            Consumer<String> journal,
            InstantSource clock) {
        this.people = people;
        this.profiles = profiles;
        this.members = members;
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
     * @param unknown people whom the Learning Center does not know (design rule 18), those included of the follow-ups that were
     *     more urgent
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
        var everybody = profiles.leastRecentlyRefreshed();
        var share = everybody.subList(0, Math.ceilDiv(everybody.size(), days)).iterator();
        var tally = new Tally();
        var followUps = runner.background(timeForOne -> tally.refreshNext(share, timeForOne), deadline);
        tally.unknown += followUps.givenUp();
        return tally.result();
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
            } catch (LearningCenterUnavailableException unavailable) {
                notRefreshed(ussfId, unavailable);
                throw unavailable;
            } catch (UnknownUssfIdException nobody) {
                notRefreshed(ussfId, nobody);
                unknown++;
                members.failUssfId(profiles.present(ussfId), clock.instant());
            } catch (LearningCenterException refused) {
                notRefreshed(ussfId, refused);
            }
        }

        private void notRefreshed(UssfId ussfId, LearningCenterException failure) {
            failed++;
            profiles.refreshTried(ussfId, clock.instant());
            journal.accept("refresh of %s failed: %s".formatted(ussfId, failure.getMessage()));
        }
    }
}
