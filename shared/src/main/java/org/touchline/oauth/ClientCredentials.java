package org.touchline.oauth;

/**
 * What a client showed to say who it is.
 *
 * @param clientSecret never logged, and not in {@link #toString}
 */
public record ClientCredentials(String clientId, String clientSecret) {
    @Override
    public String toString() {
        return "ClientCredentials[" + clientId + "]";
    }
}
