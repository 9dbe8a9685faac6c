package org.touchline;

import java.net.URI;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.embedded.localstack.DeployedStack;
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
    /** In this process. */
    static TestStack embedded() {
        var stack = EmbeddedStack.create();
        return new TestStack(stack.template(), stack.dynamoDb(), stack.secretsManager(), stack::close);
    }

    /** Made by CloudFormation. */
    static TestStack deployedAt(URI endpoint) {
        var stack = DeployedStack.create(endpoint);
        return new TestStack(stack.template(), stack.dynamoDb(), stack.secretsManager(), stack::close);
    }

    /** The name of a table of the template. */
    public String table(String logicalId) {
        return template.table(logicalId).name();
    }

    /** The name of a secret of the template. */
    public String secret(String logicalId) {
        return template.secret(logicalId).name();
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
