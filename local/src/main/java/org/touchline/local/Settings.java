package org.touchline.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the local run can be told (wire contract §6). A port of 0 is any free one.
 *
 * @param root the project's folder, which holds {@code template.yaml}
 * @param learningCenterBaseUrl another Learning Center; null for the simulator
 * @param learningCenterUsername what the functions log in with, and what the simulator accepts
 * @param learningCenterPassword its password
 * @param learningCenterRequestsPerSecond how fast follow-ups may call the Learning Center
 * @param webhookKey the Authorization header of the Learning Center's webhooks
 * @param accessTokenName header of member verification's access-token mode
 * @param accessTokenValue what that header has to say
 * @param oauthClientId the one client that may ask for OAuth 2.0 tokens
 * @param oauthClientSecret its secret; the functions see a digest of it alone
 * @param metrics whether the functions' metrics are printed too, as lines of JSON
 */
public record Settings(
        Path root,
        int apiPort,
        int lambdaPort,
        int simulatorPort,
        int dynamoDbPort,
        int secretsPort,
        @Nullable URI learningCenterBaseUrl,
        String learningCenterUsername,
        String learningCenterPassword,
        int learningCenterRequestsPerSecond,
        String webhookKey,
        String accessTokenName,
        String accessTokenValue,
        String oauthClientId,
        String oauthClientSecret,
        boolean metrics) {

    static final String API_PORT = "API_PORT";
    static final String LAMBDA_PORT = "LAMBDA_PORT";
    static final String SIMULATOR_PORT = "SIMULATOR_PORT";
    static final String DYNAMODB_PORT = "DYNAMODB_PORT";
    static final String SECRETS_PORT = "SECRETS_PORT";
    private static final String BASE_URL = "LEARNING_CENTER_BASE_URL";
    private static final String USERNAME = "LEARNING_CENTER_USERNAME";
    private static final String PASSWORD = "LEARNING_CENTER_PASSWORD";

    /**
     * Reads the settings that a process was started with. A variable that is missing or blank has its default.
     *
     * @param environment variables by name
     * @throws StartException if one cannot be understood
     */
    public static Settings read(Path root, Map<String, String> environment) {
        var variables = new Variables(environment);
        var baseUrl = variables.url(BASE_URL);
        return new Settings(
                root,
                variables.port(API_PORT, 3000),
                variables.port(LAMBDA_PORT, 3001),
                variables.port(SIMULATOR_PORT, 3002),
                variables.port(DYNAMODB_PORT, 8000),
                variables.port(SECRETS_PORT, 8001),
                baseUrl,
                baseUrl == null ? variables.text(USERNAME, "local-username") : variables.required(USERNAME),
                baseUrl == null ? variables.text(PASSWORD, "local-password") : variables.required(PASSWORD),
                variables.number("LEARNING_CENTER_REQUESTS_PER_SECOND", 200, 1, 10_000),
                variables.text("WEBHOOK_KEY", "local-webhook-key"),
                variables.text("ACCESS_TOKEN_NAME", "X-Access-Token"),
                variables.text("ACCESS_TOKEN_VALUE", "local-access-token"),
                variables.text("OAUTH_CLIENT_ID", "local-client"),
                variables.text("OAUTH_CLIENT_SECRET", "local-client-secret"),
                variables.isTrue("METRICS"));
    }

    /** The defaults, but on any free ports: for tests, and for runs beside each other. */
    public static Settings onFreePorts(Path root) {
        return read(
                root,
                Map.of(API_PORT, "0", LAMBDA_PORT, "0", SIMULATOR_PORT, "0", DYNAMODB_PORT, "0", SECRETS_PORT, "0"));
    }

    private record Variables(Map<String, String> values) {
        String text(String name, String otherwise) {
            var value = values.getOrDefault(name, "").strip();
            return value.isEmpty() ? otherwise : value;
        }

        String required(String name) {
            var value = text(name, "");
            if (value.isEmpty()) {
                throw new StartException(name, "is needed beside " + BASE_URL);
            }
            return value;
        }

        int port(String name, int otherwise) {
            return number(name, otherwise, 0, 65_535);
        }

        int number(String name, int otherwise, int least, int most) {
            var text = text(name, Integer.toString(otherwise));
            try {
                var number = Integer.parseInt(text);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below.
            }
            throw new StartException(name, "\"" + text + "\" is not a whole number from " + least + " to " + most);
        }

        boolean isTrue(String name) {
            var text = text(name, "false").toLowerCase(Locale.ROOT);
            if (!text.equals("true") && !text.equals("false")) {
                throw new StartException(name, "\"" + text + "\" is neither true nor false");
            }
            return text.equals("true");
        }

        @Nullable URI url(String name) {
            var text = text(name, "");
            if (text.isEmpty()) {
                return null;
            }
            if (!text.matches("https?://[^/\\s]+\\S*")) {
                throw new StartException(name, "\"" + text + "\" is not an http or https URL");
            }
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                throw new StartException(name, e);
            }
        }
    }
}
