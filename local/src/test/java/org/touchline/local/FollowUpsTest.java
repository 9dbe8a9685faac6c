package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;

/** Webhooks whose work goes on after their answer, over HTTP against the whole run: the stream wakes who does it, within seconds. */
class FollowUpsTest {
    private static final String VIDAR = "2020000004136762";
    private static final String NEW_ID = "2020000004136763";
    private static final Duration SECONDS = Duration.ofSeconds(10);

    private final Output output = new Output();
    private LocalRun run;

    @BeforeEach
    void start() {
        run = LocalRun.start(Settings.onFreePorts(EmbeddedStack.projectRoot()), output.stream());
    }

    @AfterEach
    void stop() {
        run.close();
    }

    @Test
    void userUpdateLeadsToTheExperienceWithinSeconds() throws Exception {
        assertEquals(404, TestStack.get(licensesOf(VIDAR)).statusCode());

        assertApplied(webhook(
                "/webhooks/user-update", "{\"ussf_id\":\"%s\",\"changed\":\"referee_experience\"}".formatted(VIDAR)));

        var person = await(licensesOf(VIDAR), json -> json.has("refereeExperience"));
        assertEquals(6, person.path("refereeExperience").intValue());
    }

    @Test
    void changedIdTakesMemberLicensesAndSubscriptionAlong() throws Exception {
        send("PUT", api("/members/CYSA-1"), """
                {"firstName":"Vidar","lastName":"Mlakar","email":"vidar@test.com","dateOfBirth":"1999-01-01","ussfId":"%s"}""".formatted(VIDAR));
        assertApplied(webhook("/webhooks/user-license-update", """
                {"ussf_id":"%s","action":"added","license_id":"referee_8","updated_at":"2026-01-01T00:00:00Z"}""".formatted(VIDAR)));
        await(
                api("/members/CYSA-1"),
                json -> json.at("/enrollment/status").asText().equals("enrolled"));
        var change = "{\"current_ussf_id\":\"%s\",\"new_ussf_id\":\"%s\"}".formatted(VIDAR, NEW_ID);
        send("POST", simulator("/simulator/ussf-id-changes?webhook=false"), change);

        assertApplied(webhook("/webhooks/ussf-id-update", change));

        assertEquals(
                NEW_ID,
                json(TestStack.get(api("/members/CYSA-1")))
                        .at("/enrollment/ussfId")
                        .asText());
        var former = TestStack.get(licensesOf(VIDAR));
        assertEquals(410, former.statusCode());
        assertEquals(NEW_ID, json(former).path("ussfId").asText());

        var licenses = await(
                api("/members/CYSA-1/licenses"), json -> json.path("subscribed").booleanValue());
        assertEquals(NEW_ID, licenses.path("ussfId").asText());
        assertTrue(licenses.has("refereeExperience"));
        assertEquals(3, licenses.path("licenses").size());
        var calls = json(TestStack.get(simulator("/simulator/calls")));
        assertEquals(2, calls.path("POST /users/{ussf_id}/subscriptions").intValue());
    }

    /** The answer, as soon as it is what is waited for. */
    private JsonNode await(URI uri, Predicate<JsonNode> condition) throws Exception {
        var deadline = System.nanoTime() + SECONDS.toNanos();
        var answer = json(TestStack.get(uri));
        while (!condition.test(answer)) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain; there is only " + answer + "\n" + output.lines());
            }
            Thread.sleep(20);
            answer = json(TestStack.get(uri));
        }
        return answer;
    }

    private HttpResponse<String> webhook(String path, String body) throws Exception {
        return TestStack.send(
                "POST", api(path), body, "Content-Type", "application/json", "Authorization", "local-webhook-key");
    }

    private static void assertApplied(HttpResponse<String> answer) {
        assertEquals("{\"status\":\"applied\"}", answer.body());
    }

    private static void send(String method, URI uri, String body) throws Exception {
        var answer = TestStack.send(method, uri, body, "Content-Type", "application/json");
        assertEquals(200, answer.statusCode(), answer.body());
    }

    private URI licensesOf(String ussfId) {
        return api("/users/" + ussfId + "/licenses");
    }

    private URI api(String path) {
        return run.endpoints().api().resolve(path);
    }

    private URI simulator(String path) {
        return run.endpoints().learningCenter().resolve(path);
    }

    private static JsonNode json(HttpResponse<String> answer) {
        return FunctionHarness.json(answer.body());
    }
}
