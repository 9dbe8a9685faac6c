package org.touchline;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.touchline.embedded.EmbeddedDynamoDb;
import org.touchline.embedded.EmbeddedStack;
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
    private static final AtomicInteger REMOTE_STACKS = new AtomicInteger();

    /** In this process. */
    static TestStack embedded() {
        var stack = EmbeddedStack.create();
        return new TestStack(stack.template(), stack.dynamoDb(), stack.secretsManager(), stack::close);
    }

    /** At the endpoint of another DynamoDB and Secrets Manager. */
    static TestStack at(URI endpoint) {
        var template = Template.read(
                EmbeddedStack.projectRoot().resolve("template.yaml"),
                "remote-" + REMOTE_STACKS.incrementAndGet(),
                Map.of());
        var dynamoDb = LocalClients.at(endpoint, DynamoDbClient.builder());
        var secretsManager = LocalClients.at(endpoint, SecretsManagerClient.builder());
        EmbeddedDynamoDb.createTables(dynamoDb, template);
        for (var secret : template.secrets()) {
            secretsManager.createSecret(request -> request.name(secret.name()).secretString(secret.initialValue()));
        }
        return new TestStack(template, dynamoDb, secretsManager, () -> {
            template.tables().forEach(table -> dynamoDb.deleteTable(request -> request.tableName(table.name())));
            dynamoDb.close();
            secretsManager.close();
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
