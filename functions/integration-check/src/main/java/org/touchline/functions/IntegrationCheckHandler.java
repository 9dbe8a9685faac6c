package org.touchline.functions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import org.touchline.InvalidValueException;
import org.touchline.Json;
import org.touchline.golive.IntegrationCheck;
import org.touchline.golive.IntegrationCheck.Check;
import org.touchline.lambda.InvokedFunction;
import org.touchline.lambda.Wiring;
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
        this.check = wiring.integrationCheck();
    }

    @Override
    protected String acceptedPayloads() {
        return "{} checks with the first test user; {\"ussfId\":\"…\"} with somebody else";
    }

    @Override
    protected JsonNode result(ObjectNode payload, Deadline deadline) {
        if (payload.isEmpty()) {
            return document(check.run(IntegrationCheck.FIRST_TEST_USER, deadline, IntegrationCheckHandler::tell));
        }
        if (payload.size() == 1 && payload.path("ussfId").isTextual()) {
            return document(check.run(ussfId(payload), deadline, IntegrationCheckHandler::tell));
        }
        throw new UnknownPayloadException(acceptedPayloads());
    }

    /** For whoever watches the log: a check may wait a minute for a webhook. What the Learning Center said itself is not in it. */
    private static void tell(Check check) {
        progress("integration check: %s %s: %s"
                .formatted(check.name(), check.passed() ? "passed" : "FAILED", check.summary()));
    }

    private UssfId ussfId(ObjectNode payload) {
        try {
            return UssfId.parse(payload.path("ussfId").asText());
        } catch (InvalidValueException invalid) {
            throw new UnknownPayloadException(acceptedPayloads());
        }
    }

    private static ObjectNode document(List<Check> checks) {
        var result =
                Json.MAPPER.createObjectNode().put("passed", checks.stream().allMatch(Check::passed));
        var list = result.putArray("checks");
        checks.forEach(each -> list.addObject()
                .put("name", each.name())
                .put("passed", each.passed())
                .put("detail", each.detail()));
        return result;
    }
}
