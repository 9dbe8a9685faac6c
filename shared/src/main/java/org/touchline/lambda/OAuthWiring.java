package org.touchline.lambda;

import org.touchline.InvalidValueException;
import org.touchline.oauth.OAuthClients;
import org.touchline.oauth.SigningKeys;
import org.touchline.oauth.TokenEndpoint;
import org.touchline.oauth.TokenIssuer;
import org.touchline.oauth.TokenLifetime;
import org.touchline.oauth.TokenVerifier;

/**
 * What issues tokens and verifies them is composed of: clients in the secret that {@code OAUTH_CLIENTS_SECRET} names, keys in that of
 * {@code TOKEN_SIGNING_KEYS_SECRET}.
 */
public final class OAuthWiring {
    private final Wiring wiring;

    /** @param wiring names the secrets */
    public OAuthWiring(Wiring wiring) {
        this.wiring = wiring;
    }

    /** The token endpoint, with the lifetime that {@code TOKEN_LIFETIME_DAYS} says. */
    public TokenEndpoint endpoint() {
        var clients = clients();
        var keys = signingKeys();
        return new TokenEndpoint(
                clients,
                new TokenIssuer(issuer(), keys, wiring.clock()),
                new TokenVerifier(issuer(), keys, clients, wiring.clock()),
                this::lifetime);
    }

    /** Verifies the tokens of the clients. */
    public TokenVerifier verifier() {
        return new TokenVerifier(issuer(), signingKeys(), clients(), wiring.clock());
    }

    /** Who may have tokens. */
    public OAuthClients clients() {
        return new OAuthClients(wiring.secret("OAUTH_CLIENTS_SECRET"));
    }

    /** What tokens are signed with. */
    public SigningKeys signingKeys() {
        return new SigningKeys(wiring.secret("TOKEN_SIGNING_KEYS_SECRET"), wiring.clock());
    }

    /** Unless it is set, the stack's name: the API's own URL would be a circular reference in the template. */
    private String issuer() {
        return wiring.setting("TOKEN_ISSUER").orElseGet(() -> wiring.required("STACK_NAME"));
    }

    private TokenLifetime lifetime() {
        var variable = "TOKEN_LIFETIME_DAYS";
        try {
            return TokenLifetime.parse(wiring.setting(variable).orElse(""));
        } catch (InvalidValueException notADuration) {
            throw new UnusableSettingException(variable, notADuration.getMessage());
        }
    }
}
