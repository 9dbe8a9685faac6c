package org.touchline.browser;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.touchline.local.LocalRun;

/** What happens beside the browser, over HTTP. */
final class Calls {
    private Calls() {}

    static HttpResponse<String> send(String method, URI uri, String body, String... headers) throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .method(method, HttpRequest.BodyPublishers.ofString(body));
            if (headers.length > 0) {
                request.headers(headers);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    /** Puts a member in, as the organization's own system does. */
    static void put(LocalRun run, String identifier, String first, String last, String email, String born)
            throws Exception {
        var body = """
                {"firstName":"%s","lastName":"%s","email":"%s","dateOfBirth":"%s"}""".formatted(first.replace("\"", "\\\""), last, email, born);
        var stored = send("PUT", run.endpoints().api().resolve("/members/" + identifier), body);
        assertEquals(200, stored.statusCode(), stored::body);
    }
}
