package org.touchline.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
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
 * @param notifyUrl where every event is sent, as the template's NotifyUrl says; null for nowhere
 * @param notifyKey the key that goes with it
 * @param dataFolder where data is kept from run to run; null for memory
 * @param metrics whether the functions' metrics are printed too, as lines of JSON
 */
public record Settings(
        Path root,
        int apiPort,
        int lambdaPort,
        int simulatorPort,
        int dynamoDbPort,
        int secretsPort,
        int eventsPort,
        @Nullable URI learningCenterBaseUrl,
        String learningCenterUsername,
        String learningCenterPassword,
        int learningCenterRequestsPerSecond,
        String webhookKey,
        String accessTokenName,
        String accessTokenValue,
        String oauthClientId,
        String oauthClientSecret,
        @Nullable URI notifyUrl,
        String notifyKey,
        @Nullable Path dataFolder,
        boolean metrics) {

    static final String API_PORT = "API_PORT";
    static final String LAMBDA_PORT = "LAMBDA_PORT";
    static final String SIMULATOR_PORT = "SIMULATOR_PORT";
    static final String DYNAMODB_PORT = "DYNAMODB_PORT";
    static final String SECRETS_PORT = "SECRETS_PORT";
    static final String EVENTS_PORT = "EVENTS_PORT";
    static final String DATA_DIR = "DATA_DIR";
    static final String USERNAME = "LEARNING_CENTER_USERNAME";
    static final String PASSWORD = "LEARNING_CENTER_PASSWORD";
    static final String WEBHOOK_KEY = "WEBHOOK_KEY";
    private static final String BASE_URL = "LEARNING_CENTER_BASE_URL";
    private static final String BESIDE = "is needed beside " + BASE_URL;

    /** Each part listens where there is room. */
    static final Map<String, String> FREE_PORTS = Map.of(
            API_PORT, "0",
            LAMBDA_PORT, "0",
            SIMULATOR_PORT, "0",
            DYNAMODB_PORT, "0",
            SECRETS_PORT, "0",
            EVENTS_PORT, "0");

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
                variables.port(EVENTS_PORT, 8002),
                baseUrl,
                baseUrl == null ? variables.text(USERNAME, "local-username") : variables.required(USERNAME, BESIDE),
                baseUrl == null ? variables.text(PASSWORD, "local-password") : variables.required(PASSWORD, BESIDE),
                variables.number("LEARNING_CENTER_REQUESTS_PER_SECOND", 200, 1, 10_000),
                variables.text(WEBHOOK_KEY, "local-webhook-key"),
                variables.text("ACCESS_TOKEN_NAME", "X-Access-Token"),
                variables.text("ACCESS_TOKEN_VALUE", "local-access-token"),
                variables.text("OAUTH_CLIENT_ID", "local-client"),
                variables.text("OAUTH_CLIENT_SECRET", "local-client-secret"),
                variables.url("NOTIFY_URL"),
                variables.text("NOTIFY_KEY", "local-notify-key"),
                variables.folder(DATA_DIR),
                variables.isTrue("METRICS"));
    }

    /** The defaults, but on any free ports: for tests, and for runs beside each other. */
    public static Settings onFreePorts(Path root) {
        return read(root, FREE_PORTS);
    }

    /**
     * The same with other settings, which count where both say something.
     *
     * @param others variables by name
     * @throws StartException if one cannot be understood
     */
    public static Settings onFreePorts(Path root, Map<String, String> others) {
        var environment = new HashMap<>(FREE_PORTS);
        environment.putAll(others);
        return read(root, environment);
    }
}
