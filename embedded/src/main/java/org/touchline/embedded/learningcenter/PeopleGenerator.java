package org.touchline.embedded.learningcenter;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes people up, the same ones in the same order each time: ids from 2021000004000001, e-mails under example.org,
 * none to four licenses that changed in the last 30 days. Guarded by whoever holds it.
 */
final class PeopleGenerator {
    private static final long SEED = 20_260_101;
    private static final long FIRST_USSF_ID = 2_021_000_004_000_001L;
    private static final Duration LATELY = Duration.ofDays(30);
    private static final List<String> FIRST_NAMES =
            names("Ada Ben Carla Diego Elena Farid Grace Hugo Ines Jamal Kai Léa"
                    + " Mateo Nina Omar Priya Quinn Rosa Sam Tuấn Uma Victor Wendy Zoë");
    private static final List<String> LAST_NAMES =
            names("Adams Baker Castillo Dubois Eriksen Fischer García Hughes Ito Johnson Kim Lopez-Vega Müller Nguyen"
                    + " O'Brien Patel Quist Rossi Silva Thompson Ueda Vargas Walker Young");
    private static final List<String> ISSUERS =
            List.of("U.S. Soccer", "Cal North", "Illinois Youth Soccer", "North Texas Soccer");

    private final Random random = new Random(SEED);
    private final List<License> catalog;
    private long made;

    /** @param catalog what the people's licenses are chosen from */
    PeopleGenerator(List<License> catalog) {
        this.catalog = catalog;
    }

    /** The next person, as they are at {@code now}. */
    UserRecord next(Instant now) {
        var ussfId = Long.toString(FIRST_USSF_ID + made++);
        var licenses = Stream.generate(this::anyLicense)
                .distinct()
                .limit(random.nextInt(5))
                .map(license -> held(ussfId, license, now))
                .toList();
        boolean referee = licenses.stream().anyMatch(held -> held.licenseId().startsWith("referee_"));
        return new UserRecord(person(ussfId, referee), licenses);
    }

    /** How many there have been. */
    long made() {
        return made;
    }

    private Person person(String ussfId, boolean referee) {
        var firstName = any(FIRST_NAMES);
        var lastName = any(LAST_NAMES);
        // The number keeps it unique.
        var email = (firstName + "." + lastName).replaceAll("[^A-Za-z.]", "").toLowerCase(Locale.ROOT) + "." + made
                + "@example.org";
        var dob = LocalDate.of(1960, 1, 1).plusDays(random.nextInt(365 * 48));
        return new Person(
                ussfId, firstName, lastName, email, dob, referee ? random.nextInt(20) : 0, certificate(referee));
    }

    private GrassrootsCertificate certificate(boolean referee) {
        return referee && random.nextBoolean()
                ? GrassrootsCertificate.issued(LocalDate.of(2019, 1, 1).plusDays(random.nextInt(5 * 365)))
                : GrassrootsCertificate.NONE;
    }

    private UserLicense held(String ussfId, License license, Instant now) {
        var updatedAt = now.minusMillis(random.nextLong(LATELY.toMillis())).truncatedTo(MILLIS);
        var issued = LocalDate.ofInstant(updatedAt, ZoneOffset.UTC);
        var expires = license.discipline().equals("coach") ? null : LocalDate.of(issued.getYear() + 1, 12, 31);
        return new UserLicense(
                ussfId, LicenseAction.ADDED, license.licenseId(), any(ISSUERS), issued, expires, updatedAt);
    }

    private License anyLicense() {
        return any(catalog);
    }

    private <T> T any(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }

    private static List<String> names(String spaced) {
        return List.of(spaced.split(" "));
    }
}
