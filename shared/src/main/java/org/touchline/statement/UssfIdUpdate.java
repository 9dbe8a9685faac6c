package org.touchline.statement;

import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.person.PersonMove;

/** A subscribed person's USSF-ID changed (Connect API, "Update of a user's USSF-ID"). */
public final class UssfIdUpdate implements Statement {
    private final PersonMove moves;

    /** @param moves moves what is known of the person */
    public UssfIdUpdate(PersonMove moves) {
        this.moves = moves;
    }

    @Override
    public void rehearse() {
        moves.rehearse();
    }

    @Override
    public Outcome apply(Payload payload) {
        var change = LearningCenterJson.ussfIdChange(payload.json());
        try {
            return switch (moves.recordAndMove(change.former(), change.successor())) {
                case MOVED -> Outcome.APPLIED;
                case ALREADY_SO -> Outcome.UNCHANGED;
            };
        } catch (ContradictoryMoveException contradictory) {
            throw new UnintelligibleException(contradictory.getMessage());
        }
    }

    /** A contradictory change is owed until it is kept (design rule 8); whatever else was not understood, never was. */
    @Override
    public void quarantined(Payload payload) {
        try {
            var change = LearningCenterJson.ussfIdChange(payload.json());
            moves.forget(change.former(), change.successor());
        } catch (UnintelligibleException nothingWasRecorded) {
            // It was refused before that.
        }
    }
}
