package org.touchline.secret;

import com.fasterxml.jackson.databind.JsonNode;
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

    /** The id alone. */
    @Override
    public String toString() {
        return "SecretVersion[" + id + "]";
    }
}
