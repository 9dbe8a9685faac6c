package org.touchline.lookup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.touchline.license.Changes.VIDAR;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.CatalogEntry;
import org.touchline.license.Changes;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStatus;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.lookup.LicenseLookup.BirthDateMismatchException;
import org.touchline.lookup.LicenseLookup.FormerUssfIdException;
import org.touchline.lookup.LicenseLookup.UnknownPersonException;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §5, over the real catalog of 82 certifications. */
class LicenseLookupTest {
    /** A minute before midnight of the last day of 2026 in New York. */
    private final MutableClock clock = new MutableClock("2027-01-01T04:59:00Z");

    private TestStack stack;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private LicenseLookup lookup;

    @BeforeEach
    void createStores() throws IOException {
        stack = Backend.EMBEDDED.newStack();
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        var catalog = new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        catalog.receive(realCatalog(), Instant.parse("2026-01-01T00:00:00Z"), false);
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        lookup = new LicenseLookup(
                licenses,
                profiles,
                catalog,
                members,
                new Checkpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock),
                new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York")));
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    @Test
    void licenseShowsWhatTheCatalogSaysOfIt() {
        hold("referee_8");

        var held = lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).licenses().getFirst();

        assertEquals("Referee", held.entry().displayName());
        assertEquals("referee_pathway", held.entry().type());
        assertEquals(10, held.entry().rank());
        assertEquals(LicenseStatus.ACTIVE, held.status());
    }

    @Test
    void licenseThatIsNotInTheCatalogShowsItsIdAsItsName() {
        hold("coach_999");

        var held = lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).licenses().getFirst();

        assertEquals("coach_999", held.entry().displayName());
        assertNull(held.entry().discipline());
        assertNull(held.entry().rank());
    }

    @Test
    void onlyActiveOnesAreListedUnlessInactiveOnesAreWanted() {
        hold("referee_8");
        licenses.apply(change("referee_7").state(LicenseState.REMOVED).change());
        licenses.apply(
                change("referee_5").expirationDate(LocalDate.of(2026, 12, 30)).change());

        assertEquals(List.of("referee_8"), found(LicenseFilter.ACTIVE));
        assertEquals(
                List.of("referee_5", "referee_7", "referee_8"),
                found(new LicenseFilter(false, null, null, null, true)));
    }

    @Test
    void licenseIsGoodThroughItsLastDayInTheOrganizationsTimeZone() {
        licenses.apply(
                change("referee_8").expirationDate(LocalDate.of(2026, 12, 31)).change());

        assertEquals(List.of("referee_8"), found(LicenseFilter.ACTIVE));
        clock.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), found(LicenseFilter.ACTIVE));
    }

    @Test
    void filtersByDisciplineTypeAndLicense() {
        hold("referee_8", "referee_29", "coach_15", "safety_1");

        assertEquals(List.of("referee_29", "referee_8"), found(new LicenseFilter(false, "Referee", null, null, false)));
        assertEquals(List.of("referee_8"), found(new LicenseFilter(false, null, "referee_pathway", null, false)));
        assertEquals(
                List.of("safety_1"), found(new LicenseFilter(false, null, null, new LicenseId("safety_1"), false)));
        assertEquals(List.of(), found(new LicenseFilter(false, "coach", "referee_pathway", null, false)));
    }

    /** National (rank 5) and PRO 2 Referee (rank 5) tie; both stand above Regional (7) and Referee (10). */
    @Test
    void highestOnlyKeepsTheLowestRankOfEachTypeTiesIncludedAndWhatHasNoRank() {
        hold("referee_8", "referee_7", "referee_5", "referee_40", "referee_29", "coach_15", "coach_999");

        assertEquals(
                List.of("coach_15", "referee_29", "referee_40", "referee_5", "coach_999"),
                found(new LicenseFilter(true, null, null, null, false)));
    }

    @Test
    void highestOnlyLooksAtWhatTheOtherFiltersLeave() {
        hold("referee_8", "referee_7");
        licenses.apply(
                change("referee_5").expirationDate(LocalDate.of(2026, 1, 1)).change());

        assertEquals(List.of("referee_7"), found(new LicenseFilter(true, null, null, null, false)));
        assertEquals(
                List.of("referee_8"), found(new LicenseFilter(true, null, null, new LicenseId("referee_8"), false)));
        assertEquals(List.of("referee_5"), found(new LicenseFilter(true, null, null, null, true)));
    }

    @Test
    void personOfWhomNothingIsKnownIsUnknownAndOneWithoutActiveLicensesIsNot() {
        assertThrows(UnknownPersonException.class, () -> found(LicenseFilter.ACTIVE));

        licenses.apply(change("referee_8").state(LicenseState.REMOVED).change());

        assertEquals(List.of(), found(LicenseFilter.ACTIVE));
    }

    @Test
    void formerUssfIdNamesTheOneAtTheEndOfTheChain() {
        licenses.markAndTakeAlong(VIDAR, new UssfId("2020000004149753"));
        licenses.markAndTakeAlong(new UssfId("2020000004149753"), new UssfId("2020000004152809"));

        var moved = assertThrows(FormerUssfIdException.class, () -> found(LicenseFilter.ACTIVE));

        assertEquals(new UssfId("2020000004152809"), moved.newUssfId());
    }

    /** A move takes the licenses along first, then the members. */
    @Test
    void memberWhoHoldsAFormerUssfIdIsLookedUpUnderTheNewOne() {
        hold("referee_8");
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1999-01-01\""));
        licenses.markAndTakeAlong(VIDAR, new UssfId("2020000004152809"));

        var result = lookup.ofMember(MemberIdentifier.parse("A1"), LicenseFilter.ACTIVE, LocalDate.of(1999, 1, 1));

        assertEquals(new UssfId("2020000004152809"), result.person().ussfId());
        assertEquals(1, result.licenses().size());
    }

    @Test
    void memberIsLookedUpByTheUssfIdTheyHold() {
        hold("referee_8");
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + VIDAR + "\""));
        Members.put(members, Members.member("A2", ""));

        assertEquals(
                VIDAR,
                lookup.ofMember(MemberIdentifier.parse("A1"), LicenseFilter.ACTIVE, null)
                        .person()
                        .ussfId());
        var pending = assertThrows(
                UnknownPersonException.class,
                () -> lookup.ofMember(MemberIdentifier.parse("A2"), LicenseFilter.ACTIVE, null));
        assertEquals("no USSF-ID is known to be that member's: enrollment pending", pending.getMessage());
        assertThrows(
                UnknownPersonException.class,
                () -> lookup.ofMember(MemberIdentifier.parse("A3"), LicenseFilter.ACTIVE, null));
    }

    /** A typed id may be somebody else's (design §5): once that is known, their licenses are not shown as the member's. */
    @Test
    void licensesOfAnIdThatProvedToBeSomebodyElsesAreNotShown() {
        hold("referee_8");
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + VIDAR + "\""));
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("MemberDirectoryTable"))
                        .key(Map.of("memberIdentifier", AttributeValue.fromS("A1")))
                        .updateExpression("SET enrollmentStatus = :mismatch")
                        .expressionAttributeValues(Map.of(":mismatch", AttributeValue.fromS("dob_mismatch"))));

        assertThrows(
                UnknownPersonException.class,
                () -> lookup.ofMember(MemberIdentifier.parse("A1"), LicenseFilter.ACTIVE, null));
    }

    @Test
    void completenessIsNeverInTheFuture() {
        Changes.takeOver(licenses, VIDAR, () -> ShownLicenses.NONE, () -> Instant.parse("2027-01-01T05:00:00Z"));

        assertEquals(
                Instant.parse("2027-01-01T04:59:00Z"),
                lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).asOf());
    }

    @Test
    void birthDateIsComparedWithTheMembersWhoHoldTheId() {
        hold("referee_8");
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1999-01-01\""));
        Members.put(members, Members.member("A2", "\"ussfId\":\"" + VIDAR + "\",\"dateOfBirth\":\"1973-11-05\""));

        lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, LocalDate.of(1999, 1, 1));
        lookup.ofMember(MemberIdentifier.parse("A1"), LicenseFilter.ACTIVE, LocalDate.of(1973, 11, 5));
        var mismatch = assertThrows(
                BirthDateMismatchException.class,
                () -> lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, LocalDate.of(1999, 1, 2)));
        assertEquals("dob does not match ussf_id", mismatch.getMessage());
    }

    @Test
    void birthDateOfAPersonWhoIsNoMembersFitsNobody() {
        hold("referee_8");

        assertThrows(
                BirthDateMismatchException.class,
                () -> lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, LocalDate.of(1999, 1, 1)));
    }

    @Test
    void completenessOfASubscribedPersonReachesToTheLastCompleteReconciliation() {
        hold("referee_8");
        assertNull(lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).asOf());

        profiles.subscribed(VIDAR, Instant.parse("2026-01-01T00:00:00Z"));
        put("reconciliation", "checkpoint", "completeUntil", "2026-12-30T04:00:00Z");
        assertNull(lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).asOf());
        Changes.takeOver(licenses, VIDAR, () -> ShownLicenses.NONE, () -> Instant.parse("2026-01-01T00:00:00Z"));

        assertEquals(
                Instant.parse("2026-12-30T04:00:00Z"),
                lookup.ofPerson(VIDAR, LicenseFilter.ACTIVE, null).asOf());
    }

    private void hold(String... licenseIds) {
        for (var licenseId : licenseIds) {
            licenses.apply(change(licenseId).change());
        }
    }

    private static Changes change(String licenseId) {
        return Changes.active("2026-03-01T12:00:00Z").license(licenseId).expirationDate(null);
    }

    private List<String> found(LicenseFilter filter) {
        return lookup.ofPerson(VIDAR, filter, null).licenses().stream()
                .map(held -> held.license().licenseId().value())
                .toList();
    }

    private void put(String pk, String sk, String name, String value) {
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .item(Map.of(
                                "pk",
                                AttributeValue.fromS(pk),
                                "sk",
                                AttributeValue.fromS(sk),
                                name,
                                AttributeValue.fromS(value))));
    }

    private static List<CatalogEntry> realCatalog() throws IOException {
        try (var csv =
                CatalogEntry.class.getResourceAsStream("/org/touchline/embedded/learningcenter/license-catalog.csv")) {
            var entries = new ArrayList<CatalogEntry>();
            for (var line : new String(csv.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList()) {
                var cells = line.split(",");
                entries.add(new CatalogEntry(
                        new LicenseId(cells[0]), cells[1], cells[2], cells[3], Integer.valueOf(cells[4]), false));
            }
            assertEquals(82, entries.size());
            return entries;
        }
    }
}
