package org.touchline;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;

/** JSON of our own: strict in what it reads. What the Learning Center writes is read elsewhere, with tolerance. */
public final class Json {
    /** How deep the JSON may be that strangers send: whoever walks through it, as Jackson itself, goes as deep. */
    public static final StreamReadConstraints SHALLOW =
            StreamReadConstraints.builder().maxNestingDepth(64).build();

    /**
     * Refuses a field that is there twice, anything behind the end, and what is nested deeper than 64 times. Safe for use by several
     * threads.
     */
    public static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(SHALLOW).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /** Whether a text is one: half of a surrogate pair can be written in JSON, and nowhere else. */
    public static boolean isWellFormed(String text) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(text);
    }

    /** Whether all texts in it are such; of names, the parser sees to that. */
    public static boolean isWellFormed(JsonNode json) {
        return json.isTextual()
                ? isWellFormed(json.textValue())
                : json.valueStream().allMatch(Json::isWellFormed);
    }
}
