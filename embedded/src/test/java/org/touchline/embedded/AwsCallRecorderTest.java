package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueRequest;

/** What IAM decides on, for each kind of request. */
class AwsCallRecorderTest {
    @Test
    void requestIsItsActionOnItsTableOrIndex() {
        assertCalls(
                "dynamodb:PutItem t", PutItemRequest.builder().tableName("t").build());
        assertCalls("dynamodb:Query t", QueryRequest.builder().tableName("t").build());
        assertCalls(
                "dynamodb:Query t/index/i",
                QueryRequest.builder().tableName("t").indexName("i").build());
        assertCalls(
                "dynamodb:BatchGetItem t",
                BatchGetItemRequest.builder()
                        .requestItems(Map.of("t", KeysAndAttributes.builder().build()))
                        .build());
        assertCalls(
                "secretsmanager:GetSecretValue s",
                GetSecretValueRequest.builder().secretId("s").build());
    }

    @Test
    void transactionIsWhatIsInIt() {
        assertCalls(
                "dynamodb:PutItem a, dynamodb:UpdateItem b, dynamodb:DeleteItem c, dynamodb:ConditionCheckItem d",
                TransactWriteItemsRequest.builder()
                        .transactItems(
                                TransactWriteItem.builder()
                                        .put(put -> put.tableName("a"))
                                        .build(),
                                TransactWriteItem.builder()
                                        .update(update -> update.tableName("b"))
                                        .build(),
                                TransactWriteItem.builder()
                                        .delete(delete -> delete.tableName("c"))
                                        .build(),
                                TransactWriteItem.builder()
                                        .conditionCheck(check -> check.tableName("d"))
                                        .build())
                        .build());
    }

    @Test
    void stacksOfTestsAreCalledTheSame() {
        assertCalls(
                "dynamodb:PutItem stack-LicenseStoreTable",
                PutItemRequest.builder()
                        .tableName("test-0a1b2c3d-LicenseStoreTable")
                        .build());
    }

    @Test
    void requestOfAnotherKindIsRefusedRatherThanLeftOut() {
        assertThrows(
                IllegalStateException.class,
                () -> AwsCallRecorder.calls(ListTablesRequest.builder().build()));
    }

    private static void assertCalls(String expected, SdkRequest request) {
        assertEquals(
                expected,
                AwsCallRecorder.calls(request)
                        .map(call -> call.action() + " " + call.resource())
                        .collect(Collectors.joining(", ")));
    }
}
