package org.touchline.learningcenter;

import org.touchline.license.UssfId;

/** Whom the Learning Center finds for a {@link UserQuery} (Connect API, "Users"). */
public sealed interface UserMatch {
    /** Exactly one person. */
    record Match(UssfId ussfId) implements UserMatch {}

    /** More than one: the e-mail address would tell. */
    record MultipleMatches() implements UserMatch {}

    /** Nobody of whom all that was given is true. */
    record NoMatch() implements UserMatch {}
}
