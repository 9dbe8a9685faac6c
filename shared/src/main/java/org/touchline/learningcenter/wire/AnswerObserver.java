package org.touchline.learningcenter.wire;

import org.touchline.JsonValue;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;

/**
 * Is told what the Learning Center answers, for who counts what is not as it should be (design rule 24). Whatever it is told, it must
 * not fail, and must not keep or log a value (design rule 21). Called by several threads at once.
 */
public interface AnswerObserver {
    /** Nobody looks. */
    AnswerObserver NONE = new AnswerObserver() {};

    /** An answer came, whatever it says: any but 429 and 5xx. */
    default void received(ConnectAnswer answer) {}

    /**
     * A call was answered with success, and with JSON.
     *
     * @param call as the wire contract names it
     */
    default void answered(String call, JsonValue answer) {}

    /**
     * A call was refused, or its answer cannot be read.
     *
     * @param why a {@link RefusedException} or an {@link UnintelligibleException}
     */
    default void unusable(String call, LearningCenterException why) {}

    /**
     * A row of a list cannot be read, and was passed over (wire contract §2).
     *
     * @param why names the field
     */
    default void unreadableRow(String call, UnintelligibleException why) {}

    /** Both this one and another are told. */
    default AnswerObserver and(AnswerObserver other) {
        var one = this;
        return new AnswerObserver() {
            @Override
            public void received(ConnectAnswer answer) {
                one.received(answer);
                other.received(answer);
            }

            @Override
            public void answered(String call, JsonValue answer) {
                one.answered(call, answer);
                other.answered(call, answer);
            }

            @Override
            public void unusable(String call, LearningCenterException why) {
                one.unusable(call, why);
                other.unusable(call, why);
            }

            @Override
            public void unreadableRow(String call, UnintelligibleException why) {
                one.unreadableRow(call, why);
                other.unreadableRow(call, why);
            }
        };
    }
}
