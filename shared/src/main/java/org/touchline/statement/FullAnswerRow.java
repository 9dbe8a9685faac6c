package org.touchline.statement;

import java.time.InstantSource;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.person.UnreadableLicense;

/**
 * A row of a full answer that was quarantined, for its replay: what it says was so when the answer came, and may have ended since. So
 * it is not applied: once it can be read, the person is asked about anew.
 */
public final class FullAnswerRow implements Statement {
    private final FollowUpStore followUps;
    private final InstantSource clock;

    /**
     * For the replay.
     *
     * @param followUps where the question is recorded
     * @param clock tells what is too far ahead
     */
    public FullAnswerRow(FollowUpStore followUps, InstantSource clock) {
        this.followUps = followUps;
        this.clock = clock;
    }

    @Override
    public Outcome apply(Payload payload) {
        followUps.ask(new Refresh(UnreadableLicense.read(payload.json(), clock.instant())));
        return Outcome.APPLIED;
    }
}
