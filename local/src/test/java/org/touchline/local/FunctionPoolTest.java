package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionPoolTest {
    @TempDir
    Path folder;

    private final Output output = new Output();
    private Functions functions;

    @BeforeEach
    void makeFunctions() {
        functions = TestStack.functions(folder, output);
    }

    @AfterEach
    void closeFunctions() {
        functions.close();
    }

    @Test
    void functionSeesTheEnvironmentOfItsTemplateEntryAndNothingOfTheProcess() throws Exception {
        var environment = json(invoke("EchoFunction")).get("environment");

        assertEquals("stack-ChangesTable", environment.get("CHANGES_TABLE").asText());
        assertEquals(
                TestStack.NOWHERE.toString(),
                environment.get("AWS_ENDPOINT_URL_DYNAMODB").asText());
        assertFalse(environment.has("PATH"), "a variable of this process");
        assertFalse(environment.has("FOLDER"), "a variable of another function");
    }

    @Test
    void contextTellsWhatTheTemplateSaysAndLogsBehindTheLogicalId() throws Exception {
        var result = invoke("EchoFunction");

        var context = json(result).get("context");
        assertEquals(result.requestId(), context.get("requestId").asText());
        assertEquals(256, context.get("memory").asInt());
        assertTrue(context.get("remaining").asInt() <= 3000
                && context.get("remaining").asInt() > 2000);
        assertTrue(context.get("arn")
                .asText()
                .endsWith(":function:" + context.get("functionName").asText()));
        assertEquals(
                1, output.lines().stream().filter("[EchoFunction] echo"::equals).count());
        assertEquals("echo\n", result.log());
    }

    @Test
    void eventAndAnswerOfOtherClassesGoThroughLambdasSerializer() throws Exception {
        var result = invoke("TypedFunction", "{\"names\":[\"Ada\",\"Grace\"],\"unknown\":1}");

        assertEquals("{\"names\":2,\"first\":\"Ada\"}", new String(result.payload(), UTF_8));
    }

    @Test
    void idleInstanceIsUsedAgain() throws Exception {
        letGo();

        var first = invoke("WaitingFunction");
        var second = invoke("WaitingFunction");

        assertEquals(json(first), json(second));
    }

    @Test
    void concurrentInvocationsHaveAnInstanceEach() throws Exception {
        var first = submit("WaitingFunction", "{}");
        var second = submit("WaitingFunction", "{}");
        output.await(
                lines -> lines.stream().filter(line -> line.endsWith("waits")).count() == 2);
        letGo();

        assertNotEquals(json(first.get()), json(second.get()));
    }

    @Test
    void invocationPastItsTimeoutIsCutOffAndItsInstanceThrownAway() throws Exception {
        var late = invoke("WaitingFunction");
        output.awaitLine("[WaitingFunction] interrupted");
        letGo();
        var next = invoke("WaitingFunction");

        assertTrue(late.failed());
        assertEquals("Sandbox.Timedout", json(late).get("errorType").asText());
        assertEquals(
                "RequestId: " + late.requestId() + " Error: Task timed out after 1.00 seconds",
                json(late).get("errorMessage").asText());
        assertFalse(next.failed());
    }

    @Test
    void exceptionIsAnsweredWithItsClassMessageAndFrames() throws Exception {
        var result = invoke("FailingFunction");

        assertTrue(result.failed());
        var error = json(result);
        assertEquals("java.lang.IllegalStateException", error.get("errorType").asText());
        assertEquals("no luck", error.get("errorMessage").asText());
        assertTrue(error.get("stackTrace").get(0).asText().contains("FailingHandler.handleRequest"));
        output.awaitLine("[FailingFunction] java.lang.IllegalStateException: no luck");
    }

    @Test
    void handlerThatCannotBeMadeIsTriedAgainAtTheNextCall() throws Exception {
        var before = invoke("UnreadyFunction");
        letGo();
        var after = invoke("UnreadyFunction");

        assertTrue(before.failed());
        assertEquals(
                "java.lang.IllegalArgumentException",
                json(before).get("errorType").asText());
        assertEquals("not yet", json(before).get("errorMessage").asText());
        assertEquals("ready", json(after).asText());
    }

    @Test
    void handlerThatDoesNotExistFailsItsOwnCallsOnly() throws Exception {
        var result = invoke("MissingFunction");

        assertTrue(result.failed());
        assertEquals(
                "java.lang.ClassNotFoundException",
                json(result).get("errorType").asText());
    }

    @Test
    void closingInterruptsWhatRuns() throws Exception {
        var running = submit("WaitingFunction", "{}");
        output.awaitLine("waits");

        functions.close();

        output.awaitLine("[WaitingFunction] interrupted");
        assertTrue(running.isDone());
        assertTrue(TestStack.threadsOf("WaitingFunction").isEmpty());
    }

    private void letGo() throws Exception {
        Files.createFile(folder.resolve("go"));
    }

    private InvocationResult invoke(String function) throws Exception {
        return invoke(function, "{}");
    }

    private InvocationResult invoke(String function, String event) throws Exception {
        return submit(function, event).get(5, TimeUnit.SECONDS);
    }

    private Future<InvocationResult> submit(String function, String event) throws InterruptedException {
        return functions
                .find(function)
                .orElseThrow()
                .invoke(event.getBytes(UTF_8))
                .orElseThrow();
    }

    private static JsonNode json(InvocationResult result) throws Exception {
        return Json.read(result.payload());
    }
}
