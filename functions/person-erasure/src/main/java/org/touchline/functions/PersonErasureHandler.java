package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.license.LicenseStoreErasure;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import org.touchline.person.PersonErasure;
import org.touchline.person.PersonErasure.Deleted;
import org.touchline.time.Deadline;

/** On demand: forgets a person everywhere. Nothing of them is logged. */
@NullMarked
public final class PersonErasureHandler extends InvokedFunction {
    private final PersonErasure erasure;
    private final LearningCenterSession session;

    /** For Lambda. */
    public PersonErasureHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public PersonErasureHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private PersonErasureHandler(Wiring wiring) {
        super(wiring.clock());
        this.erasure = new PersonErasure(
                wiring.learningCenter(),
                wiring.profiles(),
                new LicenseStoreErasure(wiring.dynamoDb(), wiring.required("LICENSE_STORE_TABLE")),
                wiring.members(),
                wiring.followUps(),
                wiring.quarantine(),
                wiring.history().erasure(wiring.profiles(), wiring.members()));
        this.session = wiring.learningCenter().session();
    }

    @Override
    protected String acceptedPayloads() {
        return "{\"ussfId\":\"…\"} or {\"memberIdentifier\":\"…\"} forgets a person; with \"preview\":true"
                + " nothing changes, and the answer says what would go";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        var preview = isTrue(payload, "preview");
        if (payload.size() != (preview ? 2 : 1)) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        try {
            if (payload.path("ussfId").isTextual()) {
                return document(of(UssfId.parse(payload.path("ussfId").asText()), preview, deadline));
            }
            if (payload.path("memberIdentifier").isTextual()) {
                var identifier =
                        MemberIdentifier.parse(payload.path("memberIdentifier").asText());
                return document(of(identifier, preview, deadline));
            }
        } catch (InvalidValueException invalid) {
            // Refused below, without what was sent.
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    private Deleted of(UssfId ussfId, boolean preview, Deadline deadline) {
        if (preview) {
            return erasure.preview(ussfId);
        }
        session.allowOneLogin();
        return erasure.erase(ussfId, deadline);
    }

    private Deleted of(MemberIdentifier identifier, boolean preview, Deadline deadline) {
        if (preview) {
            return erasure.preview(identifier);
        }
        session.allowOneLogin();
        return erasure.erase(identifier, deadline);
    }

    /** Tables by their names in the template. */
    private static JsonObject document(Deleted deleted) {
        var document = new JsonObject().put("known", deleted.known());
        document.putObject("deleted")
                .put("LicenseStoreTable", deleted.licenseStore())
                .put("MemberDirectoryTable", deleted.memberDirectory())
                .put("FollowUpTable", deleted.followUps())
                .put("QuarantineTable", deleted.quarantine())
                .put("ChangeHistoryTable", deleted.changeHistory());
        return document;
    }
}
