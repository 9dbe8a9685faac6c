package org.touchline.embedded.learningcenter;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends webhooks one after the other, in the order in which they were queued, each once: U.S. Soccer does not say that
 * it tries again. Safe for many threads.
 */
final class WebhookSender implements AutoCloseable {
    private static final Duration GOODBYE = Duration.ofSeconds(5);
    private static final int REMEMBERED = 10_000;

    private final InstantSource clock;
    private final Duration timeLimit;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService queue = Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("learning-center-webhooks").factory());
    private final Deque<SentWebhook> sent = new ArrayDeque<>();
    private volatile @Nullable Target target;

    /** @param urls by the path of a webhook; one that is not in it goes nowhere */
    private record Target(Map<String, URI> urls, String key) {}

    private record Webhook(String path, Object body, Instant sentAt) {
        SentWebhook answered(HttpResponse<String> response) {
            return new SentWebhook(path, Json.tree(body), sentAt, response.statusCode(), response.body(), null);
        }

        SentWebhook unanswered(String error) {
            return new SentWebhook(path, Json.tree(body), sentAt, null, null, error);
        }
    }

    /** @param timeLimit how long one webhook may take, its answer included */
    WebhookSender(InstantSource clock, Duration timeLimit) {
        this.clock = clock;
        this.timeLimit = timeLimit;
    }

    /**
     * Where webhooks go from now on, and the key they carry; refused here if no request could be made of them.
     *
     * @param urls by path; a webhook that is not in it goes nowhere
     */
    void target(Map<String, URI> urls, String key) {
        HttpRequest.newBuilder().header("Authorization", key);
        urls.values().forEach(HttpRequest::newBuilder);
        target = new Target(Map.copyOf(urls), key);
    }

    /** The key that webhooks carry from now on, wherever they go; refused here if it is no header's value, or nobody has said where. */
    void key(String key) {
        var target = this.target;
        if (target == null) {
            throw new IllegalArgumentException("nobody has said where webhooks go");
        }
        target(target.urls(), key);
    }

    /** Queues a webhook for the target of this moment. */
    void send(String path, Object body) {
        var target = this.target;
        queue.execute(() -> remember(deliver(new Webhook(path, body, clock.instant()), target)));
    }

    /** What was sent so far, oldest first; at most the last 10,000. */
    List<SentWebhook> sent() {
        synchronized (sent) {
            return List.copyOf(sent);
        }
    }

    /** Waits until all that is queued by now is answered. */
    void await(Duration limit) throws InterruptedException {
        try {
            queue.submit(() -> {}).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IllegalStateException("webhooks are still unanswered after " + limit, e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        queue.shutdownNow();
        client.shutdownNow();
        try {
            queue.awaitTermination(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            client.awaitTermination(GOODBYE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private SentWebhook deliver(Webhook webhook, @Nullable Target target) {
        var url = target == null ? null : target.urls().get(webhook.path());
        if (target == null || url == null) {
            return webhook.unanswered("nobody has said where webhooks go");
        }
        var request = HttpRequest.newBuilder(url)
                .header("Authorization", target.key())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.bytes(webhook.body())))
                .build();
        // The client's own timeout ends with the headers; this one covers the body.
        var answer = client.sendAsync(request, BodyHandlers.ofString());
        try {
            return webhook.answered(answer.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            answer.cancel(true);
            return webhook.unanswered("no answer within " + timeLimit);
        } catch (ExecutionException e) {
            return webhook.unanswered(String.valueOf(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return webhook.unanswered("the simulator was closed");
        }
    }

    private void remember(SentWebhook webhook) {
        synchronized (sent) {
            if (sent.size() == REMEMBERED) {
                sent.removeFirst();
            }
            sent.addLast(webhook);
        }
    }
}
