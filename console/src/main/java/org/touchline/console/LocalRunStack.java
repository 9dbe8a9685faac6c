package org.touchline.console;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The local run, asked over HTTP like a deployed stack, but without signatures: nobody checks them there. Thread-safe. */
final class LocalRunStack implements Stack {
    private final LocalRunEndpoints endpoints;
    private final Http http;

    LocalRunStack(LocalRunEndpoints endpoints, Http http) {
        this.endpoints = endpoints;
        this.http = http;
    }

    @Override
    public Map<String, Object> about() {
        return Map.of(
                "name",
                "local run",
                "place",
                "this machine",
                "zone",
                endpoints.timeZone().getId(),
                "local",
                true,
                "simulated",
                endpoints.simulator() != null);
    }

    @Override
    public HttpAnswer api(PermittedCalls.Call call, byte[] body) throws IOException, InterruptedException {
        return http.send(request(endpoints.api(), call, body));
    }

    @Override
    public HttpAnswer invoke(String logicalId, byte[] payload) throws IOException, InterruptedException {
        var uri = endpoints.lambda().resolve("/2015-03-31/functions/" + logicalId + "/invocations");
        var request = post(uri, payload, Http.OF_A_FUNCTION);
        return Http.result(logicalId, http.exchange(request));
    }

    private static HttpRequest post(URI uri, byte[] body, Duration limit) {
        return HttpRequest.newBuilder(uri)
                .timeout(limit)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }

    @Override
    public HttpAnswer alarms() {
        // CloudWatch is not imitated.
        return HttpAnswer.json(200, Map.of("alarms", List.of()));
    }

    @Override
    public HttpAnswer simulator(PermittedCalls.Call call, byte[] body) throws IOException, InterruptedException {
        var simulator = endpoints.simulator();
        return simulator == null
                ? Problem.of(404, "No simulator", "This run talks to another Learning Center.")
                : http.send(request(simulator, call, body));
    }

    private static HttpRequest request(URI base, PermittedCalls.Call call, byte[] body) {
        return HttpRequest.newBuilder(base.resolve(call.pathAndQuery()))
                .timeout(Http.OF_THE_API)
                .header("Content-Type", "application/json")
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
    }
}
