package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.console.LoopbackServer;

class InvokeGatewayTest {
    private static final Output OUTPUT = new Output();

    @TempDir
    private static Path folder;

    private static Functions functions;
    private static LoopbackServer server;

    @BeforeAll
    static void serve() throws IOException {
        functions = TestStack.functions(folder, OUTPUT);
        server = LoopbackServer.bind(0, OUTPUT.stream());
        server.serve(new InvokeGateway(functions));
    }

    @AfterAll
    static void stop() {
        server.close();
        functions.close();
    }

    @Test
    void answerIsTheFunctionsPayload() throws Exception {
        var response = invoke("EchoFunction", "{\"a\":[1,2]}");

        assertEquals(200, response.statusCode());
        assertEquals(json("{\"a\":[1,2]}"), json(response.body()).get("event"));
        assertEquals("$LATEST", header(response, "X-Amz-Executed-Version"));
        assertEquals(json(response.body()).at("/context/requestId").asText(), header(response, "X-Amzn-RequestId"));
        assertTrue(response.headers().firstValue("X-Amz-Function-Error").isEmpty());
        assertTrue(response.headers().firstValue("X-Amz-Log-Result").isEmpty());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "EchoFunction",
                "stack-EchoFunction",
                "stack-EchoFunction:$LATEST",
                "000000000000:function:stack-EchoFunction",
                "arn:aws:lambda:us-east-1:000000000000:function:stack-EchoFunction",
                "arn:aws:lambda:us-east-1:000000000000:function:stack-EchoFunction:live"
            })
    void functionIsFoundByLogicalIdNameOrArn(String name) throws Exception {
        assertEquals(200, invoke(name, "{}").statusCode());
    }

    @Test
    void callWithoutPayloadHandsOverAnEmptyObject() throws Exception {
        assertEquals(json("{}"), json(invoke("EchoFunction", "").body()).get("event"));
    }

    @Test
    void failedFunctionIsMarkedAsSuch() throws Exception {
        var response = invoke("FailingFunction", "{}");

        assertEquals(200, response.statusCode());
        assertEquals("Unhandled", header(response, "X-Amz-Function-Error"));
        assertEquals("no luck", json(response.body()).get("errorMessage").asText());
    }

    @Test
    void logTailComesWithTheAnswerWhereItIsAskedFor() throws Exception {
        var response = invoke("EchoFunction", "{}", "X-Amz-Log-Type", "Tail");

        assertEquals("echo\n", new String(Base64.getDecoder().decode(header(response, "X-Amz-Log-Result")), UTF_8));
    }

    @Test
    void eventInvocationIsAcceptedAtOnceAndRunsAfterwards() throws Exception {
        var response = invoke("ScheduledFunction", "{\"asynchronous\":1}", "X-Amz-Invocation-Type", "Event");

        assertEquals(202, response.statusCode());
        assertEquals("", response.body());
        OUTPUT.awaitLine("[ScheduledFunction] {\"asynchronous\":1}");
    }

    @Test
    void dryRunInvokesNothing() throws Exception {
        var response = invoke("ScheduledFunction", "{\"dry\":1}", "X-Amz-Invocation-Type", "DryRun");
        invoke("ScheduledFunction", "{\"wet\":1}");

        assertEquals(204, response.statusCode());
        OUTPUT.awaitLine("{\"wet\":1}");
        assertTrue(OUTPUT.linesWith("{\"dry\":1}").isEmpty());
    }

    @Test
    void unknownFunctionIsNotFound() throws Exception {
        var response = invoke("NoSuchFunction", "{}");

        assertRefusal(404, "ResourceNotFoundException", response);
        assertTrue(json(response.body()).get("Message").asText().contains("NoSuchFunction"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{} {}", "plain"})
    void payloadThatIsNotJsonIsRefused(String payload) throws Exception {
        var response = invoke("EchoFunction", payload);

        assertRefusal(400, "InvalidRequestContentException", response);
        assertFalse(json(response.body()).get("message").asText().isEmpty());
    }

    @Test
    void payloadAboveSixMegabytesIsTooLarge() throws Exception {
        var payload = "\"" + "x".repeat(InvokeGateway.SYNCHRONOUS_LIMIT) + "\"";

        assertRefusal(413, "RequestTooLargeException", invoke("EchoFunction", payload));
    }

    @Test
    void asynchronousPayloadAboveOneMegabyteIsTooLarge() throws Exception {
        var payload = "\"" + "x".repeat(InvokeGateway.ASYNCHRONOUS_LIMIT) + "\"";

        var response = invoke("ScheduledFunction", payload, "X-Amz-Invocation-Type", "Event");

        assertRefusal(413, "RequestTooLargeException", response);
    }

    @Test
    void unknownInvocationTypeIsRefused() throws Exception {
        var response = invoke("EchoFunction", "{}", "X-Amz-Invocation-Type", "Sometime");

        assertRefusal(400, "InvalidParameterValueException", response);
    }

    @Test
    void functionsAreListed() throws Exception {
        var listed = json(TestStack.get(URI.create(server.uri() + "/2015-03-31/functions"))
                        .body())
                .get("Functions");

        assertEquals(functions.all().size(), listed.size());
        assertEquals("stack-EchoFunction", listed.get(0).get("FunctionName").asText());
    }

    @Test
    void otherCallsOfLambdaDoNotExist() throws Exception {
        var response = TestStack.get(URI.create(server.uri() + "/2015-03-31/layers"));

        assertRefusal(404, "UnknownOperationException", response);
    }

    @Test
    void logTellsWhichFunctionWasInvoked() throws Exception {
        invoke("stack-EchoFunction", "{}");

        var line = "POST /2015-03-31/functions/stack-EchoFunction/invocations 200 \\d+ ms EchoFunction";
        OUTPUT.await(lines -> lines.stream().anyMatch(told -> told.matches(line)));
    }

    private static void assertRefusal(int status, String type, HttpResponse<String> response) throws Exception {
        assertEquals(status, response.statusCode());
        assertEquals(type, header(response, "x-amzn-ErrorType"));
        assertEquals("User", json(response.body()).get("Type").asText());
    }

    private static HttpResponse<String> invoke(String function, String payload, String... headers) throws Exception {
        var name = URLEncoder.encode(function, UTF_8);
        var uri = URI.create(server.uri() + "/2015-03-31/functions/" + name + "/invocations");
        return TestStack.send("POST", uri, payload, headers);
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElseThrow();
    }

    private static JsonNode json(String text) throws Exception {
        return new JsonMapper().readTree(text);
    }
}
