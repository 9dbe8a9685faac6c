package org.touchline.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
    private static final Path ROOT = Path.of("root");

    @Test
    void defaultsAreThoseOfTheWireContract() {
        var expected = new Settings(
                ROOT,
                3000,
                3001,
                3002,
                8000,
                8001,
                8002,
                null,
                "local-username",
                "local-password",
                200,
                "local-webhook-key",
                "X-Access-Token",
                "local-access-token",
                "local-client",
                "local-client-secret",
                null,
                "local-notify-key",
                null,
                false);

        assertEquals(expected, Settings.read(ROOT, Map.of()));
        assertEquals(expected, Settings.read(ROOT, Map.of("API_PORT", " ", "WEBHOOK_KEY", "")));
    }

    @Test
    void everySettingIsReadFromItsVariable() {
        var environment = Map.ofEntries(
                Map.entry("API_PORT", "1"),
                Map.entry("LAMBDA_PORT", "2"),
                Map.entry("SIMULATOR_PORT", "3"),
                Map.entry("DYNAMODB_PORT", "4"),
                Map.entry("SECRETS_PORT", "5"),
                Map.entry("EVENTS_PORT", "7"),
                Map.entry("LEARNING_CENTER_BASE_URL", "https://other.example/certifications"),
                Map.entry("LEARNING_CENTER_USERNAME", "u"),
                Map.entry("LEARNING_CENTER_PASSWORD", "p"),
                Map.entry("LEARNING_CENTER_REQUESTS_PER_SECOND", "6"),
                Map.entry("WEBHOOK_KEY", "k"),
                Map.entry("ACCESS_TOKEN_NAME", "n"),
                Map.entry("ACCESS_TOKEN_VALUE", "v"),
                Map.entry("OAUTH_CLIENT_ID", "c"),
                Map.entry("OAUTH_CLIENT_SECRET", "s"),
                Map.entry("NOTIFY_URL", "https://other.example/changes"),
                Map.entry("NOTIFY_KEY", "y"),
                Map.entry("DATA_DIR", "/data"),
                Map.entry("METRICS", "TRUE"));

        assertEquals(
                new Settings(
                        ROOT,
                        1,
                        2,
                        3,
                        4,
                        5,
                        7,
                        URI.create("https://other.example/certifications"),
                        "u",
                        "p",
                        6,
                        "k",
                        "n",
                        "v",
                        "c",
                        "s",
                        URI.create("https://other.example/changes"),
                        "y",
                        Path.of("/data"),
                        true),
                Settings.read(ROOT, environment));
    }

    @ParameterizedTest
    @CsvSource({
        "API_PORT, http",
        "DYNAMODB_PORT, 65536",
        "SECRETS_PORT, -1",
        "EVENTS_PORT, events",
        "NOTIFY_URL, other.example",
        "METRICS, yes",
        "LEARNING_CENTER_REQUESTS_PER_SECOND, 0",
        "LEARNING_CENTER_BASE_URL, learning.example",
        "LEARNING_CENTER_BASE_URL, https://a b",
    })
    void whatCannotBeUnderstoodIsToldByTheNameOfItsVariable(String name, String value) {
        var error = assertThrows(StartException.class, () -> Settings.read(ROOT, Map.of(name, value)));

        assertTrue(error.getMessage().startsWith(name + ": \"" + value + "\""), error.getMessage());
    }

    @Test
    void anotherLearningCenterNeedsItsOwnLogin() {
        var environment = Map.of("LEARNING_CENTER_BASE_URL", "https://other.example");

        var error = assertThrows(StartException.class, () -> Settings.read(ROOT, environment));

        assertTrue(error.getMessage().startsWith("LEARNING_CENTER_USERNAME: "), error.getMessage());
    }
}
