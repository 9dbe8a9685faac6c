package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Starting, stopping, and many callers at once. */
class LifecycleTest {
    @Test
    void theBaseUrlIsWhatTheConnectorIsConfiguredWith() {
        try (var simulator = LearningCenterSimulator.start()) {
            assertTrue(
                    simulator.baseUrl().toString().matches("http://127\\.0\\.0\\.1:\\d+/certifications"),
                    simulator.baseUrl().toString());
        }
    }

    @Test
    void aPortThatIsTakenIsSaidAtOnce() {
        try (var first = LearningCenterSimulator.start()) {
            int port = first.baseUrl().getPort();
            var builder = LearningCenterSimulator.builder().port(port);

            var failure = assertThrows(UncheckedIOException.class, builder::start);

            assertEquals("the Learning Center simulator cannot listen on port " + port, failure.getMessage());
        }
    }

    @Test
    void closingLeavesNoPortAndNoThreadBehind() throws IOException {
        var before = httpThreads();
        int port;
        try (var simulator = LearningCenterSimulator.start();
                var receiver = new WebhookReceiver();
                var client = ConnectClient.loggedInto(simulator)) {
            port = simulator.baseUrl().getPort();
            simulator.webhooksTo(receiver.apiBase(), WebhookReceiver.KEY);
            client.post("/webhooks/uss-licenses-update");
            assertFalse(before.containsAll(httpThreads()), "the names are those of servers and clients");
        }

        new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1")).close();
        var deadline = Instant.now().plusSeconds(5);
        while (!before.containsAll(httpThreads())) {
            assertTrue(Instant.now().isBefore(deadline), () -> httpThreads().toString());
            Thread.onSpinWait();
        }
    }

    @Test
    void closingDoesNotWaitForCallsAndWebhooksThatHang() throws Exception {
        try (var receiver = new WebhookReceiver();
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            receiver.fallSilent();
            var simulator = LearningCenterSimulator.start();
            try (var client = ConnectClient.loggedInto(simulator)) {
                simulator.webhooksTo(receiver.apiBase(), WebhookReceiver.KEY);
                client.post("/webhooks/ussf-id-update");
                simulator.addFault(Fault.delay(Duration.ofMinutes(5)));
                var hanging = CompletableFuture.supplyAsync(() -> client.get("/licenses"), callers);
                while (simulator.calls("GET /licenses") == 0
                        || receiver.received().isEmpty()) {
                    Thread.onSpinWait();
                }

                assertTimeoutPreemptively(Duration.ofSeconds(4), simulator::close);

                assertThrows(Exception.class, hanging::join);
            }
        }
    }

    @Test
    void changesOfManyAtOnceAreAllThereAndAllTold() throws Exception {
        try (var simulator = LearningCenterSimulator.start();
                var receiver = new WebhookReceiver();
                var client = ConnectClient.loggedInto(simulator)) {
            simulator.webhooksTo(receiver.apiBase(), WebhookReceiver.KEY);
            var ussfId = simulator.people().getFirst().ussfId();
            client.post("/users/" + ussfId + "/subscriptions");

            try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 200)
                        .forEach(i -> callers.execute(() -> simulator.change().license(ussfId, "license_" + i)));
            }

            simulator.awaitWebhooks(Duration.ofSeconds(10));
            assertEquals(203, simulator.licenses(ussfId).size());
            assertEquals(
                    200,
                    receiver.received().stream()
                            .map(WebhookReceiver.Received::body)
                            .distinct()
                            .count());
        }
    }

    /** The platform threads of HTTP servers (dispatcher, timer) and clients (selector, workers). */
    private static Set<Thread> httpThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread ->
                        thread.getName().matches("(?i)http-?(client|dispatcher).*|idle-timeout-task|.*server-timer"))
                .collect(Collectors.toSet());
    }
}
