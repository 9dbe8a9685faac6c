package org.touchline.oauth;

import java.time.Duration;
import java.util.Optional;

/**
 * A successful answer of the token endpoint (RFC 6749 §5.1). Never logged, and not in {@link #toString}.
 *
 * @param lifetime empty for no expiry
 * @param refreshToken empty exactly where there is no expiry (User Verification API: "A refresh_token must be provided if there
 *     is an expiration")
 */
public record IssuedTokens(String accessToken, Optional<Duration> lifetime, Optional<String> refreshToken) {
    @Override
    public String toString() {
        return "IssuedTokens[…]";
    }
}
