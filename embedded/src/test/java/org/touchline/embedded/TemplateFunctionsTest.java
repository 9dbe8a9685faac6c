package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.Template.Route;
import org.touchline.embedded.Template.Schedule;
import org.touchline.embedded.Template.Statement;
import org.touchline.embedded.Template.StreamMapping;

class TemplateFunctionsTest {
    private static final String HEAD = """
            Resources:
              Open: {Type: AWS::Serverless::HttpApi}
              Closed: {Type: AWS::Serverless::HttpApi, Properties: {Auth: {DefaultAuthorizer: AWS_IAM}}}
              Table:
                Type: AWS::DynamoDB::Table
                Properties: {AttributeDefinitions: [], KeySchema: [], StreamSpecification: {StreamViewType: NEW_IMAGE}}
              It:
                Type: AWS::Serverless::Function
                Properties:
                  Handler: a.B
                  %s
            """;

    @Test
    void functionHasLambdasDefaults() {
        // when
        var function = function("");

        // then
        assertEquals("demo-It", function.name());
        assertEquals("arn:aws:lambda:us-east-1:000000000000:function:demo-It", function.arn());
        assertEquals("a.B", function.handler());
        assertEquals(Duration.ofSeconds(3), function.timeout());
        assertEquals(128, function.memorySize());
        assertEquals(Map.of(), function.environment());
        assertEquals(List.of(), function.routes());
        assertEquals(List.of(), function.policies());
    }

    @Test
    void environmentIsTextInTheTemplatesOrder() {
        // when
        var function = function("Environment: {Variables: {B: !Ref Table, A: true, C: 5}}");

        // then
        assertEquals("{B=demo-Table, A=true, C=5}", function.environment().toString());
    }

    @Test
    void routesComeFromHttpApiEvents() {
        // when
        var function = function("""
                Events: {
                      Signed: {Type: HttpApi, Properties: {Method: get, Path: "/a/{id}", Auth: {Authorizer: AWS_IAM}}},
                      Free: {Type: HttpApi, Properties: {ApiId: !Ref Open, Method: POST, Path: /b}},
                      ByDefault: {Type: HttpApi, Properties: {ApiId: !Ref Closed, Method: ANY, Path: /c}},
                      Exempt: {Type: HttpApi, Properties: {ApiId: !Ref Closed, Method: ANY, Path: /d, Auth: {Authorizer: NONE}}},
                      Rest: {Type: HttpApi}}
                """);

        // then
        assertEquals(
                List.of(
                        new Route("GET", "/a/{id}", true),
                        new Route("POST", "/b", false),
                        new Route("ANY", "/c", true),
                        new Route("ANY", "/d", false),
                        new Route("ANY", "$default", false)),
                function.routes());
    }

    @Test
    void schedulesHaveAZoneAndAnInput() {
        // when
        var function = function("""
                Events: {
                      Cron: {Type: ScheduleV2, Properties: {OmitName: true, ScheduleExpression: 'cron(0 5 * * ? *)',
                        ScheduleExpressionTimezone: Asia/Tokyo, Input: '{"resume":true}'}},
                      Paused: {Type: ScheduleV2, Properties: {OmitName: true, ScheduleExpression: rate(1 hour), State: DISABLED, Input: '{}'}}}
                """);

        // then
        assertEquals(
                List.of(
                        new Schedule("ItCron", "cron(0 5 * * ? *)", ZoneId.of("Asia/Tokyo"), true, "{\"resume\":true}"),
                        new Schedule("ItPaused", "rate(1 hour)", ZoneOffset.UTC, false, "{}")),
                function.schedules());
    }

    @Test
    void streamMappingNamesItsTable() {
        // when
        var function = function("""
                Events: {
                      Plain: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: LATEST}},
                      Full: {Type: DynamoDB, Properties: {Stream: !GetAtt Table.StreamArn, StartingPosition: TRIM_HORIZON,
                        BatchSize: 10, MaximumRetryAttempts: 3, MaximumRecordAgeInSeconds: 82800, Enabled: false,
                        FunctionResponseTypes: [ReportBatchItemFailures],
                        FilterCriteria: {Filters: [{Pattern: '{"eventName":["INSERT"]}'}]}}}}
                """);

        // then
        assertEquals(
                List.of(
                        new StreamMapping(
                                "ItPlain", "Table", 100, List.of(), "LATEST", -1, Duration.ofDays(1), false, true),
                        new StreamMapping(
                                "ItFull",
                                "Table",
                                10,
                                List.of("{\"eventName\":[\"INSERT\"]}"),
                                "TRIM_HORIZON",
                                3,
                                Duration.ofHours(23),
                                true,
                                false)),
                function.streams());
    }

    @Test
    void policiesAreReadAsStatements() {
        // when
        var function = function("""
                Policies:
                        - Statement:
                            - {Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}
                            - {Effect: Allow, Action: [dynamodb:Query, dynamodb:Scan], Resource: ["*"]}
                """);

        // then
        assertEquals(
                List.of(
                        new Statement(
                                List.of("dynamodb:GetItem"),
                                List.of("arn:aws:dynamodb:us-east-1:000000000000:table/demo-Table")),
                        new Statement(List.of("dynamodb:Query", "dynamodb:Scan"), List.of("*"))),
                function.policies());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Policies: [AmazonDynamoDBFullAccess]",
                "Policies: [{DynamoDBReadPolicy: {TableName: !Ref Table}}]",
                "Policies: [{Statement: {Effect: Deny, Action: '*', Resource: '*'}}]",
                "Policies: [{Statement: {Effect: Allow, NotAction: '*', Resource: '*'}}]",
                "Events: {Queue: {Type: SQS}}",
                "Events: {Rule: {Type: Schedule, Properties: {Schedule: rate(1 day), Input: '{}'}}}",
                "Events: {Zoned: {Type: ScheduleV2, Properties: {OmitName: true, ScheduleExpression: rate(1 day), Input: '{}', ScheduleExpressionTimezone: America/Atlantis}}}",
                "Events: {Named: {Type: ScheduleV2, Properties: {ScheduleExpression: rate(1 day), Input: '{}'}}}",
                "Events: {Mute: {Type: ScheduleV2, Properties: {OmitName: true, ScheduleExpression: rate(1 day)}}}",
                "Events: {Odd: {Type: DynamoDB, Properties: {Stream: some-arn, StartingPosition: LATEST}}}",
                "Timeout: soon"
            })
    void whatHasNoRecordIsRefusedRatherThanLeftOut(String property) {
        // when
        var refusal = assertThrows(TemplateException.class, () -> function(property));

        // then
        var name = property.substring(0, property.indexOf(':'));
        assertTrue(refusal.place().startsWith("Resources.It.Properties." + name), refusal.place());
    }

    private static Template.Function function(String property) {
        return YamlTemplate.read(HEAD.formatted(property)).function("It");
    }
}
