package org.touchline.walk;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.touchline.embedded.Template;
import org.touchline.lambda.Metrics;

/**
 * Which alarms of the template would be on, as CloudWatch would tell from the lines that functions print: those that look at one metric of
 * ours. AWS's own metrics (errors, throttles, queues) nobody makes here.
 */
final class AlarmsOn {
    private static final String TYPE = "AWS::CloudWatch::Alarm";

    private AlarmsOn() {}

    /**
     * Their logical ids.
     *
     * @param lines what was printed in one period of each
     */
    static TreeSet<String> after(Template template, List<JsonNode> lines) {
        var on = new TreeSet<String>();
        for (var alarm : template.resourcesOfType(TYPE)) {
            var properties = template.resource(alarm);
            if (Metrics.NAMESPACE.equals(properties.get("Namespace")) && isOn(properties, lines)) {
                on.add(alarm);
            }
        }
        return on;
    }

    private static boolean isOn(Map<String, Object> alarm, List<JsonNode> lines) {
        var metric = (String) alarm.get("MetricName");
        var values = lines.stream()
                .filter(line -> line.has(metric) && isOf(line, (List<?>) alarm.get("Dimensions")))
                .mapToDouble(line -> line.path(metric).asDouble())
                .toArray();
        if (values.length == 0) {
            return "breaching".equals(alarm.get("TreatMissingData"));
        }
        var statistics = Arrays.stream(values).summaryStatistics();
        var value = switch ((String) alarm.get("Statistic")) {
            case "Maximum" -> statistics.getMax();
            case "Sum" -> statistics.getSum();
            case "SampleCount" -> statistics.getCount();
            case String other -> throw new IllegalStateException("an alarm's statistic is " + other);
        };
        var threshold = Double.parseDouble(alarm.get("Threshold").toString());
        return switch ((String) alarm.get("ComparisonOperator")) {
            case "GreaterThanOrEqualToThreshold" -> value >= threshold;
            case "GreaterThanThreshold" -> value > threshold;
            case "LessThanThreshold" -> value < threshold;
            case String other -> throw new IllegalStateException("an alarm compares by " + other);
        };
    }

    /** A line is of exactly its dimensions. */
    private static boolean isOf(JsonNode line, List<?> dimensions) {
        var told = new TreeSet<String>();
        line.at("/_aws/CloudWatchMetrics/0/Dimensions/0").forEach(name -> told.add(name.asText()));
        var asked = new TreeSet<String>();
        for (var each : dimensions) {
            var dimension = (Map<?, ?>) each;
            var name = dimension.get("Name").toString();
            asked.add(name);
            if (!line.path(name).asText().equals(dimension.get("Value").toString())) {
                return false;
            }
        }
        return told.equals(asked);
    }
}
