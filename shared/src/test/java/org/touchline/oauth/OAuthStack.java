package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.Sha256;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.SecretsEndpoint;
import org.touchline.secret.SecretReader;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

/** Clients and signing keys in secrets, and parts of ours that read them, each on readers of its own. */
final class OAuthStack implements AutoCloseable {
    static final String ISSUER = "test-stack";
    static final String KEY_1 = "first-key-first-key-first-key-32";
    static final String KEY_2 = "other-key-other-key-other-key-32";

    final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    final Calls calls = new Calls();
    private final SecretsEndpoint secrets = SecretsEndpoint.start(0);
    private final SecretsManagerClient client = LocalClients.at(secrets.endpoint(), SecretsManagerClient.builder());

    OAuthStack() {
        putClients(client("safesport", "s3cret"));
        putKeys("{\"kid\":\"1\",\"current\":\"%s\"}".formatted(KEY_1));
    }

    /** A client of the secret, with any number of live secrets. */
    static String client(String clientId, String... secrets) {
        var digests = Arrays.stream(secrets)
                .map(secret -> "\"" + HexFormat.of().formatHex(Sha256.digest(secret.getBytes(UTF_8))) + "\"")
                .collect(Collectors.joining(","));
        return "{\"clientId\":\"%s\",\"secretSha256\":[%s]}".formatted(clientId, digests);
    }

    /** A client whose tokens were revoked, as far as they were issued before. */
    static String revoked(String client, String tokensValidAfter) {
        return client.replaceFirst("}$", ",\"tokensValidAfter\":\"" + tokensValidAfter + "\"}");
    }

    void putClients(String... clients) {
        putClientsSecret("{\"clients\":[" + String.join(",", clients) + "]}");
    }

    void putClientsSecret(String json) {
        put("OAuthClientsSecret", json);
    }

    void putKeys(String json) {
        put("TokenSigningKeysSecret", json);
    }

    /** In the middle of a rotation: the second key signs, the first still verifies. */
    void rotateKeys(String more) {
        putKeys("{\"kid\":\"2\",\"current\":\"%s\",\"previousKid\":\"1\",\"previous\":\"%s\"%s}"
                .formatted(KEY_2, KEY_1, more));
    }

    OAuthClients clients() {
        return new OAuthClients(reader("OAuthClientsSecret"));
    }

    SigningKeys keys() {
        return new SigningKeys(reader("TokenSigningKeysSecret"), clock);
    }

    TokenIssuer issuer() {
        return new TokenIssuer(ISSUER, keys(), clock);
    }

    TokenVerifier verifier() {
        return new TokenVerifier(ISSUER, keys(), clients(), clock);
    }

    TokenEndpoint endpoint(int lifetimeDays) {
        return new TokenEndpoint(clients(), issuer(), verifier(), () -> new TokenLifetime(lifetimeDays));
    }

    private SecretReader reader(String secret) {
        return new SecretReader(calls.listening(client), secret, clock, _ -> {});
    }

    private void put(String secret, String json) {
        secrets.put(secret, "arn:" + secret, json);
    }

    @Override
    public void close() {
        client.close();
        secrets.close();
    }
}
