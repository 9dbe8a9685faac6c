package org.touchline;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.touchline.embedded.CloudFormationTemplate;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionEnvironment;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The template's tables and secrets on some {@link Backend}, with the real clients to reach them.
 *
 * @param whenClosed what takes them away again
 */
public record TestStack(
        Template template, DynamoDbClient dynamoDb, SecretsManagerClient secretsManager, Runnable whenClosed)
        implements AutoCloseable {
    /** What an emulator can make of the template: functions and their API need the SAM transform, and Lambda. */
    private static final Set<String> DEPLOYED = Set.of("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret");

    /** LocalStack makes a stream only with Kinesis, which would be another download. */
    private static final Set<String> NOT_DEPLOYED = Set.of("StreamSpecification");

    private static final AtomicInteger REMOTE_STACKS = new AtomicInteger();

    /** In this process. */
    static TestStack embedded() {
        var stack = EmbeddedStack.create();
        return new TestStack(stack.template(), stack.dynamoDb(), stack.secretsManager(), stack::close);
    }

    /** Made by the CloudFormation at an endpoint, beside DynamoDB and Secrets Manager, from {@code template.yaml} itself. */
    static TestStack deployedAt(URI endpoint) {
        var name = "touchline-" + REMOTE_STACKS.incrementAndGet();
        var file = EmbeddedStack.projectRoot().resolve("template.yaml");
        var cloudFormation = new CloudFormation(endpoint);
        var physicalIds = cloudFormation.create(name, CloudFormationTemplate.only(file, DEPLOYED, NOT_DEPLOYED));
        var template = Template.read(file, name, Map.of(), physicalIds);
        var dynamoDb = LocalClients.at(endpoint, DynamoDbClient.builder());
        var secretsManager = LocalClients.at(endpoint, SecretsManagerClient.builder());
        return new TestStack(template, dynamoDb, secretsManager, () -> {
            template.tables().forEach(table -> dynamoDb.deleteTable(request -> request.tableName(table.name())));
            dynamoDb.close();
            secretsManager.close();
            cloudFormation.delete(name);
            cloudFormation.close();
        });
    }

    /** The name of a table of the template. */
    public String table(String logicalId) {
        return template.table(logicalId).name();
    }

    /** The name of a secret of the template. */
    public String secret(String logicalId) {
        return template.secret(logicalId).name();
    }

    /** The environment of a function, as {@link FunctionEnvironment} says. */
    public Map<String, String> environment(String functionLogicalId) {
        return FunctionEnvironment.of(
                template,
                functionLogicalId,
                dynamoDb.serviceClientConfiguration().endpointOverride().orElseThrow(),
                secretsManager.serviceClientConfiguration().endpointOverride().orElseThrow());
    }

    /** Sets a secret's value. */
    public void putSecret(String logicalId, String json) {
        secretsManager.putSecretValue(
                request -> request.secretId(secret(logicalId)).secretString(json));
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}
