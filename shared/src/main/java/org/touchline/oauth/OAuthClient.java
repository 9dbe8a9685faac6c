package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.touchline.InvalidValueException;
import org.touchline.JsonValue;
import org.touchline.Sha256;
import org.touchline.secret.SecretVersion;

/**
 * Who may ask for tokens: {@code {"clientId", "secretSha256": ["<hex>", …], "tokensValidAfter"?}} (wire contract §8). Two
 * secrets can be live, during a rotation.
 *
 * @param clientId printable ASCII (RFC 6749, appendix A.1)
 * @param secretSha256 SHA-256 of each live secret, 64 hexadecimal digits in lower case; at least one
 * @param tokensValidAfter tokens that were issued before this are no longer good
 */
public record OAuthClient(String clientId, List<String> secretSha256, Instant tokensValidAfter) {
    private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    /** What a command makes of a secret that was never set, and of the placeholder. */
    private static final Set<String> NO_SECRET = Set.of(sha256(""), sha256("\n"), sha256("replace-me"));

    public OAuthClient {
        secretSha256 = List.copyOf(secretSha256);
        require(PRINTABLE.matcher(clientId).matches(), "a clientId is printable ASCII");
        require(!secretSha256.isEmpty(), "secretSha256 is a list of at least one digest");
        for (var digest : secretSha256) {
            require(SHA256.matcher(digest).matches(), "secretSha256 holds 64 hexadecimal digits, in lower case");
            require(!NO_SECRET.contains(digest), "secretSha256 is the digest of no secret");
        }
    }

    /**
     * Reads a client as its secret holds it. What cannot be read is an error and never left out: a mistyped
     * {@code tokensValidAfter} must not let revoked tokens in.
     *
     * @throws InvalidValueException if it is not as it should be
     */
    static OAuthClient read(JsonValue json) {
        var clientId = SecretVersion.usable(json.get("clientId"))
                .orElseThrow(() -> new InvalidValueException("a client needs a clientId"));
        var digests = new ArrayList<String>();
        json.path("secretSha256").forEach(digest -> digests.add(digest.asText()));
        return new OAuthClient(clientId, digests, tokensValidAfter(json.path("tokensValidAfter")));
    }

    /** Whether a client's identifier is the placeholder, or one of its secrets the digest of none (design rule 20). */
    static boolean hasNoValue(JsonValue json) {
        var clientId = json.path("clientId");
        return clientId.isTextual() && SecretVersion.isNoValue(clientId.asText())
                || json.path("secretSha256").valueStream().anyMatch(digest -> NO_SECRET.contains(digest.asText()));
    }

    private static Instant tokensValidAfter(JsonValue instant) {
        if (instant.isMissingNode() || instant.isNull()) {
            return Instant.MIN;
        }
        try {
            return Instant.parse(instant.asText());
        } catch (DateTimeParseException unreadable) {
            throw new InvalidValueException("tokensValidAfter is an instant such as 2026-03-01T12:00:00Z");
        }
    }

    /** Whether these are the client's credentials: in a time that does not depend on where they differ (design rule 19). */
    @SuppressWarnings("ShortCircuitBoolean")
    boolean isAuthenticatedBy(String offeredId, String offeredSecret) {
        // Whether or not the identifier fits, the secret is digested and compared: neither answers sooner.
        var idMatches = MessageDigest.isEqual(digest(clientId), digest(offeredId));
        var offered = digest(offeredSecret);
        var secretMatches = false;
        for (var live : secretSha256) {
            secretMatches |= MessageDigest.isEqual(HexFormat.of().parseHex(live), offered);
        }
        return idMatches & secretMatches;
    }

    /** Whether a token that was issued then has not been revoked since. */
    boolean stillAccepts(Instant issuedAt) {
        return !issuedAt.isBefore(tokensValidAfter);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new InvalidValueException(message);
        }
    }

    private static byte[] digest(String text) {
        return Sha256.digest(text.getBytes(UTF_8));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(digest(text));
    }
}
