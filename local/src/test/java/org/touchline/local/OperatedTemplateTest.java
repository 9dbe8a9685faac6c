package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
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
import org.touchline.embedded.TemplateException;
import org.touchline.followup.Queue;
import org.touchline.lambda.Metrics;

/** What {@code template.yaml} gives whoever operates a stack: what is kept, limited, told and shown. */
@Tag("long")
class OperatedTemplateTest {
    private static final Set<String> SNAPSHOTS =
            Set.of("MemberVerificationFunction", "AccessTokenFunction", "LicenseLookupFunction");

    /** Another good value for each parameter. */
    private static final Map<String, String> OTHERWISE = Map.ofEntries(
            Map.entry("AccessTokenName", "X-Other"),
            Map.entry("TokenLifetimeDays", "0"),
            Map.entry("TokenIssuer", "https://example.org"),
            Map.entry("LearningCenterBaseUrl", "https://example.org/certifications"),
            Map.entry("LearningCenterRequestsPerSecond", "6"),
            Map.entry("FollowUpMemory", "2048"),
            Map.entry("RefereeExperience", "false"),
            Map.entry("GrassrootsCertificate", "true"),
            Map.entry("PersonRefreshSchedule", "rate(2 days)"),
            Map.entry("RefreshDays", "31"),
            Map.entry("HistoryDays", "401"),
            Map.entry("TimeZone", "America/Chicago"),
            Map.entry("ReconciliationSchedule", "rate(12 hours)"),
            Map.entry("ReconciliationOverlapHours", "24"),
            Map.entry("ReconciliationFirstDays", "8"),
            Map.entry("LicenseCatalogSchedule", "rate(12 hours)"),
            Map.entry("SubscriptionAuditSchedule", "rate(14 days)"),
            Map.entry("LogRetentionDays", "30"),
            Map.entry("VerificationRequestsPerSecond", "10"),
            Map.entry("VerificationBurst", "100"),
            Map.entry("NotValidVerificationsAlarmThreshold", "50"),
            Map.entry("SecretsVersion", "2"),
            Map.entry("AlarmEmail", "operator@example.org"),
            Map.entry("WebhookConcurrency", "10"),
            Map.entry("ExpiryNoticeDays", "14"),
            Map.entry("LicenseExpirySchedule", "rate(12 hours)"),
            Map.entry("NotifyUrl", "https://example.org/changes"),
            Map.entry("NotifyHeader", "X-Other"),
            Map.entry("NotifyKeyVersion", "2"),
            Map.entry("DomainName", "touchline.example.org"),
            Map.entry("CertificateArn", "arn:aws:acm:us-east-1:111122223333:certificate/1a2b-3c"),
            Map.entry("PermissionsBoundaryArn", "arn:aws:iam::111122223333:policy/boundary"),
            Map.entry("SnapStart", "PublishedVersions"));

    private final Template template = read(Map.of());

    /** All but the session, which is nothing to lose, outlive the stack. */
    @Test
    void tablesAreEncryptedAndThoseThatHoldSomethingAreBackedUp() {
        for (var table : template.tables()) {
            var properties = template.resource(table.logicalId());
            assertEquals("PAY_PER_REQUEST", properties.get("BillingMode"), table.logicalId());
            assertEquals(Map.of("SSEEnabled", true), properties.get("SSESpecification"), table.logicalId());
            assertEquals(
                    table.logicalId().equals("TokenCacheTable") ? null : Map.of("PointInTimeRecoveryEnabled", true),
                    properties.get("PointInTimeRecoverySpecification"),
                    table.logicalId());
        }
    }

    /** Wire contract §8: what sets a value never changes between releases, for an edit would replace the value. */
    @Test
    void whatSetsTheValuesOfSecretsDoesNotChange() {
        var setting = new HashMap<String, Object>();
        var whole = read(Map.of("NotifyUrl", "https://example.org/changes"));
        for (var secret : whole.secrets()) {
            var properties = new LinkedHashMap<>(whole.resource(secret.logicalId()));
            properties.remove("Description");
            setting.put(secret.logicalId(), properties);
        }

        assertEquals(
                Map.of(
                        "LearningCenterCredentialsSecret",
                        Map.of("SecretString", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}"),
                        "WebhookKeysSecret",
                        Map.of("SecretString", "{\"current\":\"replace-me\"}"),
                        "AccessTokenSecret",
                        Map.of("GenerateSecretString", generated("{}", "current", 48)),
                        "NotifyKeySecret",
                        Map.of("GenerateSecretString", generated("{}", "value", 48)),
                        "TokenSigningKeysSecret",
                        Map.of("GenerateSecretString", generated("{\"kid\":\"1\"}", "current", 64)),
                        "OAuthClientsSecret",
                        Map.of("SecretString", "{\"clients\":[]}")),
                setting);
    }

    @Test
    void tokenEndpointIsThrottledToo() {
        var throttle = map(map(template.resource("Api").get("RouteSettings")).get("POST /oauth/token"));

        assertEquals(Map.of("ThrottlingBurstLimit", 5, "ThrottlingRateLimit", 5), throttle);
    }

    /** One answer's header leads to its line, and that to what the function logged. */
    @Test
    void accessLogHoldsBothRequestIds() {
        var format = FunctionHarness.json(map(template.resource("Api").get("AccessLogSettings"))
                .get("Format")
                .toString());

        assertEquals("$context.requestId", format.path("requestId").asText());
        assertEquals(
                "$context.integration.requestId",
                format.path("functionRequestId").asText());
    }

    @Test
    void everyLogIsJsonAndKeptAsLongAsAsked() {
        var groups = read(Map.of("LogRetentionDays", "30"));
        for (var group : groups.resourcesOfType("AWS::Logs::LogGroup")) {
            assertEquals("30", groups.resource(group).get("RetentionInDays"), group);
        }
        for (var function : template.functions()) {
            var logging = map(template.resource(function.logicalId()).get("LoggingConfig"));
            assertEquals("staging-FunctionLogs", logging.get("LogGroup"), function.logicalId());
            assertEquals("JSON", logging.get("LogFormat"), function.logicalId());
        }
    }

    /** What fails for good waits for whoever looks into it, and raises an alarm. */
    @Test
    void scheduledInvocationsHaveADestinationForFailures() {
        for (var function : template.functions()) {
            var onFailure =
                    map(map(map(template.resource(function.logicalId()).getOrDefault("EventInvokeConfig", Map.of()))
                                    .getOrDefault("DestinationConfig", Map.of()))
                            .getOrDefault("OnFailure", Map.of()));
            var expected = function.schedules().isEmpty()
                    ? Map.of()
                    : Map.of(
                            "Type",
                            "SQS",
                            "Destination",
                            "arn:aws:sqs:us-east-1:000000000000:staging-FailedInvocations");
            assertEquals(expected, onFailure, function.logicalId());
        }
        assertEquals(
                List.of(Map.of("Name", "QueueName", "Value", "staging-FailedInvocations")),
                template.resource("FailedInvocationsAlarm").get("Dimensions"));
    }

    /** Design §8: refused in accounts whose limit is 10. */
    @Test
    void concurrencyIsReservedForWebhooksWhereItIsAskedFor() {
        var reserving = read(Map.of("WebhookConcurrency", "10"));
        for (var function : template.functions()) {
            var isWebhook =
                    function.routes().stream().anyMatch(route -> route.path().startsWith("/webhooks/"));
            assertNull(template.resource(function.logicalId()).get("ReservedConcurrentExecutions"));
            assertEquals(
                    isWebhook ? "10" : null,
                    reserving.resource(function.logicalId()).get("ReservedConcurrentExecutions"),
                    function.logicalId());
        }
    }

    /** Design §7: never on webhooks, and off unless asked for. */
    @Test
    void snapshotsAreForThreeFunctionsAndOff() {
        for (var function : template.functions()) {
            var properties = template.resource(function.logicalId());
            assertEquals(
                    SNAPSHOTS.contains(function.logicalId()) ? Map.of("ApplyOn", "None") : null,
                    properties.get("SnapStart"),
                    function.logicalId());
            assertEquals(
                    SNAPSHOTS.contains(function.logicalId()) ? "live" : null,
                    properties.get("AutoPublishAlias"),
                    function.logicalId());
        }
    }

    /**
     * SAM publishes no version when only a parameter's value changed, and callers would meet the old one. A description that changes
     * with exactly those that matter makes CloudFormation publish it.
     */
    @Test
    void versionChangesWithEachParameterThatItsFunctionDependsOn() {
        assertEquals(template.parameters().keySet(), new TreeSet<>(OTHERWISE.keySet()), "another value of each");
        OTHERWISE.forEach((parameter, value) -> {
            var otherwise = read(Map.of(parameter, value));
            for (var function : SNAPSHOTS) {
                assertEquals(
                        !withoutDescription(template, function).equals(withoutDescription(otherwise, function)),
                        !description(template, function).equals(description(otherwise, function)),
                        function + " and " + parameter);
            }
        });
        var longest = read(Map.of(
                "AccessTokenName",
                "x".repeat(64),
                "TokenIssuer",
                "x".repeat(100),
                "TimeZone",
                "America/Argentina/ComodRivadavia",
                "TokenLifetimeDays",
                "9999",
                "SecretsVersion",
                "x".repeat(20),
                "SnapStart",
                "PublishedVersions"));
        SNAPSHOTS.forEach(function -> assertTrue(
                description(longest, function).length() <= 256 - 18,
                "Lambda takes at most 256 characters, and a TimeZone may be 18 longer"));
    }

    /** Wire contract §5: the widest lets callers in on each route of theirs, and on no other. */
    @Test
    void policiesForCallersLetThemInWhereIamIsAskedForAndNowhereElse() {
        for (var route : routes()) {
            assertEquals(route.iam(), lets("ApiCallerPolicy", route), route::toString);
            if (lets("LicenseReaderPolicy", route)) {
                assertTrue(lets("MemberWriterPolicy", route), route::toString);
            }
            if (lets("MemberWriterPolicy", route)) {
                assertTrue(lets("ApiCallerPolicy", route), route::toString);
            }
        }
    }

    /** Wire contract §5: what holds no names may be read by the first; the second may read and put members too, but not remove them. */
    @Test
    void eachPolicyForCallersAddsToTheOneBefore() {
        for (var route : routes().stream().filter(Route::iam).toList()) {
            var holdsNames = route.path().matches("/members(/\\{\\w+})?");
            assertEquals(!holdsNames, lets("LicenseReaderPolicy", route), route::toString);
            assertEquals(!route.method().equals("DELETE"), lets("MemberWriterPolicy", route), route::toString);
        }
    }

    /** Design §8: a changed description replaces a policy, which fails while somebody has it. These stay as they were released. */
    @Test
    void descriptionsOfManagedPoliciesNeverChange() {
        assertEquals(
                Map.of(
                        "LicenseReaderPolicy",
                        "May read licenses out, and nothing that holds a name, over the API of Touchline",
                        "MemberWriterPolicy",
                        "May read licenses out, and read members and put them in, over the API of Touchline",
                        "ApiCallerPolicy",
                        "May put members in and read licenses out, over the API of Touchline"),
                template.resourcesOfType("AWS::IAM::ManagedPolicy").stream()
                        .collect(Collectors.toMap(
                                policy -> policy,
                                policy -> template.resource(policy).get("Description"))));
    }

    private List<Route> routes() {
        return template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .toList();
    }

    private boolean lets(String policy, Route route) {
        var statement =
                map(list(map(template.resource(policy).get("PolicyDocument")).get("Statement"))
                        .getFirst());
        assertEquals("execute-api:Invoke", statement.get("Action"));
        var arn = "arn:aws:execute-api:us-east-1:000000000000:staging-Api/$default/" + route.method()
                + route.path().replaceAll("\\{\\w+}", "1");
        return list(statement.get("Resource")).stream()
                .map(Object::toString)
                .map(allowed -> allowed.replace("*", "[^/]*(/[^/]*)*").replace("$", "\\$"))
                .anyMatch(arn::matches);
    }

    /** Design §7: in the organization's time zone, with retries, and what cannot be asked for waits where failures do. */
    @Test
    void schedulesAreThoseOfSchedulerInTheZoneOfTheOrganization() {
        var inChicago = read(Map.of("TimeZone", "America/Chicago"));
        var scheduled = 0;
        for (var function : inChicago.functions()) {
            for (var schedule : function.schedules()) {
                assertEquals("America/Chicago", schedule.zone().getId(), schedule.logicalId());
                var name = schedule.logicalId().substring(function.logicalId().length());
                var event = map(map(map(inChicago.resource(function.logicalId()).get("Events"))
                                .get(name))
                        .get("Properties"));
                var retries = map(event.get("RetryPolicy"));
                assertTrue((int) retries.get("MaximumRetryAttempts") >= 1, schedule.logicalId());
                assertTrue((int) retries.get("MaximumEventAgeInSeconds") >= 60, schedule.logicalId());
                assertEquals(
                        Map.of("Arn", "arn:aws:sqs:us-east-1:000000000000:staging-FailedInvocations"),
                        event.get("DeadLetterConfig"),
                        schedule.logicalId());
                scheduled++;
            }
        }
        assertTrue(scheduled >= 7, "all of them");
    }

    /** On AWS Scheduler refuses it, and the deployment fails. */
    @Test
    void timeZoneThatDoesNotExistIsRefused() {
        var refused = assertThrows(TemplateException.class, () -> read(Map.of("TimeZone", "America/Atlantis")));

        assertTrue(refused.getMessage().contains("ScheduleExpressionTimezone"), refused.getMessage());
    }

    /** Roles of functions and of schedules. */
    @Test
    void permissionsBoundaryIsOnEachRoleWhereThereIsOne() {
        var boundary = "arn:aws:iam::111122223333:policy/boundary";
        var bounded = read(Map.of("PermissionsBoundaryArn", boundary));
        for (var function : bounded.functions()) {
            assertNull(template.resource(function.logicalId()).get("PermissionsBoundary"));
            assertEquals(
                    boundary, bounded.resource(function.logicalId()).get("PermissionsBoundary"), function.logicalId());
            map(bounded.resource(function.logicalId()).getOrDefault("Events", Map.of()))
                    .forEach((name, event) -> {
                        if (map(event).get("Type").equals("ScheduleV2")) {
                            assertEquals(
                                    boundary, map(map(event).get("Properties")).get("PermissionsBoundary"), name);
                        }
                    });
        }
    }

    /** So that a new stack, region or account costs no partner a form. */
    @Test
    void domainOfOnesOwnIsInFrontOfTheApiAndInEachUrl() {
        assertEquals(List.of(), template.resourcesOfType("AWS::ApiGatewayV2::ApiMapping"));
        assertNull(template.outputs().get("DomainTarget"));
        var certificate = "arn:aws:acm:us-east-1:111122223333:certificate/1a2b-3c";

        var own = read(Map.of("DomainName", "touchline.example.org", "CertificateArn", certificate));

        assertEquals(
                Map.of("ApiId", "staging-Api", "DomainName", "staging-ApiDomain", "Stage", "$default"),
                own.resource("ApiDomainMapping"));
        assertEquals("touchline.example.org", own.resource("ApiDomain").get("DomainName"));
        assertEquals(
                certificate,
                map(list(own.resource("ApiDomain").get("DomainNameConfigurations"))
                                .getFirst())
                        .get("CertificateArn"));
        template.outputs().forEach((name, value) -> {
            if (value.contains("execute-api")) {
                assertEquals(
                        value.replace("staging-Api.execute-api.us-east-1.amazonaws.com", "touchline.example.org"),
                        own.outputs().get(name));
            }
        });
        assertTrue(own.outputs().get("DomainTarget").startsWith("d-"));
    }

    /** http would carry the login in the clear. */
    @ParameterizedTest
    @CsvSource({
        "https://example.org/certifications, true",
        "http://127.0.0.1:3002/certifications, true",
        "http://localhost, true",
        "'http://[::1]:3002/', true",
        "http://example.org, false",
        "http://localhost.example.org, false",
        "http://localhost@example.org/, false",
        "http://127.0.0.1:80@example.org, false",
        "http://10.0.0.1/, false",
        "https://example.org/?a=b, false"
    })
    void baseUrlIsHttpsButOnOnesOwnMachine(String url, boolean accepted) {
        var parameters = Map.of("LearningCenterBaseUrl", url);

        if (accepted) {
            assertEquals(url, read(parameters).parameters().get("LearningCenterBaseUrl"));
        } else {
            assertThrows(TemplateException.class, () -> read(parameters));
        }
    }

    /** Design §8: where the account-wide policy of log groups does not grow. */
    @Test
    void accessLogIsWhereItsNameNeedsNoLineInTheAccountsPolicy() {
        assertEquals(
                "/aws/vendedlogs/staging-api",
                template.resource("ApiAccessLogs").get("LogGroupName"));
    }

    /** Nothing that holds something is kept or lost by default: each says so. */
    @Test
    void whatHoldsSomethingSaysWhatBecomesOfIt() throws IOException {
        var kept = Pattern.compile("(?m)^  (\\w+):\n    Type: (AWS::(?:DynamoDB|SecretsManager|Logs|SQS)::"
                        + "(?:Table|Secret|LogGroup|Queue))\n((?:    \\w+: .*\n)*)")
                .matcher(Files.readString(EmbeddedStack.projectRoot().resolve("template.yaml")))
                .results()
                .toList();

        assertTrue(kept.size() >= 13, "all of them");
        for (var resource : kept) {
            var isKept =
                    resource.group(2).endsWith("Table") && !resource.group(1).equals("TokenCacheTable");
            assertTrue(
                    resource.group(3).contains("DeletionPolicy: " + (isKept ? "RetainExceptOnCreate\n" : "Delete\n")),
                    resource.group());
            assertTrue(resource.group(3).contains("UpdateReplacePolicy: "), resource.group());
        }
    }

    /** What production's stack policy denies covers each table, each secret and the API, by type, so that none is forgotten. */
    @Test
    void stackPolicyDeniesReplacingAndDeletingTablesSecretsAndTheApi() throws IOException {
        var policy = FunctionHarness.json(
                Files.readString(EmbeddedStack.projectRoot().resolve("docs/stack-policy.json")));

        var denied = policy.path("Statement")
                .valueStream()
                .filter(statement -> statement.path("Effect").asText().equals("Deny"))
                .findFirst()
                .orElseThrow();
        assertEquals(
                "[\"Update:Replace\",\"Update:Delete\"]", denied.path("Action").toString());
        assertEquals("*", denied.path("Resource").asText());
        assertEquals(
                "[\"AWS::DynamoDB::Table\",\"AWS::SecretsManager::Secret\",\"AWS::ApiGatewayV2::Api\"]",
                denied.at("/Condition/StringEquals/ResourceType").toString());
        assertTrue(policy.path("Statement")
                .valueStream()
                .anyMatch(statement -> statement.path("Effect").asText().equals("Allow")
                        && statement.path("Action").asText().equals("Update:*")
                        && statement.path("Resource").asText().equals("*")));
    }

    /** Design §8: Lambda's own events of time-outs and out-of-memory have no level. */
    @Test
    void latestErrorsIncludeTimeOutsAndOutOfMemory() {
        var query = dashboard()
                .path("widgets")
                .valueStream()
                .filter(widget -> widget.path("type").asText().equals("log"))
                .map(widget -> widget.at("/properties/query").asText())
                .collect(Collectors.joining());

        assertTrue(
                query.contains("filter level in ['WARN', 'ERROR', 'FATAL'] or"
                        + " (type in ['platform.report', 'platform.initReport'] and record.status != 'success')"),
                query);
        assertTrue(query.contains("record.errorType"), query);
        for (var function : template.functions()) {
            var logging = map(template.resource(function.logicalId()).get("LoggingConfig"));
            assertEquals("WARN", logging.get("SystemLogLevel"), "above it Lambda would not tell");
        }
    }

    @Test
    void outputsHoldEachUrlToHandOut() {
        var urls = new TreeSet<>(template.outputs().values());

        template.functions().stream()
                .flatMap(function -> function.routes().stream())
                .filter(route -> !route.iam())
                .map(route -> "https://staging-Api.execute-api.us-east-1.amazonaws.com" + route.path())
                .forEach(url -> assertTrue(urls.contains(url), url));
        for (var policy : template.resourcesOfType("AWS::IAM::ManagedPolicy")) {
            assertEquals("staging-" + policy, template.outputs().get(policy + "Arn"));
        }
        for (var secret : template.secrets()) {
            assertEquals(secret.arn(), template.outputs().get(secret.logicalId() + "Arn"));
        }
    }

    @Test
    void alarmsAreToldToTheTopicAndByEmailWhereThereIsAnAddress() {
        var alarms = template.resourcesOfType("AWS::CloudWatch::Alarm");
        for (var alarm : alarms) {
            assertEquals(List.of("staging-AlarmTopic"), template.resource(alarm).get("AlarmActions"), alarm);
            assertFalse(
                    template.resource(alarm).get("AlarmDescription").toString().isBlank(), alarm);
        }
        assertEquals(List.of(), template.resourcesOfType("AWS::SNS::Subscription"));
        var byEmail = read(Map.of("AlarmEmail", "operator@example.org"));
        assertEquals(
                Map.of("TopicArn", "staging-AlarmTopic", "Protocol", "email", "Endpoint", "operator@example.org"),
                byEmail.resource("AlarmEmailSubscription"));
    }

    /** A misspelled metric would never raise an alarm. */
    @Test
    void alarmsAndDashboardNameMetricsThatAreTold() {
        var told = metrics();
        for (var alarm : template.resourcesOfType("AWS::CloudWatch::Alarm")) {
            var properties = template.resource(alarm);
            if (Metrics.NAMESPACE.equals(properties.get("Namespace"))) {
                assertTrue(told.contains(properties.get("MetricName")), alarm);
                assertEquals(
                        Map.of("Name", "StackName", "Value", "staging"),
                        list(properties.get("Dimensions")).getFirst());
            }
        }

        assertEquals(
                told, shown().map(metric -> metric.path(1).asText()).collect(Collectors.toCollection(TreeSet::new)));
        shown().forEach(metric -> {
            assertEquals("StackName", metric.path(2).asText());
            assertEquals("staging", metric.path(3).asText());
        });
    }

    /** Rule 27: what stopped cannot tell, so its silence is the alarm; everything else that has an age is told by somebody else. */
    @Test
    @Tag("rule-27")
    void sweepIsMissedAndNothingElseIs() {
        var missed = template.resourcesOfType("AWS::CloudWatch::Alarm").stream()
                .filter(alarm -> "breaching".equals(template.resource(alarm).get("TreatMissingData")))
                .toList();
        assertEquals(List.of("SweepAlarm"), missed);
        var sweep = template.resource("SweepAlarm");
        assertEquals(Metrics.FOLLOW_UPS_OUTSTANDING, sweep.get("MetricName"));
        assertEquals("SampleCount", sweep.get("Statistic"));
        assertEquals("LessThanThreshold", sweep.get("ComparisonOperator"));
        assertTrue(template.function("FollowUpFunction").schedules().stream()
                .anyMatch(schedule -> schedule.expression().equals("rate(1 minute)")));
    }

    /** Rule 27: each backlog and each schedule; a week is more than CloudWatch looks back, so that is a value. */
    @Test
    @Tag("rule-27")
    void whateverGetsOldHasAnAlarm() {
        var ages = metrics().stream()
                .filter(metric -> metric.endsWith("Age"))
                .collect(Collectors.toCollection(TreeSet::new));
        // How late a repaired change was, and since when the oldest was asked for: what alarms is that it was missed,
        // or is overdue.
        ages.removeAll(List.of(Metrics.MISSED_CHANGE_AGE, Metrics.OLDEST_FOLLOW_UP_AGE));

        var alarmed = new TreeSet<String>();
        for (var alarm : template.resourcesOfType("AWS::CloudWatch::Alarm")) {
            var properties = template.resource(alarm);
            Stream.concat(
                            Stream.of(String.valueOf(properties.get("MetricName"))),
                            list(properties.getOrDefault("Metrics", List.of())).stream()
                                    .map(metric -> map(metric).get("MetricStat"))
                                    .filter(Objects::nonNull)
                                    .map(stat -> map(map(stat).get("Metric"))
                                            .get("MetricName")
                                            .toString()))
                    .filter(ages::contains)
                    .forEach(age -> {
                        assertTrue(
                                String.valueOf(properties.get("ComparisonOperator"))
                                        .startsWith("GreaterThan"),
                                alarm);
                        alarmed.add(age);
                    });
        }

        assertEquals(ages, alarmed);
    }

    /** Design rule 29. */
    @Test
    @Tag("rule-29")
    void eachStreamOfTheHistoryHasAnAlarmAtOneHour() {
        for (var function : List.of("ChangeHistory", "ChangePublisher")) {
            var alarm = template.resource(function + "Alarm");
            assertEquals("IteratorAge", alarm.get("MetricName"));
            assertEquals("Maximum", alarm.get("Statistic"));
            assertEquals("GreaterThanOrEqualToThreshold", alarm.get("ComparisonOperator"));
            assertEquals(3_600_000, alarm.get("Threshold"));
            assertEquals(
                    List.of(Map.of("Name", "FunctionName", "Value", "staging-" + function + "Function")),
                    alarm.get("Dimensions"));
        }
    }

    /** Design rule 29: before the stream forgets what could not be published, a queue that has an alarm gets it. */
    @Test
    @Tag("rule-29")
    void whatCannotBePublishedOrDeliveredIsInAQueueWithAnAlarm() {
        var mapping = streamMapping("ChangePublisherFunction", "Kept");
        assertEquals(
                Map.of("Type", "SQS", "Destination", "arn:aws:sqs:us-east-1:000000000000:staging-UnpublishedChanges"),
                map(mapping.get("DestinationConfig")).get("OnFailure"));
        assertTrue((int) mapping.get("MaximumRecordAgeInSeconds") < 86_400, "streams keep a day");
        assertTrue((int) mapping.get("MaximumRecordAgeInSeconds") >= 82_800, "an outage delays");
        assertFalse(mapping.containsKey("MaximumRetryAttempts"));
        assertEquals("TRIM_HORIZON", mapping.get("StartingPosition"));
        assertEquals(List.of("ReportBatchItemFailures"), mapping.get("FunctionResponseTypes"));
        for (var queue : List.of("UnpublishedChanges", "FailedDeliveries")) {
            var alarm = template.resource(queue + "Alarm");
            assertEquals(List.of(Map.of("Name", "QueueName", "Value", "staging-" + queue)), alarm.get("Dimensions"));
            assertEquals("ApproximateNumberOfMessagesVisible", alarm.get("MetricName"));
            assertEquals("Maximum", alarm.get("Statistic"));
            assertEquals(1, alarm.get("Threshold"));
            assertEquals("GreaterThanOrEqualToThreshold", alarm.get("ComparisonOperator"));
        }
    }

    /** Design rule 29: Lambda goes on from what could not be kept, and gives nothing up before the stream forgets it. */
    @Test
    @Tag("rule-29")
    void whatCouldNotBeKeptIsHandedOverAgainForAsLongAsItsStreamHasIt() {
        for (var stream : List.of("Licenses", "Members")) {
            var mapping = streamMapping("ChangeHistoryFunction", stream);
            assertEquals("TRIM_HORIZON", mapping.get("StartingPosition"), stream);
            assertEquals(List.of("ReportBatchItemFailures"), mapping.get("FunctionResponseTypes"), stream);
            assertFalse(mapping.containsKey("MaximumRecordAgeInSeconds"), stream);
            assertFalse(mapping.containsKey("MaximumRetryAttempts"), stream);
        }
    }

    private Map<String, Object> streamMapping(String function, String event) {
        return map(
                map(map(template.resource(function).get("Events")).get(event)).get("Properties"));
    }

    /** Wire contract §9, and what EventBridge wants of an API destination: only where there is a URL. */
    @Test
    void eventsAreSentToTheUrlThatIsSetWithTheKeyOfItsSecret() {
        assertEquals(List.of(), template.rules());
        var telling = read(Map.of("NotifyUrl", "https://example.org/changes", "NotifyHeader", "X-Other"));
        var rule = telling.rules().getFirst();
        assertEquals("staging", rule.bus());
        assertEquals("{\"source\":[\"touchline\"]}", rule.pattern());
        var target = rule.targets().getFirst();
        assertEquals(
                new Template.Target(
                        new Template.ApiDestination(
                                "POST",
                                "https://example.org/changes",
                                "X-Other",
                                "{{resolve:secretsmanager:"
                                        + telling.secret("NotifyKeySecret").arn() + ":SecretString:value}}"),
                        true,
                        185,
                        Duration.ofDays(1)),
                target);
        var described = telling.resource("NotifyConnection").get("Description");
        var rotated = read(Map.of("NotifyUrl", "https://example.org/changes", "NotifyKeyVersion", "2"));
        assertNotEquals(
                described, rotated.resource("NotifyConnection").get("Description"), "EventBridge reads the key anew");
        assertEquals("staging", template.outputs().get("EventBusName"));
    }

    @ParameterizedTest
    @CsvSource({
        "NotifyUrl, https://example.org/changes, true",
        "NotifyUrl, http://127.0.0.1:9000/, true",
        "NotifyUrl, http://example.org/, false",
        "NotifyUrl, https://example.org/?a=b, false",
        "NotifyHeader, X-Key, true",
        "NotifyHeader, Authorization, true",
        "NotifyHeader, Host, false",
        "NotifyHeader, content-type, false",
        "NotifyHeader, X Key, false",
        "ExpiryNoticeDays, '60, 30,7', true",
        "ExpiryNoticeDays, '', true",
        "ExpiryNoticeDays, 0, true",
        "ExpiryNoticeDays, 366, true",
        "ExpiryNoticeDays, 367, false",
        "ExpiryNoticeDays, a week, false",
    })
    void parameterOfWhatGoesOutIsCheckedBeforeADeployment(String parameter, String value, boolean accepted) {
        var given = Map.of(parameter, value);

        if (accepted) {
            assertEquals(value, read(given).parameters().get(parameter));
        } else {
            assertThrows(TemplateException.class, () -> read(given));
        }
    }

    /** Everybody has their turn in RefreshDays runs; who has not had it in twice that time is missed. */
    @Test
    void oldestRefreshIsMeasuredByTheDaysThatAreSet() {
        var otherwise = read(Map.of("RefreshDays", "10"));

        var turns = map(
                list(otherwise.resource("OldestRefreshAlarm").get("Metrics")).getFirst());
        assertEquals("oldest / (86400 * 10)", turns.get("Expression"));
        assertEquals(2, otherwise.resource("OldestRefreshAlarm").get("Threshold"));
    }

    /** Rule 27: so its alarm must not wait for a 0 to end. */
    @Test
    @Tag("rule-27")
    void whatIsToldOnlyWhereItIsNotZeroEndsItsAlarmBySilence() {
        var toldWhereNotZero = Set.of(
                Metrics.IN_QUARANTINE,
                Metrics.OLDEST_QUARANTINE_AGE,
                Metrics.FOLLOW_UPS_FAILING,
                Metrics.OVERDUE_FOLLOW_UP_AGE,
                Metrics.UNFINISHED_AUDIT_AGE,
                Metrics.PAGES_PASSED_OVER,
                Metrics.CHANGES_REFUSED,
                Metrics.CHANGES_MISSED);
        var alarms = template.resourcesOfType("AWS::CloudWatch::Alarm").stream()
                .map(template::resource)
                .filter(alarm -> toldWhereNotZero.contains(String.valueOf(alarm.get("MetricName"))))
                .toList();

        assertEquals(
                toldWhereNotZero,
                alarms.stream().map(alarm -> alarm.get("MetricName")).collect(Collectors.toSet()));
        alarms.forEach(alarm -> assertEquals("notBreaching", alarm.get("TreatMissingData"), alarm.toString()));
    }

    @Test
    void dashboardShowsEveryAlarmAndEveryWebhook() {
        var dashboard = dashboard();

        var alarms = dashboard.at("/widgets/0/properties/alarms").valueStream().map(JsonNode::asText);
        assertEquals(
                template.resourcesOfType("AWS::CloudWatch::Alarm").stream()
                        .map(alarm -> "arn:aws:cloudwatch:us-east-1:000000000000:staging-" + alarm)
                        .toList(),
                alarms.toList());
        var webhooks = shown().filter(metric -> metric.path(1).asText().equals(Metrics.WEBHOOK_SILENCE))
                .map(metric -> metric.path(5).asText())
                .collect(Collectors.toSet());
        assertEquals(
                template.functions().stream()
                        .flatMap(function -> function.routes().stream())
                        .map(Template.Route::path)
                        .filter(path -> path.startsWith("/webhooks/"))
                        .collect(Collectors.toSet()),
                webhooks);
    }

    /** Rule 33: each kind of work waits in a line of its own; the one that nobody may wait in for long has an alarm of its own. */
    @Test
    @Tag("rule-33")
    void linesOfFollowUpsAreToldApart() {
        assertEquals(
                Arrays.stream(Queue.values()).map(Queue::storedName).collect(Collectors.toSet()),
                shown().filter(metric -> metric.path(4).asText().equals(Metrics.QUEUE))
                        .map(metric -> metric.path(5).asText())
                        .collect(Collectors.toSet()));
        assertEquals(
                Map.of("Name", Metrics.QUEUE, "Value", Queue.SUBSCRIPTION.storedName()),
                list(template.resource("OverdueSubscriptionsAlarm").get("Dimensions"))
                        .getLast());
    }

    /** Design §6: what works on follow-ups has memory, and the share of a core that comes with it, as its owner sets it. */
    @Test
    void memoryOfWhatWorksOnFollowUpsIsAParameter() {
        var larger = read(Map.of("FollowUpMemory", "1769"));

        for (var function : List.of("FollowUpFunction", "PersonRefreshFunction")) {
            assertEquals(
                    1769,
                    Integer.parseInt(larger.resource(function).get("MemorySize").toString()));
        }
    }

    private Stream<JsonNode> shown() {
        return dashboard()
                .path("widgets")
                .valueStream()
                .flatMap(widget -> widget.at("/properties/metrics").valueStream())
                .filter(metric -> metric.path(0).asText().equals(Metrics.NAMESPACE));
    }

    private JsonNode dashboard() {
        return FunctionHarness.json(
                template.resource("Dashboard").get("DashboardBody").toString());
    }

    /** The names of all metrics. */
    private static TreeSet<String> metrics() {
        return Arrays.stream(Metrics.class.getFields())
                .filter(field -> Modifier.isStatic(field.getModifiers()))
                .map(field -> {
                    try {
                        return (String) field.get(null);
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException(impossible);
                    }
                })
                .filter(name -> !Set.of(Metrics.NAMESPACE, Metrics.WEBHOOK, Metrics.QUEUE, Metrics.STREAM)
                        .contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, Object> generated(String secretStringTemplate, String key, int length) {
        return Map.of(
                "SecretStringTemplate",
                secretStringTemplate,
                "GenerateStringKey",
                key,
                "PasswordLength",
                length,
                "ExcludePunctuation",
                true);
    }

    private static Map<String, Object> withoutDescription(Template template, String function) {
        var properties = new LinkedHashMap<>(template.resource(function));
        properties.remove("VersionDescription");
        // SAM gives it to the role.
        properties.remove("PermissionsBoundary");
        return properties;
    }

    private static String description(Template template, String function) {
        return template.resource(function).get("VersionDescription").toString();
    }

    private static Template read(Map<String, String> parameters) {
        return Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), "staging", parameters);
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
