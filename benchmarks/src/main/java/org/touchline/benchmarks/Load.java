package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;

/**
 * {@code bin/benchmark load [--rate 30] [--seconds 300] [--people 200]}: license webhooks, verifications and look-ups in turn, at a fixed
 * rate, against the local run in this process. Each request has its moment, whatever became of those before it, and its time is counted
 * from that moment: what waits behind a slow one is slow too.
 */
final class Load implements AutoCloseable {
    private static final int RATE = 30;
    private static final int SECONDS = 300;
    private static final int PEOPLE = 200;
    private static final int WARM_UP_SECONDS = 10;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final double MEGABYTE = 1 << 20;
    private static final double MILLIS = 1e6;

    private final int rate;
    private final int people;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    private final DelayedLearningCenter learningCenter;
    private final LocalRun run;
    private final Progress progress = new Progress();

    /** What is asked, in turn. */
    private enum Kind {
        WEBHOOK("license webhook") {
            @Override
            HttpRequest.Builder request(URI api, int person) {
                return HttpRequest.newBuilder(URI.create(api + "/webhooks/user-license-update"))
                        .header("Authorization", "local-webhook-key")
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"ussf_id\":\"" + Crowd.ussfId(person)
                                + "\",\"action\":\"updated\",\"license_id\":\"" + Crowd.LICENSES.getFirst()
                                + "\",\"updated_at\":\"" + Instant.now() + "\"}"));
            }
        },
        VERIFICATION("verification") {
            @Override
            HttpRequest.Builder request(URI api, int person) {
                return HttpRequest.newBuilder(URI.create(
                                api + "/member-verification?memberIdentifier=" + Crowd.memberIdentifier(person)))
                        .header("X-Access-Token", "local-access-token");
            }
        },
        LOOKUP("look-up of licenses") {
            @Override
            HttpRequest.Builder request(URI api, int person) {
                return HttpRequest.newBuilder(
                        URI.create(api + "/members/" + Crowd.memberIdentifier(person) + "/licenses"));
            }
        };

        private final String title;

        Kind(String title) {
            this.title = title;
        }

        abstract HttpRequest.Builder request(URI api, int person);

        /** Whose turn it is. */
        static Kind of(int request) {
            return values()[request % values().length];
        }
    }

    /**
     * What came of them, by their number.
     *
     * @param nanos from the moment that each was due until its answer was here
     * @param failed whether it had no answer, or another status than 200
     */
    private record Answers(long[] nanos, boolean[] failed) {
        private IntStream of(Kind kind) {
            return IntStream.range(0, nanos.length).filter(request -> Kind.of(request) == kind);
        }

        double[] millis(Kind kind) {
            return of(kind).mapToDouble(request -> nanos[request] / MILLIS)
                    .sorted()
                    .toArray();
        }

        long errors(Kind kind) {
            return of(kind).filter(request -> failed[request]).count();
        }
    }

    /** What this process holds: all of the local run, DynamoDB included. */
    private record Memory(double heap, int threads) {
        static Memory now() {
            System.gc();
            var runtime = Runtime.getRuntime();
            return new Memory((runtime.totalMemory() - runtime.freeMemory()) / MEGABYTE, Thread.activeCount());
        }

        @Override
        public String toString() {
            return Spread.shown(heap) + " MB of heap after a collection, " + threads + " threads";
        }
    }

    private Load(int rate, int people) throws IOException {
        this.rate = rate;
        this.people = people;
        learningCenter = new DelayedLearningCenter(Duration.ofMillis(1));
        var settings = Settings.onFreePorts(
                EmbeddedStack.projectRoot(),
                Map.of(
                        "LEARNING_CENTER_BASE_URL", learningCenter.baseUrl().toString(),
                        "LEARNING_CENTER_USERNAME", "local",
                        "LEARNING_CENTER_PASSWORD", "local"));
        run = LocalRun.start(settings, new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
    }

    static List<Table> run(Options options) throws Exception {
        options.knowing("rate", "seconds", "people");
        return run(
                options.number("rate", RATE),
                Duration.ofSeconds(options.number("seconds", SECONDS)),
                options.number("people", PEOPLE),
                Duration.ofSeconds(WARM_UP_SECONDS));
    }

    static List<Table> run(int rate, Duration time, int people, Duration warmUp) throws Exception {
        try (var load = new Load(rate, people)) {
            load.enrollAll();
            load.ask(warmUp);
            var before = Memory.now();
            var answers = load.ask(time);
            return List.of(load.table(answers, time, before, Memory.now()));
        }
    }

    private void enrollAll() throws IOException, InterruptedException {
        var payload = JsonNodeFactory.instance.objectNode();
        var members = payload.putArray("members");
        IntStream.range(0, people).mapToObj(Crowd::member).forEach(members::add);
        var result = invoke("MemberImportFunction", payload);
        if (!result.path("rejected").isEmpty()) {
            throw new IOException("import: " + result);
        }
        for (var until = Instant.now().plus(Duration.ofMinutes(10)); ; ) {
            var answer = invoke("FollowUpFunction", JsonNodeFactory.instance.objectNode());
            // An error has no such number.
            if (answer.path("outstanding").asInt(-1) == 0) {
                return;
            }
            if (Instant.now().isAfter(until)) {
                throw new IOException("not everybody is enrolled: " + answer);
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private JsonNode invoke(String function, JsonNode payload) throws IOException, InterruptedException {
        var invocation = HttpRequest.newBuilder(
                        URI.create(run.endpoints().lambda() + "/2015-03-31/functions/" + function + "/invocations"))
                .POST(BodyPublishers.ofString(payload.toString()))
                .build();
        return FunctionHarness.json(
                client.send(invocation, BodyHandlers.ofString()).body());
    }

    /** Sends each at its moment, and waits for all answers. */
    private Answers ask(Duration time) {
        var count = Math.toIntExact(Math.max(Kind.values().length, rate * time.toMillis() / 1000));
        var interval = time.toNanos() / count;
        var answers = new Answers(new long[count], new boolean[count]);
        var begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var number = 0; number < count; number++) {
                var request = number;
                var due = begin + number * interval;
                for (var early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                    LockSupport.parkNanos(early);
                }
                threads.execute(() -> {
                    answers.failed()[request] = !isAnswered(request);
                    answers.nanos()[request] = System.nanoTime() - due;
                });
                progress.at("requests", number + 1L, count);
            }
        }
        return answers;
    }

    private boolean isAnswered(int number) {
        var person = number / Kind.values().length % people;
        var request = Kind.of(number)
                .request(run.endpoints().api(), person)
                .timeout(LIMIT)
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException noAnswer) {
            return false;
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private Table table(Answers answers, Duration time, Memory before, Memory after) {
        var table = new Table(
                String.format(Locale.ROOT, "%d requests a second in all, for %d seconds", rate, time.toSeconds()),
                "",
                "requests",
                "p50, ms",
                "p99, ms",
                "p99.9, ms",
                "longest, ms",
                "errors",
                "command");
        for (var kind : Kind.values()) {
            var millis = answers.millis(kind);
            table.row(
                    kind.title,
                    millis.length,
                    Spread.shown(Spread.quantile(millis, 0.5)),
                    Spread.shown(Spread.quantile(millis, 0.99)),
                    Spread.shown(Spread.quantile(millis, 0.999)),
                    Spread.shown(Arrays.stream(millis).max().orElse(0)),
                    answers.errors(kind),
                    "`bin/benchmark load --rate " + rate + " --seconds " + time.toSeconds() + " --people " + people
                            + "`");
        }
        return table.note(
                        "Each time is counted from the moment when the request was due. Client, local run and DynamoDB Local share "
                                + Runtime.getRuntime().availableProcessors() + " cores.")
                .note("At the beginning: " + before + ". At the end: " + after + ".");
    }

    @Override
    public void close() {
        client.close();
        run.close();
        learningCenter.close();
    }
}
