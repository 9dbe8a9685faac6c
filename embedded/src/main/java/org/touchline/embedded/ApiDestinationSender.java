package org.touchline.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Sends events to one URL as EventBridge's API destination does (wire contract §9): each by itself, in no order, the key in its header.
 * What is answered 429 or 5xx, or not in time, or not at all, is sent again after growing, jittered waits, as often and as long as the
 * target says; anything else that is not 2xx is given up at once. Thread-safe.
 */
public final class ApiDestinationSender implements AutoCloseable {
    private static final int AT_ONCE = 50;
    private static final int MOST_FAILURES = 1_000;

    private final String rule;
    private final Template.Target target;
    private final String key;
    private final Pacing pacing;
    private final Consumer<String> out;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore connections = new Semaphore(AT_ONCE);
    private final Deque<Failure> failures = new ArrayDeque<>();

    /**
     * How it waits.
     *
     * @param answer how long an answer may take, its body included
     * @param firstWait before something is sent again; each wait is at most twice the one before
     * @param longestWait what waits grow to
     */
    public record Pacing(Duration answer, Duration firstWait, Duration longestWait) {
        /** EventBridge's five seconds, and waits of a second to a minute. */
        public static final Pacing EVENT_BRIDGE =
                new Pacing(Duration.ofSeconds(5), Duration.ofSeconds(1), Duration.ofMinutes(1));
    }

    /** An event that was given up, and why. */
    public record Failure(PutEvent event, String reason) {}

    /** How an attempt ended: done, to be tried again, or not. */
    private sealed interface Outcome {
        record Delivered() implements Outcome {}

        record Unanswered(String reason) implements Outcome {}

        record Refused(String reason) implements Outcome {}
    }

    ApiDestinationSender(String rule, Template.Target target, String key, Pacing pacing, Consumer<String> out) {
        this.rule = rule;
        this.target = target;
        this.key = key;
        this.pacing = pacing;
        this.out = out;
        // Refused here if no request could be made of them.
        var _ = request("");
    }

    /** Sends an event, in its own time. */
    void send(PutEvent event) {
        threads.execute(() -> {
            try {
                deliver(event);
            } catch (InterruptedException e) {
                // Closed, and what is not sent by then is gone.
            }
        });
    }

    /** What was given up so far, oldest first; at most the last 1,000. */
    List<Failure> failures() {
        synchronized (failures) {
            return List.copyOf(failures);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        client.shutdownNow();
    }

    private void deliver(PutEvent event) throws InterruptedException {
        var until = System.nanoTime() + target.maximumEventAge().toNanos();
        var wait = pacing.firstWait();
        for (var attempt = 0; ; attempt++) {
            switch (attempt(event)) {
                case Outcome.Delivered() -> {
                    return;
                }
                case Outcome.Refused(var reason) -> {
                    giveUp(event, reason);
                    return;
                }
                case Outcome.Unanswered(var reason) -> {
                    if (attempt >= target.maximumRetryAttempts() || System.nanoTime() - until > 0) {
                        giveUp(event, reason);
                        return;
                    }
                }
            }
            Thread.sleep(
                    Duration.ofNanos(ThreadLocalRandom.current().nextLong(wait.toNanos() / 2, wait.toNanos() + 1)));
            wait = wait.multipliedBy(2).compareTo(pacing.longestWait()) < 0
                    ? wait.multipliedBy(2)
                    : pacing.longestWait();
        }
    }

    private Outcome attempt(PutEvent event) throws InterruptedException {
        var body = target.detailOnly() ? event.detail() : event.envelope();
        connections.acquire();
        try {
            // The client's own timeout ends with the headers; this one covers the body.
            var answer = client.sendAsync(request(body.toString()), BodyHandlers.discarding());
            try {
                var status = answer.get(pacing.answer().toMillis(), TimeUnit.MILLISECONDS)
                        .statusCode();
                return status / 100 == 2
                        ? new Outcome.Delivered()
                        : status == 429 || status / 100 == 5
                                ? new Outcome.Unanswered("HTTP " + status)
                                : new Outcome.Refused("HTTP " + status);
            } catch (TimeoutException e) {
                answer.cancel(true);
                return new Outcome.Unanswered(
                        "no answer within " + pacing.answer().toSeconds() + " s");
            } catch (ExecutionException e) {
                return new Outcome.Unanswered(String.valueOf(e.getCause()));
            }
        } finally {
            connections.release();
        }
    }

    private HttpRequest request(String body) {
        var destination = target.destination();
        return HttpRequest.newBuilder(URI.create(destination.url()))
                .header("Content-Type", "application/json; charset=utf-8")
                .header("User-Agent", "Amazon/EventBridge/ApiDestinations")
                .header(destination.header(), key)
                .method(destination.method(), BodyPublishers.ofString(body, UTF_8))
                .build();
    }

    private void giveUp(PutEvent event, String reason) {
        synchronized (failures) {
            if (failures.size() == MOST_FAILURES) {
                failures.removeFirst();
            }
            failures.addLast(new Failure(event, reason));
        }
        out.accept("[" + rule + "] gave up event " + event.number() + ", " + event.detailType() + ": " + reason);
    }
}
