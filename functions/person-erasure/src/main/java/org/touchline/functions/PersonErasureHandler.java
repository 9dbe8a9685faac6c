package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.Json;
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
                wiring.quarantine());
        this.session = wiring.learningCenter().session();
    }

    @Override
    protected String acceptedPayloads() {
        return "{\"ussfId\":\"…\"} or {\"memberIdentifier\":\"…\"} forgets a person";
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        if (payload.size() != 1) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        session.allowOneLogin();
        try {
            if (payload.path("ussfId").isTextual()) {
                return document(
                        erasure.erase(UssfId.parse(payload.path("ussfId").asText()), deadline));
            }
            if (payload.path("memberIdentifier").isTextual()) {
                return document(erasure.erase(
                        MemberIdentifier.parse(payload.path("memberIdentifier").asText()), deadline));
            }
        } catch (InvalidValueException invalid) {
            // Refused below, without what was sent.
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    /** Tables by their names in the template. */
    private static ObjectNode document(Deleted deleted) {
        var document = Json.MAPPER.createObjectNode();
        document.putObject("deleted")
                .put("LicenseStoreTable", deleted.licenseStore())
                .put("MemberDirectoryTable", deleted.memberDirectory())
                .put("FollowUpTable", deleted.followUps())
                .put("QuarantineTable", deleted.quarantine());
        return document;
    }
}
