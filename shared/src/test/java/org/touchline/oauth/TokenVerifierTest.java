package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.oauth.OAuthStack.ISSUER;
import static org.touchline.oauth.OAuthStack.KEY_1;
import static org.touchline.oauth.OAuthStack.KEY_2;
import static org.touchline.oauth.OAuthStack.client;
import static org.touchline.oauth.OAuthStack.revoked;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTCreator;
import com.auth0.jwt.algorithms.Algorithm;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.secret.UnusableSecretException;

/** Design §4: tokens, and what only looks like one. */
class TokenVerifierTest {
    private static final Optional<Duration> DAYS_35 = Optional.of(Duration.ofDays(35));
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final OAuthStack stack = new OAuthStack();
    private final TokenIssuer issuer = stack.issuer();
    private final TokenVerifier verifier = stack.verifier();
    private final OAuthClient client = stack.clients().find("safesport").orElseThrow();

    private record Forgery(String name, String token) {
        @Override
        public String toString() {
            return name;
        }
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design §4; the access token's type is that of RFC 9068 §2.1. */
    @Test
    void accessTokenSaysWhoIssuedItToWhomAndWhen() {
        var token = JWT.decode(access());

        assertEquals("HS256", token.getAlgorithm());
        assertEquals("at+jwt", token.getType());
        assertEquals("1", token.getKeyId());
        assertEquals(ISSUER, token.getIssuer());
        assertEquals("safesport", token.getSubject());
        assertEquals("safesport", token.getClaim("client_id").asString());
        assertEquals(NOW, token.getIssuedAtAsInstant());
        assertEquals(NOW.plus(Duration.ofDays(35)), token.getExpiresAtAsInstant());
        assertNotEquals(token.getId(), JWT.decode(access()).getId());
    }

    /** Verified without a database: two secrets, once in five minutes. */
    @Test
    void tokenOfOursIsGood() {
        var token = access();
        stack.calls.drain();

        assertTrue(verifier.isGoodAccessToken(token));
        assertTrue(verifier.isGoodAccessToken(token));
        assertEquals(List.of("GetSecretValue", "GetSecretValue"), stack.calls.drain());
    }

    @Test
    void noKindStandsInForTheOther() {
        var refresh = issuer.issue(TokenKind.REFRESH, client, Optional.empty());

        assertFalse(verifier.isGoodAccessToken(refresh));
        assertTrue(verifier.verify(TokenKind.ACCESS, refresh).isEmpty());
        assertTrue(verifier.verify(TokenKind.REFRESH, access()).isEmpty());
        assertTrue(verifier.verify(TokenKind.REFRESH, refresh).isPresent());
    }

    /** RFC 7519 §4.1.4: not on or after that time. */
    @Test
    void tokenIsGoodUntilTheInstantOfItsExpiry() {
        var token = access();

        stack.clock.advance(Duration.ofDays(35).minusSeconds(1));
        assertTrue(verifier.isGoodAccessToken(token));
        stack.clock.advance(Duration.ofSeconds(1));
        assertFalse(verifier.isGoodAccessToken(token));
        stack.clock.advance(Duration.ofSeconds(1));
        assertFalse(verifier.isGoodAccessToken(token));
    }

    @Test
    void tokenWithoutExpiryIsStillGoodAfterTenYears() {
        var token = issuer.issue(TokenKind.ACCESS, client, Optional.empty());

        stack.clock.advance(Duration.ofDays(3653));

        assertTrue(verifier.isGoodAccessToken(token));
    }

    /** The clock of the function that issued a token may be a little ahead. */
    @Test
    void tokenFromAClockAFewSecondsAheadIsGoodAndOneFromTheFutureIsNot() {
        assertTrue(verifier.isGoodAccessToken(signed(token -> token.withIssuedAt(NOW.plusSeconds(5)))));
        assertFalse(verifier.isGoodAccessToken(signed(token -> token.withIssuedAt(NOW.plusSeconds(6)))));
    }

    /** Each of them is a good token but for one thing; that the rest would be good is the test above, and the first line. */
    static Stream<Forgery> forgeries() {
        var good = signed(token -> {});
        var parts = good.split("\\.");
        var payload = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        var header = "{\"alg\":\"HS256\",\"typ\":\"at+jwt\",\"kid\":\"1\"}";
        return Stream.of(
                new Forgery("none algorithm", unsigned(header.replace("HS256", "none"), payload) + "."),
                new Forgery("None algorithm", unsigned(header.replace("HS256", "None"), payload) + "."),
                new Forgery(
                        "none algorithm, signed", unsigned(header.replace("HS256", "none"), payload) + "." + parts[2]),
                new Forgery(
                        "no algorithm", unsigned(header.replace("\"alg\":\"HS256\",", ""), payload) + "." + parts[2]),
                new Forgery(
                        "none algorithm, signed with our key", signedText(header.replace("HS256", "none"), payload)),
                new Forgery(
                        "another algorithm, signed with our key",
                        signedText(header.replace("HS256", "HS512"), payload)),
                new Forgery("no signature", parts[0] + "." + parts[1] + "."),
                new Forgery("two parts", parts[0] + "." + parts[1]),
                new Forgery("four parts", good + "." + parts[2]),
                new Forgery("truncated", good.substring(0, good.length() - 1)),
                new Forgery("padded", good + "="),
                new Forgery("empty", ""),
                new Forgery("dots", ".."),
                new Forgery("nonsense", "MTQ0NjJkZmQ5OTM2NDE1ZTZjNGZmZjI3"),
                new Forgery("swapped header", unsigned(header.replace("at+jwt", "AT+JWT"), payload) + "." + parts[2]),
                new Forgery(
                        "header of a refresh token",
                        unsigned(header.replace("at+jwt", "rt+jwt"), payload) + "." + parts[2]),
                new Forgery(
                        "swapped payload",
                        unsigned(header, payload.replace("safesport", "safesp0rt")) + "." + parts[2]),
                new Forgery("other algorithm", token(token -> {}).sign(Algorithm.HMAC512(KEY_1))),
                new Forgery("other key", token(token -> {}).sign(Algorithm.HMAC256(KEY_2))),
                new Forgery("null header", "bnVsbA.e30.AAAA"),
                new Forgery("null header of a good payload", "bnVsbA." + parts[1] + "." + parts[2]),
                new Forgery("null payload", signedText(header, "null")),
                new Forgery("list as payload", signedText(header, "[]")),
                new Forgery("number as payload", signedText(header, "1")),
                new Forgery("list as header", signedText("[]", payload)),
                new Forgery("expiry beyond all instants", signedText(header, "{\"exp\":9223372036854775807}")),
                new Forgery("expiry before all instants", signedText(header, "{\"exp\":-9223372036854775808}")),
                new Forgery("issued beyond all instants", signedText(header, "{\"iat\":9223372036854775807}")),
                new Forgery("expiry that is a text", signedText(header, "{\"exp\":\"never\"}")),
                new Forgery("type that is no text", signedText(header.replace("\"at+jwt\"", "{}"), payload)),
                new Forgery("foreign kid", signed(token -> token.withKeyId("2"))),
                new Forgery(
                        "no kid",
                        JWT.create()
                                .withHeader(Map.of("typ", "at+jwt"))
                                .withIssuer(ISSUER)
                                .withSubject("safesport")
                                .withClaim("client_id", "safesport")
                                .withIssuedAt(NOW)
                                .sign(Algorithm.HMAC256(KEY_1))),
                new Forgery("plain JWT", signed(token -> token.withHeader(Map.of("typ", "JWT")))),
                new Forgery("other issuer", signed(token -> token.withIssuer("other-stack"))),
                new Forgery("no issuer", signed(token -> token.withIssuer((String) null))),
                new Forgery("expired a second ago", signed(token -> token.withExpiresAt(NOW.minusSeconds(1)))),
                new Forgery("expired now", signed(token -> token.withExpiresAt(NOW))),
                new Forgery("not yet valid", signed(token -> token.withNotBefore(NOW.plusSeconds(1)))),
                new Forgery("not yet issued", signed(token -> token.withIssuedAt(NOW.plusSeconds(6)))),
                new Forgery("never issued", signed(token -> token.withIssuedAt((Instant) null))),
                new Forgery("unknown client", signed(token -> token.withClaim("client_id", "nobody"))),
                new Forgery("no client", signed(token -> token.withClaim("client_id", (String) null))),
                new Forgery("client that is no text", signed(token -> token.withClaim("client_id", 5))));
    }

    @ParameterizedTest
    @MethodSource("forgeries")
    void forgedTokenIsNotGood(Forgery forged) {
        assertTrue(verifier.isGoodAccessToken(signed(token -> {})));

        assertFalse(verifier.isGoodAccessToken(forged.token()));
    }

    /** Rule 19: during a rotation, two keys are live, and what was just rotated works at once. */
    @Test
    @Tag("rule-19")
    void tokensOfBothKeysAreGoodUntilThePreviousOneEnds() {
        var before = access();
        assertTrue(verifier.isGoodAccessToken(before));

        stack.rotateKeys(",\"previousUntil\":\"2026-04-06T00:00:00Z\"");

        // The issuer still has the old key in its cache, the verifier too; another issuer has the new one.
        assertEquals("1", JWT.decode(access()).getKeyId());
        var after = stack.issuer().issue(TokenKind.ACCESS, client, Optional.empty());
        assertEquals("2", JWT.decode(after).getKeyId());
        assertTrue(verifier.isGoodAccessToken(after));
        assertTrue(verifier.isGoodAccessToken(before));
        assertTrue(verifier.isGoodAccessToken(access()));

        var old = signed(token -> {});
        assertTrue(verifier.isGoodAccessToken(old));
        stack.clock.advance(Duration.between(NOW, Instant.parse("2026-04-06T00:00:00Z")));
        assertFalse(verifier.isGoodAccessToken(old));
        assertTrue(verifier.isGoodAccessToken(after));
    }

    /** Rule 19: rereads are rate-limited. */
    @Test
    @Tag("rule-19")
    void foreignKeysCannotMakeUsHammer() {
        assertTrue(verifier.isGoodAccessToken(access()));
        stack.calls.drain();

        for (var i = 0; i < 100; i++) {
            assertFalse(verifier.isGoodAccessToken(signed(token -> token.withKeyId("2"))));
            assertFalse(verifier.isGoodAccessToken("no token"));
        }
        assertEquals(20, stack.calls.drain().size());
    }

    @Test
    void tokensEndWithTheirClient() {
        var token = access();
        stack.putClients(client("other", "s3cret"));
        assertFalse(verifier.isGoodAccessToken(token));

        // And a client that was just put in need not wait for the cache.
        stack.putClients(client("safesport", "s3cret"));
        assertTrue(verifier.isGoodAccessToken(token));
    }

    @Test
    void tokensThatWereIssuedBeforeTheyWereRevokedAreNotGood() {
        var before = access();
        var refresh = issuer.issue(TokenKind.REFRESH, client, Optional.empty());
        stack.clock.advance(Duration.ofSeconds(1));
        var after = access();
        assertTrue(verifier.isGoodAccessToken(before));

        stack.putClients(revoked(client("safesport", "s3cret"), "2026-03-01T12:00:01Z"));
        stack.clock.advance(Duration.ofMinutes(5));

        assertFalse(verifier.isGoodAccessToken(before));
        assertTrue(verifier.verify(TokenKind.REFRESH, refresh).isEmpty());
        assertTrue(verifier.isGoodAccessToken(after));
    }

    /** Rule 20. */
    @ParameterizedTest
    @Tag("rule-20")
    @ValueSource(
            strings = {
                "{}",
                "{\"kid\":\"1\",\"current\":\"replace-me\"}",
                "{\"kid\":\"1\",\"current\":\"\"}",
                "{\"kid\":\"1\"}",
                "{\"kid\":\"1\",\"current\":\"first-key-first-key-first-key-3\"}",
                "{\"current\":\"" + KEY_1 + "\"}",
                "{\"kid\":\"\",\"current\":\"" + KEY_1 + "\"}",
                "{\"kid\":\"replace-me\",\"current\":\"" + KEY_1 + "\"}",
                "{\"kid\":1,\"current\":\"" + KEY_1 + "\"}",
                "{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\",\"previous\":\"" + KEY_2 + "\"}",
                "{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\",\"previousKid\":\"0\"}",
                "{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\",\"previousKid\":\"0\",\"previous\":\"short\"}",
                "{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\",\"previousKid\":\"1\",\"previous\":\"" + KEY_2 + "\"}",
            })
    void unusableKeysFailClosedWithTheSecretsName(String value) {
        stack.putKeys(value);

        for (var call : List.<Executable>of(
                () -> stack.issuer().issue(TokenKind.ACCESS, client, DAYS_35),
                () -> stack.verifier().isGoodAccessToken(signed(token -> {})))) {
            var refused = assertThrows(UnusableSecretException.class, call);
            assertTrue(refused.getMessage().contains("TokenSigningKeysSecret"), refused.getMessage());
            assertFalse(refused.getMessage().contains("key-first"), refused.getMessage());
        }
    }

    /** Point by point what is wrong may be corrected: each time the next request is answered. */
    @Test
    void keysThatWereCorrectedWorkAtTheNextRequest() {
        stack.putKeys("{\"kid\":\"1\",\"current\":\"short\"}");
        assertThrows(UnusableSecretException.class, () -> verifier.isGoodAccessToken(signed(token -> {})));

        stack.putKeys("{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\"}");

        assertTrue(verifier.isGoodAccessToken(signed(token -> {})));
    }

    @Test
    void clientsThatWereCorrectedWorkAtTheNextRequest() {
        stack.putClientsSecret("{\"clients\":[\"safesport\"]}");
        assertThrows(UnusableSecretException.class, () -> verifier.isGoodAccessToken(signed(token -> {})));

        stack.putClients(client("safesport", "s3cret"));

        assertTrue(verifier.isGoodAccessToken(signed(token -> {})));
    }

    @Test
    void issuerSignsAtTheNextRequestOnceItsKeyIsCorrected() {
        stack.putKeys("{}");
        var fresh = stack.issuer();
        assertThrows(UnusableSecretException.class, () -> fresh.issue(TokenKind.ACCESS, client, DAYS_35));

        stack.putKeys("{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\"}");

        assertTrue(verifier.isGoodAccessToken(fresh.issue(TokenKind.ACCESS, client, DAYS_35)));
    }

    @Test
    void tokensStayGoodForAnHourWhileTheirKeysAndClientsAreOfNoUse() {
        var token = access();
        assertTrue(verifier.isGoodAccessToken(token));

        stack.putKeys("not JSON");
        stack.putClientsSecret("{\"clients\":[{\"clientId\":\"safesport\"}]}");
        stack.clock.advance(Duration.ofHours(1).minusSeconds(1));
        assertTrue(verifier.isGoodAccessToken(token));

        stack.clock.advance(Duration.ofSeconds(1));
        assertThrows(UnusableSecretException.class, () -> verifier.isGoodAccessToken(token));
    }

    /** Rule 20: what was taken out is not used on. */
    @Test
    void placeholdersEndTokensAtTheNextRead() {
        var token = access();
        assertTrue(verifier.isGoodAccessToken(token));

        stack.putKeys("{\"kid\":\"1\",\"current\":\"replace-me\"}");
        stack.clock.advance(Duration.ofMinutes(5));

        assertThrows(UnusableSecretException.class, () -> verifier.isGoodAccessToken(token));
    }

    /** A previous key that is empty, or whose time is over, is none; what else it holds does not matter then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previousKid\":\"\",\"previous\":\"\"",
                "\"previousKid\":null,\"previous\":null",
                "\"previousKid\":\"0\",\"previous\":\"short\",\"previousUntil\":\"2026-03-01T12:00:00Z\"",
                "\"previousKid\":\"2\",\"previous\":\"" + KEY_2 + "\",\"previousUntil\":\"soon\"",
            })
    void currentKeyIsAloneWithoutALivePrevious(String previous) {
        stack.putKeys("{\"kid\":\"1\",\"current\":\"" + KEY_1 + "\"," + previous + "}");

        assertTrue(verifier.isGoodAccessToken(access()));
        assertFalse(
                verifier.isGoodAccessToken(token(token -> token.withKeyId("2")).sign(Algorithm.HMAC256(KEY_2))));
    }

    private String access() {
        return issuer.issue(TokenKind.ACCESS, client, DAYS_35);
    }

    /** What an issuer with our key could make. */
    private static String signed(Consumer<JWTCreator.Builder> change) {
        return token(change).sign(Algorithm.HMAC256(KEY_1));
    }

    private static JWTCreator.Builder token(Consumer<JWTCreator.Builder> change) {
        var token = JWT.create()
                .withHeader(Map.of("typ", "at+jwt"))
                .withKeyId("1")
                .withIssuer(ISSUER)
                .withSubject("safesport")
                .withClaim("client_id", "safesport")
                .withIssuedAt(NOW);
        change.accept(token);
        return token;
    }

    private static String signedText(String header, String payload) {
        var text = unsigned(header, payload);
        var parts = text.split("\\.");
        var signature = Algorithm.HMAC256(KEY_1).sign(parts[0].getBytes(UTF_8), parts[1].getBytes(UTF_8));
        return text + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    private static String unsigned(String header, String payload) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(header.getBytes(UTF_8)) + "." + encoder.encodeToString(payload.getBytes(UTF_8));
    }
}
