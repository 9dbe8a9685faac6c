package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.walk.Gate.Disturbance;

/**
 * The follower of {@code docs/following.md}, as it stands there (design rules 28 to 30): webhooks in any order, moves, full answers and
 * erasures happen, the history is stopped at any of its requests, and so is the follower. In the end it has the same licenses for
 * everybody as the store.
 *
 * <p>{@code -Dtouchline.follower.size} says how many times, {@code -Dtouchline.follower.seed} with which chance first.
 */
@Tag("long")
class FollowerTest {
    private static final List<String> PEOPLE =
            List.of(World.ANN, World.BEN_BEFORE, World.BEN, World.CAL, World.DAN, World.NEXT, World.LAST);
    private static final List<String> LICENSES = List.of("referee_8", "coach_15", "coach_41");
    private static final List<Way> WAYS =
            List.of(Way.STOPS_BEFORE, Way.STOPS_AFTER, Way.FAILS, Way.ANSWER_LOST, Way.CONFLICTS, Way.THROTTLED);
    private static final int STEPS = 24;
    private static final PrintStream OUT = System.out;

    private static World world;

    @TempDir
    private Path folder;

    @BeforeAll
    static void begin() throws IOException {
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        world = new World();
    }

    @AfterAll
    static void end() {
        System.setOut(OUT);
        world.close();
    }

    @Test
    @Tag("rule-28")
    @Tag("rule-30")
    void whoeverFollowsEndsWithTheLicensesOfTheStore() throws Exception {
        Assumptions.assumeTrue(
                new ProcessBuilder("python3", "-c", "import botocore").start().waitFor() == 0,
                "needs Python with botocore");
        var page = Files.readString(EmbeddedStack.projectRoot().resolve("docs/following.md"));
        var program =
                page.substring(page.indexOf("```python\n") + 10, page.indexOf("\n```", page.indexOf("```python")));
        assertTrue(program.lines().count() <= 40, "forty lines");
        Files.writeString(folder.resolve("follow.py"), program);
        var seed = Long.getLong("touchline.follower.seed", 17);
        for (var run = 0; run < Integer.getInteger("touchline.follower.size", 1); run++) {
            try (var life = new Life(seed + run)) {
                life.run();
            }
        }
    }

    /** One run, with its copy and its chance. */
    private final class Life implements AutoCloseable {
        private final long seed;
        private final Random random;
        private final Path copy;
        private final HttpServer server;
        private final List<ObjectNode> untold = new ArrayList<>();
        private final List<String> story = new ArrayList<>();
        private int answersLeft = Integer.MAX_VALUE;

        Life(long seed) throws IOException {
            this.seed = seed;
            this.random = new Random(seed);
            this.copy = folder.resolve("copy-" + seed + ".json");
            world.begin();
            world.changes();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", this::answer);
            server.start();
        }

        void run() throws Exception {
            follow();
            for (var step = 0; step < STEPS; step++) {
                somethingHappens();
                hear();
                if (random.nextInt(3) > 0) {
                    tell(new Disturbance(1 + random.nextInt(9), WAYS.get(random.nextInt(WAYS.size()))));
                }
                if (random.nextInt(4) == 0) {
                    answersLeft = random.nextInt(4);
                    follow();
                    answersLeft = Integer.MAX_VALUE;
                }
            }
            world.sweep();
            hear();
            while (!untold.isEmpty()) {
                tell(null);
            }
            // Holes of what was erased just now are waited at.
            world.clock.pass(Duration.ofSeconds(11));
            assertEquals(0, follow());
            assertEquals(held(), copied(), () -> "-Dtouchline.follower.seed=" + seed + "\n" + String.join("\n", story));
        }

        private void somethingHappens() throws Exception {
            switch (random.nextInt(12)) {
                case 0, 1 -> move();
                case 2 -> call("PersonRefreshFunction", "{\"ussfId\":\"" + anybody() + "\",\"accept\":true}");
                case 3 -> changeInTheLearningCenter();
                case 4 -> call("FollowUpFunction", "{}");
                case 5 -> erase(anybody());
                default -> webhook();
            }
        }

        private String anybody() {
            return PEOPLE.get(random.nextInt(PEOPLE.size()));
        }

        private void webhook() {
            var action = random.nextInt(3) == 0 ? "removed" : "added";
            var at = World.BEGINNING.plusSeconds(random.nextInt(40)).toString();
            var body = Errand.license(anybody(), LICENSES.get(random.nextInt(LICENSES.size())), action, at);
            happens("webhook " + body, Errand.webhook("license", "user-license-webhook", _ -> {}, body));
        }

        private void move() {
            var from = List.of(World.ANN, World.NEXT, World.DAN, World.CAL).get(random.nextInt(4));
            var to = from.equals(World.ANN) ? World.NEXT : from.equals(World.NEXT) ? World.LAST : World.CAL;
            if (from.equals(to)) {
                return;
            }
            happens(
                    "move " + from + " " + to,
                    Errand.webhook("move", "ussf-id-webhook", _ -> {}, Errand.moved(from, to)));
        }

        private void changeInTheLearningCenter() {
            var license = new UserLicense(
                    random.nextBoolean() ? World.ANN : World.DAN,
                    random.nextBoolean() ? LicenseAction.ADDED : LicenseAction.REMOVED,
                    LICENSES.get(random.nextInt(LICENSES.size())),
                    null,
                    null,
                    null,
                    World.BEGINNING.plusSeconds(random.nextInt(40)));
            world.simulator.changeSilently().license(license);
        }

        /** Whoever erases somebody tells who has copies, under every id. */
        private void erase(String ussfId) throws Exception {
            var ids = new TreeSet<>(List.of(ussfId));
            for (var id : PEOPLE) {
                if (world.present(id).equals(world.present(ussfId))) {
                    ids.add(id);
                }
            }
            call("PersonErasureFunction", "{\"ussfId\":\"" + ussfId + "\"}");
            if (Files.exists(copy)) {
                for (var id : ids) {
                    assertEquals(0, python(id));
                }
            }
        }

        private void call(String function, String payload) {
            happens(function + " " + payload, Errand.caller(function, function, payload, _ -> {}));
        }

        private void happens(String what, Errand errand) {
            story.add(what + ": " + errand.call(world, world.gate(null)));
        }

        /** The streams tell in whole seconds, and what is put in two seconds after an erasure is told. */
        private void hear() {
            untold.addAll(world.changes());
            world.clock.pass(Duration.ofSeconds(3));
        }

        /** Hands some of it to the history, as Lambda does: what it did not deal with comes again. */
        private void tell(@Nullable Disturbance disturbance) {
            var batch = untold.subList(0, Math.min(untold.size(), 1 + random.nextInt(20)));
            var event = new ObjectMapper().createObjectNode();
            event.putArray("Records").addAll(batch);
            try {
                var gate = world.gate(disturbance);
                var answer = FunctionHarness.json(
                        world.function("ChangeHistoryFunction", gate).invoke(event.toString()));
                if (!gate.isStopped()) {
                    batch.subList(0, dealtWith(batch, answer)).clear();
                }
            } catch (Gate.Stopped | RuntimeException died) {
                story.add("the history dies: " + died);
            }
        }

        private static int dealtWith(List<ObjectNode> batch, JsonNode answer) {
            var failed = answer.at("/batchItemFailures/0/itemIdentifier").asText("");
            for (var place = 0; place < batch.size(); place++) {
                if (batch.get(place).at("/dynamodb/SequenceNumber").asText().equals(failed)) {
                    return place;
                }
            }
            return batch.size();
        }

        private int follow() throws Exception {
            return python();
        }

        private int python(String... arguments) throws Exception {
            var command = new ArrayList<>(
                    List.of("python3", folder.resolve("follow.py").toString(), copy.toString()));
            command.addAll(List.of(arguments));
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.redirectOutput(folder.resolve("output").toFile());
            builder.environment()
                    .putAll(Map.of(
                            "API_URL", "http://127.0.0.1:" + server.getAddress().getPort(),
                            "AWS_REGION", "us-east-1",
                            "AWS_ACCESS_KEY_ID", "local",
                            "AWS_SECRET_ACCESS_KEY", "local"));
            var process = builder.start();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "the follower ends");
            story.add("the follower ends with " + process.exitValue());
            return process.exitValue();
        }

        /** The follower's connection breaks once so many answers have been given. */
        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                if (answersLeft-- <= 0) {
                    return;
                }
                var path = exchange.getRequestURI().getPath().split("/");
                var event = new ObjectMapper().createObjectNode();
                event.put("version", "2.0")
                        .put(
                                "rawQueryString",
                                Objects.requireNonNullElse(
                                        exchange.getRequestURI().getRawQuery(), ""));
                event.putObject("headers");
                var function = "ChangeFeedFunction";
                if (path.length > 2) {
                    function = "LicenseLookupFunction";
                    event.put("routeKey", "GET /users/{ussfId}/licenses");
                    event.putObject("pathParameters").put("ussfId", path[2]);
                } else {
                    function = path[1].equals("roster") ? "RosterFunction" : function;
                    event.put("routeKey", "GET /" + path[1]);
                }
                event.putObject("requestContext").putObject("http").put("method", "GET");
                var answer = FunctionHarness.json(
                        world.function(function, world.gate(null)).invoke(event.toString()));
                var body = answer.path("body").asText().getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(answer.path("statusCode").asInt(), body.length);
                exchange.getResponseBody().write(body);
            }
        }

        private Map<String, String> held() {
            var held = new TreeMap<String, String>();
            for (var id : PEOPLE) {
                world.licensesOf(id).forEach(license -> {
                    if (!license.removed()) {
                        held.put(
                                id + " " + license.licenseId(),
                                license.issuer() + " " + license.issueDate() + " " + license.expirationDate() + " "
                                        + license.updatedAt());
                    }
                });
            }
            return held;
        }

        /** What came under an id that had moved before the follower began is held by nobody. */
        private Map<String, String> copied() throws IOException {
            var held = new TreeMap<String, String>();
            for (var person :
                    new ObjectMapper().readTree(copy.toFile()).path("people").properties()) {
                if (!world.present(person.getKey()).equals(person.getKey())) {
                    continue;
                }
                person.getValue().properties().forEach(license -> {
                    var state = license.getValue();
                    if (!state.path("status").asText().equals("removed")) {
                        held.put(
                                person.getKey() + " " + license.getKey(),
                                state.path("issuer").asText() + " "
                                        + state.path("issueDate").asText() + " "
                                        + state.path("expirationDate").asText() + " "
                                        + Instant.parse(state.path("updatedAt").asText()));
                    }
                });
            }
            return held;
        }

        @Override
        public void close() {
            server.stop(0);
        }
    }
}
