package org.touchline.learningcenter.wire;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.license.UssfId;

/**
 * What an answer that is no success says (wire contract §2, "The message decides"; design rule 24). Where that is looked for, and
 * what, is here and nowhere else: an error that the real Learning Center words otherwise is added here.
 */
final class ErrorMessage {
    /** Where it is looked for in an object. */
    private static final List<String> FIELDS = List.of("message", "error", "error_description", "detail", "title");

    /** Where there is no object, in the text; a longer one is no message. In bytes. */
    private static final int LONGEST_TEXT = 1024;

    /** What is looked for, as {@link #reduced} leaves it. */
    private static final String UNKNOWN_USSF_ID = "ussfiddoesnotexist";

    private static final String OTHER_BIRTH_DATE = "dobdoesnotmatchussfid";
    private static final String NO_MATCH = "nomatch";

    private static final int LONGEST_REASON = 500;

    private final byte[] body;
    private final @Nullable LearningCenterRecord object;
    private final List<String> texts;

    ErrorMessage(byte[] body) {
        this.body = body;
        this.object = object(body);
        this.texts = object == null ? text(body).toList() : texts(object);
    }

    boolean saysUnknownUssfId() {
        return says(UNKNOWN_USSF_ID);
    }

    boolean saysOtherBirthDate() {
        return says(OTHER_BIRTH_DATE);
    }

    /** Whether it is so anywhere: a look-up that finds nobody has no wording of its own in the contract. */
    boolean saysNoMatch() {
        return reduced(new String(body, StandardCharsets.UTF_8)).contains(NO_MATCH);
    }

    /** Which USSF-ID the person has now; empty if it names none that is one. */
    Optional<UssfId> newUssfId() {
        try {
            return Optional.ofNullable(object).map(error -> error.ussfIdOrNull("ussf_id"));
        } catch (UnintelligibleException noUssfId) {
            return Optional.empty();
        }
    }

    /** For the person who asked; empty if there is nothing to read but, perhaps, a page. */
    String reason() {
        var reason = object == null || texts.isEmpty() ? "" : texts.getFirst();
        return reason.substring(0, Math.min(reason.length(), LONGEST_REASON));
    }

    private boolean says(String wanted) {
        return texts.stream().map(ErrorMessage::reduced).anyMatch(text -> text.contains(wanted));
    }

    /** In lower case, letters and digits only. */
    private static String reduced(String text) {
        return text.toLowerCase(Locale.ROOT)
                .codePoints()
                .filter(Character::isLetterOrDigit)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static @Nullable LearningCenterRecord object(byte[] body) {
        try {
            var json = LearningCenterJson.parse(body);
            return json.isObject() ? new LearningCenterRecord(json) : null;
        } catch (UnintelligibleException noJson) {
            return null;
        }
    }

    private static List<String> texts(LearningCenterRecord error) {
        return FIELDS.stream()
                .map(field -> textOrNull(error, field))
                .filter(Objects::nonNull)
                .toList();
    }

    private static @Nullable String textOrNull(LearningCenterRecord error, String field) {
        try {
            return error.text(field);
        } catch (UnintelligibleException noText) {
            return null;
        }
    }

    private static Stream<String> text(byte[] body) {
        var text = body.length > LONGEST_TEXT ? "" : new String(body, StandardCharsets.UTF_8).strip();
        // What began as JSON and is none, or is a list, says something in words that we do not know.
        return text.isEmpty() || text.startsWith("{") || text.startsWith("[") ? Stream.of() : Stream.of(text);
    }
}
