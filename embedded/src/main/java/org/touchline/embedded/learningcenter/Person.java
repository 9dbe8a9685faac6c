package org.touchline.embedded.learningcenter;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * A user record of the Learning Center.
 *
 * @param ussfId 16 digits
 * @param firstName matched exactly by {@code GET /users}
 * @param lastName matched exactly
 * @param email matched exactly; no two people share one
 * @param dob date of birth
 * @param refereeExperience whole years as a referee
 * @param grassrootsRefereeCertificate the certificate, or that there is none
 */
public record Person(
        String ussfId,
        String firstName,
        String lastName,
        String email,
        LocalDate dob,
        int refereeExperience,
        GrassrootsCertificate grassrootsRefereeCertificate) {

    /** @throws IllegalArgumentException if the id is not 16 digits or the experience is negative */
    public Person {
        requireNonNull(ussfId, "ussf_id is missing");
        requireNonNull(firstName, "first_name is missing");
        requireNonNull(lastName, "last_name is missing");
        requireNonNull(email, "email is missing");
        requireNonNull(dob, "dob is missing");
        requireNonNull(grassrootsRefereeCertificate, "grassroots_referee_certificate is missing");
        if (!ussfId.matches("\\d{16}")) {
            throw new IllegalArgumentException("ussf_id is not 16 digits");
        }
        if (refereeExperience < 0) {
            throw new IllegalArgumentException("referee_experience is negative");
        }
    }

    /** A person who never was a referee. */
    public Person(String ussfId, String firstName, String lastName, String email, LocalDate dob) {
        this(ussfId, firstName, lastName, email, dob, 0, GrassrootsCertificate.NONE);
    }

    /** The same person under another id. */
    public Person withUssfId(String ussfId) {
        return new Person(ussfId, firstName, lastName, email, dob, refereeExperience, grassrootsRefereeCertificate);
    }

    /** The same person with that many years as a referee. */
    public Person withRefereeExperience(int years) {
        return new Person(ussfId, firstName, lastName, email, dob, years, grassrootsRefereeCertificate);
    }

    /** The same person with that certificate. */
    public Person withGrassrootsRefereeCertificate(GrassrootsCertificate certificate) {
        return new Person(ussfId, firstName, lastName, email, dob, refereeExperience, certificate);
    }
}
