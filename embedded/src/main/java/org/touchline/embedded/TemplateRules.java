package org.touchline.embedded;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Duration;
import java.util.List;
import org.touchline.embedded.ResolvedTemplate.Resource;
import org.touchline.embedded.Template.ApiDestination;
import org.touchline.embedded.Template.Rule;

/** Reads the rules of a template's event bus, whose targets are API destinations. */
final class TemplateRules {
    static final String BUS = "AWS::Events::EventBus";

    private static final String RULE = "AWS::Events::Rule";
    private static final String DESTINATION = "AWS::Events::ApiDestination";
    private static final String CONNECTION = "AWS::Events::Connection";

    private static final JsonMapper JSON = new JsonMapper();

    /** What EventBridge does unless it is told. */
    private static final int DEFAULT_ATTEMPTS = 185;

    private static final int DEFAULT_AGE_SECONDS = 86_400;

    private final ResolvedTemplate template;

    TemplateRules(ResolvedTemplate template) {
        this.template = template;
    }

    List<Rule> read() {
        return template.ofType(RULE).stream().map(this::rule).toList();
    }

    private Rule rule(Resource resource) {
        var properties = resource.properties();
        return new Rule(
                resource.logicalId(),
                properties.at("EventBusName").text(),
                JSON.valueToTree(properties.at("EventPattern").map()).toString(),
                properties.at("Targets").items().stream().map(this::target).toList());
    }

    private Template.Target target(TemplateNode target) {
        var retries = target.section("RetryPolicy");
        return new Template.Target(
                destination(target.at("Arn")),
                detailOnly(target),
                retries.find("MaximumRetryAttempts").map(TemplateNode::integer).orElse(DEFAULT_ATTEMPTS),
                Duration.ofSeconds(retries.find("MaximumEventAgeInSeconds")
                        .map(TemplateNode::integer)
                        .orElse(DEFAULT_AGE_SECONDS)));
    }

    private static boolean detailOnly(TemplateNode target) {
        var path = target.find("InputPath");
        path.filter(each -> !each.text().equals("$.detail")).ifPresent(other -> {
            throw other.unexpected("$.detail");
        });
        return path.isPresent();
    }

    private ApiDestination destination(TemplateNode arn) {
        var destination = named(DESTINATION, arn);
        var connection = named(CONNECTION, destination.at("ConnectionArn"));
        var type = connection.at("AuthorizationType");
        if (!type.text().equals("API_KEY")) {
            throw type.unexpected("API_KEY");
        }
        var key = connection.at("AuthParameters").at("ApiKeyAuthParameters");
        return new ApiDestination(
                destination.at("HttpMethod").text(),
                destination.at("InvocationEndpoint").text(),
                key.at("ApiKeyName").text(),
                key.at("ApiKeyValue").text());
    }

    private TemplateNode named(String type, TemplateNode arn) {
        return template.ofType(type).stream()
                .filter(resource -> template.references()
                        .arn(resource.logicalId(), resource.properties().place())
                        .equals(arn.text()))
                .findFirst()
                .map(Resource::properties)
                .orElseThrow(() -> arn.unexpected("the ARN of a resource of the type " + type));
    }
}
