package org.touchline.oauth;

import static org.touchline.oauth.TokenError.INVALID_CLIENT;
import static org.touchline.oauth.TokenError.INVALID_GRANT;
import static org.touchline.oauth.TokenError.INVALID_REQUEST;
import static org.touchline.oauth.TokenError.INVALID_SCOPE;
import static org.touchline.oauth.TokenError.UNSUPPORTED_GRANT_TYPE;

import java.util.Optional;
import java.util.function.Supplier;
import org.touchline.secret.UnusableSecretException;

/**
 * Issues tokens to clients (RFC 6749): by client credentials (§4.4) and by refresh token (§6). A client authenticates on every
 * use, so a refresh token is not rotated: a lost answer must not lock its client out (design §4).
 *
 * <p>Safe for use by several threads.
 */
public final class TokenEndpoint {
    private final OAuthClients clients;
    private final TokenIssuer issuer;
    private final TokenVerifier verifier;
    private final Supplier<TokenLifetime> lifetime;

    /** @param lifetime of access tokens; asked when one is issued, and may throw if it is not configured well */
    public TokenEndpoint(
            OAuthClients clients, TokenIssuer issuer, TokenVerifier verifier, Supplier<TokenLifetime> lifetime) {
        this.clients = clients;
        this.issuer = issuer;
        this.verifier = verifier;
        this.lifetime = lifetime;
    }

    /**
     * The tokens that a request asks for.
     *
     * @throws TokenRefusedException with the error of RFC 6749 §5.2
     * @throws UnusableSecretException if a secret cannot be read or used
     */
    public IssuedTokens issue(TokenRequest request) {
        var client = authenticated(request);
        var grantType = request.parameter("grant_type")
                .orElseThrow(() -> new TokenRefusedException(INVALID_REQUEST, "grant_type is required"));
        if (request.parameter("scope").isPresent()) {
            throw new TokenRefusedException(INVALID_SCOPE, "there are no scopes here: a token may verify members");
        }
        return switch (grantType) {
            case "client_credentials" -> issue(client, Optional.empty());
            case "refresh_token" -> issue(client, Optional.of(refreshToken(client, request)));
            default ->
                throw new TokenRefusedException(
                        UNSUPPORTED_GRANT_TYPE, "grant_type is client_credentials or refresh_token");
        };
    }

    private OAuthClient authenticated(TokenRequest request) {
        var credentials = request.credentials();
        return clients.authenticate(credentials)
                .orElseThrow(() -> new TokenRefusedException(
                        INVALID_CLIENT,
                        clients.isEmpty()
                                ? "OAuth is off here: no client is configured"
                                : "the client is unknown or its secret is wrong"));
    }

    private String refreshToken(OAuthClient client, TokenRequest request) {
        var offered = request.parameter("refresh_token")
                .orElseThrow(() -> new TokenRefusedException(INVALID_REQUEST, "refresh_token is required"));
        var verified = verifier.verify(TokenKind.REFRESH, offered)
                .filter(token -> token.client().clientId().equals(client.clientId()))
                .orElseThrow(() -> new TokenRefusedException(
                        INVALID_GRANT, "the refresh token is unknown, revoked, or was issued to another client"));
        // During a rotation of the signing key, the same for the new key; the old one stays good as long as its own.
        return issuer.signsWithTheKeyOf(verified) ? offered : issuer.issue(TokenKind.REFRESH, client, Optional.empty());
    }

    private IssuedTokens issue(OAuthClient client, Optional<String> refreshToken) {
        var life = lifetime.get().duration();
        return new IssuedTokens(
                issuer.issue(TokenKind.ACCESS, client, life),
                life,
                life.map(expires ->
                        refreshToken.orElseGet(() -> issuer.issue(TokenKind.REFRESH, client, Optional.empty()))));
    }
}
