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
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.embedded.Template.Route;
import org.touchline.lambda.Metrics;

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

    /** Rule 7: what is counted raises an alarm. */
    @Test
    void quarantineRaisesAnAlarm() {
        var alarm = template.resource("QuarantineAlarm");

        assertEquals("Touchline", alarm.get("Namespace"));
        assertEquals(Metrics.QUARANTINED, alarm.get("MetricName"));
        assertEquals(List.of(Map.of("Name", "StackName", "Value", "staging")), alarm.get("Dimensions"));
        for (var function : template.functions()) {
            assertEquals("staging", function.environment().get("STACK_NAME"), function.logicalId());
        }
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
