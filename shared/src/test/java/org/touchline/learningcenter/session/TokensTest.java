package org.touchline.learningcenter.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.learningcenter.wire.AccessToken;

/** Design rule 15: expiry is read from the JWT, and where there is none to read, it is an hour from receipt. */
class TokensTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"exp\":1772366401}| 2026-03-01T12:00:01Z",
                "{\"exp\":1772452800}| 2026-03-02T12:00:00Z",
                "{\"exp\":1772452800.75}| 2026-03-02T12:00:00Z",
                "{\"exp\":1.7724528e9}| 2026-03-02T12:00:00Z",
                "{\"exp\":1803988800}| 2027-03-02T12:00:00Z",
            })
    void expiryIsThatOfTheToken(String payload, Instant until) {
        assertEquals(until, received(token("{\"alg\":\"RS256\"}", payload)).accessUntil());
    }

    /** The last but one are milliseconds, and a second more than a year. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "[]",
                "[1772452800]",
                "1772452800",
                "\"exp\"",
                "true",
                "{}",
                "",
                "{",
                "{\"exp\":null}",
                "{\"exp\":true}",
                "{\"exp\":\"1772452800\"}",
                "{\"exp\":\"2026-03-02T12:00:00Z\"}",
                "{\"exp\":[1772452800]}",
                "{\"exp\":{}}",
                "{\"exp\":0}",
                "{\"exp\":-1}",
                "{\"exp\":1772366400}",
                "{\"exp\":-9223372036854775808}",
                "{\"exp\":9223372036854775807}",
                "{\"exp\":9223372036854775808}",
                "{\"exp\":-31557014167219201}",
                "{\"exp\":31556889864403200}",
                "{\"exp\":31556889864403199}",
                "{\"exp\":1e18}",
                "{\"exp\":1e400}",
                "{\"exp\":-1e400}",
                "{\"exp\":1772452800000}",
                "{\"exp\":1803988801}",
                "{\"iat\":\"x\",\"exp\":1772452800}"
            })
    void expiryThatCannotBeReadIsAnHourFromReceipt(String payload) {
        assertInAnHour(token("{\"alg\":\"RS256\"}", payload));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "[]", "1", "\"alg\"", "true", "", "{"})
    void headerThatIsNoObjectIsNoToken(String header) {
        assertInAnHour(token(header, "{\"exp\":1772452800}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"opaque", "..", "a.b", "a.b.c", "!.!.!", "e30.e30.e30.e30"})
    void textThatIsNoTokenIsGoodForAnHour(String token) {
        assertInAnHour(token);
    }

    private static void assertInAnHour(String token) {
        assertEquals(NOW.plus(Duration.ofHours(1)), received(token).accessUntil());
        assertEquals(NOW.plus(Duration.ofMinutes(55)), received(token).freshUntil());
    }

    private static Tokens received(String token) {
        return Tokens.received(new AccessToken(token), null, NOW);
    }

    private static String token(String header, String payload) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(header.getBytes(UTF_8)) + "." + encoder.encodeToString(payload.getBytes(UTF_8))
                + ".c2lnbmF0dXJl";
    }
}
