package org.touchline.lambda;

import java.util.Map;
import java.util.Optional;

/** A function's environment variables, as {@code template.yaml} sets them. */
public record Environment(Map<String, String> variables) {
    /** @throws IllegalStateException if the template does not set it */
    public String required(String name) {
        return optional(name)
                .orElseThrow(() -> new IllegalStateException("the environment variable " + name + " is not set"));
    }

    /** @throws IllegalStateException if the template does not set it to a whole number */
    public long number(String name) {
        try {
            return Long.parseLong(required(name));
        } catch (NumberFormatException noNumber) {
            throw new IllegalStateException("the environment variable " + name + " is no whole number");
        }
    }

    /** A variable that may be missing or empty, which is the same. */
    public Optional<String> optional(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isBlank());
    }
}
