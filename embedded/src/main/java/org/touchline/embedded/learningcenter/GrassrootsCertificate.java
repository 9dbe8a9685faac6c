package org.touchline.embedded.learningcenter;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a person ever completed the Grassroots Referee e-learning module.
 *
 * @param hasCertificate whether there is a certificate
 * @param issueDate its date; null without one
 */
public record GrassrootsCertificate(
        boolean hasCertificate, @Nullable LocalDate issueDate) {
    /** No certificate. */
    public static final GrassrootsCertificate NONE = new GrassrootsCertificate(false, null);

    /** A certificate of that date. */
    public static GrassrootsCertificate issued(LocalDate issueDate) {
        return new GrassrootsCertificate(true, issueDate);
    }
}
