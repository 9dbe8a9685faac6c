package org.touchline.secret;

import org.touchline.ExplainedException;

/**
 * A secret cannot be read, or holds no usable value: whoever depends on it fails closed (design rule 20). The message says
 * which secret to look at, and holds nothing of its value.
 */
public final class UnusableSecretException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    private final boolean unset;

    /**
     * A secret with a problem.
     *
     * @param secret name or ARN of the secret
     * @param unset whether the problem is that nobody has given it a value yet
     */
    UnusableSecretException(String secret, String problem, boolean unset) {
        super("the secret " + secret + " " + problem);
        this.unset = unset;
    }

    /** Whether nobody has given it a value yet: so it is while a stack is new, and no reason for an alarm. */
    public boolean isUnset() {
        return unset;
    }
}
