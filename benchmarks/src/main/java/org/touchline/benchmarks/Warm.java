package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.functions.LicenseLookupHandler;
import org.touchline.functions.MemberVerificationHandler;
import org.touchline.functions.RosterHandler;
import org.touchline.functions.UserLicenseWebhookHandler;
import software.amazon.awssdk.core.SdkRequest;

/**
 * {@code bin/benchmark warm [--runs 10] [--calls 200]}: what a call of a function costs once it is warm, beside the same requests sent
 * by the SDK alone, and beside the plain handler. DynamoDB is in another process, so that the CPU of this one is the function's.
 */
final class Warm {
    private static final int RUNS = 10;
    private static final int CALLS = 200;
    private static final int CALLS_BEFORE = 1_000;
    private static final int MEMORY = 1024;
    private static final String SAMPLE_TIME = "2026-01-10T15:04:05Z";
    private static final String OTHER_TABLES = "OTHER_TABLES";
    private static final double MICROS = 1e3;
    private static final double KILOBYTE = 1024;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final Map<String, String> environment;
    private final int runs;
    private final int calls;
    private final BareClient bare;
    private final Progress progress = new Progress();
    private long moment = Instant.parse(SAMPLE_TIME).getEpochSecond();

    private Warm(Map<String, String> environment, int runs, int calls) {
        this.environment = environment;
        this.runs = runs;
        this.calls = calls;
        this.bare = new BareClient(environment, tables(requireNonNull(environment.get(OTHER_TABLES))));
    }

    /** What is called, once. */
    @FunctionalInterface
    private interface Call {
        void once() throws IOException;
    }

    /** A number of calls: microseconds of each and of CPU, kilobytes allocated, requests sent. */
    private record Block(double p50, double p99, double cpu, double kilobytes, double requests) {}

    /** Starts the stand-ins here, and measures in a process that is started as Lambda starts functions, which prints the table. */
    static List<Table> run(Options options) throws Exception {
        options.knowing("runs", "calls");
        var scratch = Files.createTempDirectory("benchmark-warm");
        try (var standIns = new StandIns();
                var others = new StandIns()) {
            var command = new ManagedRuntime(scratch).java(MEMORY);
            var plain = EmbeddedStack.projectRoot().resolve("benchmarks/plain-handler/target");
            command.set(
                    command.size() - 1,
                    System.getProperty("java.class.path") + ":" + plain.resolve("classes") + ":"
                            + Files.readString(plain.resolve("classpath")).strip());
            command.addAll(List.of(
                    Warm.class.getName(),
                    Integer.toString(options.number("runs", RUNS)),
                    Integer.toString(options.number("calls", CALLS))));
            var process = new ProcessBuilder(command).inheritIO();
            for (var function : List.of(
                    "UserLicenseWebhookFunction",
                    "MemberVerificationFunction",
                    "LicenseLookupFunction",
                    "RosterFunction")) {
                process.environment().putAll(standIns.environment(function));
            }
            process.environment().put(OTHER_TABLES, tables(standIns.stack(), others.stack()));
            var status = process.start().waitFor();
            if (status != 0) {
                throw new IOException("the measuring process ended with " + status);
            }
            return List.of();
        } finally {
            Commands.run(List.of("rm", "-rf", scratch.toString()));
        }
    }

    private static String tables(EmbeddedStack of, EmbeddedStack others) {
        return of.template().tables().stream()
                .map(table -> table.name() + "=" + others.table(table.logicalId()))
                .collect(Collectors.joining(","));
    }

    private static Map<String, String> tables(String text) {
        var tables = new HashMap<String, String>();
        for (var pair : text.split(",", -1)) {
            tables.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
        }
        return tables;
    }

    /** The measuring process: {@code RUNS CALLS}, and the rest in its environment. */
    public static void main(String[] arguments) throws Exception {
        SentRequests.begin();
        var out = System.out;
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, UTF_8));
        var warm = new Warm(System.getenv(), Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        out.println();
        out.print(warm.table().markdown());
        System.exit(0);
    }

    private Table table() throws Exception {
        var functions = new LinkedHashMap<String, Call>();
        functions.put(
                "user-license-webhook", called(new UserLicenseWebhookHandler(environment), "user-license-webhook"));
        functions.put("member-verification", called(new MemberVerificationHandler(environment), "member-verification"));
        functions.put("license-lookup", called(new LicenseLookupHandler(environment), "license-lookup"));
        functions.put("roster", called(new RosterHandler(environment), "roster"));
        var plain = plain();
        var ours = new LinkedHashMap<String, List<Block>>();
        var alone = new HashMap<String, List<Block>>();
        var plains = new ArrayList<Block>();
        functions.values().forEach(call -> measured(call, CALLS_BEFORE));
        measured(plain, CALLS_BEFORE);
        for (var run = 0; run < runs; run++) {
            for (var function : functions.entrySet()) {
                ours.computeIfAbsent(function.getKey(), _ -> new ArrayList<>())
                        .add(measured(function.getValue(), calls));
                alone.computeIfAbsent(function.getKey(), _ -> new ArrayList<>()).add(bare(SentRequests.taken()));
            }
            plains.add(measured(plain, calls));
            progress.at("runs", run + 1L, runs);
        }
        var table = new Table(
                "Warm: median and middle half of " + runs + " runs of " + calls + " calls each, in turn",
                "",
                "requests a call",
                "CPU, µs",
                "p50, µs",
                "p99, µs",
                "allocated, KB",
                "CPU of what is not SDK",
                "CPU ÷ plain",
                "p50 ÷ plain",
                "command");
        ours.forEach((name, blocks) -> {
            row(table, name, blocks, alone.get(name), plains);
            row(table, name + ", the SDK alone", requireNonNull(alone.get(name)), null, plains);
        });
        row(table, "plain handler", plains, null, plains);
        return table.note(
                "CPU is the whole process's: its threads, its compiler, its collector. Beside each function are the"
                        + " same requests, sent by the SDK alone to the tables of another stack.");
    }

    private void row(Table table, String name, List<Block> blocks, @Nullable List<Block> alone, List<Block> plain) {
        var cpu = spread(blocks, Block::cpu);
        var p50 = spread(blocks, Block::p50);
        table.row(
                name,
                Spread.shown(spread(blocks, Block::requests).median()),
                cpu,
                p50,
                spread(blocks, Block::p99),
                spread(blocks, Block::kilobytes),
                alone == null ? "" : Spread.shown(1 - spread(alone, Block::cpu).dividedBy(cpu)),
                Spread.shown(cpu.dividedBy(spread(plain, Block::cpu))),
                Spread.shown(p50.dividedBy(spread(plain, Block::p50))),
                "`bin/benchmark warm --runs " + runs + " --calls " + calls + "`");
    }

    private static Spread spread(List<Block> blocks, Function<Block, Double> what) {
        return Spread.of(blocks.stream().map(what).toList());
    }

    /** The requests of a number of calls, sent again by the SDK alone: of each call as many as it sent. */
    private Block bare(List<SdkRequest> sent) {
        var elsewhere = sent.stream().map(bare::elsewhere).toList().iterator();
        var whole = sent.size() / calls;
        return measured(
                () -> {
                    for (var i = 0; i < whole && elsewhere.hasNext(); i++) {
                        bare.send(elsewhere.next());
                    }
                },
                calls);
    }

    private Block measured(Call call, int times) {
        var each = new double[times];
        SentRequests.taken();
        var cpu = SYSTEM.getProcessCpuTime();
        var allocated = THREADS.getTotalThreadAllocatedBytes();
        try {
            for (var i = 0; i < times; i++) {
                var begin = System.nanoTime();
                call.once();
                each[i] = (System.nanoTime() - begin) / MICROS;
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        Arrays.sort(each);
        return new Block(
                Spread.quantile(each, 0.5),
                Spread.quantile(each, 0.99),
                (SYSTEM.getProcessCpuTime() - cpu) / MICROS / times,
                (THREADS.getTotalThreadAllocatedBytes() - allocated) / KILOBYTE / times,
                (double) SentRequests.count() / times);
    }

    private Call called(RequestStreamHandler handler, String sample) {
        var function = new FunctionHarness(handler);
        var text = FunctionHarness.sampleText(sample);
        // Where it brings a license, a newer one each time, so that each is stored.
        return () -> {
            var event =
                    text.replace(SAMPLE_TIME, Instant.ofEpochSecond(++moment).toString());
            var answer = function.invoke(event);
            if (!answer.contains("\"statusCode\":200")) {
                throw new IOException(sample + ": " + answer);
            }
        };
    }

    /** As Lambda's runtime calls a handler of event classes. */
    @SuppressWarnings("unchecked")
    private Call plain() throws ReflectiveOperationException {
        var handler = (RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse>)
                Class.forName("org.touchline.plain.PlainHandler")
                        .asSubclass(RequestHandler.class)
                        .getConstructor()
                        .newInstance();
        var loader = requireNonNull(Warm.class.getClassLoader());
        var events = LambdaEventSerializers.serializerFor(APIGatewayV2HTTPEvent.class, loader);
        var answers = LambdaEventSerializers.serializerFor(APIGatewayV2HTTPResponse.class, loader);
        return called(
                (event, answer, context) ->
                        answers.toJson(handler.handleRequest(events.fromJson(event), context), answer),
                "user-license-webhook");
    }
}
