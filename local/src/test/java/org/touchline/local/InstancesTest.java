package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.console.LoopbackServer;

/** Two instances for all functions together; those of HoldingFunction are at work until the file {@code go} is there. */
class InstancesTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final Output output = new Output();
    private final HandSetClock clock = new HandSetClock("2026-03-12T04:00:00Z");
    private final Instances instances = new Instances(2, clock);
    private Functions functions;

    @BeforeEach
    void make() {
        functions = TestStack.functions(folder, instances, output);
    }

    @AfterEach
    void close() {
        functions.close();
    }

    @Test
    void noMoreThanTheLimitRunAtATime() throws Exception {
        var running = holdBoth();

        assertTrue(invoke("EchoFunction").isEmpty());
        letGo();
        for (var one : running) {
            answerOf(one);
        }
        assertFalse(answerOf(invoke("EchoFunction").orElseThrow()).failed());
    }

    @Test
    void instanceThatIsIdleMakesRoomForAnotherFunctions() throws Exception {
        answerOf(invoke("EchoFunction").orElseThrow());
        var holding = invoke("HoldingFunction").orElseThrow();

        var other = answerOf(invoke("ReturningFunction").orElseThrow());

        assertFalse(other.failed());
        awaitNoThreadOf("EchoFunction");
        assertFalse(holding.isDone(), "what is at work stays");
    }

    @Test
    void whatNobodyWaitsForAtTheOtherEndIsDoneWhenAnInstanceIsFree() throws Exception {
        holdBoth();

        var queued = function("ScheduledFunction").queue("{\"queued\":1}".getBytes(UTF_8));
        assertTrue(invoke("EchoFunction").isEmpty(), "there is still none free");
        letGo();

        assertFalse(answerOf(queued).failed());
        output.awaitLine("[ScheduledFunction] {\"queued\":1}");
    }

    @Test
    void patienceEnds() throws Exception {
        holdBoth();

        var none = instances.take(
                function("EchoFunction").function(),
                () -> {
                    throw new AssertionError("made one too many");
                },
                Duration.ofMillis(20));

        assertEquals(Optional.empty(), none);
    }

    @Test
    void scheduleThatFiresWhileAllAreAtWorkIsNotLost() throws Exception {
        var schedules = new Schedules(functions, clock);
        holdBoth();
        clock.advance(Duration.ofMinutes(5));

        schedules.fireDue();
        letGo();

        output.awaitLine("[ScheduledFunction] {\"sweep\":true}");
    }

    @Test
    void recordsOfAStreamWaitForAnInstance() throws Exception {
        var function = function("PickyFunction");
        var delivery = new BatchDelivery(
                function.function().streams().getFirst(), function, output.stream(), InstantSource.system());
        var record = Json.object();
        record.putObject("dynamodb")
                .put("ApproximateCreationDateTime", Instant.now().getEpochSecond())
                .putObject("Keys")
                .putObject("id")
                .put("S", "picky-1");
        holdBoth();

        var poller = Thread.ofPlatform().start(() -> {
            try {
                delivery.deliver(List.of(record));
            } catch (InterruptedException e) {
                output.stream().println("interrupted");
            }
        });
        TestStack.await(() -> poller.getState() == Thread.State.WAITING);
        assertEquals(List.of(), output.linesWith("[PickyFunction]"));
        letGo();

        output.awaitLine("[PickyFunction] sees picky-1");
        poller.join(LONG);
        assertEquals(1, output.linesWith("[PickyFunction]").size(), "and count as no failure");
    }

    @Test
    void apiAnswersAsApiGatewayDoesOfAThrottledFunction() throws Exception {
        holdBoth();
        try (var server = LoopbackServer.bind(0, output.stream())) {
            server.serve(new ApiGateway(functions, "", TestStack.console(), ApiGateway.TIME_LIMIT, clock));

            var response = TestStack.get(URI.create(server.uri() + "/echo"));

            assertEquals(503, response.statusCode());
            assertEquals("{\"message\":\"Service Unavailable\"}", response.body());
        }
    }

    @Test
    void invokeAnswersAsLambdaDoes() throws Exception {
        holdBoth();
        try (var server = LoopbackServer.bind(0, output.stream())) {
            server.serve(new InvokeGateway(functions));

            var response = post(server, "EchoFunction");

            assertEquals(429, response.statusCode());
            assertEquals(
                    "TooManyRequestsException",
                    response.headers().firstValue("x-amzn-ErrorType").orElseThrow());
            assertEquals(
                    Json.read("""
                            {"Type":"User","Reason":"ConcurrentInvocationLimitExceeded","message":"Rate Exceeded."}
                            """.getBytes(UTF_8)), Json.read(response.body().getBytes(UTF_8)));

            assertEquals(
                    202,
                    post(server, "EchoFunction", "X-Amz-Invocation-Type", "Event")
                            .statusCode());
            letGo();
            output.awaitLine("[EchoFunction] echo");
        }
    }

    @Test
    void instanceThatWasIdleForAMinuteIsLetGo() throws Exception {
        letGo();
        var first = instanceOf(answerOf(invoke("HoldingFunction").orElseThrow()));

        clock.advance(Instances.IDLE.minusMillis(1));
        instances.letIdleGo();
        assertEquals(first, instanceOf(answerOf(invoke("HoldingFunction").orElseThrow())), "not yet, and used again");

        clock.advance(Instances.IDLE);
        instances.letIdleGo();
        awaitNoThreadOf("HoldingFunction");
        assertNotEquals(first, instanceOf(answerOf(invoke("HoldingFunction").orElseThrow())));
    }

    private List<Future<InvocationResult>> holdBoth() throws Exception {
        var running = List.of(
                invoke("HoldingFunction").orElseThrow(),
                invoke("HoldingFunction").orElseThrow());
        output.await(lines ->
                lines.stream().filter("[HoldingFunction] waits"::equals).count() == 2);
        return running;
    }

    private void letGo() throws IOException {
        Files.createFile(folder.resolve("go"));
    }

    private FunctionPool function(String logicalId) {
        return functions.find(logicalId).orElseThrow();
    }

    private Optional<Future<InvocationResult>> invoke(String logicalId) throws InterruptedException {
        return function(logicalId).invoke("{}".getBytes(UTF_8));
    }

    private static InvocationResult answerOf(Future<InvocationResult> running) throws Exception {
        return running.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }

    private static String instanceOf(InvocationResult result) {
        return new String(result.payload(), UTF_8);
    }

    private static HttpResponse<String> post(LoopbackServer server, String function, String... headers)
            throws Exception {
        var uri = URI.create(server.uri() + "/2015-03-31/functions/" + function + "/invocations");
        return TestStack.send("POST", uri, "{}", headers);
    }

    private static void awaitNoThreadOf(String function) throws InterruptedException {
        TestStack.await(() -> TestStack.threadsOf(function).isEmpty());
    }
}
