package org.touchline.walk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.touchline.embedded.DynamoDbBetween.Fate;
import org.touchline.embedded.learningcenter.Alteration;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;

/**
 * What goes wrong with a whole local run at random: calls of the Learning Center, its sessions, the event bus, and DynamoDB for a share of
 * the functions' requests or for all of them. Thread-safe.
 */
final class Troubles {
    private static final List<String> PATHS =
            List.of("/", "/login", "/refresh-token", "/licenses", "/users", "/user-licenses", "/subscriptions");
    private static final List<String> REQUIRED = List.of("license_id", "updated_at", "access_token", "result");
    private static final List<Fate> FATES =
            List.of(Fate.FAILS, Fate.THROTTLED, Fate.CONFLICTS, Fate.DROPPED, Fate.ANSWER_LOST);

    private final LearningCenterSimulator learningCenter;
    private final HttpClient client;
    private final Random random;
    private URI events = URI.create("http://127.0.0.1:9");

    /** Of a hundred requests for DynamoDB, so many go wrong. */
    private int share;

    Troubles(LearningCenterSimulator learningCenter, HttpClient client, Random random) {
        this.learningCenter = learningCenter;
        this.client = client;
        this.random = random;
    }

    /** Which bus has outages. */
    void ofTheBus(URI events) {
        this.events = events;
    }

    /** What becomes of a request of a function for DynamoDB. */
    synchronized Fate fate(String operation) {
        return share > 0 && random.nextInt(100) < share ? FATES.get(random.nextInt(FATES.size())) : Fate.PASSES;
    }

    /** From now on, until that is closed, something begins to go wrong or ends, again and again; whoever is called meanwhile or not. */
    ExecutorService happenEvery(Duration pause) {
        var clock = Executors.newSingleThreadScheduledExecutor();
        var _ = clock.scheduleWithFixedDelay(this::happen, 0, pause.toMillis(), TimeUnit.MILLISECONDS);
        return clock;
    }

    private void happen() {
        try {
            somethingElse();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void somethingElse() throws IOException, InterruptedException {
        switch (random.nextInt(10)) {
            case 0 -> learningCenter.endSessions();
            case 1 -> bus("PUT", "{\"status\":503}");
            case 2 -> bus("PUT", "{\"everyNth\":3}");
            case 3 -> bus("DELETE", "");
            case 4 -> share = List.of(5, 30, 100).get(random.nextInt(3));
            case 5, 6 -> share = 0;
            default ->
                learningCenter.addFault(fault().on(null, PATHS.get(random.nextInt(PATHS.size())))
                        .times(1 + random.nextInt(6)));
        }
    }

    /** Everything that a fault of the simulator can be, but for what says something else that is true of nobody. */
    private Fault fault() {
        return switch (random.nextInt(14)) {
            case 0 -> Fault.answer(500);
            case 1 -> Fault.answer(502);
            case 2 -> Fault.retryAfter(503, Duration.ofSeconds(1));
            case 3 -> Fault.retryAfter(429, Duration.ofSeconds(1));
            case 4 -> Fault.answer(403);
            case 5 -> Fault.answer(404, Map.of(), "{\"message\":\"Not Found\"}");
            case 6 -> Fault.answer(400, Map.of(), "{\"message\":\"Bad Request\"}");
            case 7 -> Fault.htmlPage(random.nextBoolean() ? 200 : 503);
            case 8 -> Fault.droppedConnection();
            case 9 -> Fault.halfBody();
            case 10 -> Fault.slowBody(Duration.ofMillis(200));
            case 11 -> Fault.delay(Duration.ofMillis(200));
            case 12 -> Fault.altered(Alteration.MISSING_FIELD, REQUIRED.get(random.nextInt(REQUIRED.size())));
            default ->
                Fault.altered(
                        List.of(
                                        Alteration.UNKNOWN_FIELD,
                                        Alteration.WITHOUT_PAGINATION,
                                        Alteration.BARE_LIST,
                                        Alteration.ODD_ROW)
                                .get(random.nextInt(4)),
                        "5");
        };
    }

    /** Nothing goes wrong any more. */
    synchronized void end() throws IOException, InterruptedException {
        share = 0;
        learningCenter.clearFaults();
        bus("DELETE", "");
    }

    private void bus(String method, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(events.resolve("/outage"))
                .timeout(Duration.ofSeconds(30))
                .method(method, BodyPublishers.ofString(body))
                .build();
        client.send(request, BodyHandlers.discarding());
    }
}
