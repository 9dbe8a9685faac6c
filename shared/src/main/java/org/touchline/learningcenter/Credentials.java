package org.touchline.learningcenter;

import java.util.Optional;
import org.touchline.secret.SecretVersion;

/**
 * A login of the Learning Center.
 *
 * @param secretVersion the version of the secret that holds it
 */
record Credentials(String secretVersion, String username, String password) {
    /** What a secret holds (wire contract §8); empty if one of the two has no value yet. */
    static Optional<Credentials> in(SecretVersion secret) {
        return SecretVersion.usable(secret.value().get("username"))
                .flatMap(username -> SecretVersion.usable(secret.value().get("password"))
                        .map(password -> new Credentials(secret.id(), username, password)));
    }

    /** Without the login. */
    @Override
    public String toString() {
        return "Credentials[" + secretVersion + "]";
    }
}
