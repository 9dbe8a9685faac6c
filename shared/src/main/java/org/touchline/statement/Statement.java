package org.touchline.statement;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.wire.LearningCenterJson;

/**
 * What the Learning Center states, and what is done about it. What arrives by webhook and what is replayed from quarantine, wherever it
 * came from, go through the same {@link #apply} (design rule 7).
 */
public interface Statement {
    /**
     * Stores what a payload says. When this returns, it is durable (design rule 6).
     *
     * @throws UnintelligibleException if the payload cannot be understood; then nothing was stored
     */
    Outcome apply(Payload payload);

    /** A payload that could not be understood is in quarantine: what was recorded in case it would not get there is cleared. */
    default void quarantined(Payload payload) {}

    /**
     * Goes through the motions of {@link #apply} while Lambda initializes, so that the first payload finds classes loaded and
     * connections open. Changes nothing; whatever is thrown is ignored.
     */
    default void rehearse() {}

    /** What a payload changed. */
    enum Outcome {
        /** It was news and is stored. */
        APPLIED,
        /** It was known, or older than what is known. */
        UNCHANGED
    }

    /** A payload whose sender proved who it is. Not safe for use by several threads at once. */
    final class Payload {
        private final byte[] body;
        private final Instant receivedAt;
        private final boolean accepted;
        private @Nullable JsonValue json;

        /**
         * A payload.
         *
         * @param body the bytes as they came
         * @param receivedAt when they came
         * @param accepted whether a person has looked at it and found it right, however odd (design rule 9)
         */
        public Payload(byte[] body, Instant receivedAt, boolean accepted) {
            this.body = body;
            this.receivedAt = receivedAt;
            this.accepted = accepted;
        }

        /** When it came. */
        public Instant receivedAt() {
            return receivedAt;
        }

        /** Whether a person has looked at it and found it right. */
        public boolean accepted() {
            return accepted;
        }

        /**
         * What it says; read once, whoever asks.
         *
         * @throws UnintelligibleException if it is no JSON
         */
        public JsonValue json() {
            var known = json;
            if (known == null) {
                known = LearningCenterJson.parse(body);
                json = known;
            }
            return known;
        }
    }
}
