package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.benchmarks.StandIns.Secure;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;

/**
 * {@code bin/benchmark start [FUNCTION…] [--runs 8]}: cold starts of functions, of the plain handler and of the runtime alone, each in
 * turn, on this machine as it is and as Lambda throttles it.
 */
final class Start {
    private static final int RUNS = 8;
    private static final double MEGABYTE = 1 << 20;
    private static final String PLAIN = "plain handler";
    private static final String BARE = "bare runtime";
    /** The function of which the plain handler does the work, whose event and environment it gets. */
    private static final String MODEL = "user-license-webhook";

    private static final String MODEL_FUNCTION = "UserLicenseWebhookFunction";
    private static final String SAMPLE_TIME = "2026-01-10T15:04:05Z";
    private static final Instant SAMPLE_INSTANT = Instant.parse(SAMPLE_TIME);
    private static final double NANOS_A_MILLI = 1e6;

    private final Path root = EmbeddedStack.projectRoot();
    private final Path scratch;
    private final StandIns standIns;
    private final ManagedRuntime runtime;
    private final Progress progress = new Progress();
    private int events;
    private int people;

    private Start(Path scratch, StandIns standIns) throws IOException {
        this.scratch = scratch;
        this.standIns = standIns;
        this.runtime = new ManagedRuntime(scratch);
    }

    /** What is started. */
    private record Subject(
            String name, DeploymentPackage code, Map<String, String> environment, int memory, Supplier<byte[]> event) {
        boolean isOurs() {
            return code.handler().startsWith("org.touchline.functions.");
        }
    }

    /** One start: how long it took until the first event was asked for, and until that was answered. */
    private record Cold(Duration init, Duration call, Duration cpu, long kilobytes) {
        Duration both() {
            return init.plus(call);
        }
    }

    /** How processes are started: as this machine is, or throttled and over TLS. */
    private record Surroundings(
            List<String> wrapper,
            List<String> javaOptions,
            @Nullable Throttle throttle,
            @Nullable Secure tls) {
        Map<String, String> environment(Map<String, String> plain) {
            return tls == null ? plain : tls.environment(plain);
        }

        void giveAll() throws IOException {
            if (throttle != null) {
                throttle.limitTo(Throttle.ALL);
            }
        }

        void limitTo(int megabytes) throws IOException {
            if (throttle != null) {
                throttle.limitTo(Throttle.share(megabytes));
            }
        }
    }

    static List<Table> run(Options options) throws Exception {
        var scratch = Files.createTempDirectory("benchmark-start");
        try (var standIns = new StandIns()) {
            return new Start(scratch, standIns).tables(options.knowing("runs"));
        } finally {
            Commands.run(List.of("rm", "-rf", scratch.toString()));
        }
    }

    private List<Table> tables(Options options) throws Exception {
        var runs = options.number("runs", RUNS);
        var subjects = subjects(options.names());
        var unthrottled =
                table("Start, unthrottled", subjects, runs, new Surroundings(List.of(), List.of(), null, null));
        var throttle = Throttle.create();
        if (throttle.isEmpty()) {
            return List.of(unthrottled.note("Left out: starts as Lambda throttles them, for this machine has no control"
                    + " groups (version 1) that can be written."));
        }
        try (var group = throttle.get()) {
            var certificate = Certificate.in(scratch);
            var wrapper = Stream.concat(group.wrapper().stream(), certificate.wrapper().stream())
                    .toList();
            var throttled = new Surroundings(
                    wrapper,
                    List.of("-Djavax.net.ssl.trustStore=" + certificate.trustStore()),
                    group,
                    standIns.overTls(certificate));
            return List.of(
                    unthrottled,
                    table("Start, as Lambda throttles it, over TLS", subjects, runs, throttled)
                            .note("All the CPU there is until the first event is asked for; from then on the share of a"
                                    + " core that the function's memory brings, 0.58 for 1,024 MB."));
        }
    }

    private Table table(String title, List<Subject> subjects, int runs, Surroundings surroundings) throws IOException {
        var starts = starts(subjects, runs, surroundings);
        var plain = requireNonNull(starts.get(subjects.get(1)));
        var table = new Table(
                title + ": median and middle half of " + runs + " starts each, in turn",
                "",
                "init, ms",
                "first call, ms",
                "both, ms",
                "both ÷ plain",
                "call ÷ plain",
                "classes, init + call",
                "CPU, ms",
                "memory, MB",
                "package, MB",
                "command");
        for (var subject : subjects) {
            var colds = requireNonNull(starts.get(subject));
            var both = spread(colds, Cold::both);
            var call = spread(colds, Cold::call);
            var classes = classes(subject, surroundings);
            table.row(
                    subject.name(),
                    spread(colds, Cold::init),
                    call,
                    both,
                    Spread.shown(both.dividedBy(spread(plain, Cold::both))),
                    Spread.shown(call.dividedBy(spread(plain, Cold::call))),
                    classes,
                    spread(colds, Cold::cpu),
                    Spread.of(colds.stream()
                            .map(cold -> cold.kilobytes() / 1024.0)
                            .toList()),
                    Spread.shown(subject.code().bytes() / MEGABYTE),
                    "`bin/benchmark start " + (subject.isOurs() ? subject.name() + " " : "") + "--runs " + runs + "`");
        }
        return table;
    }

    private static Spread spread(List<Cold> colds, Function<Cold, Duration> what) {
        return Spread.of(colds.stream()
                .map(what)
                .map(time -> time.toNanos() / NANOS_A_MILLI)
                .toList());
    }

    private List<Subject> subjects(List<String> names) throws IOException {
        var subjects = new ArrayList<Subject>();
        var plain = root.resolve("benchmarks/plain-handler");
        var model = standIns.environment(MODEL_FUNCTION);
        var memory = standIns.stack().template().function(MODEL_FUNCTION).memorySize();
        subjects.add(new Subject(
                BARE,
                DeploymentPackage.ofClassAlone(plain, "org.touchline.plain.BareHandler", folder(BARE)),
                model,
                memory,
                event(MODEL)));
        subjects.add(new Subject(
                PLAIN,
                DeploymentPackage.ofModule(root, plain, "org.touchline.plain.PlainHandler", folder(PLAIN)),
                model,
                memory,
                event(MODEL)));
        for (var function : standIns.stack().template().functions()) {
            var name = folderOf(function.logicalId());
            if (names.isEmpty() || names.contains(name)) {
                subjects.add(new Subject(
                        name,
                        DeploymentPackage.ofModule(
                                root, root.resolve("functions").resolve(name), function.handler(), folder(name)),
                        standIns.environment(function.logicalId()),
                        function.memorySize(),
                        event(name)));
            }
        }
        return subjects;
    }

    /** In turn, so that whatever else the machine does is shared by all. */
    private Map<Subject, List<Cold>> starts(List<Subject> subjects, int runs, Surroundings surroundings)
            throws IOException {
        var starts = new LinkedHashMap<Subject, List<Cold>>();
        subjects.forEach(subject -> starts.put(subject, new ArrayList<>()));
        var done = 0L;
        for (var run = 0; run < runs; run++) {
            for (var subject : subjects) {
                requireNonNull(starts.get(subject)).add(start(subject, surroundings));
                progress.at("starts", ++done, (long) runs * subjects.size());
            }
        }
        return starts;
    }

    private Cold start(Subject subject, Surroundings surroundings) throws IOException {
        surroundings.giveAll();
        try (var process = process(subject, surroundings)) {
            var init = process.initialized();
            surroundings.limitTo(subject.memory());
            var answer = process.call(subject.event().get());
            return new Cold(init, answer.took(), process.cpu(), process.peakKilobytes());
        }
    }

    /** How many classes it loads until it asks for the first event, and how many until that is answered: the same each time. */
    private String classes(Subject subject, Surroundings surroundings) throws IOException {
        var log = scratch.resolve("classes");
        surroundings.giveAll();
        try (var process = process(subject, surroundings, "-Xlog:class+load:file=" + log + ":none:filecount=0")) {
            process.initialized();
            var init = lines(log);
            process.call(subject.event().get());
            return init + " + " + (lines(log) - init);
        }
    }

    private FunctionProcess process(Subject subject, Surroundings surroundings, String... more) throws IOException {
        var options = Stream.concat(surroundings.javaOptions().stream(), Stream.of(more));
        return FunctionProcess.start(
                subject.code(),
                surroundings.environment(subject.environment()),
                new FunctionProcess.Start(
                        surroundings.wrapper(), runtime.java(subject.memory(), options.toArray(String[]::new))));
    }

    private static long lines(Path file) throws IOException {
        try (var lines = Files.lines(file)) {
            return lines.count();
        }
    }

    /**
     * The sample of {@code events/}; where it brings a license, a newer one each time, so that each is stored. It is of a person of its
     * own: of one whose USSF-ID another sample has changed, a license is stored otherwise.
     */
    private Supplier<byte[]> event(String function) {
        var sample = FunctionHarness.sampleText(function).replace(Crowd.SAMPLE_PERSON, Crowd.ussfId(++people));
        return () -> sample.replace(
                        SAMPLE_TIME, SAMPLE_INSTANT.plusSeconds(++events).toString())
                .getBytes(UTF_8);
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectory(scratch.resolve(name.replace(' ', '-')));
    }

    /** {@code UserLicenseWebhookFunction} is in {@code user-license-webhook} (wire contract §7). */
    static String folderOf(String logicalId) {
        return logicalId
                .replaceFirst("Function$", "")
                .replaceAll("(?<!^)(?=[A-Z])", "-")
                .toLowerCase(Locale.ROOT);
    }
}
