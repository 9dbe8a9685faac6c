package org.touchline.secret;

import java.util.Optional;
import org.touchline.InvalidValueException;

/**
 * How what a secret holds is read (wire contract §8).
 *
 * @param <T> what is made of it
 */
@FunctionalInterface
public interface SecretForm<T> {
    /**
     * Reads a version of a secret.
     *
     * @return empty if it has no value yet: nothing, or the placeholder (design rule 20)
     * @throws InvalidValueException if it is not of this form; the message holds nothing of the value
     */
    Optional<T> read(SecretVersion secret);
}
