package org.touchline.learningcenter.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.MutableClock;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.learningcenter.Chance;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;

/** Design rule 17. */
class LearningCenterHttpTest {
    private static final ConnectCall LOGIN = ConnectCall.login("local-username", "local-password");
    private static final String LOGIN_NAME = "POST /login";

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final List<Duration> pauses = new ArrayList<>();

    @AutoClose
    private final HttpClient client = LearningCenterHttp.newHttpClient();

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).start();

    @ParameterizedTest
    @Tag("rule-17")
    @ValueSource(ints = {429, 500, 502, 503, 504})
    void whatPassesIsTriedAgain(int status) {
        simulator.addFault(Fault.answer(status));

        assertEquals(200, send(Chance.LEAST, soon()).status());
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 401, 403, 404, 409, 410, 302})
    void whatDoesNotPassIsNotTriedAgain(int status) {
        simulator.addFault(Fault.answer(status));

        assertEquals(status, send(Chance.LEAST, soon()).status());
        assertEquals(1, simulator.calls(LOGIN_NAME));
    }

    @Test
    @Tag("rule-17")
    void fourAttemptsWithJitterThatMayBeNothingOrAllOfADoublingWait() {
        simulator.addFault(Fault.answer(503).times(8));

        assertUnavailable("POST /login was answered 503", Chance.LEAST, soon());
        assertEquals(4, simulator.calls(LOGIN_NAME));
        assertEquals(List.of(Duration.ZERO, Duration.ZERO, Duration.ZERO), pauses);

        pauses.clear();
        assertUnavailable("POST /login was answered 503", Chance.MOST, soon());
        assertEquals(List.of(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2)), pauses);
    }

    @Test
    void waitsDoubleUpToTheLongest() {
        var first = Duration.ofMillis(500);
        var longest = Duration.ofSeconds(8);

        assertEquals(first, Pacing.doubled(first, longest, 0));
        assertEquals(Duration.ofSeconds(4), Pacing.doubled(first, longest, 3));
        assertEquals(longest, Pacing.doubled(first, longest, 4));
        assertEquals(longest, Pacing.doubled(first, longest, 1_000));
    }

    @Test
    @Tag("rule-17")
    void retryAfterInSecondsIsWaitedForWithJitterOnTop() {
        simulator.addFault(Fault.retryAfter(429, Duration.ofSeconds(7)));

        send(Chance.MOST, soon());

        assertEquals(List.of(Duration.ofMillis(7_500)), pauses);
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @Test
    @Tag("rule-17")
    void retryAfterAsADateIsWaitedFor() {
        simulator.addFault(Fault.retryAfter(503, clock.instant().plusSeconds(7)));

        send(Chance.LEAST, soon());

        assertEquals(List.of(Duration.ofSeconds(7)), pauses);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "-5", "99999999999999999999", "Sun, 01 Mar 2026 11:00:00 GMT"})
    void retryAfterThatIsUnreadableOrOverIsNoWait(String value) {
        simulator.addFault(Fault.answer(429, Map.of("Retry-After", value), ""));

        send(Chance.LEAST, soon());

        assertEquals(List.of(Duration.ZERO), pauses);
    }

    @Test
    @Tag("rule-17")
    void retryAfterThatDoesNotFitIsNotWaitedForButHandedOn() {
        simulator.addFault(Fault.retryAfter(429, Duration.ofSeconds(30)));

        var unavailable = assertUnavailable("POST /login was answered 429", Chance.LEAST, in(Duration.ofSeconds(30)));

        assertEquals(Optional.of(clock.instant().plusSeconds(30)), unavailable.retryAfter());
        assertEquals(List.of(), pauses);
        assertEquals(1, simulator.calls(LOGIN_NAME));
    }

    @Test
    void retryAfterOfTheLastAttemptIsHandedOn() {
        simulator.addFault(Fault.answer(503).times(3));
        simulator.addFault(Fault.retryAfter(503, Duration.ofSeconds(9)));

        var unavailable = assertUnavailable("POST /login was answered 503", Chance.LEAST, soon());

        assertEquals(Optional.of(clock.instant().plusSeconds(9)), unavailable.retryAfter());
    }

    @Test
    void pauseThatDoesNotFitEndsIt() {
        simulator.addFault(Fault.answer(503).times(4));

        assertUnavailable("POST /login was answered 503", Chance.MOST, in(Duration.ofMillis(1_500)));

        assertEquals(List.of(Duration.ofMillis(500)), pauses);
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @Test
    void afterTheDeadlineNothingIsSent() {
        assertUnavailable("POST /login got no answer", Chance.LEAST, in(Duration.ofSeconds(-1)));

        assertEquals(0, simulator.calls(LOGIN_NAME));
    }

    @Test
    void droppedConnectionIsTriedAgain() {
        simulator.addFault(Fault.droppedConnection());

        assertEquals(200, send(Chance.LEAST, soon()).status());
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @Test
    void bodyThatBreaksOffIsTriedAgain() {
        simulator.addFault(Fault.halfBody());

        assertTrue(new String(send(Chance.LEAST, soon()).body(), StandardCharsets.UTF_8).endsWith("}"));
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @Test
    void slowAnswerIsCutOffWhereverItIsSlow() {
        simulator.addFault(Fault.slowBody(Duration.ofMinutes(5)));
        simulator.addFault(Fault.delay(Duration.ofMinutes(5)));

        assertTimeout(
                Duration.ofSeconds(5),
                () -> assertEquals(
                        200, send(Chance.LEAST, in(Duration.ofMillis(400))).status()));
        assertEquals(3, simulator.calls(LOGIN_NAME));
    }

    @Test
    void answerTooLongToBeReadIsNoAnswer() {
        simulator.addFault(Fault.answer(200, Map.of(), " ".repeat(16 * 1024 * 1024 + 1)));

        assertTrue(send(Chance.LEAST, soon()).body().length < 10_000);
        assertEquals(2, simulator.calls(LOGIN_NAME));
    }

    @Test
    void nobodyThereIsUnavailable() {
        var nobody = new LearningCenterHttp(
                client,
                URI.create("http://127.0.0.1:1/x"),
                pacing(Chance.LEAST),
                RequestRate.unlimited(pacing(Chance.LEAST)),
                AnswerObserver.NONE);

        var unavailable =
                assertThrows(LearningCenterUnavailableException.class, () -> nobody.send(LOGIN, null, soon()));

        assertEquals("POST /login got no answer", unavailable.getMessage());
        assertEquals(3, pauses.size());
    }

    @Test
    void interruptedThreadStopsAtOnceAndStaysInterrupted() {
        simulator.addFault(Fault.delay(Duration.ofMinutes(5)));

        Thread.currentThread().interrupt();

        assertThrows(LearningCenterUnavailableException.class, () -> send(Chance.LEAST, soon()));
        assertTrue(Thread.interrupted());
    }

    @Test
    void slashBehindTheBaseUrlDoesNotCount() {
        var http = new LearningCenterHttp(
                client,
                URI.create(simulator.baseUrl() + "/"),
                pacing(Chance.LEAST),
                RequestRate.unlimited(pacing(Chance.LEAST)),
                AnswerObserver.NONE);

        assertEquals(200, http.send(LOGIN, null, soon()).status());
    }

    @Test
    void nothingThatIsSentIsInATextOfACall() {
        assertEquals("POST /login", LOGIN.toString());
        assertFalse(send(Chance.LEAST, soon()).toString().contains("eyJ"));
    }

    private LearningCenterUnavailableException assertUnavailable(
            String message, RandomGenerator random, Deadline deadline) {
        var unavailable = assertThrows(LearningCenterUnavailableException.class, () -> send(random, deadline));
        assertEquals(message, unavailable.getMessage());
        return unavailable;
    }

    private ConnectAnswer send(RandomGenerator random, Deadline deadline) {
        return new LearningCenterHttp(
                        client,
                        simulator.baseUrl(),
                        pacing(random),
                        RequestRate.unlimited(pacing(random)),
                        AnswerObserver.NONE)
                .send(LOGIN, null, deadline);
    }

    private Pacing pacing(RandomGenerator random) {
        return new Pacing(
                clock,
                pause -> {
                    pauses.add(pause);
                    clock.advance(pause);
                },
                random);
    }

    private Deadline soon() {
        return in(Duration.ofMinutes(1));
    }

    private Deadline in(Duration time) {
        return Deadline.in(time, clock);
    }
}
