package org.touchline.lambda;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The AWS clients of a function: the default credentials chain, the region that Lambda names, and limits on every wait that
 * together stay below the template's {@code Timeout}, so that a sender gets an answer and not a cut connection.
 */
final class AwsClients {
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT = Duration.ofMillis(1500);
    private static final Duration DYNAMODB_CALL = Duration.ofSeconds(4);
    private static final Duration SECRETS_MANAGER_CALL = Duration.ofSeconds(3);

    private final Environment environment;
    private final SdkHttpClient http;

    AwsClients(Environment environment) {
        this.environment = environment;
        this.http = AwsCrtHttpClient.builder().connectionTimeout(CONNECT).build();
    }

    DynamoDbClient dynamoDb() {
        return build(DynamoDbClient.builder(), "AWS_ENDPOINT_URL_DYNAMODB", DYNAMODB_CALL);
    }

    SecretsManagerClient secretsManager() {
        return build(SecretsManagerClient.builder(), "AWS_ENDPOINT_URL_SECRETS_MANAGER", SECRETS_MANAGER_CALL);
    }

    /** @param endpoint the variable that AWS's own tools read, set where the service is not AWS's */
    private <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C build(
            B builder, String endpoint, Duration longestCall) {
        environment.optional(endpoint).map(URI::create).ifPresent(builder::endpointOverride);
        return builder.region(Region.of(environment.required("AWS_REGION")))
                .httpClient(http)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(longestCall)
                        .build())
                .build();
    }
}
