package org.touchline.oauth;

import org.touchline.ExplainedException;

/** No token was issued. The message is the answer's {@code error_description}, and holds nothing that was sent. */
public final class TokenRefusedException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    private final TokenError error;

    /** @param description printable ASCII without quotation marks and backslashes (RFC 6749 §5.2) */
    public TokenRefusedException(TokenError error, String description) {
        super(description);
        this.error = error;
    }

    /** What is wrong. */
    public TokenError error() {
        return error;
    }
}
