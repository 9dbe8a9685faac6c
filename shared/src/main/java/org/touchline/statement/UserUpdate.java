package org.touchline.statement;

import org.touchline.followup.FollowUp.FetchGrassrootsCertificate;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;

/**
 * Something of a subscribed person changed that is no license (Connect API, "Update of a user"). What it is now, the webhook does
 * not say: it is asked for, later, by what is recorded here (design rule 8).
 */
public final class UserUpdate implements Statement {
    private final FollowUpStore followUps;

    /** @param followUps where it is recorded */
    public UserUpdate(FollowUpStore followUps) {
        this.followUps = followUps;
    }

    @Override
    public Outcome apply(Payload payload) {
        var update = LearningCenterJson.userChange(payload.json());
        followUps.askAll(update.changed().stream()
                .map(changed -> switch (changed) {
                    case REFEREE_EXPERIENCE -> new FetchRefereeExperience(update.ussfId());
                    case GRASSROOTS_REFEREE_CERTIFICATE -> new FetchGrassrootsCertificate(update.ussfId());
                })
                .toList());
        if (update.hasUnknown()) {
            throw new UnintelligibleException("changed names something unknown");
        }
        return Outcome.APPLIED;
    }
}
