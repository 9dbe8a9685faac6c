package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets what of the console over HTTP, browser or not. */
class ConsoleTest {
    private static final String TICKET = "X-Console-Ticket";
    private static final String TOKEN = "X-Console-Token";

    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final AskedStack stack = new AskedStack();
    private final Admission admission = new Admission(() -> Instant.parse("2026-11-30T12:00:00Z"), new SecureRandom());
    private LoopbackServer server;

    @BeforeEach
    void serve() throws IOException {
        server = LoopbackServer.bind(0, new PrintStream(log, true, StandardCharsets.UTF_8));
        server.serve(new Console(stack, admission, true));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void pageComesWithATicketForTheSessionsToken() throws Exception {
        var page = send("GET", "/");

        var ticket = Pattern.compile("name=\"ticket\" content=\"([^\"]+)\"").matcher(page.body());
        assertTrue(ticket.find(), page::body);
        var session = send("POST", "/console/session", TICKET, ticket.group(1));
        assertEquals(200, session.statusCode());
        var token = new JsonMapper().readTree(session.body()).path("token").asText();
        assertEquals(200, send("GET", "/console/api/status", TOKEN, token).statusCode());
        assertEquals(
                401, send("POST", "/console/session", TICKET, ticket.group(1)).statusCode(), "good once");
    }

    @Test
    void pageOfADeployedStackHasNoTicket() throws Exception {
        try (var deployed = LoopbackServer.bind(0, new PrintStream(log, true, StandardCharsets.UTF_8))) {
            deployed.serve(new Console(stack, admission, false));

            var page = send(deployed.uri().resolve("/console/"), "GET");

            assertTrue(page.body().contains("name=\"ticket\" content=\"\""), page::body);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /console/api/members/CYSA-1001",
        "PUT, /console/api/members/CYSA-1001",
        "GET, /console/session",
        "GET, /console/alarms",
        "POST, /console/functions/PersonErasureFunction",
        "POST, /console/learning-center/simulator/people",
        "GET, /console/nowhere",
    })
    void withoutTheTokenNothingIsAsked(String method, String path) throws Exception {
        assertEquals(401, send(method, path).statusCode());
        assertEquals(401, send(method, path, TOKEN, admission.ticket()).statusCode());
        assertEquals(List.of(), stack.asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/console/",
                "/console/app.js",
                "/console/nowhere.js",
                "/console/api/status",
                "/console/session"
            })
    void everyAnswerSaysHowItMayBeUsed(String path) throws Exception {
        var headers = send("GET", path).headers();

        assertEquals("no-store", headers.firstValue("Cache-Control").orElse(""));
        assertEquals("no-referrer", headers.firstValue("Referrer-Policy").orElse(""));
        assertEquals("nosniff", headers.firstValue("X-Content-Type-Options").orElse(""));
        assertEquals("DENY", headers.firstValue("X-Frame-Options").orElse(""));
        assertEquals(
                "same-origin",
                headers.firstValue("Cross-Origin-Resource-Policy").orElse(""));
        var policy = headers.firstValue("Content-Security-Policy").orElse("");
        for (var directive :
                List.of("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "trusted-types 'none'")) {
            assertTrue(policy.contains(directive), policy);
        }
        assertFalse(policy.contains("unsafe"), policy);
        assertTrue(headers.firstValue("Access-Control-Allow-Origin").isEmpty());
        assertTrue(headers.firstValue("Set-Cookie").isEmpty());
    }

    @Test
    void pageHasNoScriptOrStyleOfItsOwnAndNoAssetFromElsewhere() throws Exception {
        var page = send("GET", "/console/").body();

        assertFalse(
                Pattern.compile("<script(?![^>]*src=)|<style|style=|\\son\\w+=|https?://")
                        .matcher(page)
                        .find(),
                page);
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, https://touchline.example",
        "Origin, null",
        "Sec-Fetch-Site, cross-site",
    })
    void pageOfAnotherOriginGetsNothingEvenWithATicket(String header, String value) throws Exception {
        assertEquals(
                403,
                send("POST", "/console/session", TICKET, admission.ticket(), header, value)
                        .statusCode());
        assertEquals(
                403,
                send("GET", "/console/api/status", TOKEN, token(), header, value)
                        .statusCode());
        assertEquals(List.of(), stack.asked);
    }

    @Test
    void linkToAPersonMayBeFollowedFromElsewhere() throws Exception {
        var page = send(
                "GET",
                "/console/",
                "Sec-Fetch-Site",
                "cross-site",
                "Sec-Fetch-Mode",
                "navigate",
                "Sec-Fetch-Dest",
                "document");

        assertEquals(200, page.statusCode());
    }

    @Test
    void callOnTheListIsHandedOnWithoutTheBrowsersHeaders() throws Exception {
        send("GET", "/console/api/members?limit=5", TOKEN, token(), "X-Amz-Security-Token", "mine");
        send("POST", "/console/functions/PersonRefreshFunction", TOKEN, token());

        assertEquals(List.of("GET /members?limit=5", "PersonRefreshFunction"), stack.asked);
    }

    @ParameterizedTest
    @CsvSource({
        "POST, /console/api/webhooks/user-license-update",
        "GET, /console/api/../../status",
        "GET, /console/api/members/%2e%2e%2Fstatus",
        "POST, /console/functions/MemberDirectoryFunction",
        "POST, /console/functions/..%2F..%2F2015-03-31%2Ffunctions",
        "POST, /console/functions/BackgroundCheckSubsidiesFunction",
        "GET, /console/functions/PersonRefreshFunction",
        "PUT, /console/learning-center/simulator/login",
        "GET, /console/learning-center/certifications/licenses",
        "POST, /console/alarms",
    })
    void whatIsNotOnTheListIsNotHandedOn(String method, String path) throws Exception {
        assertEquals(404, send(method, path, TOKEN, token()).statusCode());
        assertEquals(List.of(), stack.asked);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/console/index.html",
                "/console/..%2FConsole.class",
                "/console/views/../app.js",
                "/console/package-info.class"
            })
    void noOtherFileIsAFileOfThePage(String path) throws Exception {
        assertEquals(401, send("GET", path).statusCode());
    }

    @Test
    void bodyLongerThanLambdaTakesIsRefused() throws Exception {
        var request = HttpRequest.newBuilder(server.uri().resolve("/console/functions/MemberImportFunction"))
                .header(TOKEN, token())
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[6 * 1024 * 1024 + 1]))
                .build();
        try (var client = HttpClient.newHttpClient()) {
            assertEquals(
                    413,
                    client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode());
        }
        assertEquals(List.of(), stack.asked);
    }

    @Test
    void identifiersAreInNoLog() throws Exception {
        send("GET", "/console/api/members/CYSA-1001", TOKEN, token());

        assertEquals(List.of("GET /members/CYSA-1001"), stack.asked);
        assertEquals("", log.toString(StandardCharsets.UTF_8));
    }

    @Test
    void whereNobodyAnswersThePageIsToldWhatToDo() throws Exception {
        stack.failure = new IOException("No AWS credentials were found.");

        var answer = send("GET", "/console/api/status", TOKEN, token());

        assertEquals(502, answer.statusCode());
        assertTrue(answer.body().contains("No AWS credentials were found."), answer::body);
    }

    private String token() {
        return admission.enter(admission.ticket()).orElseThrow();
    }

    private HttpResponse<String> send(String method, String path, String... headers) throws Exception {
        return send(URI.create(server.uri() + path), method, headers);
    }

    private static HttpResponse<String> send(URI uri, String method, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Notes what it is asked. */
    private static final class AskedStack implements Stack {
        private final List<String> asked = new ArrayList<>();
        private IOException failure;

        private HttpAnswer note(String what) throws IOException {
            if (failure != null) {
                throw failure;
            }
            asked.add(what);
            return HttpAnswer.empty(200);
        }

        @Override
        public Map<String, Object> about() {
            return Map.of("name", "touchline-staging");
        }

        @Override
        public HttpAnswer api(PermittedCalls.Call call, byte[] body) throws IOException {
            return note(call.method() + " " + call.pathAndQuery());
        }

        @Override
        public HttpAnswer invoke(String logicalId, byte[] payload) throws IOException {
            return note(logicalId);
        }

        @Override
        public HttpAnswer alarms() throws IOException {
            return note("alarms");
        }

        @Override
        public HttpAnswer simulator(PermittedCalls.Call call, byte[] body) throws IOException {
            return note("simulator " + call.pathAndQuery());
        }
    }
}
