package org.touchline.embedded;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a function finds in its environment: its entry of the template, what Lambda sets itself, and the variables that
 * point the AWS SDK at this machine.
 */
public final class FunctionEnvironment {
    private FunctionEnvironment() {}

    /**
     * Builds the environment of one function.
     *
     * @param template the stack
     * @param logicalId the function's logical id; an unknown one is a {@link TemplateException}
     * @param dynamoDb where DynamoDB listens
     * @param secrets where Secrets Manager listens
     * @param events where EventBridge listens
     * @return variables by name, unmodifiable; credentials are not among them
     */
    public static Map<String, String> of(Template template, String logicalId, URI dynamoDb, URI secrets, URI events) {
        var function = template.function(logicalId);
        var environment = new LinkedHashMap<>(function.environment());
        environment.put("AWS_REGION", Template.REGION);
        environment.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        environment.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", Integer.toString(function.memorySize()));
        environment.put("AWS_ENDPOINT_URL_DYNAMODB", dynamoDb.toString());
        environment.put("AWS_ENDPOINT_URL_SECRETS_MANAGER", secrets.toString());
        environment.put("AWS_ENDPOINT_URL_EVENTBRIDGE", events.toString());
        return Collections.unmodifiableMap(environment);
    }
}
