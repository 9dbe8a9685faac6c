package org.touchline.learningcenter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.Locale;

/**
 * What the Learning Center answered, once it did.
 *
 * @param call the name of the call
 * @param contentType as it was sent; empty for none
 */
record ConnectAnswer(String call, int status, String contentType, byte[] body) {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;
    private static final int LONGEST_REASON = 500;

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** The body, which must be JSON. */
    JsonNode json() {
        requireNoPage();
        return LearningCenterJson.parse(body);
    }

    /** Something between us and the Learning Center may answer for it, with a page for people; an empty one is none. */
    void requireNoPage() {
        if (body.length > 0 && contentType.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            throw new UnintelligibleException(call + " was answered " + status + " with an HTML page");
        }
    }

    /** What an answer that is no success means for a call (wire contract §2, errors). */
    LearningCenterException error(ConnectCall of) {
        if (status < BAD_REQUEST) {
            return new UnintelligibleException(call + " was answered " + status);
        }
        if (status == GONE || status == NOT_FOUND || status == BAD_REQUEST) {
            // These are believed, and people's records are changed by them: they must be the Learning Center's own.
            var error = new LearningCenterRecord(body.length == 0 ? JsonNodeFactory.instance.objectNode() : json());
            if (status == GONE) {
                return new UssfIdChangedException(error.ussfId("ussf_id"));
            }
            if (status == NOT_FOUND && of.isAboutPerson()) {
                return new UnknownUssfIdException();
            }
            if (status == BAD_REQUEST && of.comparesBirthDate()) {
                return new BirthDateMismatchException();
            }
        }
        return new RefusedException(call, status, reason());
    }

    /** The {@code message} of an error; empty if there is none to read. */
    String reason() {
        try {
            var message = new LearningCenterRecord(json()).text("message");
            return message == null ? "" : message.substring(0, Math.min(message.length(), LONGEST_REASON));
        } catch (UnintelligibleException none) {
            return "";
        }
    }

    @Override
    public String toString() {
        return call + " answered " + status;
    }
}
