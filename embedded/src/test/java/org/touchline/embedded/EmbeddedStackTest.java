package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class EmbeddedStackTest {
    private static final String TABLE = "MemberDirectoryTable";
    private static final String SECRET = "WebhookKeysSecret";
    private static final String FUNCTION = "MemberVerificationFunction";

    private EmbeddedStack stack;

    @BeforeEach
    void create() {
        stack = EmbeddedStack.create(Map.of("AccessTokenName", "X-Member-Token"));
    }

    @AfterEach
    void close() {
        stack.close();
    }

    @Test
    void stacksDoNotShareTheirRows() {
        // given
        var member = Map.of("memberIdentifier", AttributeValue.fromS("A1"));
        stack.dynamoDb().putItem(put -> put.tableName(stack.table(TABLE)).item(member));

        // when
        try (var other = EmbeddedStack.create()) {
            // then
            assertNotEquals(stack.table(TABLE), other.table(TABLE));
            assertEquals(
                    0,
                    other.dynamoDb()
                            .scan(scan -> scan.tableName(other.table(TABLE)))
                            .count());
        }
        assertEquals(
                1,
                stack.dynamoDb()
                        .scan(scan -> scan.tableName(stack.table(TABLE)))
                        .count());
    }

    @Test
    void secretHasTheTemplatesFirstValueUntilATestGivesAnother() {
        // given
        var arn = stack.secretArn(SECRET);
        var first = stack.secretsManager().getSecretValue(get -> get.secretId(arn));

        // when
        stack.putSecret(SECRET, "{\"current\":\"key\"}");

        // then
        assertEquals("{\"current\":\"replace-me\"}", first.secretString());
        assertEquals(
                "{\"current\":\"key\"}",
                stack.secretsManager().getSecretValue(get -> get.secretId(arn)).secretString());
        assertEquals(2, stack.secrets().reads(arn));
    }

    @Test
    void functionsEnvironmentPointsTheSdkAtThisStack() {
        // when
        var environment = stack.environment(FUNCTION);

        // then
        assertEquals("X-Member-Token", environment.get("ACCESS_TOKEN_NAME"));
        assertEquals(stack.table(TABLE), environment.get("MEMBER_DIRECTORY_TABLE"));
        assertEquals(stack.secretArn("AccessTokenSecret"), environment.get("ACCESS_TOKEN_SECRET"));
        assertEquals("us-east-1", environment.get("AWS_REGION"));
        assertEquals(stack.template().function(FUNCTION).name(), environment.get("AWS_LAMBDA_FUNCTION_NAME"));
        assertEquals("1024", environment.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE"));
        assertEquals(stack.secrets().endpoint().toString(), environment.get("AWS_ENDPOINT_URL_SECRETS_MANAGER"));
        assertEquals(stack.events().endpoint().toString(), environment.get("AWS_ENDPOINT_URL_EVENTBRIDGE"));
        assertTrue(environment.get("AWS_ENDPOINT_URL_DYNAMODB").startsWith("http://127.0.0.1:"));
        assertFalse(environment.containsKey("PATH"));
    }

    @Test
    void closeDeletesTheTablesEvenIfATestHasDeletedOne() {
        // given
        var closed = EmbeddedStack.create();
        closed.dynamoDb().deleteTable(delete -> delete.tableName(closed.table(TABLE)));

        // when
        closed.close();

        // then
        var left = stack.dynamoDb().listTablesPaginator().tableNames().stream();
        assertTrue(left.noneMatch(name -> name.startsWith(closed.template().stackName())));
    }
}
