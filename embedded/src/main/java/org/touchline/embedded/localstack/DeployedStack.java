package org.touchline.embedded.localstack;

import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.touchline.embedded.CloudFormationTemplate;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.Template;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A stack that CloudFormation makes of {@code template.yaml} itself: tables with their indexes, and secrets with the values that
 * it generates. So what the code expects and what the template makes cannot drift apart, and no reader of ours stands between
 * the two. Thread-safe.
 *
 * @param template as read, with the names that CloudFormation gave
 */
public record DeployedStack(
        Template template, DynamoDbClient dynamoDb, SecretsManagerClient secretsManager, Runnable whenClosed)
        implements AutoCloseable {
    /** What LocalStack can make: functions and their API need the SAM transform, and Lambda. */
    private static final Set<String> DEPLOYED = Set.of("AWS::DynamoDB::Table", "AWS::SecretsManager::Secret");

    /** LocalStack makes a stream only with Kinesis, which would be another download. */
    private static final Set<String> NOT_DEPLOYED = Set.of("StreamSpecification");

    private static final AtomicInteger STACKS = new AtomicInteger();

    /** Makes a stack, in about half a second, and waits until it is there. */
    public static DeployedStack create(URI endpoint) {
        var name = "touchline-" + STACKS.incrementAndGet();
        var file = EmbeddedStack.projectRoot().resolve("template.yaml");
        var cloudFormation = new CloudFormation(endpoint);
        var physicalIds = cloudFormation.create(name, CloudFormationTemplate.only(file, DEPLOYED, NOT_DEPLOYED));
        var template = Template.read(file, name, Map.of(), physicalIds);
        var dynamoDb = LocalClients.at(endpoint, DynamoDbClient.builder());
        var secretsManager = LocalClients.at(endpoint, SecretsManagerClient.builder());
        return new DeployedStack(template, dynamoDb, secretsManager, () -> {
            // The template retains them.
            template.tables().forEach(table -> dynamoDb.deleteTable(request -> request.tableName(table.name())));
            dynamoDb.close();
            secretsManager.close();
            cloudFormation.delete(name);
            cloudFormation.close();
        });
    }

    @Override
    public void close() {
        whenClosed.run();
    }
}
