package org.touchline.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.InvalidParameterException;
import software.amazon.awssdk.services.secretsmanager.model.InvalidRequestException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceExistsException;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;
import software.amazon.awssdk.services.secretsmanager.model.SecretListEntry;
import software.amazon.awssdk.services.secretsmanager.model.SecretsManagerException;

class SecretsEndpointTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.250Z");
    private static final String ARN = "arn:aws:secretsmanager:us-east-1:000000000000:secret:keys-AbCdEf";

    private SecretsEndpoint endpoint;
    private SecretsManagerClient client;

    @BeforeEach
    void start() {
        endpoint = SecretsEndpoint.start(0, InstantSource.fixed(NOW));
        endpoint.put("keys", ARN, "first");
        client = SecretsManagerClient.builder()
                .endpointOverride(endpoint.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(AwsCrtHttpClient.builder())
                .overrideConfiguration(override -> override.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterEach
    void stop() {
        client.close();
        endpoint.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keys", ARN, "arn:aws:secretsmanager:us-east-1:000000000000:secret:keys"})
    void currentValueIsFoundByNameArnAndPartialArn(String id) {
        // when
        var value = client.getSecretValue(get -> get.secretId(id));

        // then
        assertEquals("first", value.secretString());
        assertEquals("keys", value.name());
        assertEquals(ARN, value.arn());
        assertEquals(List.of("AWSCURRENT"), value.versionStages());
        assertEquals(NOW, value.createdDate());
    }

    @Test
    void newValueIsCurrentAndTheOneBeforeIsPrevious() {
        // given
        var first = client.getSecretValue(get -> get.secretId("keys"));

        // when
        var second = client.putSecretValue(put -> put.secretId("keys").secretString("second"));

        // then
        assertEquals(
                "second", client.getSecretValue(get -> get.secretId("keys")).secretString());
        var previous = client.getSecretValue(get -> get.secretId("keys").versionStage("AWSPREVIOUS"));
        assertEquals("first", previous.secretString());
        assertEquals(first.versionId(), previous.versionId());
        var byId = client.getSecretValue(get -> get.secretId("keys").versionId(second.versionId()));
        assertEquals("second", byId.secretString());
    }

    @Test
    void pendingValueLeavesTheCurrentOneAlone() {
        // when
        client.putSecretValue(put -> put.secretId("keys").secretString("next").versionStages("AWSPENDING"));

        // then
        assertEquals("first", client.getSecretValue(get -> get.secretId("keys")).secretString());
        var pending = client.getSecretValue(get -> get.secretId("keys").versionStage("AWSPENDING"));
        assertEquals("next", pending.secretString());
    }

    @Test
    void repeatedRequestMakesOneVersionAndAnotherValueForItsTokenIsRefused() {
        // given
        var token = "11111111-2222-3333-4444-555555555555";
        client.putSecretValue(put -> put.secretId("keys").secretString("second").clientRequestToken(token));

        // when
        client.putSecretValue(put -> put.secretId("keys").secretString("second").clientRequestToken(token));

        // then
        var previous = client.getSecretValue(get -> get.secretId("keys").versionStage("AWSPREVIOUS"));
        assertEquals("first", previous.secretString());
        assertThrows(
                ResourceExistsException.class,
                () -> client.putSecretValue(
                        put -> put.secretId("keys").secretString("third").clientRequestToken(token)));
    }

    @Test
    void secretIsCreatedOnceDescribedAndUpdated() {
        // when
        var created = client.createSecret(
                create -> create.name("clients/oauth").secretString("{}").description("OAuth clients"));
        var updated =
                client.updateSecret(update -> update.secretId("clients/oauth").secretString("[]"));

        // then
        assertTrue(created.arn().matches("arn:aws:secretsmanager:us-east-1:000000000000:secret:clients/oauth-\\w{6}"));
        var description = client.describeSecret(describe -> describe.secretId(created.arn()));
        assertEquals("OAuth clients", description.description());
        assertEquals(NOW, description.createdDate());
        assertEquals(
                Map.of(updated.versionId(), List.of("AWSCURRENT"), created.versionId(), List.of("AWSPREVIOUS")),
                description.versionIdsToStages());
        assertThrows(
                ResourceExistsException.class,
                () -> client.createSecret(create -> create.name("clients/oauth").secretString("{}")));
    }

    @Test
    void bytesComeBackAsTheyWere() {
        // given
        var bytes = SdkBytes.fromByteArray(new byte[] {0, 1, -1});

        // when
        client.putSecretValue(put -> put.secretId("keys").secretBinary(bytes));

        // then
        assertEquals(bytes, client.getSecretValue(get -> get.secretId("keys")).secretBinary());
    }

    @Test
    void listIsPaged() {
        // given
        for (var name : List.of("a", "b", "c", "d")) {
            endpoint.put(name, ARN.replace("keys", name), "x");
        }

        // when
        var pages = client.listSecretsPaginator(list -> list.maxResults(2)).stream()
                .map(page ->
                        page.secretList().stream().map(SecretListEntry::name).toList())
                .toList();

        // then
        assertEquals(List.of(List.of("keys", "a"), List.of("b", "c"), List.of("d")), pages);
        var keys = client.listSecrets().secretList().getFirst();
        assertEquals(
                List.of(List.of("AWSCURRENT")),
                List.copyOf(keys.secretVersionsToStages().values()));
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        for (var id : Set.of("nowhere", "arn:aws:secretsmanager:us-east-1:000000000000:secret:nowhere-AbCdEf")) {
            assertThrows(ResourceNotFoundException.class, () -> client.getSecretValue(get -> get.secretId(id)));
        }
        assertThrows(
                ResourceNotFoundException.class,
                () -> client.getSecretValue(get -> get.secretId("keys").versionStage("AWSPREVIOUS")));
        assertThrows(
                ResourceNotFoundException.class,
                () -> client.getSecretValue(get -> get.secretId("keys").versionId("no-such-version")));
        assertThrows(
                ResourceNotFoundException.class,
                () -> client.putSecretValue(put -> put.secretId("nowhere").secretString("x")));
    }

    @Test
    void callThatSecretsManagerWouldRefuseIsRefused() {
        // given
        var current = client.getSecretValue(get -> get.secretId("keys")).versionId();
        client.putSecretValue(put -> put.secretId("keys").secretString("second"));

        // then
        assertThrows(
                InvalidRequestException.class,
                () -> client.getSecretValue(
                        get -> get.secretId("keys").versionId(current).versionStage("AWSCURRENT")));
        assertThrows(InvalidRequestException.class, () -> client.putSecretValue(put -> put.secretId("keys")));
        assertThrows(
                InvalidParameterException.class,
                () -> client.putSecretValue(
                        put -> put.secretId("keys").secretString("x").secretBinary(SdkBytes.fromUtf8String("x"))));
        assertEquals(
                "UnknownOperationException", refusal(() -> client.deleteSecret(delete -> delete.secretId("keys"))));
        assertEquals("ValidationException", refusal(() -> client.getSecretValue(get -> {})));
        assertEquals("ValidationException", refusal(() -> client.createSecret(create -> create.name("no spaces"))));
    }

    @Test
    void bodyThatIsNotJsonIsRefused() throws Exception {
        // given
        var request = HttpRequest.newBuilder(endpoint.endpoint())
                .header("X-Amz-Target", "secretsmanager.GetSecretValue")
                .POST(HttpRequest.BodyPublishers.ofString("no json"))
                .build();
        try (var http = HttpClient.newHttpClient()) {
            // when
            var answer = http.send(request, HttpResponse.BodyHandlers.ofString());

            // then
            assertEquals(400, answer.statusCode());
            assertTrue(answer.body().contains("\"__type\":\"SerializationException\""), answer.body());
        }
    }

    @Test
    void toldToFailItAnswersWithTheStatusUntilItIsRestored() {
        // given
        endpoint.failWith(503);

        // when
        var failure =
                assertThrows(SecretsManagerException.class, () -> client.getSecretValue(get -> get.secretId("keys")));
        assertThrows(
                SecretsManagerException.class,
                () -> client.putSecretValue(put -> put.secretId("keys").secretString("x")));
        endpoint.restore();

        // then
        assertEquals(503, failure.statusCode());
        assertEquals("first", client.getSecretValue(get -> get.secretId("keys")).secretString());
    }

    @Test
    void readsAreCountedBySecretWhetherAnsweredOrNot() {
        // given
        endpoint.put("other", ARN.replace("keys", "other"), "x");

        // when
        client.getSecretValue(get -> get.secretId("keys"));
        client.getSecretValue(get -> get.secretId(ARN));
        client.describeSecret(describe -> describe.secretId("keys"));
        endpoint.failWith(500);
        assertThrows(SecretsManagerException.class, () -> client.getSecretValue(get -> get.secretId("keys")));

        // then
        assertEquals(3, endpoint.reads("keys"));
        assertEquals(3, endpoint.reads(ARN));
        assertEquals(0, endpoint.reads("other"));
    }

    @Test
    void portInUseIsRefusedAtOnce() {
        // given
        var port = endpoint.endpoint().getPort();

        // when
        var refusal = assertThrows(UncheckedIOException.class, () -> SecretsEndpoint.start(port));

        // then
        assertEquals("Secrets Manager cannot listen on 127.0.0.1:" + port, refusal.getMessage());
    }

    @Test
    void closedEndpointFreesItsPort() {
        // given
        URI before = endpoint.endpoint();

        // when
        endpoint.close();

        // then
        assertThrows(SdkClientException.class, () -> client.getSecretValue(get -> get.secretId("keys")));
        SecretsEndpoint.start(before.getPort()).close();
    }

    private static String refusal(Executable call) {
        var refusal = assertThrows(SecretsManagerException.class, call);
        assertEquals(400, refusal.statusCode());
        return refusal.awsErrorDetails().errorCode();
    }
}
