package org.touchline.embedded;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.touchline.embedded.ResolvedTemplate.Resource;
import org.touchline.embedded.Template.Function;
import org.touchline.embedded.Template.Route;
import org.touchline.embedded.Template.Schedule;
import org.touchline.embedded.Template.Statement;
import org.touchline.embedded.Template.StreamMapping;

/** Reads the functions of a template, with what calls them and what they may do. */
final class TemplateFunctions {
    static final String TYPE = "AWS::Serverless::Function";

    private static final int DEFAULT_TIMEOUT_SECONDS = 3;
    private static final int DEFAULT_MEMORY_SIZE = 128;
    private static final int DEFAULT_BATCH_SIZE = 100;
    private static final int UNTIL_EXPIRED = -1;
    private static final Duration KEPT_BY_STREAMS = Duration.ofDays(1);

    private final ResolvedTemplate template;

    TemplateFunctions(ResolvedTemplate template) {
        this.template = template;
    }

    List<Function> read() {
        return template.ofType(TYPE).stream().map(this::function).toList();
    }

    private Function function(Resource resource) {
        var properties = resource.properties();
        var routes = new ArrayList<Route>();
        var schedules = new ArrayList<Schedule>();
        var streams = new ArrayList<StreamMapping>();
        properties.section("Events").forEach((name, event) -> {
            // The logical id that SAM gives to what it makes of the event.
            var logicalId = resource.logicalId() + name;
            var details = event.section("Properties");
            var type = event.at("Type");
            switch (type.text()) {
                case "HttpApi" -> routes.add(route(details));
                case "ScheduleV2" -> schedules.add(schedule(logicalId, details));
                case "DynamoDB" -> streams.add(stream(logicalId, details));
                default -> throw type.unexpected("HttpApi, ScheduleV2 or DynamoDB");
            }
        });
        return new Function(
                resource.logicalId(),
                template.references().name(resource.logicalId()),
                template.references().arn(resource.logicalId(), properties.place()),
                properties.at("Handler").text(),
                Duration.ofSeconds(integer(properties, "Timeout", DEFAULT_TIMEOUT_SECONDS)),
                integer(properties, "MemorySize", DEFAULT_MEMORY_SIZE),
                environment(properties),
                List.copyOf(routes),
                List.copyOf(schedules),
                List.copyOf(streams),
                policies(properties));
    }

    private static Map<String, String> environment(TemplateNode properties) {
        var environment = new LinkedHashMap<String, String>();
        properties
                .section("Environment")
                .section("Variables")
                .forEach((name, value) -> environment.put(name, value.text()));
        return Collections.unmodifiableMap(environment);
    }

    private Route route(TemplateNode event) {
        var authorizer = event.section("Auth").find("Authorizer").map(TemplateNode::text);
        return new Route(
                event.find("Method").map(TemplateNode::text).orElse("ANY").toUpperCase(Locale.ROOT),
                event.find("Path").map(TemplateNode::text).orElse("$default"),
                authorizer.orElseGet(() -> defaultAuthorizer(event)).equals("AWS_IAM"));
    }

    private String defaultAuthorizer(TemplateNode event) {
        var api = event.find("ApiId").map(TemplateNode::text).orElse("");
        return template.ofType("AWS::Serverless::HttpApi").stream()
                .filter(resource ->
                        template.references().name(resource.logicalId()).equals(api))
                .flatMap(resource -> resource.properties().section("Auth").find("DefaultAuthorizer").stream())
                .map(TemplateNode::text)
                .findFirst()
                .orElse("NONE");
    }

    private static Schedule schedule(String logicalId, TemplateNode event) {
        var omitsName = event.at("OmitName");
        if (!omitsName.flag()) {
            throw omitsName.unexpected("true: stacks of an account would share the name");
        }
        var zone = event.find("ScheduleExpressionTimezone")
                .map(TemplateFunctions::zone)
                .orElse(ZoneOffset.UTC);
        var enabled =
                event.find("State").map(state -> state.text().equals("ENABLED")).orElse(true);
        return new Schedule(
                logicalId,
                event.at("ScheduleExpression").text(),
                zone,
                enabled,
                event.at("Input").text());
    }

    private static ZoneId zone(TemplateNode node) {
        try {
            return ZoneId.of(node.text());
        } catch (DateTimeException unknown) {
            throw node.unexpected("a time zone");
        }
    }

    private StreamMapping stream(String logicalId, TemplateNode event) {
        var patterns = event.section("FilterCriteria").find("Filters").stream()
                .flatMap(filters -> filters.items().stream())
                .map(filter -> filter.at("Pattern").text())
                .toList();
        var responses = event.find("FunctionResponseTypes").stream()
                .flatMap(types -> types.items().stream())
                .map(TemplateNode::text)
                .toList();
        return new StreamMapping(
                logicalId,
                tableOfStream(event.at("Stream")),
                integer(event, "BatchSize", DEFAULT_BATCH_SIZE),
                patterns,
                event.at("StartingPosition").text(),
                integer(event, "MaximumRetryAttempts", UNTIL_EXPIRED),
                maximumRecordAge(event),
                responses.contains("ReportBatchItemFailures"),
                event.find("Enabled").map(TemplateNode::flag).orElse(true));
    }

    private static Duration maximumRecordAge(TemplateNode event) {
        var seconds = integer(event, "MaximumRecordAgeInSeconds", UNTIL_EXPIRED);
        return seconds == UNTIL_EXPIRED || seconds > KEPT_BY_STREAMS.toSeconds()
                ? KEPT_BY_STREAMS
                : Duration.ofSeconds(seconds);
    }

    private String tableOfStream(TemplateNode stream) {
        return template.ofType(TemplateTables.TYPE).stream()
                .map(Resource::logicalId)
                .filter(table ->
                        stream.text().startsWith(template.references().arn(table, stream.place()) + "/stream/"))
                .findFirst()
                .orElseThrow(() -> stream.unexpected("the StreamArn of a table of this template"));
    }

    private static List<Statement> policies(TemplateNode properties) {
        var statements = new ArrayList<Statement>();
        for (var policy :
                properties.find("Policies").map(TemplateNode::itemOrItems).orElse(List.of())) {
            // Policy templates and managed policies would go unseen: at("Statement") refuses them.
            for (var statement : policy.at("Statement").itemOrItems()) {
                var effect = statement.at("Effect");
                if (!effect.text().equals("Allow")) {
                    throw effect.unexpected("Allow");
                }
                statements.add(new Statement(texts(statement.at("Action")), texts(statement.at("Resource"))));
            }
        }
        return List.copyOf(statements);
    }

    private static List<String> texts(TemplateNode node) {
        return node.itemOrItems().stream().map(TemplateNode::text).toList();
    }

    private static int integer(TemplateNode properties, String name, int ifAbsent) {
        return properties.find(name).map(TemplateNode::integer).orElse(ifAbsent);
    }
}
