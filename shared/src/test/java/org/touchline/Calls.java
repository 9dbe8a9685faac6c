package org.touchline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.touchline.embedded.LocalClients;
import software.amazon.awssdk.awscore.AwsClient;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Which requests the real clients send, for what must cost no more of them than promised. */
public final class Calls implements ExecutionInterceptor {
    private final List<String> calls = new CopyOnWriteArrayList<>();

    /** A client of the same DynamoDB whose requests are listed here. */
    public DynamoDbClient listening(DynamoDbClient client) {
        return listening(DynamoDbClient.builder(), client);
    }

    /** A client of the same Secrets Manager whose requests are listed here. */
    public SecretsManagerClient listening(SecretsManagerClient client) {
        return listening(SecretsManagerClient.builder(), client);
    }

    private <C extends AwsClient, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C listening(
            B builder, C client) {
        var endpoint = client.serviceClientConfiguration().endpointOverride().orElseThrow();
        return LocalClients.at(
                endpoint, builder.overrideConfiguration(override -> override.addExecutionInterceptor(this)));
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        calls.add(context.request().getClass().getSimpleName().replace("Request", ""));
    }

    /** The operations since the last time this was asked, such as {@code PutItem}. */
    public List<String> drain() {
        var drained = List.copyOf(calls);
        calls.clear();
        return drained;
    }
}
