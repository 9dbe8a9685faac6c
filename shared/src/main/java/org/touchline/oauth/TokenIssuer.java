package org.touchline.oauth;

import com.auth0.jwt.JWT;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.touchline.secret.UnusableSecretException;

/**
 * Makes our tokens: JWTs signed with the current key, with {@code typ} and {@code kid} in the header, and {@code iss},
 * {@code sub} and {@code client_id}, {@code iat}, {@code jti} and perhaps {@code exp} (design §4).
 *
 * <p>Safe for use by several threads.
 */
public final class TokenIssuer {
    private final String issuer;
    private final SigningKeys keys;
    private final InstantSource clock;

    /** @param issuer the {@code iss} of every token, such as the stack's name */
    public TokenIssuer(String issuer, SigningKeys keys, InstantSource clock) {
        this.issuer = issuer;
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * A new token.
     *
     * @param lifetime empty if it has no expiry: it ends with its client or its key
     * @throws UnusableSecretException if there is no usable key
     */
    public String issue(TokenKind kind, OAuthClient client, Optional<Duration> lifetime) {
        var key = keys.current();
        var now = clock.instant();
        var token = JWT.create()
                .withHeader(Map.of("typ", kind.type()))
                .withKeyId(key.kid())
                .withIssuer(issuer)
                .withSubject(client.clientId())
                .withClaim("client_id", client.clientId())
                .withIssuedAt(now)
                .withJWTId(UUID.randomUUID().toString());
        lifetime.ifPresent(life -> token.withExpiresAt(now.plus(life)));
        return token.sign(key.algorithm());
    }

    /** Whether a token that was verified was signed with the key that signs today. */
    boolean signsWithTheKeyOf(VerifiedToken token) {
        return keys.current().kid().equals(token.kid());
    }
}
