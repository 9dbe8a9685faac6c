package org.touchline.secret;

/**
 * A secret cannot be read, or holds no usable value: whoever depends on it fails closed (design rule 20). The message says
 * which secret to look at, and holds nothing of its value.
 */
public final class UnusableSecretException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param secret name or ARN of the secret */
    UnusableSecretException(String secret, String problem) {
        super("the secret " + secret + " " + problem);
    }
}
