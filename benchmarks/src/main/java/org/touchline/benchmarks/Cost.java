package org.touchline.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.touchline.benchmarks.Scale.Size;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;

/**
 * {@code bin/benchmark cost [--people 100]}: what each kind of work asks for, measured with that many people, and what a month costs of
 * it, at the prices of {@code prices.properties}.
 */
final class Cost {
    private static final int PEOPLE = 100;
    private static final int RATE = 20;
    private static final Duration DELAY = Duration.ofMillis(1);

    /** For whom a month is computed, and how many calls of the Learning Center a second suffice for them. */
    private static final List<Stack> STACKS = List.of(
            new Stack("idle", 0, 5, 1.0 / 24),
            new Stack("10,000 people", 10_000, 5, 0.5),
            new Stack("200,000 people", 200_000, 50, 1),
            new Stack("1,000,000 people", 1_000_000, 200, 1));

    private static final double MINUTES = 43_800;
    private static final double NIGHTS = 365.0 / 12;
    private static final double WEEKS = 52.0 / 12;
    /** The window of a reconciliation is a day and the overlap. */
    private static final int WINDOWS_OF_A_CHANGE = 3;
    /** Of an invocation that asks DynamoDB alone; Lambda's throttled CPU included. */
    private static final double REQUEST_SECONDS = 0.05;

    private static final double SWEEP_SECONDS = 0.1;
    private static final double ROSTER_SECONDS = 0.005;
    private static final double CHANGES_A_MONTH = 1;
    private static final double NOTICES_A_MONTH = 5 / 12.0;
    private static final double ENTRIES_A_MONTH = CHANGES_A_MONTH + NOTICES_A_MONTH;
    private static final double MONTHS_OF_HISTORY = 400 / NIGHTS;
    private static final double ENTRY_BYTES = 800;
    private static final double LOG_BYTES = 1_000;
    private static final double GIGABYTE = 1e9;

    private final Map<Work, Units> units;
    private final double bytesEach;
    private final Prices prices = new Prices();
    private final int alarmMetrics;
    private final int secrets;
    private final int dashboards;

    /**
     * What a row of one kind of work asks for.
     *
     * @param requests to DynamoDB
     * @param calls of the Learning Center
     */
    record Units(double requests, double read, double write, double calls) {}

    /** @param hours the share of hours in which something comes or changes */
    private record Stack(String title, int people, int rate, double hours) {}

    /** What something takes in a month. */
    private record Used(
            double read, double write, double seconds, double invocations, double apiRequests, double events) {
        static final Used NOTHING = new Used(0, 0, 0, 0, 0, 0);

        Used plus(Used more) {
            return new Used(
                    read + more.read,
                    write + more.write,
                    seconds + more.seconds,
                    invocations + more.invocations,
                    apiRequests + more.apiRequests,
                    events + more.events);
        }
    }

    /**
     * @param units of each kind of work
     * @param bytesEach what a person takes in the tables
     */
    Cost(Map<Work, Units> units, double bytesEach, Template template) {
        this.units = Map.copyOf(units);
        this.bytesEach = bytesEach;
        this.alarmMetrics = template.resourcesOfType("AWS::CloudWatch::Alarm").stream()
                .mapToInt(alarm -> metrics(template.resource(alarm).get("Metrics")))
                .sum();
        this.secrets = template.secrets().size();
        this.dashboards = template.resourcesOfType("AWS::CloudWatch::Dashboard").size();
    }

    private static int metrics(@Nullable Object several) {
        return several instanceof List<?> list
                ? (int) list.stream()
                        .filter(each -> each instanceof Map<?, ?> metric && metric.containsKey("MetricStat"))
                        .count()
                : 1;
    }

    static List<Table> run(Options options) throws Exception {
        options.knowing("people");
        var people = options.number("people", PEOPLE);
        var measured = Scale.measure(new Size(people, RATE, DELAY, Duration.ofMinutes(15)), EnumSet.allOf(Work.class));
        if (!measured.failed().isEmpty()) {
            throw new IOException(measured.failed() + " failed");
        }
        var units = new EnumMap<Work, Units>(Work.class);
        measured.steps()
                .forEach((work, step) -> units.put(
                        work,
                        new Units(
                                asShown(step.requests()),
                                asShown(step.readUnits()),
                                asShown(step.writeUnits()),
                                asShown(step.callsEach()))));
        var cost = new Cost(
                units,
                Math.round(measured.bytesEach()),
                Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "staging", Map.of()));
        return List.of(cost.asked(people), series(), cost.month(), cost.once());
    }

    /** What was measured. */
    private Table asked(int people) {
        var table = new Table(
                "A row of each kind of work",
                "work",
                "requests",
                "read units",
                "write units",
                "calls of the Learning Center");
        for (var work : EnumSet.copyOf(units.keySet())) {
            var each = of(work);
            table.row(
                    work.title(), shown(each.requests()), shown(each.read()), shown(each.write()), shown(each.calls()));
        }
        return table.note(String.format(
                Locale.ROOT,
                "A person with %d licenses takes %s bytes in the tables. Measured with `bin/benchmark cost --people %d`.",
                Crowd.LICENSES.size(),
                (long) bytesEach,
                people));
    }

    /** A month is computed from what the page shows, so that it can be computed again from that. */
    private static double asShown(double figure) {
        return Double.parseDouble(shown(figure));
    }

    private static String shown(double figure) {
        return String.format(Locale.ROOT, "%.2f", figure);
    }

    /** A month of each stack. */
    Table month() {
        var titles = new ArrayList<String>(List.of(""));
        STACKS.forEach(stack -> titles.add(stack.title()));
        var table = new Table("A month, in dollars", titles.toArray(String[]::new));
        row(table, Series.all() + " series, for the hours in which they are written", this::series);
        row(table, alarmMetrics + " alarm metrics", _ -> alarmMetrics * prices.of("alarmMetric.month"));
        row(
                table,
                secrets + " secrets, " + dashboards + " dashboard",
                _ -> secrets * prices.of("secret.month") + dashboards * prices.of("dashboard.month"));
        row(table, "the minute's sweep", stack -> dollars(sweep()));
        row(table, "refresh: each once", stack -> dollars(refresh(stack)));
        row(table, "reconciliation each night, of one change a person", stack -> dollars(reconciliation(stack)));
        row(table, "the audit each week", stack -> dollars(audit(stack)));
        row(table, "a license webhook a person", stack -> dollars(webhooks(stack)));
        row(table, "that change and five notices a year, kept and published", stack -> dollars(history(stack)));
        row(table, "a verification and a look-up a person", stack -> dollars(questions(stack)));
        row(table, "the roster each night", stack -> dollars(roster(stack)));
        row(table, "rows, the history of 400 days, and backup", this::storage);
        row(table, "logs, 1 KB an invocation", stack -> logs(used(stack)));
        row(table, "**together, no free tier left**", this::together);
        row(table, "with the free tiers of the account", stack -> together(stack) - free(stack));
        return table.note("Prices of " + prices.date() + ". The Learning Center is called "
                + String.join(
                        ", ",
                        STACKS.stream()
                                .map(stack -> Integer.toString(stack.rate()))
                                .toList())
                + " times a second at most.");
    }

    /** Which series there are of our own, at most. */
    static Table series() {
        var table = new Table("Series of our own, at most", "written", "series");
        for (var each : Series.values()) {
            table.row(each.title(), each.metrics().size());
        }
        return table;
    }

    /** What it costs once to put everybody in. */
    Table once() {
        var table = new Table("Putting everybody in, once", "people", "dollars");
        STACKS.stream()
                .filter(stack -> stack.people() > 0)
                .forEach(stack -> table.row(
                        stack.title(),
                        dollarsShown(dollars(work(Work.IMPORT, stack.people(), stack)
                                .plus(work(Work.ENROLLING, stack.people(), stack))))));
        return table;
    }

    /** A line of the bill. */
    @FunctionalInterface
    private interface Line {
        double of(Stack stack);
    }

    private static void row(Table table, String title, Line line) {
        var cells = new ArrayList<Object>(List.of(title));
        STACKS.forEach(stack -> cells.add(dollarsShown(line.of(stack))));
        table.row(cells.toArray());
    }

    private static String dollarsShown(double dollars) {
        return String.format(Locale.ROOT, "%.2f", dollars);
    }

    private double series(Stack stack) {
        return prices.of("metric.month")
                * Arrays.stream(Series.values())
                        .mapToDouble(each -> each.metrics().size() * each.hours(stack.hours()))
                        .sum();
    }

    private double storage(Stack stack) {
        return gigabytes(stack) * (prices.of("dynamodb.gigabyteMonth") + prices.of("dynamodb.gigabyteMonthBackup"));
    }

    private double gigabytes(Stack stack) {
        return stack.people() * (bytesEach + ENTRIES_A_MONTH * MONTHS_OF_HISTORY * ENTRY_BYTES) / GIGABYTE;
    }

    private double logs(Used used) {
        return logGigabytes(used) * prices.of("logs.gigabyte");
    }

    private static double logGigabytes(Used used) {
        return used.invocations() * LOG_BYTES / GIGABYTE;
    }

    private Used used(Stack stack) {
        return List.of(
                        sweep(),
                        refresh(stack),
                        reconciliation(stack),
                        audit(stack),
                        webhooks(stack),
                        history(stack),
                        questions(stack),
                        roster(stack))
                .stream()
                .reduce(Used.NOTHING, Used::plus);
    }

    private Units of(Work work) {
        return Objects.requireNonNull(units.get(work), work.title());
    }

    private Used sweep() {
        var each = of(Work.SWEEP);
        return new Used(MINUTES * each.read(), MINUTES * each.write(), MINUTES * SWEEP_SECONDS, MINUTES, 0, 0);
    }

    private Used refresh(Stack stack) {
        return work(Work.REFRESH, stack.people(), stack);
    }

    private Used reconciliation(Stack stack) {
        return work(Work.ALL_KNOWN, (double) WINDOWS_OF_A_CHANGE * stack.people(), stack);
    }

    private Used audit(Stack stack) {
        return work(Work.AUDIT, WEEKS * stack.people(), stack);
    }

    private Used webhooks(Stack stack) {
        return asked(Work.LICENSE_WEBHOOK, stack.people(), stack.people());
    }

    /** A stream hands each change over to who keeps it; one run keeps all notices of a day; another stream brings all to who publishes. */
    private Used history(Stack stack) {
        var each = of(Work.HISTORY);
        var entries = stack.people() * ENTRIES_A_MONTH;
        var notices = stack.people() * NOTICES_A_MONTH;
        return asked(Work.HISTORY, stack.people() * CHANGES_A_MONTH, 0)
                .plus(new Used(notices * each.read(), notices * each.write(), 0, 0, 0, 0))
                .plus(new Used(0, 0, entries * REQUEST_SECONDS, entries, 0, entries));
    }

    private Used questions(Stack stack) {
        var people = stack.people();
        return asked(Work.VERIFICATION, people, people).plus(asked(Work.LOOKUP, people, people));
    }

    private Used roster(Stack stack) {
        var each = of(Work.ROSTER);
        var members = NIGHTS * stack.people();
        var pages = members / Scale.A_PAGE;
        return new Used(members * each.read(), members * each.write(), members * ROSTER_SECONDS, pages, pages, 0);
    }

    /** What waits for the Learning Center, whose rate is the brake. */
    private Used work(Work work, double rows, Stack stack) {
        var each = of(work);
        var seconds = rows * each.calls() / stack.rate();
        return new Used(rows * each.read(), rows * each.write(), seconds, 0, 0, 0);
    }

    private Used asked(Work work, double rows, double apiRequests) {
        var each = of(work);
        return new Used(rows * each.read(), rows * each.write(), rows * REQUEST_SECONDS, rows, apiRequests, 0);
    }

    private double dollars(Used used) {
        return prices.ofMillion("dynamodb.millionReadUnits", used.read())
                + prices.ofMillion("dynamodb.millionWriteUnits", used.write())
                + prices.of("lambda.gigabyteSecond") * used.seconds()
                + prices.ofMillion("lambda.millionInvocations", used.invocations())
                + prices.ofMillion("httpApi.millionRequests", used.apiRequests())
                + prices.ofMillion("events.million", used.events());
    }

    private double together(Stack stack) {
        var used = used(stack);
        return series(stack)
                + alarmMetrics * prices.of("alarmMetric.month")
                + secrets * prices.of("secret.month")
                + dashboards * prices.of("dashboard.month")
                + dollars(used)
                + storage(stack)
                + logs(used);
    }

    private double free(Stack stack) {
        var used = used(stack);
        return prices.of("metric.month") * prices.of("free.metrics")
                + prices.of("alarmMetric.month") * Math.min(alarmMetrics, prices.of("free.alarmMetrics"))
                + prices.of("dashboard.month") * Math.min(dashboards, prices.of("free.dashboards"))
                + prices.of("lambda.gigabyteSecond") * Math.min(used.seconds(), prices.of("free.gigabyteSeconds"))
                + prices.of("lambda.millionInvocations")
                        * Math.min(used.invocations() / 1e6, prices.of("free.millionInvocations"))
                + prices.of("logs.gigabyte") * Math.min(logGigabytes(used), prices.of("free.logGigabytes"))
                + prices.of("dynamodb.gigabyteMonth") * Math.min(gigabytes(stack), prices.of("free.dynamodbGigabytes"));
    }
}
