package org.touchline.learningcenter.wire;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import org.touchline.time.RequestRate;

/**
 * Sends calls of the Connect API until they are answered (design rule 17): what is answered 429 or 5xx, not at all, or too
 * slowly, is sent up to four times, with full jitter between (up to 0.5 s, then 1 s, then 2 s) on top of what
 * {@code Retry-After} asks for. What it asks for, and the wait after any 429, holds up all who call through this (design rule 10).
 * Every call may be repeated: the Learning Center does the same thing only once.
 *
 * <p>Safe for use by several threads.
 */
public final class LearningCenterHttp {
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration ATTEMPT = Duration.ofSeconds(10);
    private static final int MOST_ATTEMPTS = 4;
    private static final Duration FIRST_WAIT = Duration.ofMillis(500);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(8);
    /** A longer answer counts as one that did not come. */
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    private final HttpClient http;
    private final String baseUrl;
    private final Pacing pacing;
    private final RequestRate rate;
    private final AnswerObserver observer;

    /**
     * A way to one Learning Center.
     *
     * @param http as {@link #newHttpClient} makes it; it stays the caller's to close
     * @param baseUrl what paths are appended to, such as {@code https://connect.learning.ussoccer.com/certifications}
     * @param observer is told of every answer
     */
    public LearningCenterHttp(HttpClient http, URI baseUrl, Pacing pacing, RequestRate rate, AnswerObserver observer) {
        this.http = http;
        this.baseUrl = baseUrl.toString().replaceFirst("/+$", "");
        this.pacing = pacing;
        this.rate = rate;
        this.observer = observer;
    }

    /** HTTP/1.1, no redirects: a token is not carried elsewhere. */
    public static HttpClient newHttpClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT)
                .build();
    }

    /**
     * Sends a call.
     *
     * @param token null for the calls that need none
     * @return any answer but 429 and 5xx
     * @throws LearningCenterUnavailableException if there is none after four attempts, or none that the time allows
     */
    public ConnectAnswer send(ConnectCall call, @Nullable AccessToken token, Deadline deadline) {
        var request = request(call, token);
        for (var attempt = 1; ; attempt++) {
            var response = attempt(request, deadline);
            if (response != null && !isTransient(response.statusCode())) {
                var answer = new ConnectAnswer(
                        call.name(),
                        response.statusCode(),
                        response.headers().firstValue("Content-Type").orElse(""),
                        response.body());
                observe(answer);
                return answer;
            }
            var retryAfter = response == null ? heldUntil() : RetryAfter.in(response.headers(), pacing.now());
            var wait = waitAfter(attempt, retryAfter);
            if (retryAfter != null) {
                rate.holdUntil(retryAfter);
            } else if (response != null && response.statusCode() == TOO_MANY_REQUESTS) {
                rate.holdUntil(pacing.now().plus(wait));
            }
            if (attempt == MOST_ATTEMPTS || !pacing.pause(wait, deadline)) {
                throw new LearningCenterUnavailableException(
                        call.name() + (response == null ? " got no answer" : " was answered " + response.statusCode()),
                        retryAfter);
            }
        }
    }

    /** Until when whoever got no turn is held up; null if that is not why. */
    private @Nullable Instant heldUntil() {
        var until = rate.heldUntil();
        return until.isAfter(pacing.now()) ? until : null;
    }

    /** Who is to be told of answers. */
    public AnswerObserver observer() {
        return observer;
    }

    private void observe(ConnectAnswer answer) {
        observer.received(answer);
        if (answer.isSuccess() && WireFields.knows(answer.call())) {
            try {
                observer.answered(answer.call(), answer.json());
            } catch (UnintelligibleException noJson) {
                // Whoever reads it says so.
            }
        }
    }

    private HttpRequest request(ConnectCall call, @Nullable AccessToken token) {
        var request = HttpRequest.newBuilder(URI.create(baseUrl + call.target()))
                .method(call.method(), publisher(call))
                .header("Accept", "application/json");
        if (call.body() != null) {
            request.header("Content-Type", "application/json");
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token.value());
        }
        return request.build();
    }

    private static BodyPublisher publisher(ConnectCall call) {
        return call.body() == null
                ? BodyPublishers.noBody()
                : BodyPublishers.ofString(call.body().toString());
    }

    /** One attempt; null if there was no answer, or no whole one in time. */
    private @Nullable HttpResponse<byte[]> attempt(HttpRequest request, Deadline deadline) {
        var inTime = rate.await(deadline);
        var limit = deadline.remaining(pacing.clock());
        if (!inTime || limit.isZero()) {
            return null;
        }
        // The time limit of a request ends when the answer begins; a body that trickles in must be cut off as well.
        var answer = http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
        try {
            return answer.get(Math.min(limit.toNanos(), ATTEMPT.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException tooSlow) {
            answer.cancel(true);
            return null;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof IOException) {
                return null;
            }
            throw new IllegalStateException("a call of the Learning Center failed", failed.getCause());
        } catch (InterruptedException stopped) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw new LearningCenterUnavailableException("interrupted while waiting for an answer", null);
        }
    }

    private static boolean isTransient(int status) {
        return status == TOO_MANY_REQUESTS || status >= SERVER_ERROR;
    }

    private Duration waitAfter(int attempt, @Nullable Instant retryAfter) {
        var jitter = pacing.upTo(Pacing.doubled(FIRST_WAIT, LONGEST_WAIT, attempt - 1));
        var asked = retryAfter == null ? Duration.ZERO : Duration.between(pacing.now(), retryAfter);
        return asked.isNegative() ? jitter : asked.plus(jitter);
    }
}
