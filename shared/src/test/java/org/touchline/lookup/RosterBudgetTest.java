package org.touchline.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.VIDAR;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.Changes;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberDirectory;
import org.touchline.member.Members;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.time.OrganizationCalendar;

/** Design §6: a call makes at most 12 requests of DynamoDB; for the roster and expirations one more for each person looked at. */
@Tag("long")
class RosterBudgetTest {
    private static final int MOST = 12;
    private static final int PEOPLE = 200;

    private final Calls calls = new Calls();
    private TestStack stack;
    private MemberDirectory members;
    private Roster roster;
    private Expirations expirations;

    @BeforeEach
    void fillStores() {
        stack = Backend.EMBEDDED.newStack();
        var dynamoDb = calls.listening(stack.dynamoDb());
        var clock = new MutableClock("2026-06-01T12:00:00Z");
        var licenses = new LicenseStore(dynamoDb, stack.table("LicenseStoreTable"));
        var profiles = new ProfileStore(dynamoDb, stack.table("LicenseStoreTable"));
        var catalog = new CatalogStore(dynamoDb, stack.table("LicenseStoreTable"));
        members = new MemberDirectory(dynamoDb, stack.table("MemberDirectoryTable"));
        var checkpoint = new Checkpoint(dynamoDb, stack.table("LicenseStoreTable"), clock);
        var calendar = new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York"));
        roster = new Roster(
                members,
                licenses,
                profiles,
                new LicenseLookup(licenses, profiles, catalog, members, checkpoint, calendar));
        expirations = new Expirations(licenses, catalog, members);
        for (var number = 0; number <= PEOPLE; number++) {
            var ussfId = new UssfId(String.format(Locale.ROOT, "2020000004%06d", number));
            Members.put(members, Members.member("M-" + ussfId, "\"ussfId\":\"" + ussfId + "\""));
            licenses.apply(Changes.active("2026-03-01T12:00:00Z").of(ussfId).change());
            profiles.subscribed(ussfId, Instant.parse("2026-02-01T00:00:00Z"));
        }
        profiles.subscribed(VIDAR, Instant.parse("2026-02-01T00:00:00Z"));
        calls.drain();
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    @Test
    void pageOfMembersAllOrOfAStatus() {
        assertEquals(PEOPLE, members.everybody(PEOPLE, null).members().size());
        var ofAll = calls.drain();
        assertEquals(
                PEOPLE,
                members.withEnrollment(Status.PENDING, PEOPLE, null).members().size());
        var ofAStatus = calls.drain();

        assertTrue(ofAll.size() <= MOST, ofAll::toString);
        assertTrue(ofAStatus.size() <= MOST, ofAStatus::toString);
    }

    @Test
    void pageOfTheRoster() {
        assertEquals(
                PEOPLE,
                roster.page(LicenseFilter.ACTIVE, null, PEOPLE, null).rows().size());

        var made = calls.drain();
        assertTrue(made.size() <= MOST + PEOPLE, made::toString);
    }

    @Test
    void pageOfExpirationsOverTwoYears() {
        var from = LocalDate.of(2026, 6, 1);
        assertEquals(
                PEOPLE,
                expirations
                        .page(from, from.plusDays(366), null, PEOPLE, null)
                        .rows()
                        .size());

        var made = calls.drain();
        assertTrue(made.size() <= MOST + PEOPLE, made::toString);
    }
}
