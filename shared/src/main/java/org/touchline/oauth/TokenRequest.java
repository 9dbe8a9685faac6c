package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.touchline.oauth.TokenError.INVALID_CLIENT;
import static org.touchline.oauth.TokenError.INVALID_REQUEST;

import java.net.URLDecoder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request of the token endpoint (RFC 6749 §4.4.2 and §6).
 *
 * @param authorization the Authorization header
 * @param form the parameters of the body, decoded, each with all its values
 */
public record TokenRequest(Optional<String> authorization, Map<String, List<String>> form) {
    /** The parameters that have a meaning here; others are ignored (RFC 6749 §3.2). */
    public static final Set<String> PARAMETERS =
            Set.of("grant_type", "client_id", "client_secret", "refresh_token", "scope");

    private static final String BASIC = "basic ";

    /** @throws TokenRefusedException if a parameter is there more than once (RFC 6749 §3.2) */
    public TokenRequest {
        if (form.values().stream().anyMatch(values -> values.size() > 1)) {
            throw new TokenRefusedException(INVALID_REQUEST, "a parameter may be given once");
        }
    }

    /** A parameter; one without a value is treated as if it were not there (RFC 6749 §3.2). */
    Optional<String> parameter(String name) {
        return form.getOrDefault(name, List.of()).stream()
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /**
     * The client's credentials, from the Authorization header or from the body (RFC 6749 §2.3.1).
     *
     * @throws TokenRefusedException if there are none, none that can be read, or some in both places
     */
    ClientCredentials credentials() {
        var inBody = parameter("client_id")
                .flatMap(id -> parameter("client_secret").map(secret -> new ClientCredentials(id, secret)));
        if (authorization.isEmpty()) {
            return inBody.orElseThrow(() -> new TokenRefusedException(
                    INVALID_CLIENT, "client_id and client_secret are required, in the body or as HTTP Basic"));
        }
        var inHeader = basic(authorization.get())
                .orElseThrow(() -> new TokenRefusedException(
                        INVALID_CLIENT, "the Authorization header is not HTTP Basic with an identifier and a secret"));
        if (parameter("client_secret").isPresent()) {
            throw new TokenRefusedException(INVALID_REQUEST, "a client authenticates in one way, not in two");
        }
        // The identifier alone is no authentication: some clients repeat it in the body.
        if (!parameter("client_id").orElse(inHeader.clientId()).equals(inHeader.clientId())) {
            throw new TokenRefusedException(INVALID_REQUEST, "the body names another client than the header");
        }
        return inHeader;
    }

    /** HTTP Basic, both halves form-urlencoded (RFC 6749 §2.3.1); empty if it is anything else, or a half is empty. */
    private static Optional<ClientCredentials> basic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            var decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            var halves = new String(decoded, UTF_8).split(":", 2);
            return halves.length == 2 && !halves[0].isEmpty() && !halves[1].isEmpty()
                    ? Optional.of(new ClientCredentials(
                            URLDecoder.decode(halves[0], UTF_8), URLDecoder.decode(halves[1], UTF_8)))
                    : Optional.empty();
        } catch (IllegalArgumentException notEncoded) {
            return Optional.empty();
        }
    }

    /** Without what was sent. */
    @Override
    public String toString() {
        return "TokenRequest[…]";
    }
}
