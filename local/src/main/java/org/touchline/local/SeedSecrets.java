package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.embedded.Template;

/** Puts into the secrets of a stack what an organization would (wire contract §8), from the settings of the local run. */
final class SeedSecrets {
    private SeedSecrets() {}

    /** Fills every secret of the template; one that has no setting keeps the value that the template gives it. */
    static void into(SecretsEndpoint secrets, Template template, Settings settings) {
        var values = values(settings);
        for (var secret : template.secrets()) {
            secrets.put(secret.name(), secret.arn(), values.getOrDefault(secret.logicalId(), secret.initialValue()));
        }
    }

    private static Map<String, String> values(Settings settings) {
        var login = Map.of(
                "username", settings.learningCenterUsername(),
                "password", settings.learningCenterPassword());
        var client = Map.of(
                "clientId", settings.oauthClientId(),
                "secretSha256", List.of(sha256(settings.oauthClientSecret())));
        return Map.of(
                "LearningCenterCredentialsSecret", json(login),
                "WebhookKeysSecret", json(Map.of("current", settings.webhookKey())),
                "AccessTokenSecret", json(Map.of("current", settings.accessTokenValue())),
                "OAuthClientsSecret", json(Map.of("clients", List.of(client))));
    }

    private static String json(Object value) {
        return new String(Json.write(value), UTF_8);
    }

    private static String sha256(String secret) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
