package org.touchline.lambda;

import org.touchline.JsonValue;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.AnswerObserver;
import org.touchline.learningcenter.wire.UnknownFields;

/**
 * Counts what of the Learning Center's answers and webhooks is not as the wire contract says (design rule 24). Each is a line in the
 * log that names what it was; of fields, each name once by an instance of a function.
 *
 * <p>Safe for use by several threads.
 */
public final class AnswerMetrics implements AnswerObserver {
    private static final String SOURCE = "Source";
    private static final String REASON = "Reason";

    private final Metrics metrics;
    private final UnknownFields unknownFields = new UnknownFields();

    AnswerMetrics(Metrics metrics) {
        this.metrics = metrics;
    }

    /** @param source a call, or the path of a webhook */
    @Override
    public void answered(String source, JsonValue json) {
        var found = unknownFields.in(source, json);
        if (found.count() == 0) {
            return;
        }
        var line = metrics.line().count(Metrics.UNKNOWN_FIELDS, found.count()).saying(SOURCE, source);
        if (!found.newNames().isEmpty()) {
            line.saying("NewFields", String.join(", ", found.newNames()));
        }
        line.write();
    }

    @Override
    public void unusable(String call, LearningCenterException why) {
        count(Metrics.UNUSABLE_ANSWERS, call, why);
    }

    @Override
    public void unreadableRow(String call, UnintelligibleException why) {
        count(Metrics.UNREADABLE_ROWS, call, why);
    }

    private void count(String metric, String call, LearningCenterException why) {
        metrics.line()
                .count(metric, 1)
                .saying(SOURCE, call)
                .saying(REASON, String.valueOf(why.getMessage()))
                .write();
    }
}
