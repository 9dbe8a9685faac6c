package org.touchline.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.Template;
import org.touchline.embedded.TemplateException;

/** User Verification API: no expiry, or a month and more. The template and the code agree on what that is. */
class TokenLifetimeTest {
    private static final Path TEMPLATE = EmbeddedStack.projectRoot().resolve("template.yaml");

    @ParameterizedTest
    @ValueSource(strings = {"0", "31", "35", "39", "40", "99", "100", "365", "9999"})
    void noExpiryAndAMonthAndMoreAreTakenWhenDeployingAndWhenRunning(String days) {
        var template = Template.read(TEMPLATE, "stack", Map.of("TokenLifetimeDays", days));
        var setting = template.function("AccessTokenFunction").environment().get("TOKEN_LIFETIME_DAYS");

        var expected = Optional.of(Duration.ofDays(Integer.parseInt(days))).filter(Duration::isPositive);
        assertEquals(expected, TokenLifetime.parse(setting).duration());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "1", "7", "29", "30", "030", "-35", "035", "00", "35.5", "P35D", "10000", "3O", " 35"})
    void anythingElseIsRefusedWhenDeployingAndWhenRunning(String days) {
        assertThrows(
                TemplateException.class, () -> Template.read(TEMPLATE, "stack", Map.of("TokenLifetimeDays", days)));

        var refused = assertThrows(InvalidValueException.class, () -> TokenLifetime.parse(days));
        assertTrue(refused.getMessage().contains("31"), refused.getMessage());
    }
}
