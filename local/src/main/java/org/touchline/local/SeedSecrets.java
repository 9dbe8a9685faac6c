package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.touchline.Sha256;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.embedded.Template;

/** Puts into the secrets of a stack what an organization would (wire contract §8), from the settings of the local run. */
final class SeedSecrets {
    private SeedSecrets() {}

    /**
     * Fills every secret of the template; one that has no setting keeps the value that the template gives it.
     *
     * @param kept what the run before left, by name: it wins
     */
    static void into(SecretsEndpoint secrets, Template template, Settings settings, Map<String, String> kept) {
        var values = values(settings);
        for (var secret : template.secrets()) {
            var seed = values.getOrDefault(secret.logicalId(), secret.initialValue());
            secrets.put(secret.name(), secret.arn(), kept.getOrDefault(secret.name(), seed));
        }
    }

    private static Map<String, String> values(Settings settings) {
        var login = Map.of(
                "username", settings.learningCenterUsername(),
                "password", settings.learningCenterPassword());
        var digest = HexFormat.of()
                .formatHex(Sha256.digest(settings.oauthClientSecret().getBytes(UTF_8)));
        var client = Map.of("clientId", settings.oauthClientId(), "secretSha256", List.of(digest));
        return Map.of(
                "LearningCenterCredentialsSecret", json(login),
                "WebhookKeysSecret", json(Map.of("current", settings.webhookKey())),
                "AccessTokenSecret", json(Map.of("current", settings.accessTokenValue())),
                "OAuthClientsSecret", json(Map.of("clients", List.of(client))),
                "NotifyKeySecret", json(Map.of("value", settings.notifyKey())));
    }

    private static String json(Object value) {
        return new String(Json.write(value), UTF_8);
    }
}
