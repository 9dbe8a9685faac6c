package org.touchline.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.StreamSpecification;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/**
 * A stack of {@code template.yaml} for one test: its tables in the one DynamoDB of this JVM, its secrets with their first
 * values and its event bus in endpoints of its own. Its name is unique, so stacks do not disturb each other, side by side or in turn.
 * A table is created when somebody first asks for it, or for the environment of a function that it is named to: most tests ask for few.
 *
 * <p>The template is in the folder that the system property {@code touchline.root} names, else in the nearest folder above the
 * working directory that has one. The DynamoDB starts with the first stack and ends with the JVM, which must be ended by
 * {@link System#exit}, as test runners do. Thread-safe.
 */
public final class EmbeddedStack implements AutoCloseable {
    private static final String TEMPLATE = "template.yaml";
    private static final Pattern NAME = Pattern.compile("\\btest-[0-9a-f]{8}\\b");

    private final Template template;
    private final SecretsEndpoint secrets;
    private final EventsEndpoint events;
    private final DynamoDbClient dynamoDb;
    private final SecretsManagerClient secretsManager;
    private final Set<Template.Table> created = new LinkedHashSet<>();

    /** The DynamoDB of this JVM, started when a stack first asks for it. */
    private static final class SharedDynamoDb {
        static final EmbeddedDynamoDb INSTANCE = EmbeddedDynamoDb.start(0);
    }

    /** The text of the template, which stays as it is while tests run: reading it takes as long as creating the tables. */
    private static final class SharedTemplate {
        static final TemplateNode ROOT = TemplateYaml.read(projectRoot().resolve(TEMPLATE));
    }

    private EmbeddedStack(Template template) {
        this.template = template;
        dynamoDb = LocalClients.at(SharedDynamoDb.INSTANCE.endpoint(), DynamoDbClient.builder());
        secrets = SecretsEndpoint.start(0);
        template.secrets().forEach(secret -> secrets.put(secret.name(), secret.arn(), secret.initialValue()));
        events = EventsEndpoint.start(0);
        secretsManager = LocalClients.at(secrets.endpoint(), SecretsManagerClient.builder());
    }

    /** Creates a stack with the default of every parameter. */
    public static EmbeddedStack create() {
        return create(Map.of());
    }

    /**
     * Creates a stack.
     *
     * @param parameters values of template parameters; what is left out takes its default
     * @throws TemplateException when the template, or a value for it, is not as it should be
     */
    public static EmbeddedStack create(Map<String, String> parameters) {
        var stackName = "test-" + UUID.randomUUID().toString().substring(0, 8);
        return new EmbeddedStack(Template.of(SharedTemplate.ROOT, stackName, parameters, Map.of()));
    }

    public Template template() {
        return template;
    }

    /** What the name or the ARN of a resource would be in the stack of another name; those of no test's stack stay as they are. */
    static String asIn(String stackName, String nameOrArn) {
        return NAME.matcher(nameOrArn).replaceFirst(Matcher.quoteReplacement(stackName));
    }

    /** A client of the DynamoDB of all stacks; closed with this one. */
    public DynamoDbClient dynamoDb() {
        return dynamoDb;
    }

    /** A client of this stack's secrets; closed with the stack. */
    public SecretsManagerClient secretsManager() {
        return secretsManager;
    }

    /** The endpoint of this stack's secrets, to make it fail and to count. */
    public SecretsEndpoint secrets() {
        return secrets;
    }

    /** The stack's event bus, to make it fail and to see what was put. */
    public EventsEndpoint events() {
        return events;
    }

    /** The name of a table. */
    public String table(String logicalId) {
        return existing(template.table(logicalId)).name();
    }

    /** What is in all tables, each item with its table's name: to see that nothing changed. */
    public Set<Map.Entry<String, Map<String, AttributeValue>>> items() {
        return created().stream()
                .flatMap(table -> dynamoDb.scanPaginator(request -> request.tableName(table.name())).items().stream()
                        .map(item -> Map.entry(table.name(), item)))
                .collect(Collectors.toSet());
    }

    /** The ARN of a secret, which is also what the template hands to functions. */
    public String secretArn(String logicalId) {
        return template.secret(logicalId).arn();
    }

    /** Gives a secret a new current value. */
    public void putSecret(String logicalId, String json) {
        var secret = template.secret(logicalId);
        secrets.put(secret.name(), secret.arn(), json);
    }

    /** The environment of a function, as {@link FunctionEnvironment} says. */
    public Map<String, String> environment(String functionLogicalId) {
        var environment = FunctionEnvironment.of(
                template, functionLogicalId, SharedDynamoDb.INSTANCE.endpoint(), secrets.endpoint(), events.endpoint());
        template.tables().stream()
                .filter(table -> environment.containsValue(table.name()))
                .forEach(this::existing);
        return environment;
    }

    /** Deletes the tables, and stops the secrets and the bus. */
    @Override
    public void close() {
        try (dynamoDb;
                secretsManager;
                secrets;
                events) {
            created().forEach(this::delete);
        }
    }

    private List<Template.Table> created() {
        synchronized (created) {
            return List.copyOf(created);
        }
    }

    /** DynamoDB Local keeps what streams tell for a day, and is slower with each: only who reads one has it. */
    private Template.Table existing(Template.Table table) {
        synchronized (created) {
            if (created.add(table)) {
                dynamoDb.createTable(table.createRequest().toBuilder()
                        .streamSpecification((StreamSpecification) null)
                        .build());
            }
            return table;
        }
    }

    /** Lets a table have the stream that the template gives it, from now on. */
    void enableStream(String logicalId) {
        var table = existing(template.table(logicalId));
        dynamoDb.updateTable(request -> request.tableName(table.name())
                .streamSpecification(table.createRequest().streamSpecification()));
    }

    private void delete(Template.Table table) {
        try {
            dynamoDb.deleteTable(request -> request.tableName(table.name()));
        } catch (ResourceNotFoundException e) {
            // The test has done it, to see what becomes of a store that is gone.
        }
    }

    /** The project's root: see the class. */
    public static Path projectRoot() {
        var root = System.getProperty("touchline.root");
        if (root != null) {
            return Path.of(root);
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), folder -> folder != null, Path::getParent)
                .filter(folder -> Files.exists(folder.resolve(TEMPLATE)))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no folder above this one has a " + TEMPLATE));
    }
}
