package org.touchline.embedded.learningcenter;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that was sent, and what became of it.
 *
 * @param path such as {@code /webhooks/user-license-update}
 * @param body what was sent
 * @param sentAt when
 * @param status the answer's status; null if none came
 * @param answer the answer's body; null if none came
 * @param error why no answer came: no target, no connection, no time left; null if one did
 */
public record SentWebhook(
        String path,
        JsonNode body,
        Instant sentAt,
        @Nullable Integer status,
        @Nullable String answer,
        @Nullable String error) {}
