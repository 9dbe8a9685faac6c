package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.Template;
import org.touchline.embedded.Template.Route;
import org.touchline.lambda.Metrics;
import software.amazon.event.ruler.Ruler;

/** What {@code template.yaml} promises beside what the local run shows. */
class DeployedTemplateTest {
    private final Path root = EmbeddedStack.projectRoot();
    private final Template template = Template.read(root.resolve("template.yaml"), "staging", Map.of());

    /** Rule 23; and so high that one laptop cannot keep 77 Media out, since the gateway counts before anybody says who they are. */
    @Test
    @Tag("rule-23")
    void verificationIsThrottledAtTheGateway() {
        for (var route : List.of("GET /member-verification", "POST /member-verification")) {
            assertEquals(List.of("50", "200"), throttle(template, route));
            assertEquals(
                    List.of("7", "9"),
                    throttle(read(Map.of("VerificationRequestsPerSecond", "7", "VerificationBurst", "9")), route));
        }
    }

    /** Wire contract §3: 429 above 1,000 a second on one webhook's route. */
    @Test
    void everyWebhookHasALimitOfItsOwn() {
        var webhooks = webhooks();

        assertEquals(4, webhooks.size());
        for (var route : webhooks) {
            assertEquals(List.of("1000", "2000"), throttle(template, route), route);
        }
    }

    /**
     * The filter counts what the gateway turns away with 429 on a webhook's route, and nothing else, under the dimension of every
     * other metric: each line that the access log could hold is tried.
     */
    @Test
    void throttledWebhooksAreCountedByAFilterOnTheAccessLog() {
        var filter = template.resource("ThrottledWebhooks");
        var pattern = filter.get("FilterPattern").toString();
        assertEquals("staging-ApiAccessLogs", filter.get("LogGroupName"));
        assertEquals(
                List.of(Map.of(
                        "MetricNamespace",
                        Metrics.NAMESPACE,
                        "MetricName",
                        Metrics.WEBHOOKS_THROTTLED,
                        "MetricValue",
                        "1",
                        "Unit",
                        "Count",
                        "Dimensions",
                        List.of(Map.of("Key", "StackName", "Value", "$.stackName")))),
                filter.get("MetricTransformations"));

        var webhooks = webhooks();
        template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .forEach(route -> {
                    for (var status : List.of("200", "202", "401", "413", "429", "503")) {
                        var key = route.method() + " " + route.path();
                        var line = accessLogLine(key, status);
                        assertEquals("staging", line.path("stackName").asText());
                        assertEquals(
                                webhooks.contains(key) && status.equals("429"), matches(pattern, line), line::toString);
                    }
                });
        assertFalse(matches(pattern, accessLogLine("$default", "429")));
    }

    /** What of a filter pattern ours has: equality of texts, and, or, parentheses; anything else is refused. */
    private static boolean matches(String pattern, JsonNode line) {
        var values = Pattern.compile("\\(?\\$\\.(\\w+) = \"([^\"]*)\"\\)?")
                .matcher(pattern.replaceAll("^\\{ | }$", "").replaceAll("\\s+", " "))
                .replaceAll(equality -> line.path(equality.group(1)).asText().equals(equality.group(2)) ? "T" : "F");
        var simple = values.replace(" ", "");
        for (var before = ""; !before.equals(simple); ) {
            before = simple;
            simple = simple.replace("(T)", "T")
                    .replace("(F)", "F")
                    .replace("T&&T", "T")
                    .replaceAll("F&&[TF]|T&&F", "F")
                    .replaceAll("(?<!&&)(T\\|\\|[TF]|F\\|\\|T)(?!&&)", "T")
                    .replaceAll("(?<!&&)F\\|\\|F(?!&&)", "F");
        }
        assertTrue(simple.equals("T") || simple.equals("F"), pattern + " is not understood: " + simple);
        return simple.equals("T");
    }

    @SuppressWarnings("unchecked")
    private JsonNode accessLogLine(String routeKey, String status) {
        var settings = (Map<String, Object>) template.resource("Api").get("AccessLogSettings");
        return FunctionHarness.json(settings.get("Format")
                .toString()
                .replace("$context.routeKey", routeKey)
                .replace("$context.status", status));
    }

    private Set<String> webhooks() {
        return template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .filter(route -> route.path().startsWith("/webhooks/"))
                .map(route -> route.method() + " " + route.path())
                .collect(Collectors.toSet());
    }

    /** Rate and burst of a route. */
    @SuppressWarnings("unchecked")
    private static List<String> throttle(Template template, String route) {
        var routes = (Map<String, Map<String, Object>>) template.resource("Api").get("RouteSettings");
        return Stream.of("ThrottlingRateLimit", "ThrottlingBurstLimit")
                .map(limit -> routes.get(route).get(limit).toString())
                .toList();
    }

    private Template read(Map<String, String> parameters) {
        return Template.read(root.resolve("template.yaml"), "staging", parameters);
    }

    /** Rule 21: access logs hold the route key, never path, query or source address. */
    @Test
    @Tag("rule-21")
    @SuppressWarnings("unchecked")
    void accessLogsHoldNothingPersonal() {
        var settings = (Map<String, Object>) template.resource("Api").get("AccessLogSettings");
        var format = settings.get("Format").toString();

        assertTrue(format.contains("$context.routeKey"), format);
        for (var personal : List.of("path", "Path", "query", "sourceIp", "identity", "authorizer", "error.message")) {
            assertFalse(format.contains(personal), personal);
        }
    }

    /** Wire contract §5: the organization's own routes, and only those, ask for IAM. */
    @Test
    void routesOfTheOrganizationsSystemsAskForIam() {
        var iam = template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .collect(Collectors.partitioningBy(Route::iam, Collectors.mapping(Route::path, Collectors.toSet())));

        assertTrue(
                iam.get(true).stream()
                        .allMatch(path ->
                                path.matches("/(members|users|licenses|roster|expirations|changes|status)(/.*)?")),
                iam.toString());
        assertTrue(
                iam.get(false).stream()
                        .allMatch(path -> path.matches("/(webhooks/.*|member-verification|oauth/token)")),
                iam.toString());
    }

    /** Rules 7, 10 and 18, wire contract §1: what is counted raises an alarm. */
    @ParameterizedTest
    @Tag("rule-7")
    @Tag("rule-10")
    @Tag("rule-18")
    @CsvSource({
        "QuarantineAlarm, " + Metrics.IN_QUARANTINE + ", Maximum",
        "FollowUpsAlarm, " + Metrics.FOLLOW_UPS_FAILING + ", Maximum",
        "MissingSubscriptionsAlarm, " + Metrics.SUBSCRIPTIONS_MISSING + ", Maximum",
        "UnknownUssfIdsAlarm, " + Metrics.UNKNOWN_USSF_IDS + ", Sum",
        "UnknownFieldsAlarm, " + Metrics.UNKNOWN_FIELDS + ", Sum"
    })
    void whatSomebodyShouldLookAtRaisesAnAlarm(String logicalId, String metric, String statistic) {
        var alarm = template.resource(logicalId);

        assertEquals("Touchline", alarm.get("Namespace"));
        assertEquals(metric, alarm.get("MetricName"));
        assertEquals(List.of(Map.of("Name", "StackName", "Value", "staging")), alarm.get("Dimensions"));
        assertEquals(statistic, alarm.get("Statistic"));
        assertEquals("1", alarm.get("Threshold").toString());
        assertEquals("GreaterThanOrEqualToThreshold", alarm.get("ComparisonOperator"));
        for (var function : template.functions()) {
            assertEquals("staging", function.environment().get("STACK_NAME"), function.logicalId());
        }
    }

    /** Rule 23, and secrets that fail: many in five minutes, or the first. */
    @ParameterizedTest
    @Tag("rule-23")
    @CsvSource({
        "GuessingAlarm, " + Metrics.VERIFICATIONS_NOT_VALID + ", 100",
        "RefusedTokensAlarm, " + Metrics.VERIFICATIONS_REFUSED + ", 20",
        "RefusedWebhookKeysAlarm, " + Metrics.WEBHOOKS_REFUSED + ", 20",
        "ThrottledWebhooksAlarm, " + Metrics.WEBHOOKS_THROTTLED + ", 1",
        "SecretsAlarm, " + Metrics.SECRETS_UNUSABLE + ", 1"
    })
    void whatStrangersDoRaisesAnAlarm(String logicalId, String metric, String threshold) {
        var alarm = template.resource(logicalId);

        assertEquals(metric, alarm.get("MetricName"));
        assertEquals(List.of(Map.of("Name", "StackName", "Value", "staging")), alarm.get("Dimensions"));
        assertEquals("Sum", alarm.get("Statistic"));
        assertEquals("300", alarm.get("Period").toString());
        assertEquals("1", alarm.get("EvaluationPeriods").toString());
        assertEquals(threshold, alarm.get("Threshold").toString());
        assertEquals("GreaterThanOrEqualToThreshold", alarm.get("ComparisonOperator"));
        assertEquals("notBreaching", alarm.get("TreatMissingData"));
    }

    @Test
    void thresholdOfGuessingIsAParameter() {
        assertEquals(
                "30",
                read(Map.of("NotValidVerificationsAlarmThreshold", "30"))
                        .resource("GuessingAlarm")
                        .get("Threshold")
                        .toString());
    }

    /** Another value starts each function anew that takes keys or tokens, and no other: what was taken out of a secret ends at once. */
    @Test
    void anotherSecretsVersionStartsThoseFunctionsAnewThatTakeKeysOrTokens() {
        var other = read(Map.of("SecretsVersion", "2026-03-01T12:00:00Z"));
        var takesKeys = Set.of("WEBHOOK_KEYS_SECRET", "ACCESS_TOKEN_SECRET", "OAUTH_CLIENTS_SECRET");
        for (var function : template.functions()) {
            assertEquals(
                    !function.routes().isEmpty()
                            && function.environment().keySet().stream().anyMatch(takesKeys::contains),
                    !function.environment()
                            .equals(other.function(function.logicalId()).environment()),
                    function.logicalId());
        }
    }

    /** Wire contract §7: the audit repairs on its schedule, and goes on with what is unfinished. */
    @Test
    void auditRepairsEachWeekAndGoesOnEveryQuarterOfAnHour() {
        var schedules = template.function("SubscriptionAuditFunction").schedules().stream()
                .collect(Collectors.toMap(Template.Schedule::expression, Template.Schedule::input));

        assertEquals(Map.of("rate(7 days)", "{\"repair\":true}", "rate(15 minutes)", "{\"resume\":true}"), schedules);
    }

    /** Rule 10: only for new rows that ask for it. */
    @ParameterizedTest
    @Tag("rule-10")
    @CsvSource({"INSERT, true, true", "INSERT, false, false", "MODIFY, true, false", "REMOVE, true, false"})
    void streamOfFollowUpsWakes(String eventName, String wakes, boolean expected) throws Exception {
        var pattern = template.function("FollowUpFunction")
                .streams()
                .getFirst()
                .filterPatterns()
                .getFirst();
        var record = "{\"eventName\":\"%s\",\"dynamodb\":{\"NewImage\":{\"id\":{\"S\":\"x\"},\"wakes\":{\"BOOL\":%s}}}}"
                .formatted(eventName, wakes);

        assertEquals(expected, Ruler.matchesRule(record, pattern));
    }

    /** Rule 10. */
    @Test
    void followUpsAreSweptEveryMinute() {
        assertEquals(
                List.of("rate(1 minute)"),
                template.function("FollowUpFunction").schedules().stream()
                        .map(schedule -> schedule.expression())
                        .toList());
    }

    /** Wire contract §8. */
    @Test
    void secretsBeginAsPlaceholdersOrGenerated() {
        assertEquals(
                "{\"username\":\"replace-me\",\"password\":\"replace-me\"}",
                template.secret("LearningCenterCredentialsSecret").initialValue());
        assertEquals(
                "{\"current\":\"replace-me\"}",
                template.secret("WebhookKeysSecret").initialValue());
        assertEquals("{\"clients\":[]}", template.secret("OAuthClientsSecret").initialValue());
        assertTrue(template.secret("AccessTokenSecret").initialValue().matches("\\{\"current\":\"[A-Za-z0-9]{48}\"}"));
        assertTrue(template.secret("TokenSigningKeysSecret").initialValue().contains("\"kid\":\"1\""));
    }

    /** The stores give up before the function is cut off, and the function before the gateway does. */
    @Test
    void functionsBehindTheGatewayAnswerBeforeItGivesUp() {
        for (var function : template.functions()) {
            if (!function.routes().isEmpty()) {
                assertEquals(Duration.ofSeconds(20), function.timeout(), function.logicalId());
            }
        }
    }

    @Test
    void everyFunctionIsBuiltByTheMakefile() throws IOException {
        var makefile = Files.readString(root.resolve("functions/Makefile"));

        for (var function : template.functions()) {
            assertTrue(makefile.contains("build-" + function.logicalId() + ": package-"), function.logicalId());
        }
    }

    /** Design §7: the one native library in a package is that of the template's architecture. */
    @Test
    void nativesAreThoseOfTheTemplatesArchitecture() throws IOException {
        assertTrue(Files.readString(root.resolve("pom.xml"))
                .contains("<lambda.platform>linux-aarch_64</lambda.platform>"));
        for (var function : template.functions()) {
            assertEquals(
                    List.of("arm64"), template.resource(function.logicalId()).get("Architectures"));
        }
    }
}
