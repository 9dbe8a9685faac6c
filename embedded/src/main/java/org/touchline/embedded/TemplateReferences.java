package org.touchline.embedded;

import static java.util.Objects.requireNonNull;

import java.util.Locale;
import java.util.Map;

/** What {@code Ref} and {@code Fn::GetAtt} give: parameters, pseudo parameters, and names and attributes of resources. */
final class TemplateReferences {
    /** Stands for {@code AWS::NoValue}: whatever holds it goes without it. */
    static final Object NO_VALUE = new Object();

    private static final String PARTITION = "aws";

    /** The property of each type that would replace the generated name. */
    private static final Map<String, String> NAME_PROPERTIES = Map.of(
            TemplateTables.TYPE, "TableName",
            TemplateSecrets.TYPE, "Name",
            TemplateFunctions.TYPE, "FunctionName");

    private final String stackName;
    private final TemplateParameters parameters;
    private final Map<String, TemplateNode> resources;
    private final Map<String, String> physicalIds;

    /**
     * @param resources by logical id, only those that exist
     * @param physicalIds what CloudFormation calls those that it has made
     */
    TemplateReferences(
            String stackName,
            TemplateParameters parameters,
            Map<String, TemplateNode> resources,
            Map<String, String> physicalIds) {
        this.stackName = stackName;
        this.parameters = parameters;
        this.resources = resources;
        this.physicalIds = Map.copyOf(physicalIds);
        resources.forEach(TemplateReferences::refuseOwnName);
    }

    /** The value of a {@code Ref} at a place. */
    Object reference(String name, String place) {
        return switch (name) {
            case "AWS::StackName" -> stackName;
            case "AWS::Region" -> Template.REGION;
            case "AWS::AccountId" -> Template.ACCOUNT;
            case "AWS::Partition" -> PARTITION;
            case "AWS::URLSuffix" -> "amazonaws.com";
            case "AWS::NoValue" -> NO_VALUE;
            case String parameter when parameters.contains(parameter) -> parameters.reference(parameter);
            case String stage when isStage(stage, place) -> "$default";
            default -> type(name, place).equals(TemplateSecrets.TYPE) ? arn(name, place) : name(name);
        };
    }

    /** SAM's own reference to what it makes of an API. */
    private boolean isStage(String name, String place) {
        return name.endsWith(".Stage")
                && type(name.substring(0, name.indexOf('.')), place).equals("AWS::Serverless::HttpApi");
    }

    /** The value of a {@code Fn::GetAtt} at a place. */
    String attribute(String logicalId, String attribute, String place) {
        var type = type(logicalId, place);
        if (attribute.equals("Arn") || attribute.equals("Id") && type.equals(TemplateSecrets.TYPE)) {
            return arn(logicalId, place);
        }
        if (attribute.equals("StreamArn") && type.equals(TemplateTables.TYPE)) {
            return streamArn(logicalId, place);
        }
        if (attribute.equals("QueueName") && type.equals("AWS::SQS::Queue")) {
            return name(logicalId);
        }
        if (attribute.equals("RegionalDomainName") && type.equals("AWS::ApiGatewayV2::DomainName")) {
            return "d-0123456789.execute-api." + Template.REGION + ".amazonaws.com";
        }
        throw new TemplateException(place, "attribute " + attribute + " of " + type + " is not supported");
    }

    /**
     * The name that the cloud would generate, without its random end; for a secret that is the name inside its ARN. Where
     * CloudFormation has made the resource, its physical id, which for a secret is the ARN.
     */
    String name(String logicalId) {
        return physicalIds.getOrDefault(logicalId, isBus(logicalId) ? stackName : stackName + "-" + logicalId);
    }

    private boolean isBus(String logicalId) {
        var resource = resources.get(logicalId);
        return resource != null && resource.at("Type").text().equals(TemplateRules.BUS);
    }

    /** The ARN of a resource in the form of its type; any type without a form here is {@code arn:aws:<service>:…:<name>}. */
    String arn(String logicalId, String place) {
        var name = name(logicalId);
        return switch (type(logicalId, place)) {
            case TemplateTables.TYPE -> arnOf("dynamodb", "table/" + name);
            case TemplateSecrets.TYPE ->
                physicalIds.containsKey(logicalId) ? name : arnOf("secretsmanager", "secret:" + name + "-AbCdEf");
            case TemplateFunctions.TYPE -> arnOf("lambda", "function:" + name);
            case TemplateRules.BUS -> arnOf("events", "event-bus/" + name);
            case "AWS::Logs::LogGroup" -> arnOf("logs", "log-group:" + name + ":*");
            case String other ->
                arnOf(other.replaceFirst("^AWS::(\\w+)::.*", "$1").toLowerCase(Locale.ROOT), name);
        };
    }

    private String streamArn(String logicalId, String place) {
        if (requireNonNull(resources.get(logicalId))
                .section("Properties")
                .find("StreamSpecification")
                .isEmpty()) {
            throw new TemplateException(place, logicalId + " has no StreamSpecification");
        }
        return arn(logicalId, place) + "/stream/2026-01-01T00:00:00.000";
    }

    private String type(String logicalId, String place) {
        var resource = resources.get(logicalId);
        if (resource == null) {
            throw new TemplateException(place, "refers to " + logicalId + ", which does not exist");
        }
        return resource.at("Type").text();
    }

    private static String arnOf(String service, String resource) {
        return String.join(":", "arn", PARTITION, service, Template.REGION, Template.ACCOUNT, resource);
    }

    /** A bus must be named, and the stack's name is its own. */
    private static void refuseOwnName(String logicalId, TemplateNode resource) {
        if (resource.at("Type").text().equals(TemplateRules.BUS)) {
            var name = resource.at("Properties").at("Name");
            if (!Map.of("Ref", "AWS::StackName").equals(name.value())) {
                throw name.unexpected("!Ref AWS::StackName: stacks would share another");
            }
        }
        var property = NAME_PROPERTIES.getOrDefault(resource.at("Type").text(), "");
        resource.section("Properties").find(property).ifPresent(name -> {
            throw new TemplateException(name.place(), "a name of its own is not supported: stacks would share it");
        });
    }
}
