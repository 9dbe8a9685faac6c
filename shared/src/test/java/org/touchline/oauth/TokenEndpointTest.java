package org.touchline.oauth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.oauth.OAuthStack.client;
import static org.touchline.oauth.OAuthStack.revoked;

import com.auth0.jwt.JWT;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Design §4: what the grants give, and for how long. What the wire says is tested with the function. */
class TokenEndpointTest {
    private final OAuthStack stack = new OAuthStack();
    private final TokenEndpoint endpoint = stack.endpoint(35);
    private final TokenVerifier verifier = stack.verifier();

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void clientGetsAnAccessTokenForTheLifetimeAndARefreshTokenWithoutEnd() {
        var issued = login("safesport", "s3cret");

        assertEquals(Optional.of(Duration.ofDays(35)), issued.lifetime());
        assertTrue(verifier.isGoodAccessToken(issued.accessToken()));
        stack.clock.advance(Duration.ofDays(400));
        assertFalse(verifier.isGoodAccessToken(issued.accessToken()));
        assertTrue(verifier.isGoodAccessToken(refresh(issued).accessToken()));
    }

    /** A lost answer must not lock a client out: the same refresh token, again and again. */
    @Test
    void refreshTokenIsNotRotated() {
        var first = login("safesport", "s3cret");

        var second = refresh(first);

        assertEquals(first.refreshToken(), second.refreshToken());
        assertNotEquals(first.accessToken(), second.accessToken());
        assertEquals(first.refreshToken(), refresh(first).refreshToken());
        assertTrue(verifier.isGoodAccessToken(first.accessToken()));
    }

    /** User Verification API: "A refresh_token must be provided if there is an expiration". */
    @Test
    void withoutExpiryThereIsNothingToRefresh() {
        var issued = stack.endpoint(0).issue(request("safesport", "s3cret", Map.of()));

        assertEquals(Optional.empty(), issued.lifetime());
        assertEquals(Optional.empty(), issued.refreshToken());
        stack.clock.advance(Duration.ofDays(3653));
        assertTrue(verifier.isGoodAccessToken(issued.accessToken()));
    }

    /** Whoever holds one from before the lifetime was set to 0 gets a token without expiry for it. */
    @Test
    void refreshTokenFromBeforeExpiryWasTurnedOffIsStillGood() {
        var before = login("safesport", "s3cret");

        var after = stack.endpoint(0).issue(refreshRequest("safesport", "s3cret", before));

        assertTrue(verifier.isGoodAccessToken(after.accessToken()));
        assertEquals(Optional.empty(), after.lifetime());
        assertEquals(Optional.empty(), after.refreshToken());
    }

    @Test
    void refreshTokenOfOneClientIsNoUseToAnother() {
        stack.putClients(client("safesport", "s3cret"), client("other", "its own"));
        var issued = login("safesport", "s3cret");

        var refused = assertThrows(
                TokenRefusedException.class, () -> endpoint.issue(refreshRequest("other", "its own", issued)));

        assertEquals(TokenError.INVALID_GRANT, refused.error());
    }

    /** After the signing key was rotated, the next refresh gives a refresh token that outlives the old key. */
    @Test
    void rotationOfTheSigningKeyHandsOverTheRefreshToken() {
        var before = login("safesport", "s3cret");
        stack.rotateKeys(",\"previousUntil\":\"2026-04-06T12:05:00Z\"");
        stack.clock.advance(Duration.ofMinutes(5));

        var after = refresh(before);
        assertEquals("2", JWT.decode(after.refreshToken().orElseThrow()).getKeyId());
        // An answer that was lost: the old one is still good.
        assertTrue(verifier.isGoodAccessToken(refresh(before).accessToken()));

        stack.clock.advance(Duration.ofDays(36));
        assertThrows(TokenRefusedException.class, () -> refresh(before));
        assertEquals(after.refreshToken(), refresh(after).refreshToken());
    }

    /** A leaked refresh token ends with the others when a client's tokens are revoked, also in the hands of the client. */
    @Test
    void revokedRefreshTokenGivesNothing() {
        var issued = login("safesport", "s3cret");

        stack.putClients(revoked(client("safesport", "s3cret"), "2026-03-01T12:00:01Z"));
        stack.clock.advance(Duration.ofMinutes(5));

        assertThrows(TokenRefusedException.class, () -> refresh(issued));
        assertTrue(verifier.isGoodAccessToken(login("safesport", "s3cret").accessToken()));
    }

    /** Rule 21. */
    @Test
    void nothingThatWasSentOrIssuedShowsInTexts() {
        var request = request("safesport", "s3cret", Map.of());

        assertEquals("TokenRequest[…]", request.toString());
        assertEquals("IssuedTokens[…]", endpoint.issue(request).toString());
    }

    private IssuedTokens login(String clientId, String secret) {
        return endpoint.issue(request(clientId, secret, Map.of()));
    }

    private IssuedTokens refresh(IssuedTokens issued) {
        return endpoint.issue(refreshRequest("safesport", "s3cret", issued));
    }

    private static TokenRequest refreshRequest(String clientId, String secret, IssuedTokens issued) {
        return request(
                clientId,
                secret,
                Map.of(
                        "grant_type", List.of("refresh_token"),
                        "refresh_token", List.of(issued.refreshToken().orElseThrow())));
    }

    private static TokenRequest request(String clientId, String secret, Map<String, List<String>> more) {
        var form = new HashMap<String, List<String>>();
        form.put("grant_type", List.of("client_credentials"));
        form.put("client_id", List.of(clientId));
        form.put("client_secret", List.of(secret));
        form.putAll(more);
        return new TokenRequest(Optional.empty(), form);
    }
}
