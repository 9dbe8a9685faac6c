package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;

class EmbeddedDynamoDbTest {
    private static EmbeddedDynamoDb dynamoDb;

    @BeforeAll
    static void start() {
        dynamoDb = EmbeddedDynamoDb.start(0);
    }

    @AfterAll
    static void stop() {
        dynamoDb.close();
    }

    @Test
    void everyClientSeesTheSameTablesWhateverItsRegionAndCredentials() {
        // given
        var template = YamlTemplate.read("""
                Resources:
                  Shared:
                    Type: AWS::DynamoDB::Table
                    Properties:
                      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
                      KeySchema: [{AttributeName: id, KeyType: HASH}]
                """);
        try (var ours = client(Region.US_EAST_1, credentials("local", "local"));
                var other = client(Region.EU_WEST_1, credentials("my-key/1", "other"));
                var unsigned = client(Region.AP_EAST_1, AnonymousCredentialsProvider.create())) {
            // when
            EmbeddedDynamoDb.createTables(ours, template);
            ours.putItem(put -> put.tableName("demo-Shared").item(Map.of("id", AttributeValue.fromS("a"))));

            // then
            for (var client : List.of(ours, other, unsigned)) {
                assertEquals(
                        1, client.scan(scan -> scan.tableName("demo-Shared")).count());
            }
        }
    }

    @Test
    void tableHasTheIndexesAndTheStreamOfItsTemplate() {
        // given
        var template = YamlTemplate.read("""
                Resources:
                  Indexed:
                    Type: AWS::DynamoDB::Table
                    Properties:
                      AttributeDefinitions:
                        - {AttributeName: id, AttributeType: S}
                        - {AttributeName: at, AttributeType: N}
                        - {AttributeName: kind, AttributeType: S}
                      KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: at, KeyType: RANGE}]
                      GlobalSecondaryIndexes:
                        - IndexName: by-kind
                          KeySchema: [{AttributeName: kind, KeyType: HASH}]
                          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [name]}
                      LocalSecondaryIndexes:
                        - IndexName: by-id-and-kind
                          KeySchema: [{AttributeName: id, KeyType: HASH}, {AttributeName: kind, KeyType: RANGE}]
                          Projection: {ProjectionType: KEYS_ONLY}
                      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
                """);
        try (var client = client(Region.US_EAST_1, credentials("local", "local"))) {
            // when
            EmbeddedDynamoDb.createTables(client, template);

            // then
            var table = client.describeTable(describe -> describe.tableName("demo-Indexed"))
                    .table();
            assertEquals(
                    List.of("id", "at"),
                    table.keySchema().stream().map(key -> key.attributeName()).toList());
            var byKind = table.globalSecondaryIndexes().getFirst();
            assertEquals("by-kind", byKind.indexName());
            assertEquals(List.of("name"), byKind.projection().nonKeyAttributes());
            assertEquals(
                    "by-id-and-kind", table.localSecondaryIndexes().getFirst().indexName());
            assertEquals(
                    StreamViewType.NEW_AND_OLD_IMAGES,
                    table.streamSpecification().streamViewType());
            assertEquals(
                    template.table("Indexed")
                            .createRequest()
                            .attributeDefinitions()
                            .size(),
                    3);
        }
    }

    @Test
    void portInUseIsRefusedAtOnceAndLeavesNothingBehind() {
        // given
        var port = dynamoDb.endpoint().getPort();
        var before = running();

        // when
        var refusal = assertThrows(UncheckedIOException.class, () -> EmbeddedDynamoDb.start(port));

        // then
        assertEquals("DynamoDB cannot listen on 127.0.0.1:" + port, refusal.getMessage());
        Eventually.isTrue(Duration.ofSeconds(5), () -> running().equals(before));
    }

    @Test
    void onlyThisMachineIsAnswered() throws Exception {
        // given
        var outside = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();

        // then
        for (var address : outside) {
            try (var socket = new Socket()) {
                var endpoint =
                        new InetSocketAddress(address, dynamoDb.endpoint().getPort());
                assertThrows(ConnectException.class, () -> socket.connect(endpoint, 1_000), address.toString());
            }
        }
        assertTrue(listens(dynamoDb.endpoint()));
    }

    @Test
    void closeLeavesNoPortAndNoThread() {
        // given
        var before = running();
        var second = EmbeddedDynamoDb.start(0);
        try (var client = client(second.endpoint(), Region.US_EAST_1, credentials("local", "local"))) {
            client.listTables();
        }
        assertEquals(before.size() + 1, running().size());

        // when
        second.close();
        second.close();

        // then
        Eventually.isTrue(Duration.ofSeconds(5), () -> running().equals(before));
        assertFalse(listens(second.endpoint()));
    }

    private static boolean listens(URI endpoint) {
        try (var socket = new Socket(endpoint.getHost(), endpoint.getPort())) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** One group for each DynamoDB that has a live thread. */
    private static Set<ThreadGroup> running() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getThreadGroup)
                .filter(group -> group != null && group.getName().equals("embedded-dynamodb"))
                .collect(Collectors.toSet());
    }

    private static AwsCredentialsProvider credentials(String key, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
    }

    private static DynamoDbClient client(Region region, AwsCredentialsProvider credentials) {
        return client(dynamoDb.endpoint(), region, credentials);
    }

    private static DynamoDbClient client(URI endpoint, Region region, AwsCredentialsProvider credentials) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(credentials)
                .httpClientBuilder(AwsCrtHttpClient.builder())
                .build();
    }
}
