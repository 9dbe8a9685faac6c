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
import java.util.stream.Stream;

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

    /** What a request may have: the longest secret there is, many times over. */
    public static final int MOST_BYTES = 16 * 1024;

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
     * The client's credentials, from the Authorization header or from the body (RFC 6749 §2.3.1), in each way in which they can be
     * read. Both places at once are taken if they say the same (wire contract §4): the consumer's own document mixes them.
     *
     * @return one, or two of a header
     * @throws TokenRefusedException if there are none, none that can be read, or others in the header than in the body
     */
    List<ClientCredentials> credentials() {
        var id = parameter("client_id");
        var secret = parameter("client_secret");
        if (authorization.isEmpty()) {
            return List.of(id.flatMap(clientId -> secret.map(known -> new ClientCredentials(clientId, known)))
                    .orElseThrow(() -> new TokenRefusedException(
                            INVALID_CLIENT, "client_id and client_secret are required, in the body or as HTTP Basic")));
        }
        var inHeader = basic(authorization.get());
        if (inHeader.isEmpty()) {
            throw new TokenRefusedException(
                    INVALID_CLIENT, "the Authorization header is not HTTP Basic with an identifier and a secret");
        }
        var inBoth = inHeader.stream()
                .filter(read -> id.orElse(read.clientId()).equals(read.clientId()))
                .filter(read -> secret.orElse(read.clientSecret()).equals(read.clientSecret()))
                .toList();
        if (inBoth.isEmpty()) {
            throw new TokenRefusedException(INVALID_REQUEST, "the body names another client or secret than the header");
        }
        return inBoth;
    }

    /**
     * HTTP Basic, both halves form-urlencoded as RFC 6749 §2.3.1 has it, and as they stand: many clients do not encode. None if it is
     * anything else, or a half is empty.
     */
    private static List<ClientCredentials> basic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return List.of();
        }
        try {
            var decoded = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            var halves = new String(decoded, UTF_8).split(":", 2);
            if (halves.length != 2 || halves[0].isEmpty() || halves[1].isEmpty()) {
                return List.of();
            }
            var asItStands = new ClientCredentials(halves[0], halves[1]);
            return Stream.concat(formDecoded(asItStands).stream(), Stream.of(asItStands))
                    .distinct()
                    .toList();
        } catch (IllegalArgumentException notEncoded) {
            return List.of();
        }
    }

    private static Optional<ClientCredentials> formDecoded(ClientCredentials credentials) {
        try {
            return Optional.of(new ClientCredentials(
                    URLDecoder.decode(credentials.clientId(), UTF_8),
                    URLDecoder.decode(credentials.clientSecret(), UTF_8)));
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
