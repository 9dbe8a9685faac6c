package org.touchline.person;

import java.time.InstantSource;
import java.util.Iterator;
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
    private final PersonRefresh people;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final FollowUpRunner runner;
    private final InstantSource clock;

    /** @param runner what the refresh is in the background of */
    public RollingRefresh(
            PersonRefresh people,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpRunner runner,
            InstantSource clock) {
        this.people = people;
        this.profiles = profiles;
        this.members = members;
        this.runner = runner;
        this.clock = clock;
    }

    /**
     * What came of it.
     *
     * @param refreshed people whose every answer is stored
     * @param changed those of them of whom something was not known
     * @param failed people of whom something could not be asked
     */
    public record Result(int refreshed, int changed, int failed) {}

    /** Refreshes one person, at once. */
    public Result one(UssfId ussfId, Deadline deadline) {
        var tally = new Tally();
        try {
            tally.refresh(ussfId, deadline);
        } catch (LearningCenterUnavailableException unavailable) {
            // That is in the tally, and nobody else is to be spared it.
        }
        return tally.result();
    }

    /**
     * Refreshes the next share. What the time does not suffice for is first tomorrow.
     *
     * @param days in which everybody has their turn
     */
    public Result share(int days, Deadline deadline) {
        var everybody = profiles.leastRecentlyRefreshed();
        var share = everybody.subList(0, Math.ceilDiv(everybody.size(), days)).iterator();
        var tally = new Tally();
        runner.background(timeForOne -> tally.refreshNext(share, timeForOne), deadline);
        return tally.result();
    }

    private final class Tally {
        private int refreshed;
        private int changed;
        private int failed;

        Result result() {
            return new Result(refreshed, changed, failed);
        }

        boolean refreshNext(Iterator<UssfId> share, Deadline deadline) {
            if (share.hasNext()) {
                refresh(share.next(), deadline);
            }
            return share.hasNext();
        }

        void refresh(UssfId ussfId, Deadline deadline) {
            try {
                changed += people.refresh(ussfId, deadline) > 0 ? 1 : 0;
                refreshed++;
            } catch (LearningCenterException notToBeHad) {
                failed++;
                profiles.refreshTried(ussfId, clock.instant());
                if (notToBeHad instanceof UnknownUssfIdException) {
                    members.failUssfId(profiles.present(ussfId), clock.instant());
                }
                if (notToBeHad instanceof LearningCenterUnavailableException unavailable) {
                    throw unavailable;
                }
            }
        }
    }
}
