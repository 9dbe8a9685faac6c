package org.touchline.embedded.learningcenter;

import java.time.LocalDate;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The seven people whom U.S. Soccer's document gives for testing, with licenses that are ours: it gives none.
 * {@link LearningCenterSimulator} lists them.
 *
 * <p>Licenses were issued, and changed last, in the year before the start; what expires, expires at the end of the year
 * after it. So they are older than any first reconciliation, and still good.
 */
final class TestUsers {
    private final int year;

    private TestUsers(int year) {
        this.year = year;
    }

    /** All of them, as they are in {@code year}. */
    static List<UserRecord> in(int year) {
        return new TestUsers(year).all();
    }

    private List<UserRecord> all() {
        return List.of(
                user(
                        person("2020000004136762", "Vidar", "Mlakar", "1999-01-01", 6, "2017-03-04"),
                        expiring("referee_8", "U.S. Soccer", "01-12", "16:20:05"),
                        expiring("referee_29", "U.S. Soccer", "02-03", "09:00:00.250"),
                        expiring("safety_1", "SafeSport", "01-10", "22:41:17")),
                user(
                        person("2020000004152809", "Tim", "Smith", "1973-11-05", 0, null),
                        lasting("coach_5", "U.S. Soccer", "06-30", "12:00:00"),
                        lasting("coach_4", "U.S. Soccer", "03-15", "12:00:00.000417"),
                        lasting("coach_3", "Illinois Youth Soccer", "01-20", "12:00:00"),
                        expiring("safety_1", "SafeSport", "01-05", "08:15:30.5"),
                        expiring("safety_2", "U.S. Soccer", "01-06", "08:15:30")),
                user(
                        person("2020000004149753", "Len", "Nussenbaum", "2000-01-01", 7, null),
                        expiring("referee_7", "U.S. Soccer", "05-18", "19:30:00"),
                        expiring("referee_8", "Ohio Referee Committee", "01-02", "19:30:00"),
                        expiring("safety_1", "SafeSport", "01-02", "19:45:12.125")),
                user(
                        person("2020000004149609", "Georgiy", "Mikaelsson", "1995-01-01", 0, null),
                        lasting("coach_22", "Cal North", "04-09", "17:05:00"),
                        lasting("coach_23", "Cal North", "09-21", "17:05:00"),
                        lasting("coach_42", "U.S. Soccer", "10-04", "17:05:00.75")),
                user(
                        person("2020000004149517", "Janek", "Harlan", "1988-01-01", 14, "2009-08-22"),
                        expiring("referee_5", "U.S. Soccer", "01-15", "10:00:00"),
                        expiring("referee_13", "U.S. Soccer", "07-11", "10:00:00"),
                        expiring("referee_14", "U.S. Soccer", "11-02", "10:00:00"),
                        expiring("referee_43", "U.S. Soccer", "11-08", "10:00:00.001"),
                        expiring("safety_2", "U.S. Soccer", "01-11", "10:00:00")),
                user(
                        person("2020000004136629", "Ovidius", "Howell", "2000-01-01", 0, "2021-05-30"),
                        lasting("safety_3", "U.S. Soccer", "05-30", "14:28:59.999")),
                user(
                        person("2019000004136364", "Daniel", "Oliynyk", "2002-02-02", 3, null),
                        expiring("referee_8", "U.S. Soccer", "01-25", "11:11:11"),
                        expiring("safety_1", "SafeSport", "01-24", "11:11:11")));
    }

    private static Person person(
            String ussfId,
            String firstName,
            String lastName,
            String dob,
            int experience,
            @Nullable String certificateIssued) {
        var certificate = certificateIssued == null
                ? GrassrootsCertificate.NONE
                : GrassrootsCertificate.issued(LocalDate.parse(certificateIssued));
        return new Person(
                ussfId, firstName, lastName, ussfId + "@test.com", LocalDate.parse(dob), experience, certificate);
    }

    private static UserRecord user(Person person, UserLicense... licenses) {
        return new UserRecord(
                person,
                Stream.of(licenses).map(license -> license.of(person.ussfId())).toList());
    }

    private UserLicense expiring(String licenseId, String issuer, String issued, String changedAt) {
        return license(licenseId, issuer, issued, changedAt, LocalDate.of(year + 1, 12, 31));
    }

    private UserLicense lasting(String licenseId, String issuer, String issued, String changedAt) {
        return license(licenseId, issuer, issued, changedAt, null);
    }

    private UserLicense license(
            String licenseId, String issuer, String issued, String changedAt, @Nullable LocalDate expires) {
        var date = MonthDay.parse("--" + issued).atYear(year - 1);
        var updatedAt = date.atTime(LocalTime.parse(changedAt)).toInstant(ZoneOffset.UTC);
        return new UserLicense("", LicenseAction.ADDED, licenseId, issuer, date, expires, updatedAt);
    }
}
