package org.touchline.statement;

import org.touchline.InvalidValueException;
import org.touchline.change.HistoryWriter;
import org.touchline.learningcenter.UnintelligibleException;

/** A record of a stream of which no entry of the history could be made (design rule 29), for its replay. */
public final class HistoryRecord implements Statement {
    private final HistoryWriter history;

    /** @param history makes the entry, as it does of the stream's records */
    public HistoryRecord(HistoryWriter history) {
        this.history = history;
    }

    @Override
    public Outcome apply(Payload payload) {
        try {
            return history.replay(payload.json()) > 0 ? Outcome.APPLIED : Outcome.UNCHANGED;
        } catch (InvalidValueException stillNotUnderstood) {
            throw new UnintelligibleException(stillNotUnderstood.getMessage());
        }
    }
}
