package org.touchline.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.functions.LicenseCatalogWebhookHandler;
import org.touchline.functions.MemberDirectoryHandler;
import org.touchline.functions.UserLicenseWebhookHandler;

/**
 * A stack in this process for functions in others: DynamoDB, secrets, a Learning Center, and in them the member, the licenses and the
 * keys that the samples in {@code events/} speak of.
 */
final class StandIns implements AutoCloseable {
    private static final String DYNAMODB = "AWS_ENDPOINT_URL_DYNAMODB";
    private static final String SECRETS = "AWS_ENDPOINT_URL_SECRETS_MANAGER";
    /** As Lambda gives them. */
    static final Map<String, String> CREDENTIALS =
            Map.of("AWS_ACCESS_KEY_ID", "local", "AWS_SECRET_ACCESS_KEY", "local", "AWS_SESSION_TOKEN", "local");

    private final Deque<Runnable> ends = new ArrayDeque<>();
    private final EmbeddedStack stack;

    StandIns() {
        var learningCenter =
                LearningCenterSimulator.builder().credentials("local", "local").start();
        ends.push(learningCenter::close);
        stack = EmbeddedStack.create(Map.of(
                "LearningCenterBaseUrl", learningCenter.baseUrl().toString(), "AccessTokenName", "X-Access-Token"));
        ends.push(stack::close);
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"local\",\"password\":\"local\"}");
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
        new FunctionHarness(new LicenseCatalogWebhookHandler(stack.environment("LicenseCatalogWebhookFunction")))
                .handle(FunctionHarness.sample("license-catalog-webhook", event -> {}));
        new FunctionHarness(new MemberDirectoryHandler(stack.environment("MemberDirectoryFunction")))
                .handle(FunctionHarness.sample("member-directory", event -> {}));
        new FunctionHarness(new UserLicenseWebhookHandler(stack.environment("UserLicenseWebhookFunction")))
                .handle(FunctionHarness.sample("user-license-webhook", event -> {}));
    }

    EmbeddedStack stack() {
        return stack;
    }

    /** What a function finds in its environment, with credentials as Lambda gives them. */
    Map<String, String> environment(String logicalId) {
        var environment = new HashMap<>(stack.environment(logicalId));
        environment.putAll(CREDENTIALS);
        return environment;
    }

    /** The same with DynamoDB and Secrets Manager behind TLS. */
    Secure overTls(Certificate certificate) throws IOException {
        var environment = stack.environment("UserLicenseWebhookFunction");
        return new Secure(
                front(requireNonNull(environment.get(DYNAMODB)), certificate),
                front(requireNonNull(environment.get(SECRETS)), certificate));
    }

    /** Both, behind TLS. */
    record Secure(TlsFront dynamoDb, TlsFront secrets) {
        Map<String, String> environment(Map<String, String> plain) {
            var environment = new HashMap<>(plain);
            environment.put(DYNAMODB, dynamoDb.endpoint().toString());
            environment.put(SECRETS, secrets.endpoint().toString());
            return environment;
        }
    }

    private TlsFront front(String behind, Certificate certificate) throws IOException {
        var front = new TlsFront(URI.create(behind), certificate.server());
        ends.push(front::close);
        return front;
    }

    @Override
    public void close() {
        ends.forEach(Runnable::run);
    }
}
