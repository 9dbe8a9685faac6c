package org.touchline.embedded;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;

/** The AWS SDK's own clients, for what listens on this machine. */
public final class LocalClients {
    /** One for all clients of this JVM, and as long as it lives: making one takes longer than most of what is asked. */
    private static final class Shared {
        static final SdkHttpClient HTTP = AwsCrtHttpClient.create();
    }

    private LocalClients() {}

    /** A client of the endpoint; whoever asked for it closes it. */
    public static <B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>, C> C at(URI endpoint, B builder) {
        return builder.endpointOverride(endpoint)
                .region(Region.of(Template.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClient(Shared.HTTP)
                .overrideConfiguration(builder.overrideConfiguration().toBuilder()
                        .putExecutionAttribute(AwsCallRecorder.OF_THE_TEST, true)
                        .build())
                .build();
    }
}
