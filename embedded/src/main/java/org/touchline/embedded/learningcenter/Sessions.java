package org.touchline.embedded.learningcenter;

import com.auth0.jwt.JWT;
import com.auth0.jwt.JWTVerifier;
import com.auth0.jwt.algorithms.Algorithm;
import com.auth0.jwt.exceptions.JWTVerificationException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is logged in. Access tokens are good for one hour, refresh tokens for 24 (U.S. Soccer's document, "Login"); both
 * are JWTs with the claims given there and a {@code jti}, so that no two are alike. Each kind is signed with a key of
 * its own: one cannot stand in for the other, and new keys end every session at once.
 *
 * <p>Safe for many threads.
 */
final class Sessions {
    /** Lifetime of an access token. */
    static final Duration ACCESS = Duration.ofHours(1);

    /** Lifetime of a refresh token. */
    static final Duration REFRESH = Duration.ofHours(24);

    private static final String ISSUER = "connect.learning.ussoccer.com";
    private static final int ACCOUNT_ID = 122;

    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private volatile Login login;
    private volatile Keys keys;

    Sessions(String username, String password, InstantSource clock) {
        this.login = new Login(username, password);
        this.clock = clock.withZone(ZoneOffset.UTC);
        this.keys = newKeys();
    }

    private record Login(String username, String password) {}

    private record Keys(Algorithm access, Algorithm refresh) {}

    /** A new pair of tokens, as the Learning Center answers it. */
    record Tokens(String accessToken, String refreshToken) {}

    /** Logs in, or refuses with 401. */
    Tokens login(@Nullable String username, @Nullable String password) {
        var accepted = login;
        if (!accepted.username().equals(username) || !accepted.password().equals(password)) {
            throw Refusal.of(401, "username or password is wrong");
        }
        return issue();
    }

    /** The one login that is accepted from now on; who is logged in stays so. */
    void change(String username, String password) {
        login = new Login(username, password);
    }

    /** A new pair for a good refresh token; the old one stays good until it expires. */
    Tokens refresh(@Nullable String refreshToken) {
        verify(refreshToken, keys.refresh(), "refresh_token is expired or unknown");
        return issue();
    }

    /** Refuses with 401 unless the value of the Authorization header is a good access token. */
    void authorize(@Nullable String authorization) {
        if (authorization == null || !authorization.startsWith("Bearer ")) {
            throw Refusal.of(401, "access token is missing");
        }
        verify(authorization.substring("Bearer ".length()), keys.access(), "access token is expired or unknown");
    }

    /** Makes every token handed out so far worthless. */
    void endAll() {
        keys = newKeys();
    }

    private Tokens issue() {
        var current = keys;
        var now = clock.instant();
        return new Tokens(token(current.access(), now.plus(ACCESS)), token(current.refresh(), now.plus(REFRESH)));
    }

    private static String token(Algorithm key, Instant expiresAt) {
        return JWT.create()
                .withIssuer(ISSUER)
                .withExpiresAt(expiresAt)
                .withClaim("id", ACCOUNT_ID)
                .withJWTId(UUID.randomUUID().toString())
                .sign(key);
    }

    private void verify(@Nullable String token, Algorithm key, String message) {
        // Only this class of the library takes a clock.
        var verification = (JWTVerifier.BaseVerification) JWT.require(key).withIssuer(ISSUER);
        try {
            verification.build(clock).verify(token);
        } catch (JWTVerificationException e) {
            throw Refusal.of(401, message);
        }
    }

    private Keys newKeys() {
        return new Keys(newKey(), newKey());
    }

    private Algorithm newKey() {
        var secret = new byte[32];
        random.nextBytes(secret);
        return Algorithm.HMAC256(secret);
    }
}
