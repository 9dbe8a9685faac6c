package org.touchline.lambda;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.defaultsmode.DefaultsMode;
import software.amazon.awssdk.awscore.endpoints.AccountIdEndpointMode;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
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
    private static final String C_LIBRARY = "aws.crt.libc";
    private static final Duration CONNECT = Duration.ofSeconds(1);
    private static final Duration ATTEMPT = Duration.ofMillis(1500);
    private static final Duration DYNAMODB_CALL = Duration.ofSeconds(4);
    private static final Duration SECRETS_MANAGER_CALL = Duration.ofSeconds(3);

    private final Environment environment;
    private final List<ExecutionInterceptor> interceptors;

    /**
     * What holds threads and connections, one for the process. In Lambda a process is one instance of one function; in the local run it
     * holds many, which come and go, and nobody tells a function when it goes. Clients that hold nothing else need no end.
     */
    private static final class Shared {
        static {
            // Lambda's system has GNU's C library. Else the AWS Common Runtime would start a program at each start to
            // find out.
            if (System.getProperty(C_LIBRARY) == null && System.getenv("AWS_LAMBDA_RUNTIME_API") != null) {
                System.setProperty(C_LIBRARY, "glibc");
            }
        }

        static final SdkHttpClient HTTP =
                AwsCrtHttpClient.builder().connectionTimeout(CONNECT).build();
        static final ScheduledExecutorService TIME_LIMITS = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("aws-time-limits").factory());
    }

    AwsClients(Environment environment) {
        this(environment, List.of());
    }

    /** @param interceptors meet each request on its way */
    AwsClients(Environment environment, List<ExecutionInterceptor> interceptors) {
        this.environment = environment;
        this.interceptors = interceptors;
    }

    DynamoDbClient dynamoDb() {
        return build(
                DynamoDbClient.builder()
                        .endpointDiscoveryEnabled(false)
                        .accountIdEndpointMode(AccountIdEndpointMode.PREFERRED),
                "AWS_ENDPOINT_URL_DYNAMODB",
                DYNAMODB_CALL);
    }

    SecretsManagerClient secretsManager() {
        return build(SecretsManagerClient.builder(), "AWS_ENDPOINT_URL_SECRETS_MANAGER", SECRETS_MANAGER_CALL);
    }

    /**
     * A client of a service.
     *
     * @param endpoint the variable that AWS's own tools read, set where the service is not AWS's
     */
    <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C build(
            B builder, String endpoint, Duration longestCall) {
        environment.optional(endpoint).map(URI::create).ifPresent(builder::endpointOverride);
        // What is said here is as by default, and is not looked for in files and variables that Lambda does not have.
        return builder.region(Region.of(environment.required("AWS_REGION")))
                .defaultsMode(DefaultsMode.LEGACY)
                .dualstackEnabled(false)
                .fipsEnabled(false)
                .httpClient(Shared.HTTP)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .executionInterceptors(interceptors)
                        .scheduledExecutorService(Shared.TIME_LIMITS)
                        .apiCallAttemptTimeout(ATTEMPT)
                        .apiCallTimeout(longestCall)
                        .build())
                .build();
    }
}
