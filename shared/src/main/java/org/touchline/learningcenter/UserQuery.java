package org.touchline.learningcenter;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;
import org.touchline.InvalidValueException;

/**
 * What a person is looked up by: an e-mail address, or both names and the birth date, or all of it. The Learning Center
 * looks for an exact match of everything that is given (Connect API, "Users").
 */
public record UserQuery(
        @Nullable String email,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable LocalDate birthDate) {
    /** @throws InvalidValueException if there is neither an e-mail address nor all of the other three */
    public UserQuery {
        if (email == null && (firstName == null || lastName == null || birthDate == null)) {
            throw new InvalidValueException(
                    "a look-up takes an e-mail address, or first name, last name and birth date");
        }
    }

    /** By e-mail address alone, which has at most one match. */
    public static UserQuery byEmail(String email) {
        return new UserQuery(email, null, null, null);
    }

    /** Without an e-mail address, which may have several matches. */
    public static UserQuery byNameAndBirthDate(String firstName, String lastName, LocalDate birthDate) {
        return new UserQuery(null, firstName, lastName, birthDate);
    }

    /** Nothing of it: it is personal. */
    @Override
    public String toString() {
        return "UserQuery[…]";
    }
}
