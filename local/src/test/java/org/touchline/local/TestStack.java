package org.touchline.local;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.touchline.console.Console;
import org.touchline.console.LocalRunEndpoints;
import org.touchline.embedded.Template;

/** The stack of the tests, and ways to ask it. */
final class TestStack {
    /** Nothing listens there: for functions that never ask. */
    static final URI NOWHERE = URI.create("http://127.0.0.1:9");

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private TestStack() {}

    /** The page of a run that nobody asks anything. */
    static Console console() {
        return Console.ofLocalRun(
                new LocalRunEndpoints(NOWHERE, NOWHERE, null, ZoneOffset.UTC), InstantSource.system());
    }

    static Path root() {
        try {
            return Path.of(TestStack.class.getResource("stack/template.yaml").toURI())
                    .getParent();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Its functions without anything around them; {@code folder} is where handlers look for the file {@code go}. */
    static Functions functions(Path folder, Output output) {
        return functions(folder, new Instances(Instances.LIMIT, InstantSource.system()), output);
    }

    /** The same, in instances of the test's own. */
    static Functions functions(Path folder, Instances instances, Output output) {
        var template = Template.read(root().resolve("template.yaml"), "stack", Map.of("Folder", folder.toString()));
        return new Functions(template, NOWHERE, NOWHERE, NOWHERE, instances, output.stream());
    }

    /** The threads of a function's instances. */
    static List<String> threadsOf(String function) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(function::equals)
                .toList();
    }

    /** Returns as soon as what is waited for is so; an error if it never is. */
    static void await(BooleanSupplier condition) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain");
            }
            Thread.sleep(5);
        }
    }

    static HttpResponse<String> get(URI uri, String... headers) throws IOException, InterruptedException {
        return send("GET", uri, "", headers);
    }

    static HttpResponse<String> send(String method, URI uri, String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
