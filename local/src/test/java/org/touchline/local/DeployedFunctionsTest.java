package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.FunctionEnvironment;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.embedded.localstack.DeployedStack;
import org.touchline.embedded.localstack.LocalStack;

/** A function of each kind on the tables, indexes and secrets that CloudFormation makes of {@code template.yaml}. */
@Tag("long")
class DeployedFunctionsTest {
    private static DeployedStack stack;
    private static LearningCenterSimulator simulator;

    @BeforeAll
    static void deploy() {
        var endpoint = LocalStack.endpoint();
        Assumptions.assumeTrue(endpoint.isPresent(), LocalStack.SKIPPED);
        stack = DeployedStack.create(endpoint.orElseThrow());
        simulator = LearningCenterSimulator.start();
        put("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        put("LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
    }

    @AfterAll
    static void delete() {
        if (stack != null) {
            simulator.close();
            stack.close();
        }
    }

    @Test
    void aWebhookIsStoredAndReadBack() throws Exception {
        assertEquals(
                200,
                handle("user-license-webhook", "UserLicenseWebhookFunction").status());

        assertEquals(200, handle("license-lookup", "LicenseLookupFunction").status());
    }

    /** Both indexes of the member directory, and the value that CloudFormation generated for the access token. */
    @Test
    void aMemberIsPutInListedAndVerified() throws Exception {
        assertEquals(200, handle("member-directory", "MemberDirectoryFunction").status());
        var identifier = FunctionHarness.json(FunctionHarness.sampleText("member-directory"))
                .at("/pathParameters/memberIdentifier")
                .asText();
        var list = function("MemberDirectoryFunction").handle(FunctionHarness.sample("member-directory", event -> {
            event.setRouteKey("GET /members");
            event.getRequestContext().getHttp().setMethod("GET");
            event.setRawQueryString("enrollment=pending");
            event.setPathParameters(Map.of());
        }));
        assertTrue(list.body().contains(identifier), list.body());

        var generated = FunctionHarness.json(stack.secretsManager()
                        .getSecretValue(request -> request.secretId(
                                stack.template().secret("AccessTokenSecret").arn()))
                        .secretString())
                .path("current")
                .asText();
        assertEquals(48, generated.length());
        var answer = function("MemberVerificationFunction")
                .handle(FunctionHarness.sample("member-verification", event -> {
                    var headers = new HashMap<>(event.getHeaders());
                    headers.put("x-access-token", generated);
                    event.setHeaders(headers);
                    event.setRawQueryString("memberIdentifier=" + identifier);
                }));
        assertEquals(200, answer.status());
        assertTrue(answer.json().path("isValid").booleanValue(), answer.body());
    }

    /** Its row, its lease, the index by which it is found, and the session. */
    @Test
    void aFollowUpIsRecordedAndDone() throws Exception {
        assertEquals(200, handle("user-webhook", "UserWebhookFunction").status());

        var result = FunctionHarness.json(function("FollowUpFunction").invoke("{\"all\":true}"));

        assertEquals(0, result.path("failed").intValue());
        assertEquals(0, result.path("outstanding").intValue());
        assertNotEquals(0, result.path("done").intValue());
    }

    @Test
    void subscriptionsAreComparedAndAPersonIsForgotten() throws Exception {
        var audit = FunctionHarness.json(function("SubscriptionAuditFunction").invoke("{}"));
        assertTrue(audit.path("subscribed").isInt(), audit.toString());

        var erased =
                FunctionHarness.json(function("PersonErasureFunction").invoke("{\"memberIdentifier\":\"NOBODY-1\"}"));
        assertEquals(FunctionHarness.json("""
                        {"known":false,"deleted":{"LicenseStoreTable":0,"MemberDirectoryTable":0,"FollowUpTable":0,
                        "QuarantineTable":0,"ChangeHistoryTable":0}}"""), erased);
    }

    private static HttpAnswer handle(String sample, String logicalId) throws Exception {
        return function(logicalId).handle(FunctionHarness.sample(sample, _ -> {}));
    }

    private static FunctionHarness function(String logicalId) throws Exception {
        var endpoint = LocalStack.endpoint().orElseThrow();
        var environment =
                new HashMap<>(FunctionEnvironment.of(stack.template(), logicalId, endpoint, endpoint, endpoint));
        environment.computeIfPresent(
                "LEARNING_CENTER_BASE_URL", (_, _) -> simulator.baseUrl().toString());
        return new FunctionHarness(
                Handlers.make(stack.template().function(logicalId).handler(), environment), Duration.ofMinutes(5));
    }

    private static void put(String logicalId, String json) {
        stack.secretsManager()
                .putSecretValue(request -> request.secretId(
                                stack.template().secret(logicalId).arn())
                        .secretString(json));
    }
}
