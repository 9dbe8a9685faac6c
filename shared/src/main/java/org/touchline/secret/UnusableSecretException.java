package org.touchline.secret;

import org.touchline.ExplainedException;

/**
 * A secret cannot be read, or holds no usable value: whoever depends on it fails closed (design rule 20). The message says
 * which secret to look at, and holds nothing of its value.
 */
public final class UnusableSecretException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    private final String secret;
    private final String problem;
    private final Reason reason;

    /** Why it is of no use. */
    enum Reason {
        /** Nobody has given it a value yet, or somebody took the value out. */
        UNSET,
        /** There is no such secret any more. */
        GONE,
        /** Secrets Manager fails, or the value is not of the secret's form: a mistake, which ends. */
        TROUBLE
    }

    /**
     * A secret with a problem.
     *
     * @param secret name or ARN of the secret
     */
    UnusableSecretException(String secret, String problem, Reason reason) {
        super("the secret " + secret + " " + problem);
        this.secret = secret;
        this.problem = problem;
        this.reason = reason;
    }

    /** Whether nobody has given it a value yet: so it is while a stack is new, and no reason for an alarm. */
    public boolean isUnset() {
        return reason == Reason.UNSET;
    }

    /** Name or ARN of the secret. */
    public String secret() {
        return secret;
    }

    /** What is wrong with it, such as {@code is not a JSON object}. */
    public String problem() {
        return problem;
    }

    /** Whether a value that was read before is not to be used any more: somebody took it away. */
    boolean endsWhatIsHeld() {
        return reason != Reason.TROUBLE;
    }

    /** The same for another who asks, with the trace of that one. */
    UnusableSecretException again() {
        return new UnusableSecretException(secret, problem, reason);
    }
}
