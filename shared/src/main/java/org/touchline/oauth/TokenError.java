package org.touchline.oauth;

import java.util.Locale;

/** Why no token was issued (RFC 6749 §5.2). */
public enum TokenError {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    INVALID_GRANT(400),
    UNSUPPORTED_GRANT_TYPE(400),
    INVALID_SCOPE(400);

    private final int status;

    TokenError(int status) {
        this.status = status;
    }

    /** The HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The {@code error} of the answer, such as {@code invalid_request}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
