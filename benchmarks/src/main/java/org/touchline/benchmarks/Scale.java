package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;

/**
 * {@code bin/benchmark scale [WORK…] [--people 10000] [--rate 200] [--delay 200] [--limit 900]}: everything that is done for all people, with that
 * many, each function in a process with the memory and the time that the template gives it, on DynamoDB in this process and a Learning
 * Center that answers after {@code delay} milliseconds. With {@code --enroll 1000} only so many are imported and enrolled, and the others are
 * copies of one of them; with {@code --invocations 1} no work goes on for longer than that many invocations, and the table says what they
 * have left.
 */
final class Scale implements AutoCloseable {
    private static final int PEOPLE = 10_000;
    private static final int RATE = 200;
    private static final int DELAY = 200;
    private static final int AN_IMPORT = 5_000;
    /** Members on a page of the roster. */
    static final int A_PAGE = 200;

    private static final int MOST_ERASED = 5;
    private static final int MOST_REQUESTS = 1_000;
    private static final int PERCENT_OF_NEW_YEAR = 30;
    private static final int A_BATCH = 100;
    private static final int UNLIMITED = 999_999_999;
    private static final int ROWS_OF_A_PAGE = 100;
    private static final int UNAVAILABLE = 503;
    private static final int TENTH = 10;
    private static final long CALLS_OF_A_MEMBER = 5;
    private static final double PERCENT = 100;
    private static final double MEGABYTE = 1 << 20;
    private static final double KILOBYTES = 1 << 10;
    /** Above this share of what is there, it is what the rest waits for. */
    private static final double MOST_OF = 0.8;

    /** As often as Lambda tries an event that nobody waits for. */
    private static final int MOST_TRIES = 3;

    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Size size;
    private final Path scratch;
    private final DelayedLearningCenter learningCenter;
    private final EmbeddedStack stack;
    private final ManagedRuntime runtime;
    private final Progress progress = new Progress();
    private final Set<Work> wanted;
    private final Map<Work, Step> steps = new EnumMap<>(Work.class);
    private final Set<Work> failed = EnumSet.noneOf(Work.class);
    private Duration newcomersTook = Duration.ZERO;
    private long itemBytes;
    private @Nullable MeasuredFunction function;

    /**
     * How much.
     *
     * @param rate calls of the Learning Center that are allowed in a second
     * @param delay after which it answers
     * @param limit the time of each invocation at most; that of the template where it is shorter
     * @param enrolled so many of the people as they are in life; the others are their copies
     * @param invocations of one work at most
     */
    record Size(int people, int rate, Duration delay, Duration limit, int enrolled, int invocations) {
        /** All as they are in life, and all work to its end. */
        Size(int people, int rate, Duration delay, Duration limit) {
            this(people, rate, delay, limit, people, UNLIMITED);
        }

        static Size of(Options options) {
            var people = options.number("people", PEOPLE);
            return new Size(
                    people,
                    options.number("rate", RATE),
                    Duration.ofMillis(options.number("delay", DELAY)),
                    Duration.ofSeconds(
                            options.number("limit", (int) Duration.ofMinutes(15).toSeconds())),
                    Math.min(people, options.number("enroll", people)),
                    options.number("invocations", UNLIMITED));
        }

        /** The command that measures it. */
        String command(String program) {
            return String.format(
                    Locale.ROOT,
                    "`bin/benchmark %s --people %d --rate %d --delay %d --limit %d%s%s`",
                    program,
                    people,
                    rate,
                    delay.toMillis(),
                    limit.toSeconds(),
                    enrolled == people ? "" : " --enroll " + enrolled,
                    invocations == UNLIMITED ? "" : " --invocations " + invocations);
        }

        private int newcomers() {
            return Math.max(1, enrolled / TENTH);
        }
    }

    /**
     * What was measured.
     *
     * @param failed what did not end well, of which nothing was measured
     * @param newcomers enrolled in a second while the updates of New Year were looked into
     * @param bytesEach what a person takes in all tables
     */
    record Measured(Size size, Map<Work, Step> steps, Set<Work> failed, double newcomers, double bytesEach) {}

    private Scale(Size size, Set<Work> wanted) throws IOException {
        this.size = size;
        this.wanted = wanted;
        scratch = Files.createTempDirectory("benchmark-scale");
        runtime = new ManagedRuntime(scratch);
        learningCenter = new DelayedLearningCenter(size.delay());
        stack = EmbeddedStack.create(Map.of(
                "LearningCenterBaseUrl",
                learningCenter.baseUrl().toString(),
                "LearningCenterRequestsPerSecond",
                Integer.toString(size.rate()),
                "RefreshDays",
                "1",
                "AccessTokenName",
                "X-Access-Token"));
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"local\",\"password\":\"local\"}");
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
    }

    static List<Table> run(Options options) throws Exception {
        options.knowing("people", "rate", "delay", "limit", "enroll", "invocations");
        var program = ("scale " + String.join(" ", options.names())).strip();
        return List.of(table(measure(Size.of(options), Work.named(options.names())), program));
    }

    /** Does each kind of work once. */
    static Measured measure(Size size, Set<Work> wanted) throws IOException {
        try (var scale = new Scale(size, wanted)) {
            return scale.measure();
        }
    }

    private Measured measure() throws IOException {
        var people = size.people();
        var enrolled = size.enrolled();
        step(Work.IMPORT, 0, function -> imported(function, 0, enrolled));
        step(Work.ENROLLING, CALLS_OF_A_MEMBER * enrolled, function -> followedUp(function, enrolled, UNLIMITED));
        itemBytes = bytes() * people / enrolled;
        for (var table : List.of("LicenseStoreTable", "MemberDirectoryTable")) {
            new Copies(stack, table, 0).write(enrolled, people, "people copied in " + table, progress);
        }
        learningCenter.subscribe(enrolled, people);
        step(Work.SWEEP, 0, function -> new Done(1, left(function.invoke("{}"), "outstanding")));
        step(Work.REFRESH, 2L * people, this::refreshed);
        step(Work.AUDIT, pages(people), this::audited);
        reconciliations();
        newYear();
        step(Work.ROSTER, 0, this::read);
        http(Work.LOOKUP, "license-lookup", Scale::lookup, 200);
        http(Work.VERIFICATION, "member-verification", Scale::verification, 200);
        http(Work.LICENSE_WEBHOOK, "user-license-webhook", Scale::licenseUpdate, 200);
        http(Work.QUARANTINED, quarantined(), "user-license-webhook", Scale::misunderstood, 202);
        step(Work.REPLAY, 0, this::replayed);
        step(Work.HISTORY, 0, this::keptInHistory);
        step(Work.ERASURE, 2L * erased(), this::erase);
        stop();
        return new Measured(
                size,
                steps,
                failed,
                size.newcomers() / Math.max(1e-3, newcomersTook.toMillis() / 1e3),
                (double) itemBytes / people);
    }

    /** What is done with a function. */
    @FunctionalInterface
    private interface Doing {
        Done with(MeasuredFunction function) throws IOException;
    }

    /**
     * On how much was worked, and what that leaves.
     *
     * @param rows people, rows, requests, as the work's name says
     */
    private record Done(long rows, String left) {}

    /** What fails is noted, and the others go on: to put everybody in takes longer than most of them. */
    private void step(Work work, long expectedCalls, Doing doing) throws IOException {
        if (!wanted.contains(work)) {
            return;
        }
        var function = running(work);
        try (var ticker = ticker(work, expectedCalls)) {
            var calls = learningCenter.calls();
            var invocations = function.invocations();
            var failures = function.failures();
            var sums = function.sums();
            var cpu = function.cpu();
            var standIns = ownCpu();
            var begin = System.nanoTime();
            var done = doing.with(function);
            ticker.shutdownNow();
            var step = new Step(
                    done.rows(),
                    Duration.ofNanos(System.nanoTime() - begin),
                    function.invocations() - invocations,
                    function.failures() - failures,
                    learningCenter.calls() - calls,
                    function.sums().minus(sums),
                    function.cpu().minus(cpu),
                    ownCpu().minus(standIns),
                    function.peakKilobytes(),
                    done.left());
            steps.put(work, step);
            progress.tell(work.title() + ": " + step);
        } catch (IOException fails) {
            failed.add(work);
            progress.tell(work.title() + " failed: " + fails.getMessage());
            stop();
        }
    }

    /** What comes next to each other in one function is done in one process, as Lambda does it. */
    private MeasuredFunction running(Work work) throws IOException {
        if (function == null || !function.isOf(work.function())) {
            stop();
            function = start(work.function());
        }
        return function;
    }

    private MeasuredFunction start(String logicalId) throws IOException {
        var limit = stack.template().function(logicalId).timeout();
        return new MeasuredFunction(
                stack,
                logicalId,
                runtime,
                size.limit().compareTo(limit) < 0 ? size.limit() : limit,
                Files.createTempDirectory(scratch, logicalId));
    }

    private void stop() throws IOException {
        if (function != null) {
            function.close();
            function = null;
        }
    }

    /** Tells how far work is that waits for the Learning Center. */
    private ScheduledExecutorService ticker(Work work, long expectedCalls) {
        var ticker = Executors.newSingleThreadScheduledExecutor();
        if (expectedCalls > 0) {
            var before = learningCenter.calls();
            var _ = ticker.scheduleAtFixedRate(
                    () -> progress.at(work.title() + ", calls", learningCenter.calls() - before, expectedCalls),
                    1,
                    1,
                    TimeUnit.SECONDS);
        }
        return ticker;
    }

    private static Duration ownCpu() {
        return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private static int pages(int rows) {
        return Math.ceilDiv(rows, ROWS_OF_A_PAGE);
    }

    private Done imported(MeasuredFunction function, int from, int to) throws IOException {
        for (var at = from; at < to; at += AN_IMPORT) {
            var payload = JsonNodeFactory.instance.objectNode();
            var members = payload.putArray("members");
            var end = Math.min(to, at + AN_IMPORT);
            for (var number = at; number < end; number++) {
                members.add(Crowd.member(number));
            }
            storedAll(function, payload.toString());
            progress.at(Work.IMPORT.title(), end - from, to - from);
        }
        return new Done(to - from, (to - from) + " to enroll");
    }

    /** Whoever DynamoDB did not answer for in time is among the rejected: the same list again stores them alone. */
    private static void storedAll(MeasuredFunction function, String list) throws IOException {
        JsonNode answer;
        var times = 0;
        do {
            answer = function.invoke(list);
        } while (!answer.path("rejected").isEmpty() && ++times < MOST_TRIES);
        expect(answer.path("rejected").isEmpty(), "import", answer);
    }

    /**
     * Until nothing is owed, as the schedule of each minute does. What was put off for a failure is waited for.
     *
     * @param rows how many that is
     * @param most so many invocations at most
     */
    private Done followedUp(MeasuredFunction function, long rows, int most) throws IOException {
        var idleSince = System.nanoTime();
        var done = 0L;
        for (var invocations = 1; ; invocations++) {
            var answer = function.invoke("{}");
            done += answer.path("done").asInt();
            if (answer.path("outstanding").asInt(-1) == 0) {
                return new Done(rows, "nothing");
            }
            if (invocations == most) {
                return new Done(done, "the others");
            }
            if (answer.path("done").asInt() > 0) {
                idleSince = System.nanoTime();
            } else {
                expect(System.nanoTime() - idleSince < LONGEST_WAIT.toNanos(), "follow-ups", answer);
                pause();
            }
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException ends) {
            throw new IOException(ends);
        }
    }

    /** Whoever fails has had their turn, and is asked about in the next share (design rule 24). */
    private Done refreshed(MeasuredFunction function) throws IOException {
        var refreshed = 0;
        var failed = 0;
        var answer = function.invoke("{}");
        for (var invocations = 1; !answer.path("status").asText().equals("skipped"); invocations++) {
            refreshed += answer.path("refreshed").asInt();
            failed += answer.path("failed").asInt();
            if (invocations == size.invocations()) {
                return new Done(refreshed + failed, "the others");
            }
            answer = function.invoke("{\"resume\":true}");
        }
        return new Done(size.people(), failed == 0 ? "nothing" : failed + " who failed");
    }

    private Done audited(MeasuredFunction function) throws IOException {
        var calls = learningCenter.calls();
        var answer = function.invoke("{\"repair\":true}");
        for (var invocations = 1; answer.path("expected").isNull(); invocations++) {
            if (invocations == size.invocations()) {
                return pagesSince(calls);
            }
            answer = function.invoke("{\"resume\":true}");
        }
        expect(answer.path("expected").asInt() == answer.path("subscribed").asInt(), "audit", answer);
        return new Done(size.people(), answer.path("missingCount").asInt() + " missing");
    }

    private Done reconciled(MeasuredFunction function) throws IOException {
        var calls = learningCenter.calls();
        var answer = function.invoke("{}");
        for (var invocations = 1; answer.path("status").asText().equals("partial"); invocations++) {
            if (invocations == size.invocations()) {
                return pagesSince(calls);
            }
            answer = function.invoke("{\"resume\":true}");
        }
        expect(answer.path("status").asText().equals("complete"), "reconciliation", answer);
        return new Done((long) size.people() * Crowd.LICENSES.size(), "nothing");
    }

    /** Where each call brought a page, and some pages are left. */
    private Done pagesSince(long calls) {
        return new Done(ROWS_OF_A_PAGE * (learningCenter.calls() - calls), "the other pages");
    }

    /** What one leaves, the next one goes on with: so what is new to the first is as it was before, where it is known to the next. */
    private void reconciliations() throws IOException {
        var pages = pages(size.people() * Crowd.LICENSES.size());
        if (wanted.contains(Work.ALL_NEW)) {
            learningCenter.changeAll();
            step(Work.ALL_NEW, pages, this::reconciled);
            var step = steps.get(Work.ALL_NEW);
            if (step == null || !step.left().equals("nothing")) {
                learningCenter.changeNothing();
            }
        }
        step(Work.ALL_KNOWN, pages, this::reconciled);
        learningCenter.changeOneInAHundred();
        step(Work.ONE_IN_A_HUNDRED, pages, this::reconciled);
    }

    /** Updates come for three people in ten, then members are put in: they are not to wait for the updates. */
    private void newYear() throws IOException {
        var updated = Math.max(1, size.people() * PERCENT_OF_NEW_YEAR / 100);
        var received = Math.min(updated, size.enrolled());
        http(Work.USER_WEBHOOKS, received, "user-webhook", Scale::userUpdate, 200);
        if (wanted.contains(Work.USER_WEBHOOKS)) {
            new Copies(stack, "FollowUpTable", 0).write(received, updated, "user updates copied", progress);
        }
        if (wanted.contains(Work.NEW_YEAR)) {
            try (var importing = start(Work.IMPORT.function())) {
                imported(importing, size.people(), size.people() + size.newcomers());
            }
        }
        step(Work.NEW_YEAR, updated + CALLS_OF_A_MEMBER * size.newcomers(), function -> {
            var begin = System.nanoTime();
            var done = followedUp(function, updated + size.newcomers(), size.invocations());
            newcomersTook = Duration.ofNanos(learningCenter.lastSubscription() - begin);
            return done;
        });
    }

    private Done read(MeasuredFunction function) throws IOException {
        var query = "limit=" + A_PAGE;
        var members = 0;
        for (var pages = 1; ; pages++) {
            var asked = query;
            var page = FunctionHarness.json(ask(function, "roster", event -> event.put("rawQueryString", asked), 200)
                    .path("body")
                    .asText());
            members += page.path("members").size();
            progress.at(Work.ROSTER.title(), members, size.people());
            if (!page.has("next")) {
                expect(members >= size.people(), "roster", page);
                return new Done(members, "nothing");
            }
            if (pages == MOST_REQUESTS) {
                return new Done(members, "the other pages");
            }
            query = "limit=" + A_PAGE + "&after="
                    + URLEncoder.encode(page.path("next").asText(), UTF_8);
        }
    }

    private int erased() {
        return Math.min(MOST_ERASED, size.people());
    }

    private Done replayed(MeasuredFunction function) throws IOException {
        var answer = function.invoke("{}");
        return new Done(quarantined(), left(answer, "stillQuarantined") + " in quarantine");
    }

    private int quarantined() {
        return Math.max(1, size.people() / TENTH);
    }

    private Done erase(MeasuredFunction function) throws IOException {
        for (var i = 0; i < erased(); i++) {
            var answer = function.invoke("{\"ussfId\":\"" + Crowd.ussfId(i) + "\"}");
            expect(answer.path("known").asBoolean(), "erasure", answer);
        }
        return new Done(erased(), "nothing");
    }

    /** As the license store's stream brings them: the sample's change, of somebody else each. */
    private Done keptInHistory(MeasuredFunction function) throws IOException {
        var sample = FunctionHarness.json(FunctionHarness.sampleText("change-history"))
                .path("Records")
                .path(0)
                .toString();
        for (var from = 0; from < requests(); from += A_BATCH) {
            var batch = JsonNodeFactory.instance.objectNode();
            var records = batch.putArray("Records");
            for (var number = from; number < Math.min(requests(), from + A_BATCH); number++) {
                var record =
                        (ObjectNode) FunctionHarness.json(sample.replace(Crowd.SAMPLE_PERSON, Crowd.ussfId(number)));
                records.add(record.put("eventID", Crowd.memberIdentifier(number)));
            }
            var answer = function.invoke(batch.toString());
            expect(answer.path("batchItemFailures").isEmpty(), "history", answer);
        }
        return new Done(requests(), "nothing");
    }

    /** How an event of the HTTP API differs from its sample. */
    @FunctionalInterface
    private interface Change {
        void of(ObjectNode event);
    }

    /** Changes of the sample, by the number of the request. */
    @FunctionalInterface
    private interface Request {
        Change number(int number);
    }

    private int requests() {
        return Math.min(MOST_REQUESTS, size.people());
    }

    private void http(Work work, String sample, Request request, int status) throws IOException {
        http(work, requests(), sample, request, status);
    }

    private void http(Work work, int count, String sample, Request request, int status) throws IOException {
        step(work, 0, function -> {
            for (var i = 0; i < count; i++) {
                ask(function, sample, request.number(i), status);
                progress.at(work.title(), i + 1L, count);
            }
            return new Done(
                    count,
                    switch (work) {
                        case USER_WEBHOOKS -> count + " to look into";
                        case QUARANTINED -> count + " in quarantine";
                        default -> "nothing";
                    });
        });
    }

    private static Change lookup(int number) {
        return event -> {
            event.put("rawPath", "/users/" + Crowd.ussfId(number) + "/licenses").put("rawQueryString", "");
            event.putObject("pathParameters").put("ussfId", Crowd.ussfId(number));
        };
    }

    private static Change verification(int number) {
        return event -> event.put("rawQueryString", "memberIdentifier=" + Crowd.memberIdentifier(number));
    }

    private static Change licenseUpdate(int number) {
        return body("{\"ussf_id\":\"" + Crowd.ussfId(number) + "\",\"action\":\"updated\",\"license_id\":\""
                + Crowd.LICENSES.getFirst()
                + "\",\"issuer\":\"U.S. Soccer\",\"issue_date\":\"2026-01-10\",\"updated_at\":\""
                + Instant.now() + "\"}");
    }

    private static Change userUpdate(int number) {
        return body("{\"ussf_id\":\"" + Crowd.ussfId(number) + "\",\"changed\":\"referee_experience\"}");
    }

    private static Change misunderstood(int number) {
        return body("{\"ussf_id\":\"" + Crowd.ussfId(number) + "\",\"action\":\"something else\"}");
    }

    private static Change body(String body) {
        return event -> event.put("body", body);
    }

    private static JsonNode ask(MeasuredFunction function, String sample, Change change, int status)
            throws IOException {
        var event = (ObjectNode) FunctionHarness.json(FunctionHarness.sampleText(sample));
        change.of(event);
        var answer = function.invoke(event.toString());
        for (var tries = 1; answer.path("statusCode").asInt() == UNAVAILABLE && tries < MOST_TRIES; tries++) {
            answer = function.invoke(event.toString());
        }
        expect(answer.path("statusCode").asInt() == status, sample, answer);
        return answer;
    }

    private static String left(JsonNode answer, String field) {
        return Integer.toString(answer.path(field).asInt());
    }

    private static void expect(boolean asItShouldBe, String what, JsonNode answer) throws IOException {
        if (!asItShouldBe) {
            throw new IOException(what + ": " + answer);
        }
    }

    private long bytes() {
        return stack.template().tables().stream()
                .mapToLong(table -> stack.dynamoDb()
                        .describeTable(request -> request.tableName(stack.table(table.logicalId())))
                        .table()
                        .tableSizeBytes())
                .sum();
    }

    /** @param program with the names of the works, if not all are done */
    private static Table table(Measured measured, String program) {
        var size = measured.size();
        var cores = Runtime.getRuntime().availableProcessors();
        var table = new Table(
                String.format(
                        Locale.ROOT,
                        "%,d people, at most %d calls a second, answered after %d ms",
                        size.people(),
                        size.rate(),
                        size.delay().toMillis()),
                "work",
                "rows",
                "seconds",
                "rows a second",
                "calls a second",
                "requests a row",
                "read units a row",
                "write units a row",
                "CPU a row, ms",
                "cores: function, stand-ins",
                "peak heap, MB",
                "peak memory, MB",
                "invocations",
                "left for the next run",
                "bound by");
        measured.steps()
                .forEach((work, step) -> table.row(
                        work.title(),
                        step.rows(),
                        Spread.shown(step.seconds()),
                        Spread.shown(step.rowsPerSecond()),
                        step.calls() == 0 ? "" : Spread.shown(step.callsPerSecond()),
                        Spread.shown(step.requests()),
                        Spread.shown(step.readUnits()),
                        Spread.shown(step.writeUnits()),
                        Spread.shown(step.cpuMillis()),
                        Spread.shown(step.cores()) + ", " + Spread.shown(step.coresOfStandIns()),
                        Spread.shown(step.sums().heap() / MEGABYTE),
                        Spread.shown(step.residentKilobytes() / KILOBYTES),
                        step.failures() == 0
                                ? step.invocations()
                                : step.invocations() + ", " + step.failures() + " failed",
                        step.left(),
                        bound(step, size, cores)));
        if (measured.steps().containsKey(Work.NEW_YEAR)) {
            table.note(String.format(
                    Locale.ROOT,
                    "New Year: while updates of %d %% of the people waited, %s members a second were enrolled, with %d calls each: %.0f %% of"
                            + " the rate.",
                    PERCENT_OF_NEW_YEAR,
                    Spread.shown(measured.newcomers()),
                    CALLS_OF_A_MEMBER,
                    PERCENT * CALLS_OF_A_MEMBER * measured.newcomers() / size.rate()));
        }
        measured.failed().forEach(work -> table.note("Failed, and not measured: " + work.title() + "."));
        return table.note(String.format(
                Locale.ROOT,
                "A member with %d licenses takes %s bytes in the tables. Measured with %s on %d cores, on %s.",
                Crowd.LICENSES.size(),
                Spread.shown(measured.bytesEach()),
                size.command(program),
                cores,
                Instant.now().toString().substring(0, 10)));
    }

    /** What the work mostly waited for. */
    private static String bound(Step step, Size size, int cores) {
        if (step.callsPerSecond() > MOST_OF * size.rate()) {
            return "the rate";
        }
        var atOnce = step.callsPerSecond()
                * size.delay().toNanos()
                / Duration.ofSeconds(1).toNanos();
        if (atOnce > MOST_OF && atOnce <= 1) {
            return "the Learning Center, one page at a time";
        }
        if (step.rows() > 1 && step.invocations() >= step.rows()) {
            return "one event after the other";
        }
        if (step.cores() + step.coresOfStandIns() < MOST_OF * cores) {
            return "this machine, which does something else as well";
        }
        return (step.coresOfStandIns() > step.cores() ? "DynamoDB Local" : "the function's own CPU") + ", on " + cores
                + " cores";
    }

    @Override
    public void close() throws IOException {
        stop();
        stack.close();
        learningCenter.close();
        Commands.run(List.of("rm", "-rf", scratch.toString()));
    }
}
