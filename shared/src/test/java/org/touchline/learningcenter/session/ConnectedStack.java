package org.touchline.learningcenter.session;

import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.learningcenter.Chance;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.LearningCenterSession.SessionEvent;
import org.touchline.learningcenter.wire.AnswerObserver;
import org.touchline.learningcenter.wire.LearningCenterHttp;
import org.touchline.secret.SecretReader;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The template's tables and secrets, a Learning Center, and credentials that it accepts; all on one clock that a test moves
 * by hand, and that pauses move as well.
 */
public final class ConnectedStack implements AutoCloseable {
    public static final String SECRET = "LearningCenterCredentialsSecret";
    public static final String CREDENTIALS = "{\"username\":\"local-username\",\"password\":\"local-password\"}";
    public static final String WRONG_CREDENTIALS = "{\"username\":\"local-username\",\"password\":\"wrong\"}";

    public final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    public final List<Duration> pauses = new CopyOnWriteArrayList<>();
    public final List<SessionEvent> events = new CopyOnWriteArrayList<>();
    public final Pacing pacing = new Pacing(clock, this::pass, Chance.LEAST);
    /** For many at once: if their pauses moved the clock, a lease would end while its holder is at work. */
    public final Pacing standingClock = new Pacing(clock, _ -> Thread.yield(), Chance.LEAST);

    public final TestStack stack;
    public final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).pageSize(2).start();
    private final HttpClient http = LearningCenterHttp.newHttpClient();

    public ConnectedStack(Backend backend) {
        stack = backend.newStack();
        stack.putSecret(SECRET, CREDENTIALS);
    }

    public LearningCenterHttp http(Pacing pacing) {
        return new LearningCenterHttp(
                http, simulator.baseUrl(), pacing, RequestRate.unlimited(pacing), AnswerObserver.NONE);
    }

    /** A session of a Lambda environment of its own, on the token cache that all share. */
    public LearningCenterSession session(Pacing pacing) {
        return session(pacing, stack.dynamoDb());
    }

    /** The same that reaches the token cache through that client. */
    LearningCenterSession session(Pacing pacing, DynamoDbClient client) {
        var secret = new SecretReader(stack.secretsManager(), stack.secret(SECRET), clock, _ -> {});
        return new LearningCenterSession(
                http(pacing), secret, client, stack.table("TokenCacheTable"), pacing, events::add);
    }

    public LearningCenterSession session() {
        return session(pacing);
    }

    public LearningCenterClient client(LearningCenterSession session) {
        return new LearningCenterClient(http(pacing), session);
    }

    TokenCache tokenCache() {
        return new TokenCache(stack.dynamoDb(), stack.table("TokenCacheTable"), clock);
    }

    public Deadline in(Duration time) {
        return Deadline.in(time, clock);
    }

    public Deadline soon() {
        return in(Duration.ofMinutes(1));
    }

    public Instant now() {
        return clock.instant();
    }

    public int logins() {
        return simulator.calls("POST /login");
    }

    public int refreshes() {
        return simulator.calls("POST /refresh-token");
    }

    /** What so many calls at once return, in no order that says anything. */
    public static <T> List<T> atOnce(int callers, IntFunction<Callable<T>> call) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var calls = IntStream.range(0, callers).mapToObj(call).toList();
            var results = new ArrayList<T>();
            for (var each : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                results.add(each.get());
            }
            return results;
        }
    }

    private void pass(Duration duration) {
        pauses.add(duration);
        clock.advance(duration);
    }

    @Override
    public void close() {
        http.close();
        simulator.close();
        stack.close();
    }
}
