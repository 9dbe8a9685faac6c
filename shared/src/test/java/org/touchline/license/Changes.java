package org.touchline.license;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.time.OrganizationCalendar;

/** Changes for tests: of one referee license of the source document's first test user, unless said otherwise. */
public record Changes(
        UssfId ussfId,
        LicenseId licenseId,
        LicenseState state,
        @Nullable String issuer,
        @Nullable LocalDate issueDate,
        @Nullable LocalDate expirationDate,
        Instant updatedAt) {
    public static final UssfId VIDAR = new UssfId("2020000004136762");
    public static final LicenseId REFEREE = new LicenseId("referee_8");

    public static Changes active(String updatedAt) {
        return new Changes(
                VIDAR,
                REFEREE,
                LicenseState.ACTIVE,
                "U.S. Soccer",
                LocalDate.of(2026, 1, 10),
                LocalDate.of(2026, 12, 31),
                Instant.parse(updatedAt));
    }

    public static Changes removed(String updatedAt) {
        return active(updatedAt).state(LicenseState.REMOVED);
    }

    public Changes of(UssfId other) {
        return new Changes(other, licenseId, state, issuer, issueDate, expirationDate, updatedAt);
    }

    public Changes license(String other) {
        return new Changes(ussfId, new LicenseId(other), state, issuer, issueDate, expirationDate, updatedAt);
    }

    public Changes state(LicenseState other) {
        return new Changes(ussfId, licenseId, other, issuer, issueDate, expirationDate, updatedAt);
    }

    public Changes issuer(@Nullable String other) {
        return new Changes(ussfId, licenseId, state, other, issueDate, expirationDate, updatedAt);
    }

    public Changes issueDate(@Nullable LocalDate other) {
        return new Changes(ussfId, licenseId, state, issuer, other, expirationDate, updatedAt);
    }

    public Changes expirationDate(@Nullable LocalDate other) {
        return new Changes(ussfId, licenseId, state, issuer, issueDate, other, updatedAt);
    }

    public Changes at(String other) {
        return new Changes(ussfId, licenseId, state, issuer, issueDate, expirationDate, Instant.parse(other));
    }

    public LicenseChange change() {
        return new LicenseChange(ussfId, licenseId, state, issuer, issueDate, expirationDate, updatedAt);
    }

    /** Applies many changes, and tells which were written. */
    public static List<LicenseChange> applyAll(LicenseStore store, Collection<LicenseChange> changes) {
        var written = new ArrayList<LicenseChange>();
        store.applyAll(changes, (_, _) -> false, (change, _) -> written.add(change));
        return written;
    }

    /** Takes a full answer over that is believed, whatever it takes away; days are those of UTC. */
    public static TakenOver takeOver(
            LicenseStore store, UssfId person, Supplier<ShownLicenses> ask, InstantSource clock) {
        return store.takeOver(person, ask, true, new OrganizationCalendar(clock, () -> ZoneOffset.UTC));
    }

    /** The licenses that a person holds, as the store has them. */
    public static Set<LicenseId> held(LicenseStore store, UssfId person) {
        return store.person(person).stream()
                .flatMap(known -> known.licenses().stream())
                .filter(license -> !license.removed())
                .map(License::licenseId)
                .collect(Collectors.toSet());
    }
}
