package org.touchline.learningcenter.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.touchline.JsonValue;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.UssfIdChangedException;

/** What the Learning Center answered, once it did. Not safe for use by several threads at once. */
public final class ConnectAnswer {
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int GONE = 410;

    private final String call;
    private final int status;
    private final String contentType;
    private final byte[] body;
    private @Nullable JsonValue json;

    /**
     * An answer.
     *
     * @param call the name of the call
     * @param contentType as it was sent; empty for none
     */
    ConnectAnswer(String call, int status, String contentType, byte[] body) {
        this.call = call;
        this.status = status;
        this.contentType = contentType;
        this.body = body;
    }

    public String call() {
        return call;
    }

    public int status() {
        return status;
    }

    byte[] body() {
        return body;
    }

    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public boolean isNotFound() {
        return status == NOT_FOUND;
    }

    /** The body, which must be JSON; read once, whoever asks. */
    public JsonValue json() {
        var known = json;
        if (known == null) {
            requireNoPage();
            known = LearningCenterJson.parse(body);
            json = known;
        }
        return known;
    }

    /** Something between us and the Learning Center may answer for it, with a page for people; an empty one is none. */
    public void requireNoPage() {
        if (body.length > 0 && contentType.toLowerCase(Locale.ROOT).startsWith("text/html")) {
            throw new UnintelligibleException(call + " was answered " + status + " with an HTML page");
        }
    }

    /** Whether a look-up found nobody, and said so with a 404 (wire contract §2, errors). */
    public boolean isNoMatch() {
        return isNotFound() && new ErrorMessage(body).saysNoMatch();
    }

    /**
     * What an answer that is no success means for a call (wire contract §2, errors). People's records are changed by what is no
     * refusal: so it counts for what it says, and anything else is a refusal of that one call (design rule 24).
     */
    public LearningCenterException error(ConnectCall of) {
        if (status < BAD_REQUEST) {
            return new UnintelligibleException(call + " was answered " + status);
        }
        var message = new ErrorMessage(body);
        if (status == GONE) {
            var asked = of.ussfId();
            var present = message.newUssfId()
                    .filter(ussfId -> asked != null && !ussfId.value().equals(asked));
            if (present.isPresent()) {
                return new UssfIdChangedException(present.get());
            }
        }
        if (status == NOT_FOUND && of.decidesWhetherPersonExists() && message.saysUnknownUssfId()) {
            return new UnknownUssfIdException();
        }
        if (status == BAD_REQUEST && of.comparesBirthDate() && message.saysOtherBirthDate()) {
            return new BirthDateMismatchException();
        }
        return new RefusedException(call, status, message.reason());
    }

    /** What an error says, for the person who asked; empty if there is nothing to read. */
    public String reason() {
        return new ErrorMessage(body).reason();
    }

    @Override
    public String toString() {
        return call + " answered " + status;
    }
}
