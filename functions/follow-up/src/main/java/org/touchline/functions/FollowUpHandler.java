package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.Json;
import org.touchline.followup.FollowUpRunner;
import org.touchline.followup.FollowUpRunner.Tally;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Metrics;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterSession;

/** Works on what is owed to someone: when the stream of the follow-up table says that something is new, every minute, and on
 * demand (design rule 10). */
@NullMarked
public final class FollowUpHandler extends InvokedFunction {
    private final FollowUpRunner runner;
    private final FollowUpStore followUps;
    private final LearningCenterSession session;
    private final Metrics metrics;

    /** For Lambda. */
    public FollowUpHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public FollowUpHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private FollowUpHandler(Wiring wiring) {
        super(wiring.clock());
        this.runner = wiring.followUpRunner();
        this.followUps = wiring.followUps();
        this.session = wiring.learningCenter().session();
        this.metrics = wiring.metrics();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} works on what is due; {\"all\":true} on everything outstanding";
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return counted(runner.sweep(deadline));
        }
        if (payload.path("Records").isArray()) {
            return counted(runner.wake(newRows(payload.path("Records")), deadline));
        }
        if (payload.size() == 1 && isTrue(payload, "all")) {
            session.allowOneLogin();
            return counted(runner.all(deadline));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    /** The keys in an event of the table's stream. */
    private static List<String> newRows(JsonNode records) {
        return records.valueStream()
                .map(change -> change.path("dynamodb")
                        .path("Keys")
                        .path("id")
                        .path("S")
                        .asText())
                .filter(id -> !id.isEmpty())
                .toList();
    }

    private ObjectNode counted(Tally tally) {
        var outstanding = followUps.outstanding();
        metrics.count(Metrics.FOLLOW_UPS_FAILING, outstanding.failing());
        return Json.MAPPER
                .createObjectNode()
                .put("done", tally.done())
                .put("failed", tally.failed())
                .put("outstanding", outstanding.count());
    }
}
