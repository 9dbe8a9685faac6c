package org.touchline.oauth;

/** What a token is for. It is said in the token's header, under the signature: no kind can stand in for the other. */
public enum TokenKind {
    /** Authorizes calls of member verification (RFC 9068 names its type). */
    ACCESS("at+jwt"),
    /** Gets its client a new access token. */
    REFRESH("rt+jwt");

    private final String type;

    TokenKind(String type) {
        this.type = type;
    }

    /** The {@code typ} of the token's header. */
    String type() {
        return type;
    }
}
