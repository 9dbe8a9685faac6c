package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;

/** Wire contract §5, on the event that {@code events/} holds. */
class MemberDirectoryHandlerTest {
    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new MemberDirectoryHandler(stack.environment("MemberDirectoryFunction")));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new MemberDirectoryHandler(stack.environment("MemberDirectoryFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void memberIsPutInReadBackAndTakenOut() {
        var put = function.handle(FunctionHarness.sample("member-directory", event -> {}));

        assertEquals(200, put.status());
        assertEquals(FunctionHarness.json("""
            {"memberIdentifier":"CYSA-1001","firstName":"Vidar","lastName":"Mlakar","email":"2020000004136762@test.com",
             "dateOfBirth":"1999-01-01","ussfId":"2020000004136762","active":true,
             "enrollment":{"status":"pending","detail":"not looked up in the Learning Center yet",
             "ussfId":"2020000004136762","checkedAt":null}}\
            """), put.json());
        assertEquals(put.json(), call("GET", " cysa-1001").json());
        // A no-break space and a zero-width one, as they are pasted.
        assertEquals(put.json(), call("GET", "\u00A0cysa-1001\u200B").json());
        assertEquals(
                put.json(),
                put("\uFEFFCYSA-1001\u00A0", put.body().replace("\"CYSA-1001\"", "\"\u200BCYSA-1001\u00A0\""))
                        .json());

        var deleted = call("DELETE", "CYSA-1001\u2060");
        assertEquals(204, deleted.status());
        assertEquals("", deleted.body());
        assertEquals(404, call("DELETE", "CYSA-1001").status());
        assertEquals(404, call("GET", "CYSA-1001").status());
    }

    @Test
    void refusedMemberNamesTheFieldAndNothingIsStored() {
        var refused = put(
                "A1",
                "{\"firstName\":\"Tim\",\"lastName\":\"Smith\",\"email\":\"t@test.com\",\"dateOfBirth\":\"soon\"}");

        assertEquals(400, refused.status());
        assertEquals("application/problem+json", refused.header("content-type"));
        assertEquals("dateOfBirth", refused.json().path("field").asText());
        assertFalse(refused.body().contains("soon"));
        assertEquals(404, call("GET", "A1").status());
    }

    /** Half of a pair of surrogates is no text, and what holds it cannot be written back. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"\\ud800\":1}",
                "{\"firstName\":\"\\udc00\"}",
                "{\"firstName\":[{\"\\ud800\":1}]}",
                "{\"firstName\":1e2000000000}"
            })
    void textThatIsNoneIsRefused(String body) {
        assertEquals(400, put("A1", body).status());
    }

    @ParameterizedTest
    @ValueSource(ints = {999, 1001, 100_000})
    void nestingAndNumbersWithoutEndAreRefused(int much) {
        assertEquals(
                400, put("A1", "{\"a\":".repeat(much) + "1" + "}".repeat(much)).status());
        assertEquals(400, put("A1", "{\"firstName\":" + "9".repeat(much) + "}").status());
        assertEquals(400, put("A1", "{\"" + "a".repeat(much) + "\":1}").status());
    }

    /** The template cannot tell which zones there are: it is as with a secret (design rule 20). */
    @Test
    void timeZoneThatDoesNotExistFailsClosedAndNamesItsParameter() {
        var environment = new HashMap<>(stack.environment("MemberDirectoryFunction"));
        environment.put("TIME_ZONE", "America/Newyork");
        function = new FunctionHarness(new MemberDirectoryHandler(environment));

        var answer = function.handle(FunctionHarness.sample("member-directory", event -> {}));

        assertEquals(503, answer.status(), answer.body());
        assertTrue(
                function.logged().contains("TIME_ZONE") && function.logged().contains("TimeZone"), function.logged());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "not JSON", "{\"firstName\":\"A\",\"firstName\":\"B\"}"})
    void bodyThatIsNoObjectIsRefused(String body) {
        assertEquals(400, put("A1", body).status());
    }

    @Test
    void identifierThatCannotBeOneIsRefused() {
        var refused = call("GET", "a%b");

        assertEquals(400, refused.status());
        assertEquals("memberIdentifier", refused.json().path("field").asText());
    }

    @Test
    void membersAreListedPageByPage() {
        for (var identifier : new String[] {"B2", "A1", "C3"}) {
            put(
                    identifier,
                    FunctionHarness.sample("member-directory", event -> {}).getBody());
        }

        var first = list("enrollment=pending&limit=2");
        assertEquals(
                "[A1, B2]",
                first.json()
                        .path("members")
                        .findValuesAsText("memberIdentifier")
                        .toString());
        var next = first.json().path("next").asText();

        // With another limit, but with no other status.
        var second = list("enrollment=pending&limit=3&after=" + next);
        assertEquals(400, list("limit=2&after=" + next).status());
        assertEquals(400, list("enrollment=failed&limit=2&after=" + next).status());
        assertEquals(
                "[C3]",
                second.json()
                        .path("members")
                        .findValuesAsText("memberIdentifier")
                        .toString());
        assertFalse(second.json().has("next"));
        assertEquals(0, list("enrollment=no_match").json().path("members").size());

        var all = list("limit=2");
        assertEquals(first.json().path("members"), all.json().path("members"));
        assertEquals(
                second.json(),
                list("limit=2&after=" + all.json().path("next").asText()).json());
    }

    @ParameterizedTest
    @CsvSource({
        "enrollment=",
        "enrollment=unknown",
        "enrollment=PENDING",
        "enrollment=pending&limit=0",
        "enrollment=pending&limit=201",
        "enrollment=pending&limit=ten",
        "enrollment=pending&after=B2",
        "enrollment=pending&enrollment=failed"
    })
    void listOfAnUnknownStatusOrWithOddLimitsIsRefused(String query) {
        assertEquals(400, list(query).status());
    }

    /** Wire contract §5. */
    @ParameterizedTest
    @CsvSource({
        "PUT /members/{memberIdentifier}, active=true, active is unknown; this route knows none",
        "GET /members/{memberIdentifier}, limit=1, limit is unknown; this route knows none",
        "DELETE /members/{memberIdentifier}, force, force is unknown; this route knows none",
        "GET /members, enrolment=failed, 'enrolment is unknown; this route knows enrollment, limit, after'",
        "GET /members, enrollment=failed&enrollment=failed, 'enrollment may be given once; this route knows"
                + " enrollment, limit, after'"
    })
    void queryParameterThatTheRouteDoesNotKnowIsRefusedAndNamed(String route, String query, String detail) {
        function.handle(FunctionHarness.sample("member-directory", event -> {}));

        var answer = function.handle(FunctionHarness.sample("member-directory", event -> {
            event.setRouteKey(route);
            event.setPathParameters(Map.of("memberIdentifier", "CYSA-1001"));
            event.setRawQueryString(query);
        }));

        assertEquals(400, answer.status());
        assertEquals(
                "the query parameter " + detail, answer.json().path("detail").asText());
        assertEquals(200, call("GET", "CYSA-1001").status());
    }

    private HttpAnswer call(String method, String identifier) {
        return function.handle(FunctionHarness.sample("member-directory", event -> {
            event.setRouteKey(method + " /members/{memberIdentifier}");
            event.setPathParameters(Map.of("memberIdentifier", identifier));
        }));
    }

    private HttpAnswer put(String identifier, String body) {
        return function.handle(FunctionHarness.sample("member-directory", event -> {
            event.setPathParameters(Map.of("memberIdentifier", identifier));
            event.setBody(body);
        }));
    }

    private HttpAnswer list(String query) {
        return function.handle(FunctionHarness.sample("member-directory", event -> {
            event.setRouteKey("GET /members");
            event.setPathParameters(null);
            event.setRawQueryString(query);
        }));
    }
}
