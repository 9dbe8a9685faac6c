package org.touchline.change;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.Sha256;
import org.touchline.license.UssfId;

/**
 * One change of what is held (wire contract §9). Nobody may change {@code data} once it is in here.
 *
 * @param id the same however often the change is told ({@link #id(String, ChangeType)})
 * @param subject the USSF-ID, or the member identifier; null of what is about nobody
 * @param time when it was stored, in whole seconds
 * @param data as the contract spells it for the type: no name, no address, no birth date
 * @param leaves of a member, the USSF-ID that they hold no longer since this change; it is not told, and leads an erasure of that
 *     person here; null if there is none
 */
public record Entry(
        String id,
        ChangeType type,
        @Nullable String subject,
        Instant time,
        JsonObject data,
        @Nullable UssfId leaves) {
    private static final int ID_DIGITS = 32;

    /** @throws InvalidValueException if it has no subject and needs one, or has one and is about nobody */
    public Entry {
        if ((subject == null) == (type.isOfPerson() || type.isOfMember())) {
            throw new InvalidValueException("an entry has a subject if it is about somebody");
        }
        time = time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** An entry after which nobody holds another USSF-ID. */
    public Entry(String id, ChangeType type, @Nullable String subject, Instant time, JsonObject data) {
        this(id, type, subject, time, data, null);
    }

    /**
     * The id of an entry: a digest (design rule 28).
     *
     * @param source what it is made of: a stream record's {@code eventID}, or of a notice all that it tells
     */
    public static String id(String source, ChangeType type) {
        var text = type.wireName() + "\n" + source;
        return HexFormat.of()
                .formatHex(Sha256.digest(text.getBytes(StandardCharsets.UTF_8)))
                .substring(0, ID_DIGITS);
    }

    /**
     * The event as it goes out: CloudEvents 1.0 as JSON.
     *
     * @param stackName of the stack that tells it
     */
    public JsonObject event(String stackName) {
        var event = new JsonObject()
                .put("specversion", "1.0")
                .put("id", id)
                .put("source", "touchline/" + stackName)
                .put("type", type.wireName());
        if (subject != null) {
            event.put("subject", subject);
        }
        event.put("time", time.toString());
        event.set("data", data);
        return event;
    }

    Entry with(JsonObject other) {
        return new Entry(id, type, subject, time, other, leaves);
    }

    Entry leavingNobody() {
        return new Entry(id, type, subject, time, data, null);
    }
}
