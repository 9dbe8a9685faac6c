package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.touchline.license.Person.Profile;

class PersonTest {
    private static final Instant CHANGED = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant REFRESHED = Instant.parse("2026-02-01T12:00:00Z");
    private static final Instant RECONCILED = Instant.parse("2026-03-02T04:00:00Z");

    /** Wire contract §5: until a full answer has been stored, nothing is known to be complete. */
    @Test
    void completenessBeginsWithAFullAnswer() {
        assertEquals(Optional.empty(), person(null, null).asOf(RECONCILED));
        assertEquals(Optional.empty(), person(REFRESHED, null).asOf(RECONCILED));
        assertEquals(Optional.of(REFRESHED), person(null, REFRESHED).asOf(RECONCILED));
    }

    @Test
    void reconciliationExtendsItWhereTheAnswerIsNotOlderThanTheSubscription() {
        assertEquals(Optional.of(RECONCILED), person(REFRESHED, REFRESHED).asOf(RECONCILED));
        assertEquals(
                Optional.of(RECONCILED),
                person(REFRESHED.minusSeconds(1), REFRESHED).asOf(RECONCILED));
        assertEquals(
                Optional.of(REFRESHED),
                person(REFRESHED.plusNanos(1), REFRESHED).asOf(RECONCILED));
        assertEquals(
                Optional.of(RECONCILED.plusSeconds(9)),
                person(REFRESHED, RECONCILED.plusSeconds(9)).asOf(RECONCILED));
    }

    /** Another may have been lost. */
    @Test
    void singleChangeExtendsNothing() {
        assertEquals(Optional.of(REFRESHED), person(REFRESHED, REFRESHED).asOf(null));
    }

    @Test
    void licenseIsGoodThroughItsExpirationDate() {
        var license = license(LocalDate.of(2026, 12, 31), false);

        assertEquals(LicenseStatus.ACTIVE, license.statusOn(LocalDate.of(2026, 12, 31)));
        assertEquals(LicenseStatus.EXPIRED, license.statusOn(LocalDate.of(2027, 1, 1)));
        assertEquals(LicenseStatus.ACTIVE, license(null, false).statusOn(LocalDate.MAX));
        assertEquals(
                LicenseStatus.REMOVED, license(LocalDate.of(2026, 12, 31), true).statusOn(LocalDate.of(2027, 1, 1)));
    }

    private static Person person(Instant subscribedSince, Instant refreshedAt) {
        return new Person(
                Changes.VIDAR,
                List.of(license(null, false)),
                new Profile(null, subscribedSince, refreshedAt, null, null));
    }

    private static License license(LocalDate expirationDate, boolean removed) {
        var revision = Changes.active(CHANGED.toString()).change().revision();
        return new License(Changes.REFEREE, removed, null, null, expirationDate, revision, null);
    }
}
