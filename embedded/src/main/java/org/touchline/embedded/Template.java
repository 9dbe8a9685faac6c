package org.touchline.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;

/**
 * A SAM template as CloudFormation would see it for one stack: parameters filled in, conditions decided, globals merged,
 * intrinsic functions resolved. It reads the subset of SAM that it has records for, and refuses the rest with a
 * {@link TemplateException} that names the place: nothing is left out silently.
 *
 * <p>The stack is in region {@value #REGION} of account {@value #ACCOUNT}. A resource is called {@code <stack>-<LogicalId>}, an event bus
 * as the stack; other names of their own are refused. Immutable.
 */
public final class Template {
    /** The region of every stack: {@code AWS::Region}. */
    public static final String REGION = "us-east-1";

    /** The account of every stack: {@code AWS::AccountId}. */
    public static final String ACCOUNT = "000000000000";

    private final String stackName;
    private final ResolvedTemplate resolved;
    private final List<Function> functions;
    private final List<Table> tables;
    private final List<Secret> secrets;
    private final List<Rule> rules;

    private Template(String stackName, ResolvedTemplate resolved) {
        this.stackName = stackName;
        this.resolved = resolved;
        functions = new TemplateFunctions(resolved).read();
        tables = new TemplateTables(resolved).read();
        secrets = new TemplateSecrets(resolved, new SecureRandom()).read();
        rules = new TemplateRules(resolved).read();
    }

    /**
     * Reads a template for one stack. Generated secrets get their value here.
     *
     * @param parameters values by parameter name; what is left out takes its default
     * @throws TemplateException when the template, or a value for it, is not as it should be
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static Template read(Path file, String stackName, Map<String, String> parameters) {
        return read(file, stackName, parameters, Map.of());
    }

    /**
     * Reads a template for a stack that CloudFormation has made.
     *
     * @param physicalIds what CloudFormation calls the resources that it made, by logical id; the others are called as ever
     */
    public static Template read(
            Path file, String stackName, Map<String, String> parameters, Map<String, String> physicalIds) {
        return of(TemplateYaml.read(file), stackName, parameters, physicalIds);
    }

    /** The same of a template whose text is read already. */
    static Template of(
            TemplateNode root, String stackName, Map<String, String> parameters, Map<String, String> physicalIds) {
        return new Template(stackName, ResolvedTemplate.of(root, stackName, parameters, physicalIds));
    }

    public String stackName() {
        return stackName;
    }

    /** Every parameter with its value, defaults included. */
    public Map<String, String> parameters() {
        return resolved.parameters();
    }

    /** The functions ({@code AWS::Serverless::Function}), in the template's order. */
    public List<Function> functions() {
        return functions;
    }

    /** One function; {@link TemplateException} if there is none of that id. */
    public Function function(String logicalId) {
        return find(functions, Function::logicalId, logicalId);
    }

    /** The tables ({@code AWS::DynamoDB::Table}), in the template's order. */
    public List<Table> tables() {
        return tables;
    }

    /** One table; {@link TemplateException} if there is none of that id. */
    public Table table(String logicalId) {
        return find(tables, Table::logicalId, logicalId);
    }

    /** The secrets ({@code AWS::SecretsManager::Secret}), in the template's order. */
    public List<Secret> secrets() {
        return secrets;
    }

    /** One secret; {@link TemplateException} if there is none of that id. */
    public Secret secret(String logicalId) {
        return find(secrets, Secret::logicalId, logicalId);
    }

    /** The rules of event buses ({@code AWS::Events::Rule}), in the template's order. */
    public List<Rule> rules() {
        return rules;
    }

    /** The properties of any resource, globals included: maps, lists, texts, numbers and booleans. */
    public Map<String, Object> resource(String logicalId) {
        var resource = resolved.resources().get(logicalId);
        if (resource == null) {
            throw missing(logicalId);
        }
        return resource.properties().map();
    }

    /** The logical ids of all resources of a type, in the template's order. */
    public List<String> resourcesOfType(String type) {
        return resolved.ofType(type).stream()
                .map(ResolvedTemplate.Resource::logicalId)
                .toList();
    }

    /** What the stack tells whoever deployed it: values by name, in the template's order. */
    public Map<String, String> outputs() {
        return resolved.outputs();
    }

    private static <T> T find(List<T> all, java.util.function.Function<T, String> id, String logicalId) {
        return all.stream()
                .filter(one -> id.apply(one).equals(logicalId))
                .findFirst()
                .orElseThrow(() -> missing(logicalId));
    }

    private static TemplateException missing(String logicalId) {
        return new TemplateException("Resources." + logicalId, "does not exist, or is of another type");
    }

    /**
     * A Lambda function.
     *
     * @param name the function's name in the cloud, but for its random end
     * @param handler such as {@code org.touchline.functions.LicenseLookupHandler}
     * @param timeout how long an invocation may take; 3 seconds unless said
     * @param memorySize in MiB; 128 unless said
     * @param environment variables by name, in the template's order
     * @param policies what its inline policies allow; conditions of a statement are only in {@link #resource}
     */
    public record Function(
            String logicalId,
            String name,
            String arn,
            String handler,
            Duration timeout,
            int memorySize,
            Map<String, String> environment,
            List<Route> routes,
            List<Schedule> schedules,
            List<StreamMapping> streams,
            List<Statement> policies) {}

    /**
     * A route of an HTTP API.
     *
     * @param method in upper case, or ANY
     * @param path such as {@code /members/{memberIdentifier}}, {@code /files/{proxy+}} or {@code $default}
     * @param iam whether callers must sign with AWS IAM credentials
     */
    public record Route(String method, String path, boolean iam) {}

    /**
     * A schedule that invokes a function, as EventBridge Scheduler does: {@code ScheduleV2}.
     *
     * @param logicalId the function's and the event's, one after the other, as SAM calls what it makes
     * @param expression {@code rate(…)}, {@code cron(…)} or {@code at(…)}
     * @param zone the time zone of the expression; UTC unless said
     * @param input the payload, which is all that the function gets
     */
    public record Schedule(String logicalId, String expression, ZoneId zone, boolean enabled, String input) {}

    /**
     * A table's stream that invokes a function.
     *
     * @param logicalId the function's and the event's, one after the other, as SAM calls what it makes
     * @param batchSize at most so many records at once; 100 unless said
     * @param filterPatterns JSON, of which one must fit a record; empty lets every record through
     * @param startingPosition {@code TRIM_HORIZON} or {@code LATEST}
     * @param maximumRetryAttempts how often a failed batch is tried again; -1, unless said, until its records expire
     * @param maximumRecordAge when a record expires: after a day, unless less is said, for a stream keeps none longer
     * @param reportsBatchItemFailures whether the function's answer names the records that failed
     */
    public record StreamMapping(
            String logicalId,
            String tableLogicalId,
            int batchSize,
            List<String> filterPatterns,
            String startingPosition,
            int maximumRetryAttempts,
            Duration maximumRecordAge,
            boolean reportsBatchItemFailures,
            boolean enabled) {}

    /** What a policy allows: actions such as {@code dynamodb:GetItem} on resources by ARN; either may hold wildcards. */
    public record Statement(List<String> actions, List<String> resources) {}

    /**
     * A DynamoDB table.
     *
     * @param createRequest keys, indexes and stream as the template has them, billed per request
     */
    public record Table(String logicalId, String name, String arn, CreateTableRequest createRequest) {}

    /**
     * A secret.
     *
     * @param initialValue the template's text, or what it asks to be generated
     */
    public record Secret(String logicalId, String name, String arn, String initialValue) {}

    /**
     * A rule of an event bus.
     *
     * @param bus the bus's name
     * @param pattern JSON, which whole events are matched with
     */
    public record Rule(String logicalId, String bus, String pattern, List<Target> targets) {}

    /**
     * Where a rule sends what fits its pattern.
     *
     * @param detailOnly whether the event's detail is sent, and not the whole
     * @param maximumRetryAttempts how often it is tried again; 185 unless said
     * @param maximumEventAge for how long it is tried again; a day unless said
     */
    public record Target(
            ApiDestination destination, boolean detailOnly, int maximumRetryAttempts, Duration maximumEventAge) {}

    /**
     * A URL that events are sent to.
     *
     * @param method such as {@code POST}
     * @param header the name of the header that carries the key
     * @param key its value, or {@code {{resolve:secretsmanager:<ARN>:SecretString:<field>}}}, which a deployment replaces
     */
    public record ApiDestination(String method, String url, String header, String key) {}
}
