package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** What goes wrong, as a client sees it. */
class FaultsTest {
    private static final String VIDAR = "2020000004136762";

    @AutoClose
    private final LearningCenterSimulator simulator = LearningCenterSimulator.start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @Test
    void tooManyRequestsSayWhenToComeBackInSeconds() {
        simulator.addFault(Fault.retryAfter(429, Duration.ofSeconds(7)));

        var reply = client.get("/licenses");

        assertEquals(429, reply.status());
        assertEquals("7", reply.header("Retry-After"));
        assertEquals("", reply.body());
    }

    @Test
    void tooManyRequestsSayWhenToComeBackAsADate() {
        simulator.addFault(Fault.retryAfter(503, Instant.parse("2026-05-01T12:00:00Z")));

        var reply = client.get("/licenses");

        assertEquals(503, reply.status());
        assertEquals("Fri, 01 May 2026 12:00:00 GMT", reply.header("Retry-After"));
    }

    /** One page of a list, however often it is asked for, and no other. */
    @Test
    void aFaultMayBeThatOfOnePage() {
        simulator.addFault(Fault.answer(500).on("GET", "/subscriptions?page=2").times(1_000_000));

        assertEquals(200, client.get("/subscriptions").status());
        assertEquals(200, client.get("/subscriptions?page=1").status());
        assertEquals(500, client.get("/subscriptions?page=2").status());
        assertEquals(
                500, client.get("/subscriptions?ussf_id=" + VIDAR + "&page=2").status());
        assertEquals(200, client.get("/subscriptions?page=20").status());
    }

    @Test
    void aFaultHappensOnceUnlessSaid() {
        simulator.addFault(Fault.answer(502));
        assertEquals(List.of(502, 200, 200), statuses("/licenses", 3));

        simulator.addFault(Fault.answer(504).times(2));
        assertEquals(List.of(504, 504, 200), statuses("/licenses", 3));
    }

    @Test
    void aFaultCanLetCallsPassFirst() {
        simulator.addFault(Fault.answer(500).on("GET", "/licenses").after(2));

        assertEquals(List.of(200, 200, 500, 200), statuses("/licenses", 4));
    }

    @Test
    void aFaultMeetsTheCallsOfItsMethodAndPathOnly() {
        simulator.addFault(Fault.answer(503).on("POST", "/users/{ussf_id}/subscriptions"));

        assertEquals(200, client.get("/licenses").status());
        assertEquals(200, client.delete("/users/" + VIDAR + "/subscriptions").status());
        assertEquals(200, client.get("/users/" + VIDAR + "/user-licenses").status());
        assertEquals(503, client.post("/users/" + VIDAR + "/subscriptions").status());
    }

    @Test
    void aFaultCanMeanOnePerson() {
        simulator.addFault(Fault.answer(503).on(null, "/users/" + VIDAR));

        assertEquals(200, client.get("/users/2020000004152809/user-licenses").status());
        assertEquals(503, client.get("/users/" + VIDAR + "/user-licenses").status());
    }

    @Test
    void severalFaultsHappenInTheOrderInWhichTheyWereAdded() {
        simulator.addFault(Fault.answer(503));
        simulator.addFault(Fault.answer(429));

        assertEquals(List.of(503, 429, 200), statuses("/licenses", 3));
    }

    @Test
    void clearedFaultsDoNotHappen() {
        simulator.addFault(Fault.answer(503).times(9));

        simulator.clearFaults();

        assertEquals(200, client.get("/licenses").status());
    }

    @Test
    void aFaultComesBeforeAuthorizationAndTheCallIsCounted() {
        client.accessToken(null);
        simulator.addFault(Fault.answer(503));

        assertEquals(503, client.get("/licenses").status());
        assertEquals(1, simulator.calls("GET /licenses"));
    }

    @Test
    void controlRoutesAreNeverMet() {
        simulator.addFault(Fault.answer(503).on(null, "/"));

        assertEquals(200, client.control("GET", "/calls", "").status());
    }

    @Test
    void aProxysPageIsHtml() {
        simulator.addFault(Fault.htmlPage(502));

        var reply = client.get("/licenses");

        assertEquals(502, reply.status());
        assertEquals("text/html; charset=utf-8", reply.header("Content-Type"));
        assertTrue(reply.body().startsWith("<!doctype html>"));
    }

    @Test
    void anAnswerMayBeAnything() {
        simulator.addFault(Fault.answer(200, Map.of("X-Proxy", "yes"), "{\"unexpected\":1}"));

        var reply = client.get("/licenses");

        assertEquals("{\"unexpected\":1}", reply.body());
        assertEquals("application/json", reply.header("Content-Type"));
        assertEquals("yes", reply.header("X-Proxy"));
    }

    @Test
    void aDroppedConnectionEndsWithoutAByte() throws IOException {
        simulator.addFault(Fault.droppedConnection());

        assertEquals("", bytesOf("GET", "/licenses"));
        assertEquals(1, simulator.calls("GET /licenses"));
    }

    @Test
    void aCallWhoseConnectionIsDroppedIsNotHandled() {
        simulator.addFault(Fault.droppedConnection().on("POST", "/users"));

        assertThrows(UncheckedIOException.class, () -> client.post("/users/" + VIDAR + "/subscriptions"));

        assertFalse(simulator.isSubscribed(VIDAR));
    }

    @Test
    void halfABodyIsLessThanAnnounced() throws IOException {
        simulator.addFault(Fault.halfBody());

        var answer = bytesOf("GET", "/licenses");

        var whole = "{\"message\":\"access token is missing\"}";
        assertTrue(answer.contains("Content-length: " + whole.length() + "\r\n"), answer);
        assertTrue(answer.endsWith("\r\n\r\n" + whole.substring(0, whole.length() / 2)), answer);
    }

    @Test
    void halfABodyLosesAnEmptyAnswerToo() {
        simulator.addFault(Fault.halfBody().on("POST", "/users/"));

        assertThrows(UncheckedIOException.class, () -> client.post("/users/" + VIDAR + "/subscriptions"));

        assertTrue(simulator.isSubscribed(VIDAR), "the call was handled");
    }

    @Test
    void aSlowBodyComesWholeButLate() {
        var whole = client.get("/licenses").body();
        simulator.addFault(Fault.slowBody(Duration.ofMillis(200)));
        var start = System.nanoTime();

        var reply = client.get("/licenses");

        assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos());
        assertEquals(whole, reply.body());
    }

    @Test
    void aDelayedCallIsHandledLate() {
        simulator.addFault(Fault.delay(Duration.ofMillis(200)));
        var start = System.nanoTime();

        assertEquals(200, client.get("/licenses").status());

        assertTrue(System.nanoTime() - start >= Duration.ofMillis(200).toNanos());
    }

    private List<Integer> statuses(String path, int calls) {
        return Stream.generate(() -> client.get(path).status()).limit(calls).toList();
    }

    /** What a bare socket gets, since an HTTP client may repeat a call whose connection was dropped. */
    private String bytesOf(String method, String path) throws IOException {
        var base = simulator.baseUrl();
        try (var socket = new Socket(base.getHost(), base.getPort())) {
            socket.setSoTimeout(5_000);
            var request =
                    method + " " + base.getPath() + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
