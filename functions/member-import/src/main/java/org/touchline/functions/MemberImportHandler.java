package org.touchline.functions;

import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.enrollment.MemberImport;
import org.touchline.enrollment.MemberIntake;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
import org.touchline.time.Deadline;

/** On demand: puts many members in at once. */
@NullMarked
public final class MemberImportHandler extends InvokedFunction {
    private final MemberImport members;

    /** For Lambda. */
    public MemberImportHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public MemberImportHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private MemberImportHandler(Wiring wiring) {
        super(wiring.clock());
        var directory = wiring.members();
        var intake = new MemberIntake(directory, wiring.followUps());
        this.members = new MemberImport(directory, intake, wiring.calendar());
    }

    @Override
    protected String acceptedPayloads() {
        return "{\"members\":[…]}, each of them as in PUT /members with \"memberIdentifier\"";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        if (payload.size() != 1 || !payload.path("members").isArray()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        var list = payload.path("members").valueStream().toList();
        return document(members.run(list, deadline, InvokedFunction::progress));
    }

    private static JsonObject document(MemberImport.Result result) {
        var document = new JsonObject().put("stored", result.stored()).put("unchanged", result.unchanged());
        var rejected = document.putArray("rejected");
        result.rejected()
                .forEach(each -> rejected.addObject()
                        .put("memberIdentifier", each.memberIdentifier())
                        .put("reason", each.reason()));
        return document;
    }
}
