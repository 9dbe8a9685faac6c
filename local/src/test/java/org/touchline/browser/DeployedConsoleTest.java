package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;

/** The console of a deployed stack, without a browser: what it signs, and what it says of what AWS refuses. */
@Tag("long")
class DeployedConsoleTest {
    private static final JsonMapper JSON = new JsonMapper();

    private static LocalRun run;
    private static AwsAccount account;
    private static ConsoleProcess console;
    private static URI root;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        run = LocalRun.start(
                Settings.onFreePorts(EmbeddedStack.projectRoot()), new PrintStream(PrintStream.nullOutputStream()));
        account = new AwsAccount(run.endpoints());
        console = new ConsoleProcess(account, Map.of());
        var address = console.address();
        root = address.resolve("/console/");
        token = enter(address).path("token").asText();
    }

    @AfterAll
    static void end() {
        console.close();
        account.close();
        run.close();
    }

    @Test
    void addressIsGoodOnceAndEnterGivesAnother() throws Exception {
        var address = console.anotherAddress();

        var session = enter(address);

        assertEquals("touchline-staging", session.path("name").asText());
        assertEquals("us-west-2", session.path("place").asText());
        assertEquals("America/Chicago", session.path("zone").asText());
        assertEquals(401, post("session", "X-Console-Ticket", ticket(address)).statusCode());
    }

    @Test
    void callsAreSignedWithTheOperatorsCredentialsForTheStacksOwnApi() throws Exception {
        var put = send("PUT", "api/members/CYSA%3A10%2001", """
                {"firstName":"Jordan","lastName":"Doe","email":"jordan.doe@example.org","dateOfBirth":"1990-04-12"}""");
        assertEquals(200, put.statusCode(), put::body);

        assertEquals(
                200, send("GET", "api/members?limit=5&enrollment=pending", "").statusCode());
        assertEquals(404, send("GET", "api/members/NOBODY", "").statusCode());
        assertEquals(
                List.of(),
                account.asked().stream()
                        .filter(each -> each.startsWith("badly"))
                        .toList());
        assertTrue(
                account.asked().contains("execute-api GET /members?limit=5&enrollment=pending"),
                account.asked()::toString);
    }

    @Test
    void functionIsInvokedByTheNameThatTheStackGaveIt() throws Exception {
        var answer = send("POST", "functions/QuarantineReplayFunction", "{\"list\":true}");

        assertEquals(200, answer.statusCode(), answer::body);
        assertTrue(account.asked()
                .contains(
                        "lambda /2015-03-31/functions/touchline-staging-QuarantineReplayFunction-1X2Y3Z/invocations"));
        var lookups = account.asked().stream()
                .filter("cloudformation DescribeStackResources QuarantineReplayFunction"::equals);
        send("POST", "functions/QuarantineReplayFunction", "{\"list\":true}");
        assertEquals(1, lookups.count(), "names are remembered");
    }

    @Test
    void functionThatFailsSaysWhy() throws Exception {
        var answer = send("POST", "functions/PersonErasureFunction", "{}");

        assertEquals(502, answer.statusCode());
        assertEquals(
                "PersonErasureFunction failed",
                JSON.readTree(answer.body()).path("title").asText());
    }

    @Test
    void alarmsThatAreOnAreThoseOfThisStack() throws Exception {
        var alarms = JSON.readTree(send("GET", "alarms", "").body()).path("alarms");

        assertEquals(1, alarms.size(), alarms::toString);
        assertEquals("QuarantineAlarm", alarms.get(0).path("name").asText());
        assertEquals(
                "What could not be understood waits & waits",
                alarms.get(0).path("description").asText());
    }

    @Test
    void whatIamRefusesIsSaidInWords() throws Exception {
        account.onlyReads(true);
        try {
            var put = send("PUT", "api/members/CYSA-1", "{}");
            assertEquals(403, put.statusCode());
            assertEquals(
                    "Your AWS credentials may not do this: PUT /members/{memberIdentifier}.",
                    JSON.readTree(put.body()).path("detail").asText());

            var invoke = send("POST", "functions/PersonRefreshFunction", "{}");
            assertEquals(403, invoke.statusCode());
            assertTrue(invoke.body().contains("not authorized to perform: lambda:InvokeFunction"), invoke::body);
            assertEquals(200, send("GET", "api/licenses", "").statusCode());
        } finally {
            account.onlyReads(false);
        }
    }

    @Test
    void credentialsAreNeverSentToThePage() throws Exception {
        var answers = send("GET", "session", "").body()
                + send("GET", "alarms", "").body()
                + send("GET", "", "").body();

        assertTrue(
                !answers.contains("AKID") && !answers.contains("wJalrXUtnFEMI") && !answers.contains("IQoJb3JpZ2lu"),
                answers);
    }

    @Test
    void thereIsNoSimulatorAndNoWayRoundTheList() throws Exception {
        assertEquals(404, send("GET", "learning-center/simulator/people", "").statusCode());
        assertEquals(404, send("POST", "functions/FollowUpFunction", "{}").statusCode());
        assertEquals(
                404,
                send("POST", "functions/UserLicenseReconciliationFunction", "{}")
                        .statusCode());
        assertEquals(404, send("POST", "api/webhooks/user-license-update", "{}").statusCode());
    }

    @Test
    void loginThatIsMissingIsSaidInWords() throws Exception {
        // A profile without keys: what Identity Center or the metadata of a machine would say is not asked.
        var none = Map.of(
                "AWS_ACCESS_KEY_ID", "",
                "AWS_SECRET_ACCESS_KEY", "",
                "AWS_SESSION_TOKEN", "",
                "AWS_EC2_METADATA_DISABLED", "true",
                "AWS_CONFIG_FILE", "/dev/null",
                "AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
        try (var without = new ConsoleProcess(account, none)) {
            var address = without.address();
            var itsToken = enter(address).path("token").asText();

            var answer = Calls.send("GET", address.resolve("/console/api/status"), "", "X-Console-Token", itsToken);

            assertEquals(502, answer.statusCode(), answer::body);
            assertTrue(answer.body().contains("No AWS credentials were found. Log in"), answer::body);
        }
    }

    private static JsonNode enter(URI address) throws Exception {
        var session = Calls.send("POST", address.resolve("/console/session"), "", "X-Console-Ticket", ticket(address));
        assertEquals(200, session.statusCode(), session::body);
        return JSON.readTree(session.body());
    }

    private static String ticket(URI address) {
        return address.getFragment().replace("/enter/", "");
    }

    private static HttpResponse<String> post(String path, String... headers) throws Exception {
        return Calls.send("POST", root.resolve(path), "", headers);
    }

    private static HttpResponse<String> send(String method, String path, String body) throws Exception {
        return Calls.send(method, URI.create(root + path), body, "X-Console-Token", token);
    }
}
