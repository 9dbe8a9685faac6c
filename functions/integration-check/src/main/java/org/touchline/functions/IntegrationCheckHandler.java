package org.touchline.functions;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.golive.IntegrationCheck;
import org.touchline.golive.IntegrationCheck.Check;
import org.touchline.golive.IntegrationCheck.Position;
import org.touchline.golive.WebhookDrills;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.OAuthWiring;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.session.LearningCenterSession;
import org.touchline.learningcenter.wire.AnswerShapes;
import org.touchline.license.UssfId;
import org.touchline.time.Deadline;

/** On demand, when credentials arrive: checks every call and every webhook before an organization goes live. */
@NullMarked
public final class IntegrationCheckHandler extends InvokedFunction {
    private final IntegrationCheck check;

    /** For Lambda. */
    public IntegrationCheckHandler() {
        this(System.getenv());
    }

    /** @param environment the variables that the template sets */
    public IntegrationCheckHandler(Map<String, String> environment) {
        this(new Wiring(environment));
    }

    private IntegrationCheckHandler(Wiring wiring) {
        super(wiring.clock());
        this.check = newCheck(wiring);
    }

    /** It looks at the Learning Center's answers more closely than other functions. */
    private static IntegrationCheck newCheck(Wiring wiring) {
        var shapes = new AnswerShapes();
        var learningCenter = wiring.learningCenter(shapes);
        var drills = new WebhookDrills(
                learningCenter, wiring.heardWebhooks(), wiring.followUps(), wiring.profiles(), wiring.pacing());
        return new IntegrationCheck(
                secrets(wiring, learningCenter.session()),
                learningCenter,
                shapes,
                wiring.members(),
                drills,
                wiring.extras(),
                wiring.pacing());
    }

    /** Those of all functions. */
    private static Map<String, Runnable> secrets(Wiring wiring, LearningCenterSession session) {
        var oauth = new OAuthWiring(wiring);
        var secrets = new LinkedHashMap<String, Runnable>();
        secrets.put("credentials", session::judgeCredentials);
        secrets.put("webhook keys", wiring.webhookKey()::judge);
        secrets.put("access token", wiring.accessToken()::judge);
        secrets.put("OAuth clients", oauth.clients()::judge);
        secrets.put("token signing keys", oauth.signingKeys()::judge);
        return secrets;
    }

    @Override
    protected String acceptedPayloads() {
        return "{} checks with the first test user; {\"ussfId\":\"…\"} with somebody else; {\"step\":\"secrets\"} makes the first check"
                + " alone, and each \"next\" of a result the one after it";
    }

    @Override
    protected JsonValue result(JsonObject payload, Deadline deadline) {
        var named = payload.has("ussfId") ? 1 : 0;
        var ussfId = named == 1 ? ussfId(payload) : IntegrationCheck.FIRST_TEST_USER;
        if (payload.size() == named) {
            return document(check.run(ussfId, deadline, IntegrationCheckHandler::tell));
        }
        var unsubscribes = isTrue(payload, "unsubscribe");
        if (payload.path("step").isTextual() && payload.size() == named + (unsubscribes ? 2 : 1)) {
            return single(ussfId, new Position(payload.path("step").asText(), unsubscribes), deadline);
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    /** With the payload that makes the next one. */
    private JsonObject single(UssfId ussfId, Position at, Deadline deadline) {
        try {
            var single = check.runOne(ussfId, at, deadline, IntegrationCheckHandler::tell);
            var result = document(List.of(single.check()));
            var next = single.next();
            if (next != null) {
                var payload =
                        result.putObject("next").put("ussfId", ussfId.value()).put("step", next.name());
                if (next.unsubscribes()) {
                    payload.put("unsubscribe", true);
                }
            }
            return result;
        } catch (InvalidValueException noSuchCheck) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    /** For whoever watches the log: a check may wait a minute for a webhook. What the Learning Center said itself is not in it. */
    private static void tell(Check check) {
        progress("integration check: %s %s: %s"
                .formatted(check.name(), check.passed() ? "passed" : "FAILED", check.summary()));
    }

    private UssfId ussfId(JsonObject payload) {
        if (!payload.path("ussfId").isTextual()) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
        try {
            return UssfId.parse(payload.path("ussfId").asText());
        } catch (InvalidValueException invalid) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    private static JsonObject document(List<Check> checks) {
        var result = new JsonObject().put("passed", checks.stream().allMatch(Check::passed));
        var list = result.putArray("checks");
        checks.forEach(each -> list.addObject()
                .put("name", each.name())
                .put("passed", each.passed())
                .put("detail", each.detail()));
        return result;
    }
}
