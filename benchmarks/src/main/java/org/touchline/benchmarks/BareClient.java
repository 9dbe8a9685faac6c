package org.touchline.benchmarks;

import java.net.URI;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Sends the requests of a function by the SDK and by nothing else, to the tables of another stack, where they do the same. */
final class BareClient implements AutoCloseable {
    private final Map<String, String> tables;
    private final DynamoDbClient dynamoDb;

    /** @param tables of the other stack, by those of the function's */
    BareClient(Map<String, String> environment, Map<String, String> tables) {
        this.tables = tables;
        this.dynamoDb = DynamoDbClient.builder()
                .region(Region.of(environment.get("AWS_REGION")))
                .endpointOverride(URI.create(environment.get("AWS_ENDPOINT_URL_DYNAMODB")))
                .httpClientBuilder(AwsCrtHttpClient.builder())
                .build();
    }

    /** The same request of the other stack's table. */
    SdkRequest elsewhere(SdkRequest request) {
        return switch (request) {
            case GetItemRequest get ->
                get.toBuilder().tableName(table(get.tableName())).build();
            case PutItemRequest put ->
                put.toBuilder().tableName(table(put.tableName())).build();
            case UpdateItemRequest update ->
                update.toBuilder().tableName(table(update.tableName())).build();
            case QueryRequest query ->
                query.toBuilder().tableName(table(query.tableName())).build();
            case BatchGetItemRequest batch ->
                batch.toBuilder()
                        .requestItems(batch.requestItems().entrySet().stream()
                                .collect(Collectors.toMap(entry -> table(entry.getKey()), Map.Entry::getValue)))
                        .build();
            default -> throw new IllegalArgumentException("no bare " + request.getClass());
        };
    }

    void send(SdkRequest request) {
        switch (request) {
            case GetItemRequest get -> dynamoDb.getItem(get);
            case PutItemRequest put -> dynamoDb.putItem(put);
            case UpdateItemRequest update -> dynamoDb.updateItem(update);
            case QueryRequest query -> dynamoDb.query(query);
            case BatchGetItemRequest batch -> dynamoDb.batchGetItem(batch);
            default -> throw new IllegalArgumentException("no bare " + request.getClass());
        }
    }

    private String table(String name) {
        return tables.getOrDefault(name, name);
    }

    @Override
    public void close() {
        dynamoDb.close();
    }
}
