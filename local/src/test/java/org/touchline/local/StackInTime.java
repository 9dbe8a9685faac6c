package org.touchline.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.TableStream;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.lambda.Wiring;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** A stack, its functions and a Learning Center, whose time passes when a test says so. */
final class StackInTime implements AutoCloseable {
    final HandSetClock clock;
    final EmbeddedStack stack = EmbeddedStack.create(Map.of("RefreshDays", "1"));
    final LearningCenterSimulator learningCenter;
    private final List<TableStream> streams;
    private final Set<String> forms = new TreeSet<>();

    StackInTime(String start) {
        clock = new HandSetClock(start);
        learningCenter =
                LearningCenterSimulator.builder().clock(clock).pageSize(2).start();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
        streams = List.of(new TableStream(stack, "LicenseStoreTable"), new TableStream(stack, "MemberDirectoryTable"));
    }

    /** What functions are composed of. */
    Wiring wiring(String function) {
        return wiring(function, List.of());
    }

    private Wiring wiring(String function, List<ExecutionInterceptor> interceptors) {
        var environment = new HashMap<>(stack.environment(function));
        environment.computeIfPresent(
                "LEARNING_CENTER_BASE_URL", (_, _) -> learningCenter.baseUrl().toString());
        return new Wiring(environment, new Pacing(clock, clock::advance, new Random(1)), 1, interceptors);
    }

    /** Calls a new instance of a function. */
    JsonNode call(String function, String payload) {
        return call(function, payload, List.of());
    }

    /** Calls a new instance of a function that fails. What came of it is stored. */
    void callInVain(String function, String payload) {
        callInVain(function, payload, List.of());
    }

    /** Calls a new instance of a function that dies before it gives its lease back. */
    void callDying(String function, String payload) {
        var died = new AtomicBoolean();
        var death = new ExecutionInterceptor() {
            @Override
            public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
                if (context.request() instanceof UpdateItemRequest update
                        && update.updateExpression().startsWith("REMOVE leaseOwner")) {
                    died.set(true);
                    throw AbortedException.create("died");
                }
            }
        };
        callInVain(function, payload, List.of(death));
        if (!died.get()) {
            throw new IllegalStateException(function + " had no lease to give back");
        }
    }

    private void callInVain(String function, String payload, List<ExecutionInterceptor> interceptors) {
        try {
            call(function, payload, interceptors);
        } catch (RuntimeException failed) {
            // As it should.
        }
    }

    private JsonNode call(String function, String payload, List<ExecutionInterceptor> interceptors) {
        try {
            var handler = Class.forName(
                            stack.template().function(function).handler().replaceFirst("::.*", ""))
                    .getDeclaredConstructor(Wiring.class);
            handler.setAccessible(true);
            var instance = new FunctionHarness(
                    (RequestStreamHandler) handler.newInstance(wiring(function, interceptors)), Duration.ofMinutes(5));
            return FunctionHarness.json(instance.invoke(payload));
        } catch (ReflectiveOperationException noSuchFunction) {
            throw new IllegalStateException(function + "'s handler is made of a Wiring", noSuchFunction);
        }
    }

    /** The webhook's answer. */
    String webhook(String sample, String function, String body) {
        return http(function, sample, event -> event.put("body", body)).toString();
    }

    /** The answer's body to a question of the organization's own systems, such as {@code GET /members/M-1?limit=2}; its status beside it. */
    JsonNode ask(String function, String sample, String question) {
        return ask(function, sample, question, "");
    }

    JsonNode ask(String function, String sample, String question, String body) {
        var parts = question.split(" ", 2);
        var path = parts[1].split("\\?", 2);
        var segments = path[0].split("/");
        return http(function, sample, event -> {
            event.put("rawPath", path[0]).put("rawQueryString", path.length > 1 ? path[1] : "");
            event.remove(List.of("queryStringParameters", "pathParameters"));
            if (segments.length > 2) {
                var name = segments[1].equals("users") ? "ussfId" : "memberIdentifier";
                event.putObject("pathParameters").put(name, segments[2]);
                segments[2] = "{" + name + "}";
            }
            event.put("routeKey", parts[0] + " " + String.join("/", segments));
            ((ObjectNode) event.at("/requestContext/http")).put("method", parts[0]);
            if (!body.isEmpty()) {
                event.put("body", body);
            }
        });
    }

    private JsonNode http(String function, String sample, Consumer<ObjectNode> change) {
        var event = (ObjectNode) FunctionHarness.json(FunctionHarness.sampleText(sample));
        change.accept(event);
        var answer = call(function, event.toString());
        var body = answer.path("body").asText();
        var result = body.isEmpty() ? JsonNodeFactory.instance.objectNode() : (ObjectNode) FunctionHarness.json(body);
        return result.put("httpStatus", answer.path("statusCode").asInt());
    }

    /** Hands what the streams have to say to the history; how many entries came of it. */
    int tellHistory() {
        var records = new ArrayList<ObjectNode>();
        streams.forEach(stream -> stream.next().forEach(record -> {
            record.withObject("dynamodb")
                    .put("ApproximateCreationDateTime", clock.instant().getEpochSecond());
            records.add(record);
        }));
        var before = entries();
        for (var from = 0; from < records.size(); from += 100) {
            var batch = JsonNodeFactory.instance.objectNode();
            batch.putArray("Records").addAll(records.subList(from, Math.min(records.size(), from + 100)));
            var failed = call("ChangeHistoryFunction", batch.toString()).path("batchItemFailures");
            if (!failed.isEmpty()) {
                throw new IllegalStateException("records are to be handed over again: " + failed);
            }
        }
        return entries() - before;
    }

    /** Looks at what is stored: at what is there for a while alone, too. */
    void look() {
        forms.addAll(StoredItems.of(stack).forms());
    }

    /** The forms of all that was there when somebody looked. */
    Set<String> formsThatWereSeen() {
        return forms;
    }

    /** Passes over what the streams have to say. */
    void forgetStreams() {
        streams.forEach(TableStream::next);
    }

    private int entries() {
        return (int)
                stack
                        .dynamoDb()
                        .scanPaginator(request -> request.tableName(stack.table("ChangeHistoryTable")))
                        .items()
                        .stream()
                        .filter(item -> item.get("pk").s().startsWith("entries#"))
                        .count();
    }

    @Override
    public void close() {
        streams.forEach(TableStream::close);
        learningCenter.close();
        stack.close();
    }
}
