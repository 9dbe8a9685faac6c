package org.touchline.embedded.learningcenter;

import java.util.Map;

/** A request that is answered with an error: its status and the JSON object that goes with it. */
final class Refusal extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Map<String, String> body;

    private Refusal(int status, Map<String, String> body) {
        super(body.get("message"));
        this.status = status;
        this.body = body;
    }

    /** An error of which there is only a message. */
    static Refusal of(int status, String message) {
        return new Refusal(status, Map.of("message", message));
    }

    static Refusal badRequest(String message) {
        return of(400, message);
    }

    /** 410, for an id that has been changed to {@code newUssfId}. */
    static Refusal moved(String newUssfId) {
        return new Refusal(410, Map.of("message", "ussf_id has been changed", "ussf_id", newUssfId));
    }

    /** 404, for an id that nobody ever had. */
    static Refusal unknownUssfId() {
        return of(404, "ussf_id does not exist");
    }

    Answer answer() {
        return Answer.json(status, body);
    }
}
