package org.touchline.learningcenter.wire;

import java.util.regex.Pattern;
import org.touchline.InvalidValueException;

/**
 * What authorizes a call of the Learning Center: whoever has it can act as the organization. Never logged, and not in
 * {@link #toString}.
 *
 * @param value as it goes into the Authorization header
 */
public record AccessToken(String value) {
    private static final Pattern VISIBLE = Pattern.compile("[!-~]+");

    /** @throws InvalidValueException if it cannot stand in a header, whose own complaint would hold the token */
    public AccessToken {
        if (!VISIBLE.matcher(value).matches()) {
            throw new InvalidValueException("an access token is visible ASCII");
        }
    }

    @Override
    public String toString() {
        return "AccessToken[…]";
    }
}
