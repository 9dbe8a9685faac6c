package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.embedded.Template.Route;
import org.touchline.lambda.Metrics;
import software.amazon.event.ruler.Ruler;

/** What {@code template.yaml} promises beside what the local run shows. */
class DeployedTemplateTest {
    private final Path root = EmbeddedStack.projectRoot();
    private final Template template = Template.read(root.resolve("template.yaml"), "staging", Map.of());

    /** Rule 23. */
    @Test
    @SuppressWarnings("unchecked")
    void verificationIsThrottledAtTheGateway() {
        var routes = (Map<String, Map<String, Object>>) template.resource("Api").get("RouteSettings");

        for (var route : List.of("GET /member-verification", "POST /member-verification")) {
            assertEquals("20", routes.get(route).get("ThrottlingRateLimit").toString());
            assertEquals("20", routes.get(route).get("ThrottlingBurstLimit").toString());
        }
    }

    /** Rule 21: access logs hold the route key, never path, query or source address. */
    @Test
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
                iam.get(true).stream().allMatch(path -> path.matches("/(members|users|licenses)(/.*)?")),
                iam.toString());
        assertTrue(
                iam.get(false).stream()
                        .allMatch(path -> path.matches("/(webhooks/.*|member-verification|oauth/token)")),
                iam.toString());
    }

    /** Rules 7, 10 and 18: what is counted raises an alarm. */
    @ParameterizedTest
    @CsvSource({
        "QuarantineAlarm, " + Metrics.IN_QUARANTINE + ", Maximum",
        "FollowUpsAlarm, " + Metrics.FOLLOW_UPS_FAILING + ", Maximum",
        "MissingSubscriptionsAlarm, " + Metrics.SUBSCRIPTIONS_MISSING + ", Maximum",
        "UnknownUssfIdsAlarm, " + Metrics.UNKNOWN_USSF_IDS + ", Sum"
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

    /** Wire contract §7: the audit repairs on its schedule, and goes on with what is unfinished. */
    @Test
    void auditRepairsEachWeekAndGoesOnEveryQuarterOfAnHour() {
        var schedules = template.function("SubscriptionAuditFunction").schedules().stream()
                .collect(Collectors.toMap(Template.Schedule::expression, Template.Schedule::input));

        assertEquals(Map.of("rate(7 days)", "{\"repair\":true}", "rate(15 minutes)", "{\"resume\":true}"), schedules);
    }

    /** Rule 10: only for new rows that ask for it. */
    @ParameterizedTest
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
