package org.touchline;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.embedded.localstack.DeployedStack;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * The template's tables and secrets on some {@link Backend}, with the real clients to reach them.
 *
 * @param tableName the name of a table by its logical id
 * @param whenClosed what takes them away again
 */
public record TestStack(
        Template template,
        DynamoDbClient dynamoDb,
        SecretsManagerClient secretsManager,
        UnaryOperator<String> tableName,
        Runnable whenClosed)
        implements AutoCloseable {
    /** In this process. */
    static TestStack embedded() {
        var stack = EmbeddedStack.create();
        return new TestStack(stack.template(), stack.dynamoDb(), stack.secretsManager(), stack::table, stack::close);
    }

    /** Made by CloudFormation: one for all tests of this JVM, since that takes long, and as new after each. */
    static TestStack deployedAt(URI endpoint) {
        return Deployed.at(endpoint);
    }

    private static final class Deployed {
        private static @Nullable Deployed one;

        private final DeployedStack stack;
        private final Map<String, String> initialSecrets;

        private Deployed(DeployedStack stack) {
            this.stack = stack;
            this.initialSecrets = stack.template().secrets().stream()
                    .collect(Collectors.toMap(Template.Secret::name, secret -> value(secret.name())));
        }

        static synchronized TestStack at(URI endpoint) {
            if (one == null) {
                one = new Deployed(DeployedStack.create(endpoint));
            }
            var stack = one.stack;
            return new TestStack(
                    stack.template(),
                    stack.dynamoDb(),
                    stack.secretsManager(),
                    logicalId -> stack.template().table(logicalId).name(),
                    one::makeNew);
        }

        private void makeNew() {
            stack.template().tables().forEach(this::empty);
            initialSecrets.forEach((name, value) -> {
                if (!value(name).equals(value)) {
                    stack.secretsManager()
                            .putSecretValue(request -> request.secretId(name).secretString(value));
                }
            });
        }

        private void empty(Template.Table table) {
            var keys = table.createRequest().keySchema().stream()
                    .map(KeySchemaElement::attributeName)
                    .toList();
            for (var item : stack.dynamoDb()
                    .scanPaginator(request -> request.tableName(table.name()))
                    .items()) {
                var key = new HashMap<>(item);
                key.keySet().retainAll(keys);
                stack.dynamoDb()
                        .deleteItem(request -> request.tableName(table.name()).key(key));
            }
        }

        private String value(String secret) {
            return stack.secretsManager()
                    .getSecretValue(request -> request.secretId(secret))
                    .secretString();
        }
    }

    /** The name of a table of the template. */
    public String table(String logicalId) {
        return tableName.apply(logicalId);
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
