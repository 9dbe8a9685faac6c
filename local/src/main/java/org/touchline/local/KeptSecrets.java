package org.touchline.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;

/** The secrets' values from run to run. */
final class KeptSecrets {
    private static final String FILE = "secrets.json";

    private KeptSecrets() {}

    /**
     * What the run before left, by name.
     *
     * @throws IllegalArgumentException if the file is not one of ours
     */
    static Map<String, String> of(DataFolder data) {
        var values = new TreeMap<String, String>();
        data.read(FILE)
                .map(KeptSecrets::read)
                .ifPresent(json -> json.properties()
                        .forEach(each ->
                                values.put(each.getKey(), each.getValue().asText())));
        return values;
    }

    static void keep(SecretsEndpoint secrets, DataFolder data) {
        data.keep(FILE, () -> Json.write(secrets.values()));
    }

    /** The simulator knows the key and the login that the secrets say, as U.S. Soccer does after a rotation. */
    static void follow(SecretsEndpoint secrets, LearningCenterSimulator simulator) {
        secrets.values().forEach((name, value) -> {
            var json = read(value.getBytes(StandardCharsets.UTF_8));
            if (name.endsWith("WebhookKeysSecret") && json.hasNonNull("current")) {
                simulator.webhookKey(json.path("current").asText());
            } else if (name.endsWith("LearningCenterCredentialsSecret") && json.hasNonNull("username")) {
                simulator.login(
                        json.path("username").asText(), json.path("password").asText());
            }
        });
    }

    private static JsonNode read(byte[] json) {
        try {
            return Json.read(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
