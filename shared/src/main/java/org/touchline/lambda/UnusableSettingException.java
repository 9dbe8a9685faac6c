package org.touchline.lambda;

import org.touchline.ExplainedException;

/**
 * A function's environment variable holds what it must not: whoever depends on it fails closed, as with a secret (design rule
 * 20). The message says which variable, and what it should hold.
 */
public final class UnusableSettingException extends ExplainedException {
    private static final long serialVersionUID = 1L;

    UnusableSettingException(String variable, String problem) {
        super("the environment variable " + variable + " cannot be used: " + problem);
    }
}
