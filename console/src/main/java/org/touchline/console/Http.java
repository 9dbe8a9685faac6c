package org.touchline.console;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends what the stacks ask, each within its limit of time, and never twice. */
final class Http implements AutoCloseable {
    /** What an HTTP API takes, and a little. */
    static final Duration OF_THE_API = Duration.ofSeconds(35);

    /** What a function may take, and a little. */
    static final Duration OF_A_FUNCTION = Duration.ofSeconds(910);

    /** What of an answer's headers the page may need. */
    private static final List<String> KEPT = List.of("Content-Type", "Retry-After");

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    HttpAnswer send(HttpRequest request) throws IOException, InterruptedException {
        return answer(exchange(request));
    }

    /** @throws IOException of which the message says what happened, but where nobody is there or the time is over */
    HttpResponse<byte[]> exchange(HttpRequest request) throws IOException, InterruptedException {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        } catch (ConnectException | HttpTimeoutException told) {
            throw told;
        } catch (IOException broken) {
            throw new IOException(
                    "The connection broke before the answer was here. It may be done all the same: look again before you repeat it.",
                    broken);
        }
    }

    private static HttpAnswer answer(HttpResponse<byte[]> response) {
        var headers = new TreeMap<String, List<String>>();
        for (var name : KEPT) {
            response.headers().firstValue(name).ifPresent(value -> headers.put(name, List.of(value)));
        }
        return new HttpAnswer(response.statusCode(), headers, response.body());
    }

    /** A function's result as the page is told it: as it is, or that the function failed, with its message. */
    static HttpAnswer result(String logicalId, HttpResponse<byte[]> response) {
        if (response.headers().firstValue("X-Amz-Function-Error").isPresent()) {
            var message = Json.read(response.body()).path("errorMessage").asText("it ended by an error");
            return Problem.of(502, logicalId + " failed", message);
        }
        if (response.statusCode() != 200) {
            return refusal("lambda:InvokeFunction of " + logicalId, answer(response));
        }
        return new HttpAnswer(200, Map.of("Content-Type", List.of("application/json")), response.body());
    }

    /** What AWS refuses in its own words, as a problem: whose credentials may not, and what. */
    static HttpAnswer refusal(String what, HttpAnswer refused) {
        var said = Json.read(refused.body());
        var message = said.path("message").asText(said.path("Message").asText(""));
        var status = refused.status() == 401 ? 403 : refused.status();
        if (status == 403) {
            return Problem.of(
                    403,
                    "AWS does not let you",
                    "Your AWS credentials may not do this: " + what
                            + (message.isEmpty() || message.equals("Forbidden") ? "." : ". AWS says: " + message));
        }
        var problem = Problem.of(
                status,
                "AWS answered " + status,
                what + " was answered " + status + (message.isEmpty() ? "" : ": " + message));
        var headers = new HashMap<>(refused.headers());
        headers.putAll(problem.headers());
        return new HttpAnswer(status, headers, problem.body());
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
