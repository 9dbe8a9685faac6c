package org.touchline.learningcenter.session;

import java.util.Optional;
import org.touchline.InvalidValueException;
import org.touchline.secret.SecretVersion;

/**
 * A login of the Learning Center.
 *
 * @param secretVersion the version of the secret that holds it
 */
record Credentials(String secretVersion, String username, String password) {
    /**
     * What a secret holds (wire contract §8); empty if one of the two has no value yet.
     *
     * @throws InvalidValueException if it is of another form
     */
    static Optional<Credentials> in(SecretVersion secret) {
        secret.requireOneOf("username", "password");
        var password = secret.text("password");
        return secret.text("username")
                .flatMap(username -> password.map(known -> new Credentials(secret.id(), username, known)));
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "Credentials[" + secretVersion + "]";
    }
}
