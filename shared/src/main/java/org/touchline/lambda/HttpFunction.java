package org.touchline.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.touchline.secret.UnusableSecretException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.warmup.SdkWarmUp;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A function behind the HTTP API: an event becomes a request, an answer becomes what the gateway expects, and what goes wrong
 * becomes a problem. Nothing personal or secret is logged (design rule 21): of an exception that may hold a value, only its
 * class and where it came from.
 */
public abstract class HttpFunction implements RequestStreamHandler {
    private static final String SAMPLE_EVENT = """
        {"version":"2.0","routeKey":"GET /sample","rawQueryString":"a=b","headers":{"a":"b"},"pathParameters":{"a":"b"},
        "requestContext":{"http":{"method":"GET"}},"body":"{}","isBase64Encoded":false}\
        """;
    /** How long a sender should wait before trying again. */
    protected static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private boolean unanswered;

    /** A part of what a first request does. */
    @FunctionalInterface
    protected interface Rehearsal {
        void run() throws IOException;
    }

    /** Answers a request. Any thread may call it, one at a time. */
    protected abstract HttpResponse answer(HttpRequest request);

    /**
     * Goes through the motions of a request while Lambda initializes, when CPU is free, so that the first real one finds classes
     * loaded and connections open. Changes nothing, and goes on whatever happens (design rule 20).
     */
    public final void prime() {
        rehearsing(() -> {
            rehearseAnswer(HttpResponse.problem(401, "sample"));
            rehearse(HttpEvents.read(new ByteArrayInputStream(SAMPLE_EVENT.getBytes(StandardCharsets.UTF_8))));
        });
    }

    /**
     * What a first request of this function does beside that, each part by {@link #rehearsing}.
     *
     * @param sample a request that asks for nothing
     */
    protected void rehearse(HttpRequest sample) {
        rehearsing(() -> SdkWarmUp.warmUp(DynamoDbClient.class));
    }

    /**
     * Does a part of it. If that fails, the first request pays for it; where somebody does not answer, for all that is left: an
     * initialization has ten seconds.
     */
    protected final void rehearsing(Rehearsal part) {
        if (unanswered) {
            return;
        }
        try {
            part.run();
        } catch (SdkException failure) {
            unanswered = !(failure instanceof AwsServiceException refusal) || refusal.statusCode() >= 500;
        } catch (IOException | RuntimeException slowerAtFirst) {
            // Nothing depends on it. Where it matters, it fails again, and is told then.
        }
    }

    /** Writes an answer to nobody. */
    protected static void rehearseAnswer(HttpResponse answer) throws IOException {
        HttpEvents.write(answer.with("cache-control", "no-store"), OutputStream.nullOutputStream());
    }

    @Override
    public final void handleRequest(InputStream event, OutputStream answer, Context context) throws IOException {
        HttpEvents.write(
                // Nearly everything that is answered here is about people: no cache may keep it.
                answerOrProblem(HttpEvents.read(event), context).with("cache-control", "no-store"), answer);
    }

    private HttpResponse answerOrProblem(HttpRequest request, Context context) {
        try {
            return answer(request);
        } catch (BadRequestException wrong) {
            return HttpResponse.problem(400, wrong.getMessage());
        } catch (UnusableSecretException | UnusableSettingException notConfigured) {
            context.getLogger().log(notConfigured.getMessage(), LogLevel.ERROR);
            return HttpResponse.unavailable("not configured yet, or a secret cannot be read", RETRY_AFTER);
        } catch (SdkException storeUnavailable) {
            context.getLogger().log("the store cannot be used: " + Failures.describe(storeUnavailable), LogLevel.ERROR);
            return HttpResponse.unavailable("the store cannot be used just now", RETRY_AFTER);
        } catch (RuntimeException bug) {
            context.getLogger().log("failed: " + Failures.describe(bug), LogLevel.ERROR);
            return HttpResponse.problem(500, "something went wrong here; the log has the reason");
        }
    }
}
