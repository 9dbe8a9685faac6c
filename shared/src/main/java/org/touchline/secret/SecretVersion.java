package org.touchline.secret;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a secret holds, and since when: every new value has a new id.
 *
 * @param id the version id of Secrets Manager
 * @param value a JSON object (wire contract §8)
 */
public record SecretVersion(String id, JsonNode value) {
    /** What the template puts into a secret whose value only the organization can know. */
    private static final String PLACEHOLDER = "replace-me";

    /** A field's text; empty if it is missing, no text, blank or the placeholder, which all are no value (design rule 20). */
    public static Optional<String> usable(@Nullable JsonNode field) {
        return Optional.ofNullable(field)
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .filter(text -> !text.isBlank() && !text.equals(PLACEHOLDER));
    }

    /**
     * Whether what a secret calls previous is still live: until its {@code previousUntil} (ISO-8601, UTC), or, where there is
     * none, until it is taken out (wire contract §8). An end that cannot be read has passed.
     */
    public static boolean previousIsLive(JsonNode value, Instant now) {
        var until = value.path("previousUntil");
        if (until.isMissingNode() || until.isNull()) {
            return true;
        }
        try {
            return now.isBefore(Instant.parse(until.asText()));
        } catch (DateTimeParseException unreadable) {
            return false;
        }
    }

    /** The id alone. */
    @Override
    public String toString() {
        return "SecretVersion[" + id + "]";
    }
}
