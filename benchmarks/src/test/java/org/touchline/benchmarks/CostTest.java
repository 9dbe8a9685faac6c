package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.benchmarks.Cost.Units;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.lambda.Metrics;

/** {@code docs/costs.md}: what it says of a month comes of what was measured, which it shows as well, and of the one file of prices. */
@Tag("long")
class CostTest {
    private static final Pattern BYTES = Pattern.compile("licenses takes ([0-9]+) bytes in the tables");

    private final String page;
    private final Cost cost;

    CostTest() throws IOException {
        var root = EmbeddedStack.projectRoot();
        page = Files.readString(root.resolve("docs/costs.md"));
        var bytes = BYTES.matcher(page);
        assertTrue(bytes.find(), "what a person takes is told");
        cost = new Cost(
                measured(),
                Double.parseDouble(bytes.group(1)),
                Template.read(root.resolve("template.yaml"), "staging", Map.of()));
    }

    private Map<Work, Units> measured() {
        var units = new EnumMap<Work, Units>(Work.class);
        for (var work : Work.values()) {
            var row = page.lines()
                    .filter(line -> line.startsWith("| " + work.title() + " |"))
                    .toList();
            assertEquals(1, row.size(), work.title());
            var figures = Arrays.stream(row.getFirst().split("\\|"))
                    .skip(2)
                    .map(String::strip)
                    .map(Double::parseDouble)
                    .toList();
            units.put(work, new Units(figures.get(0), figures.get(1), figures.get(2), figures.get(3)));
        }
        return units;
    }

    @Test
    void billIsComputedFromWhatWasMeasured() {
        var rows = Stream.of(Cost.series(), cost.month(), cost.once())
                .flatMap(table -> table.markdown().lines())
                .filter(line -> line.startsWith("|"))
                .toList();
        assertEquals(List.of(), rows.stream().filter(row -> !page.contains(row)).toList());
    }

    @Test
    void pricesAreThoseOfTheFile() {
        var prices = new Prices();
        assertTrue(page.contains("list prices of us-east-1 as known in " + prices.date()), prices.date());
        var shown = page.substring(page.indexOf("| what | price |"), page.indexOf("Free each month"));
        Stream.of(
                        "metric.month",
                        "alarmMetric.month",
                        "secret.month",
                        "dashboard.month",
                        "lambda.gigabyteSecond",
                        "lambda.millionInvocations",
                        "httpApi.millionRequests",
                        "dynamodb.millionWriteUnits",
                        "dynamodb.millionReadUnits",
                        "dynamodb.gigabyteMonth",
                        "dynamodb.gigabyteMonthBackup",
                        "events.million",
                        "logs.gigabyte")
                .forEach(name -> assertTrue(shown.contains(prices.text(name)), name));
    }

    /** Each metric is written at some time: a new one has its place here, and its price. */
    @Test
    void seriesAreThoseOfAllMetrics() throws IllegalAccessException {
        var metrics = new TreeSet<String>();
        for (var constant : Metrics.class.getFields()) {
            metrics.add((String) constant.get(null));
        }
        metrics.removeAll(Set.of(Metrics.NAMESPACE, Metrics.WEBHOOK, Metrics.QUEUE, Metrics.STREAM));
        assertEquals(
                List.copyOf(metrics),
                Arrays.stream(Series.values())
                        .flatMap(each -> each.metrics().stream().distinct())
                        .sorted()
                        .toList());
        assertTrue(page.contains("A stack writes " + Series.all() + " series at most"), "how many there are");
    }
}
