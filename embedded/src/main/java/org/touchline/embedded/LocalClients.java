package org.touchline.embedded;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;

/** The AWS SDK's own clients, for what listens on this machine. */
public final class LocalClients {
    private LocalClients() {}

    /** A client of the endpoint; whoever asked for it closes it. */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(Template.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(AwsCrtHttpClient.builder())
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .putExecutionAttribute(AwsCallRecorder.OF_THE_TEST, true)
                        .build())
                .build();
    }
}
