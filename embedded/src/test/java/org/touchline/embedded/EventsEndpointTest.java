package org.touchline.embedded;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;

/** Wire contract §6, and EventBridge's own answers where it says no more. */
class EventsEndpointTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final String STORED = "2026-02-28T23:59:59Z";

    private EventsEndpoint endpoint;
    private EventBridgeClient client;

    @BeforeEach
    void start() {
        endpoint = EventsEndpoint.start(0, InstantSource.fixed(NOW));
        client = LocalClients.at(
                endpoint.endpoint(),
                EventBridgeClient.builder()
                        .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry())));
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    @Test
    void whatAnyClientPutsIsListedInOrder() throws Exception {
        // when
        var answer = put(event("license.added").time(Instant.parse(STORED)), event("license.removed"));

        // then
        assertEquals(0, answer.failedEntryCount());
        assertFalse(answer.entries().getFirst().eventId().isBlank());
        var events = list("");
        assertEquals(2, events.size());
        assertEquals(
                new JsonMapper()
                        .readTree("{\"number\":1,\"source\":\"touchline\",\"detail-type\":\"license.added\",\"time\":\""
                                + STORED + "\",\"detail\":{\"id\":\"license.added\"}}"),
                events.getFirst());
        assertEquals("2026-03-01T12:00:00Z", events.getLast().get("time").asText());
        assertEquals(List.of(events.getLast()), list("?after=1"));
        assertEquals(List.of(), list("?after=2"));
    }

    @Test
    void theLastThousandAreKept() throws Exception {
        for (var call = 0; call < 101; call++) {
            put(IntStream.range(0, 10).mapToObj(_ -> event("license.added")).toList());
        }

        var numbers =
                list("").stream().map(event -> event.get("number").asLong()).toList();

        assertEquals(LongStream.rangeClosed(11, 1010).boxed().toList(), numbers);
    }

    @Test
    void entryThatEventBridgeRefusesFailsAlone() throws Exception {
        var answer = put(
                event("license.added"),
                event("license.added").detail("[1]"),
                event("license.added").source(null),
                event("license.added").source("aws.ours"),
                event("license.removed"));

        assertEquals(3, answer.failedEntryCount());
        var codes = new ArrayList<String>();
        answer.entries().forEach(entry -> codes.add(entry.errorCode()));
        assertEquals(
                Arrays.asList(null, "MalformedDetail", "InvalidArgument", "NotAuthorizedForSourceException", null),
                codes);
        assertEquals(
                List.of("license.added", "license.removed"),
                list("").stream()
                        .map(event -> event.get("detail-type").asText())
                        .toList());
    }

    @Test
    void tooManyAndTooLargeAreRefusedAsOne() throws Exception {
        var eleven =
                IntStream.range(0, 11).mapToObj(_ -> event("license.added")).toList();
        var large = event("license.added").detail("{\"text\":\"" + "x".repeat(256 * 1024) + "\"}");

        for (var entries :
                List.of(eleven, List.of(event("license.added"), large), List.<PutEventsRequestEntry.Builder>of())) {
            var refused = assertThrows(EventBridgeException.class, () -> put(entries));
            assertEquals(400, refused.statusCode());
            assertEquals("ValidationException", refused.awsErrorDetails().errorCode());
        }
        assertEquals(List.of(), list(""));
    }

    @Test
    void toldToFailItFailsWhollyOrInPart() throws Exception {
        endpoint.failWith(503);
        assertEquals(
                503,
                assertThrows(EventBridgeException.class, () -> put(event("license.added")))
                        .statusCode());

        endpoint.restore();
        endpoint.refuse(event -> event.detailType().equals("license.removed"));
        var answer = put(event("license.added"), event("license.removed"));

        assertEquals(1, answer.failedEntryCount());
        assertEquals("InternalFailure", answer.entries().getLast().errorCode());
        assertEquals(1, list("").size());
    }

    @Test
    void whoeverTriesItOutTellsItToFailOverHttp() throws Exception {
        assertEquals(200, send("PUT", "/outage", "{\"status\":500}").statusCode());
        assertEquals(
                500,
                assertThrows(EventBridgeException.class, () -> put(event("license.added")))
                        .statusCode());

        assertEquals(200, send("DELETE", "/outage", "").statusCode());
        assertEquals(200, send("PUT", "/outage", "{\"everyNth\":2}").statusCode());
        assertEquals(1, put(event("license.added"), event("license.added")).failedEntryCount());

        assertEquals(400, send("PUT", "/outage", "{\"status\":404}").statusCode());
        assertEquals(400, send("PUT", "/outage", "not JSON").statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/events?after=x", "/events?after=-1", "/events?before=1", "/", "/event"})
    void whatItDoesNotKnowIsRefused(String path) throws Exception {
        assertEquals(400, send("GET", path, "").statusCode());
    }

    @Test
    void operationThatItDoesNotKnowIsRefused() {
        var refused = assertThrows(EventBridgeException.class, () -> client.listRules(_ -> {}));

        assertEquals("UnknownOperationException", refused.awsErrorDetails().errorCode());
    }

    /** Wire contract §6: a page in a browser on this machine reads none of it. */
    @Test
    void strangersPageIsMisdirected() throws Exception {
        try (var socket = new Socket("127.0.0.1", endpoint.endpoint().getPort())) {
            socket.getOutputStream()
                    .write("GET /events HTTP/1.1\r\nHost: touchline.example\r\n\r\n".getBytes(ISO_8859_1));
            var status = new String(socket.getInputStream().readNBytes(12), ISO_8859_1);
            assertTrue(status.endsWith("421"), status);
        }
    }

    private static PutEventsRequestEntry.Builder event(String type) {
        return PutEventsRequestEntry.builder()
                .eventBusName("touchline")
                .source("touchline")
                .detailType(type)
                .detail("{\"id\":\"" + type + "\"}");
    }

    private PutEventsResponse put(PutEventsRequestEntry.Builder... entries) {
        return put(List.of(entries));
    }

    private PutEventsResponse put(List<PutEventsRequestEntry.Builder> entries) {
        return client.putEvents(request -> request.entries(
                entries.stream().map(PutEventsRequestEntry.Builder::build).toList()));
    }

    private List<JsonNode> list(String query) throws Exception {
        var answer = send("GET", "/events" + query, "");
        assertEquals(200, answer.statusCode(), answer.body());
        return StreamSupport.stream(
                        new JsonMapper().readTree(answer.body()).get("events").spliterator(), false)
                .toList();
    }

    private HttpResponse<String> send(String method, String path, String body) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(endpoint.endpoint().resolve(path))
                    .method(method, HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }
}
