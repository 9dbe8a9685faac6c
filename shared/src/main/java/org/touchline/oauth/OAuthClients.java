package org.touchline.oauth;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.touchline.InvalidValueException;
import org.touchline.secret.SecretReader;
import org.touchline.secret.UnusableSecretException;

/**
 * The clients that may ask for tokens, kept in a secret as {@code {"clients": […]}} (wire contract §8); with an empty list,
 * OAuth is off. Who is refused may have been put in a moment ago: then the secret is read again, rate-limited (design rule 19).
 *
 * <p>Every method throws {@link UnusableSecretException} if the secret cannot be read, or one of its clients cannot be
 * understood (design rule 20). Safe for use by several threads.
 */
public final class OAuthClients {
    private final SecretReader secret;

    public OAuthClients(SecretReader secret) {
        this.secret = secret;
    }

    /**
     * The client with these credentials. An unknown client and a wrong secret take the same time: every client is compared,
     * identifier and secret, whatever was found before.
     */
    public Optional<OAuthClient> authenticate(ClientCredentials offered) {
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
        return all().isEmpty();
    }

    private Optional<OAuthClient> authenticatedBy(ClientCredentials offered) {
        OAuthClient authenticated = null;
        for (var client : all()) {
            if (client.isAuthenticatedBy(offered.clientId(), offered.clientSecret())) {
                authenticated = client;
            }
        }
        return Optional.ofNullable(authenticated);
    }

    private Optional<OAuthClient> identifiedBy(String clientId) {
        return all().stream()
                .filter(client -> client.clientId().equals(clientId))
                .findFirst();
    }

    private List<OAuthClient> all() {
        var list = secret.value().path("clients");
        if (!list.isArray()) {
            throw secret.unusable("has no list \"clients\"");
        }
        var clients = new ArrayList<OAuthClient>();
        var identifiers = new HashSet<String>();
        for (var json : list) {
            try {
                clients.add(OAuthClient.read(json));
            } catch (InvalidValueException unreadable) {
                throw secret.unusable("cannot be used, in clients[" + clients.size() + "]: " + unreadable.getMessage());
            }
            if (!identifiers.add(clients.getLast().clientId())) {
                throw secret.unusable("names the client of clients[" + (clients.size() - 1) + "] twice");
            }
        }
        return clients;
    }
}
