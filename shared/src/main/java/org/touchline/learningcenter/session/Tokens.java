package org.touchline.learningcenter.session;

import com.auth0.jwt.interfaces.DecodedJWT;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.touchline.Jwt;
import org.touchline.learningcenter.wire.AccessToken;

/**
 * The pair of tokens that a login or a refresh gives.
 *
 * @param refreshToken null if there is none: the next pair takes a login
 * @param freshUntil from when on it is to be refreshed
 * @param accessUntil the first instant at which the access token is no longer good
 */
record Tokens(AccessToken accessToken, @Nullable String refreshToken, Instant freshUntil, Instant accessUntil) {
    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration WITHOUT_EXPIRY = Duration.ofHours(1);
    /** Nobody issues a session for longer: that is no instant in seconds, but in milliseconds, or no instant at all. */
    private static final Duration LONGEST = Duration.ofDays(366);

    /**
     * A pair as it was received. Expiry is the {@code exp} of the access token, which is read and not verified: the signature
     * is the Learning Center's own business. Where there is none to read, or one that has passed already or is more than a year
     * ahead, it is an hour from receipt (design rule 15). Refreshed five minutes ahead; a token that lives less than ten, at half its life.
     */
    static Tokens received(AccessToken accessToken, @Nullable String refreshToken, Instant at) {
        var expiry = expiry(accessToken);
        var accessUntil = expiry != null && expiry.isAfter(at) && !expiry.isAfter(at.plus(LONGEST))
                ? expiry
                : at.plus(WITHOUT_EXPIRY);
        var life = Duration.between(at, accessUntil);
        var ahead = life.compareTo(AHEAD.multipliedBy(2)) < 0 ? life.dividedBy(2) : AHEAD;
        return new Tokens(accessToken, refreshToken, accessUntil.minus(ahead), accessUntil);
    }

    private static @Nullable Instant expiry(AccessToken token) {
        return Jwt.decode(token.value()).map(DecodedJWT::getExpiresAtAsInstant).orElse(null);
    }

    boolean isFresh(Instant now) {
        return now.isBefore(freshUntil);
    }

    boolean isGood(Instant now) {
        return now.isBefore(accessUntil);
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "Tokens[until " + accessUntil + "]";
    }
}
