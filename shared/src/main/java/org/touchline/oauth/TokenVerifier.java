package org.touchline.oauth;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.exceptions.JWTVerificationException;
import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Optional;
import org.touchline.Jwt;
import org.touchline.secret.UnusableSecretException;

/**
 * Tells whether a token is one of ours and still good: signed with a live key, of the right kind and issuer, not expired, and of
 * a client that is still there and has not revoked it. Without a database; the secrets are read as {@link SigningKeys} and
 * {@link OAuthClients} say.
 *
 * <p>Safe for use by several threads.
 */
public final class TokenVerifier {
    /** The clock of the function that issued a token may be this much ahead of ours. */
    private static final Duration CLOCKS_DIFFER = Duration.ofSeconds(5);

    private final String issuer;
    private final SigningKeys keys;
    private final OAuthClients clients;
    private final Clock clock;

    /** @param issuer the {@code iss} of our tokens */
    public TokenVerifier(String issuer, SigningKeys keys, OAuthClients clients, InstantSource clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clients = clients;
        this.clock = clock.withZone(ZoneOffset.UTC);
    }

    /** Whether there is no client, and with it no good token: OAuth is off. */
    public boolean isOff() {
        return clients.isEmpty();
    }

    /**
     * Whether a text is a good access token.
     *
     * @throws UnusableSecretException if a secret cannot be read or used
     */
    public boolean isGoodAccessToken(String token) {
        return verify(TokenKind.ACCESS, token).isPresent();
    }

    /**
     * What a token says, if it is good.
     *
     * @throws UnusableSecretException if a secret cannot be read or used
     */
    Optional<VerifiedToken> verify(TokenKind kind, String token) {
        return Jwt.decode(token)
                .filter(decoded -> kind.type().equals(decoded.getType()))
                .filter(decoded -> signingKey(decoded)
                        .filter(key -> claimsHold(decoded, key))
                        .isPresent())
                .flatMap(this::withClient);
    }

    /** A token whose signature does not fit may have been signed with a key that we have not read yet (design rule 19). */
    private Optional<SigningKey> signingKey(DecodedJWT token) {
        var key = keys.thatSigned(token);
        return key.isEmpty() && keys.reread() ? keys.thatSigned(token) : key;
    }

    /** The library checks the algorithm that the header names, and the signature again, before the claims. */
    private boolean claimsHold(DecodedJWT token, SigningKey key) {
        var required = (JWTVerifier.BaseVerification)
                JWT.require(key.algorithm()).withIssuer(issuer).acceptIssuedAt(CLOCKS_DIFFER.toSeconds());
        try {
            required.build(clock).verify(token);
            return true;
        } catch (JWTVerificationException notGood) {
            return false;
        }
    }

    private Optional<VerifiedToken> withClient(DecodedJWT token) {
        var clientId = token.getClaim("client_id").asString();
        var issuedAt = token.getIssuedAtAsInstant();
        if (clientId == null || issuedAt == null) {
            return Optional.empty();
        }
        return clients.find(clientId)
                .filter(client -> client.stillAccepts(issuedAt))
                .map(client -> new VerifiedToken(client, token.getKeyId()));
    }
}
