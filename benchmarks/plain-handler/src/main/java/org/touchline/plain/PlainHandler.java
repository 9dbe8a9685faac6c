package org.touchline.plain;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.NullMarked;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * A license webhook as most would write it (design §6): the event classes, databind, {@code url-connection-client}, one conditional
 * update. It knows no key, no person who has moved and no quarantine.
 */
@NullMarked
public final class PlainHandler implements RequestHandler<APIGatewayV2HTTPEvent, APIGatewayV2HTTPResponse> {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String TABLE = System.getenv("LICENSE_STORE_TABLE");

    private final DynamoDbClient dynamoDb = DynamoDbClient.builder()
            .region(Region.of(System.getenv("AWS_REGION")))
            .endpointOverride(URI.create(System.getenv("AWS_ENDPOINT_URL_DYNAMODB")))
            .httpClient(UrlConnectionHttpClient.create())
            .build();

    @Override
    public APIGatewayV2HTTPResponse handleRequest(APIGatewayV2HTTPEvent event, Context context) {
        try {
            return answer(200, Map.of("status", store(MAPPER.readTree(event.getBody())) ? "applied" : "unchanged"));
        } catch (JsonProcessingException unreadable) {
            return APIGatewayV2HTTPResponse.builder().withStatusCode(400).build();
        }
    }

    private boolean store(JsonNode change) {
        try {
            dynamoDb.updateItem(request -> request.tableName(TABLE)
                    .key(Map.of(
                            "pk", text("plain#" + change.path("ussf_id").asText()),
                            "sk", text("license#" + change.path("license_id").asText())))
                    .updateExpression("SET #action = :action, issuer = :issuer, issueDate = :issueDate,"
                            + " expirationDate = :expirationDate, updatedAt = :updatedAt")
                    .conditionExpression("attribute_not_exists(updatedAt) OR updatedAt < :updatedAt")
                    .expressionAttributeNames(Map.of("#action", "action"))
                    .expressionAttributeValues(Map.of(
                            ":action", text(change.path("action").asText()),
                            ":issuer", text(change.path("issuer").asText()),
                            ":issueDate", text(change.path("issue_date").asText()),
                            ":expirationDate",
                                    text(change.path("expiration_date").asText()),
                            ":updatedAt", text(change.path("updated_at").asText()))));
            return true;
        } catch (ConditionalCheckFailedException known) {
            return false;
        }
    }

    private static AttributeValue text(String value) {
        return AttributeValue.builder().s(value).build();
    }

    private static APIGatewayV2HTTPResponse answer(int status, Map<String, String> body)
            throws JsonProcessingException {
        return APIGatewayV2HTTPResponse.builder()
                .withStatusCode(status)
                .withHeaders(Map.of("content-type", "application/json"))
                .withBody(MAPPER.writeValueAsString(body))
                .build();
    }
}
