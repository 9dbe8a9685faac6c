package org.touchline.person;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.learningcenter.wire.LearningCenterRecord;
import org.touchline.license.UssfId;

/**
 * A row of a full answer that could not be read, as it is kept in quarantine: {@code {"ussf_id":"…","row":…}}. The row is as it
 * came; whose it is, the question said.
 */
public final class UnreadableLicense {
    private UnreadableLicense() {}

    static byte[] payload(UssfId person, JsonValue row) {
        var payload = new JsonObject().put("ussf_id", person.value());
        payload.set("row", row);
        return payload.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Reads what was kept, through the code that could not read it before.
     *
     * @return whose it is. What the row says is no longer so, perhaps: it was the truth when the answer came
     * @throws org.touchline.learningcenter.UnintelligibleException if it still cannot be read
     */
    public static UssfId read(JsonValue payload, Instant now) {
        var person = new LearningCenterRecord(payload).ussfId("ussf_id");
        LearningCenterJson.shownLicense(person, payload.path("row"), now);
        return person;
    }
}
