package org.touchline.oauth;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.touchline.InvalidValueException;
import org.touchline.secret.HeldSecret;
import org.touchline.secret.SecretReader;
import org.touchline.secret.SecretVersion;
import org.touchline.secret.UnusableSecretException;

/**
 * The clients that may ask for tokens, kept in a secret as {@code {"clients": […]}} (wire contract §8); with an empty list,
 * OAuth is off. Who is refused may have been put in a moment ago: then the secret is read again, rate-limited (design rule 19).
 *
 * <p>Every method throws {@link UnusableSecretException} if the secret cannot be read, or one of its clients cannot be
 * understood (design rule 20). Safe for use by several threads.
 */
public final class OAuthClients {
    private final HeldSecret<List<OAuthClient>> secret;

    public OAuthClients(SecretReader secret) {
        this.secret = secret.held("\"clients\", each with \"clientId\" and \"secretSha256\"", OAuthClients::read);
    }

    /**
     * The client with these credentials. An unknown client and a wrong secret take the same time: every client is compared,
     * identifier and secret, whatever was found before.
     *
     * @param offered what one client showed, in each way in which it can be read
     */
    public Optional<OAuthClient> authenticate(List<ClientCredentials> offered) {
        var client = authenticatedBy(offered);
        return client.isEmpty() && secret.reread() ? authenticatedBy(offered) : client;
    }

    /** The client of an identifier that we signed ourselves. */
    Optional<OAuthClient> find(String clientId) {
        var client = identifiedBy(clientId);
        return client.isEmpty() && secret.reread() ? identifiedBy(clientId) : client;
    }

    /** Whether there is no client: OAuth is off. */
    public boolean isEmpty() {
        return secret.value().isEmpty();
    }

    /**
     * Reads the secret anew, for a person who wants to know whether it is of its form.
     *
     * @throws UnusableSecretException if it is not
     */
    public void judge() {
        secret.judge();
    }

    private Optional<OAuthClient> authenticatedBy(List<ClientCredentials> offered) {
        OAuthClient authenticated = null;
        for (var client : secret.value()) {
            for (var credentials : offered) {
                if (client.isAuthenticatedBy(credentials.clientId(), credentials.clientSecret())) {
                    authenticated = client;
                }
            }
        }
        return Optional.ofNullable(authenticated);
    }

    private Optional<OAuthClient> identifiedBy(String clientId) {
        return secret.value().stream()
                .filter(client -> client.clientId().equals(clientId))
                .findFirst();
    }

    private static Optional<List<OAuthClient>> read(SecretVersion version) {
        version.requireOneOf("clients");
        var list = version.value().path("clients");
        if (!list.isArray()) {
            version.text("clients");
            return Optional.empty();
        }
        if (list.valueStream().anyMatch(OAuthClient::hasNoValue)) {
            return Optional.empty();
        }
        var clients = new ArrayList<OAuthClient>();
        var identifiers = new HashSet<String>();
        for (var json : list) {
            try {
                clients.add(OAuthClient.read(json));
            } catch (InvalidValueException unreadable) {
                throw new InvalidValueException("in clients[" + clients.size() + "]: " + unreadable.getMessage());
            }
            if (!identifiers.add(clients.getLast().clientId())) {
                throw new InvalidValueException("it names the client of clients[" + (clients.size() - 1) + "] twice");
            }
        }
        return Optional.of(List.copyOf(clients));
    }
}
