package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.catalog.CatalogStore;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.OrganizationCalendar;

/** Wire contract §5: everybody at once. */
class RosterHandlerTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId NEW_ID = new UssfId("2020000004152809");

    private final LocalDate today = LocalDate.now(NEW_YORK);
    private EmbeddedStack stack;
    private FunctionHarness function;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new RosterHandler(stack.environment("RosterFunction")));
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .receive(
                        List.of(new CatalogEntry(
                                new LicenseId("referee_8"), "Referee", "referee", "referee_pathway", 10, false)),
                        Instant.parse("2026-01-01T00:00:00Z"),
                        false);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** Design rules 20 and 22: what the constructor asks for is among what the function may do, and changes nothing. */
    @Test
    void primingChangesNothing() {
        var before = stack.items();

        new RosterHandler(stack.environment("RosterFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void memberIsAnsweredAsTheContractSpellsIt() {
        var answered = Instant.parse("2026-02-02T00:00:00Z");
        var change = change(VIDAR, "referee_8", null);
        licenses.takeOver(
                VIDAR,
                () -> new ShownLicenses(List.of(change), true),
                false,
                new OrganizationCalendar(() -> answered, () -> NEW_YORK));
        profiles.subscribed(VIDAR, Instant.parse("2026-02-01T00:00:00Z"));
        profiles.refereeExperience(VIDAR, 7, Instant.EPOCH);
        put("A1", VIDAR);
        put("B2", null);
        put("C3", NEW_ID);

        var answer = roster("");

        assertEquals(200, answer.status(), answer.body());
        assertEquals(FunctionHarness.json("""
            {"members":[
             {"memberIdentifier":"A1","ussfId":"2020000004136762","enrollment":"pending","active":true,"expiresOn":null,
              "subscribed":true,"asOf":"2026-02-02T00:00:00Z","licenses":[{"licenseId":"referee_8","name":"Referee",
              "discipline":"referee","type":"referee_pathway","rank":10,"issuer":"U.S. Soccer","issueDate":"2026-01-10",
              "expirationDate":null,"status":"active","updatedAt":"2026-01-10T15:04:05Z"}],"refereeExperience":7},
             {"memberIdentifier":"B2","ussfId":null,"enrollment":"pending","active":true,"expiresOn":null,"subscribed":false,
              "asOf":null,"licenses":[]},
             {"memberIdentifier":"C3","ussfId":"2020000004152809","enrollment":"pending","active":true,"expiresOn":null,
              "subscribed":false,"asOf":null,"licenses":[]}]}\
            """), answer.json());
    }

    /** Whatever their enrollment, and every page but the last is full. */
    @Test
    void everybodyIsListedOncePageByPageInTheOrderOfIdentifiers() {
        var expected = new ArrayList<String>();
        for (var number = 0; number < 25; number++) {
            var identifier = String.format(Locale.ROOT, "M-%03d", number);
            put(identifier, null);
            expected.add(identifier);
        }
        members.delete(new MemberIdentifier("M-007"), Owed.NOTHING);
        expected.remove("M-007");

        var listed = new ArrayList<String>();
        var sizes = new ArrayList<Integer>();
        var page = roster("limit=10");
        while (true) {
            var found = page.json().path("members").findValuesAsText("memberIdentifier");
            listed.addAll(found);
            sizes.add(found.size());
            if (!page.json().has("next")) {
                break;
            }
            page = roster("limit=10&after=" + page.json().path("next").asText());
        }

        assertEquals(expected, listed);
        assertEquals(List.of(10, 10, 4), sizes);
        assertFalse(roster("limit=24").json().has("next"));
    }

    @Test
    void cursorGoesWithTheSameOtherParameters() {
        put("A1", null);
        put("B2", null);

        var next = roster("limit=1&highest_only=true").json().path("next").asText();

        assertEquals(200, roster("limit=5&highest_only=true&after=" + next).status());
        assertEquals(400, roster("limit=1&after=" + next).status());
        assertEquals(
                400, roster("limit=1&highest_only=true&type=a&after=" + next).status());
        assertEquals(400, expirations("after=" + next).status());
        assertEquals(400, roster("after=A1").status());
    }

    /** Who is not cleared on match day (docs/calling-the-api.md). */
    @Test
    void licensesAreThoseOfTheDayThatIsAskedFor() {
        put("A1", VIDAR);
        licenses.apply(change(VIDAR, "referee_8", today.plusDays(10)));
        licenses.apply(change(VIDAR, "safety_1", today.minusDays(1)));

        assertEquals("[referee_8]", held(roster("")));
        assertEquals("[referee_8]", held(roster("on=" + today.plusDays(10))));
        assertEquals("[]", held(roster("on=" + today.plusDays(11))));
        assertEquals("[referee_8, safety_1]", held(roster("include_inactive=true&on=" + today.plusDays(11))));
        assertEquals("[]", held(roster("license_id=coach_1")));
    }

    /** A move takes the licenses along first, then the members. */
    @Test
    void memberWhoIsMovingIsShownUnderTheIdThatHasTheLicenses() {
        put("A1", VIDAR);
        licenses.apply(change(VIDAR, "referee_8", null));
        licenses.markAndTakeAlong(VIDAR, NEW_ID);

        var answer = roster("");

        assertEquals(NEW_ID.value(), answer.json().at("/members/0/ussfId").asText());
        assertEquals("[referee_8]", held(answer));
    }

    @Test
    void expirationsAreThoseOfPeopleWhomAMemberHolds() {
        put("A1", VIDAR);
        put("B2", VIDAR);
        put("C3", NEW_ID);
        licenses.apply(change(VIDAR, "referee_8", today.plusDays(60)));
        licenses.apply(change(VIDAR, "safety_1", today.plusDays(61)));
        licenses.apply(change(VIDAR, "coach_1", null));
        licenses.apply(change(NEW_ID, "referee_8", today));
        licenses.apply(change(new UssfId("2020000009999999"), "referee_8", today));

        var answer = expirations("");

        assertEquals(200, answer.status(), answer.body());
        assertEquals(FunctionHarness.json("""
            {"expirations":[
             {"expirationDate":"%s","ussfId":"2020000004152809","memberIdentifiers":["C3"],"licenseId":"referee_8","name":"Referee"},
             {"expirationDate":"%s","ussfId":"2020000004136762","memberIdentifiers":["A1","B2"],"licenseId":"referee_8",
              "name":"Referee"}]}\
            """.formatted(today, today.plusDays(60))), answer.json());
        assertEquals(
                "[safety_1]",
                expirations("license_id=safety_1&from=%s&to=%s".formatted(today.plusDays(1), today.plusDays(366)))
                        .json()
                        .path("expirations")
                        .findValuesAsText("licenseId")
                        .toString());
    }

    @Test
    void expirationsGoOnWherePagesEnd() {
        put("A1", VIDAR);
        for (var day = 1; day <= 5; day++) {
            licenses.apply(change(VIDAR, "referee_" + day, today.plusDays(day)));
        }

        var listed = new ArrayList<String>();
        var page = expirations("limit=2");
        while (true) {
            listed.addAll(page.json().path("expirations").findValuesAsText("licenseId"));
            if (!page.json().has("next")) {
                break;
            }
            page = expirations("limit=2&after=" + page.json().path("next").asText());
            assertEquals(200, page.status());
        }

        assertEquals(List.of("referee_1", "referee_2", "referee_3", "referee_4", "referee_5"), listed);
    }

    @Test
    void daysAreWithinTheirBounds() {
        assertEquals(200, expirations("to=" + today.plusDays(366)).status());
        assertEquals(400, expirations("to=" + today.plusDays(367)).status());
        assertEquals(400, expirations("from=" + today.minusDays(1)).status());
        assertEquals(
                400,
                expirations("from=%s&to=%s".formatted(today.plusDays(2), today.plusDays(1)))
                        .status());
        assertEquals(400, roster("on=" + today.minusDays(1)).status());
        assertEquals(200, roster("on=" + today.plusYears(10)).status());
        assertEquals(400, roster("on=" + today.plusYears(10).plusDays(1)).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=201", "limit=x", "after=", "after=%2F", "after=AAAA", "license_id="})
    void whatCannotBeReadIsRefused(String query) {
        assertEquals(400, roster(query).status());
        assertEquals(400, expirations(query).status());
    }

    @ParameterizedTest
    @CsvSource({
        "GET /roster, dob=1999-01-01, 'dob is unknown; this route knows limit, after, on, highest_only, discipline,"
                + " type, license_id, include_inactive'",
        "GET /expirations, limit=1&limit=2, 'limit may be given once; this route knows from, to, license_id, limit,"
                + " after'"
    })
    void queryParameterThatTheRouteDoesNotKnowIsRefusedAndNamed(String route, String query, String detail) {
        var answer = call(route, query);

        assertEquals(400, answer.status());
        assertEquals(
                "the query parameter " + detail, answer.json().path("detail").asText());
    }

    @Test
    void sampleEventIsAnswered() {
        var answer = function.handle(FunctionHarness.sample("roster", event -> {}));

        assertEquals(200, answer.status());
        assertTrue(answer.json().path("members").isEmpty());
    }

    private LicenseChange change(UssfId ussfId, String licenseId, @Nullable LocalDate expirationDate) {
        return new LicenseChange(
                ussfId,
                new LicenseId(licenseId),
                LicenseState.ACTIVE,
                "U.S. Soccer",
                LocalDate.of(2026, 1, 10),
                expirationDate,
                Instant.parse("2026-01-10T15:04:05Z"));
    }

    private void put(String identifier, @Nullable UssfId ussfId) {
        members.put(
                new Member(
                        new MemberIdentifier(identifier),
                        "Vidar",
                        "Mlakar",
                        "v@test.com",
                        LocalDate.of(1999, 1, 1),
                        ussfId,
                        true,
                        null,
                        Map.of()),
                Owed.NOTHING);
    }

    private static String held(HttpAnswer answer) {
        return answer.json().path("members").findValuesAsText("licenseId").toString();
    }

    private HttpAnswer roster(String query) {
        return call("GET /roster", query);
    }

    private HttpAnswer expirations(String query) {
        return call("GET /expirations", query);
    }

    private HttpAnswer call(String route, String query) {
        return function.handle(FunctionHarness.sample("roster", event -> {
            event.setRouteKey(route);
            event.setRawQueryString(query);
        }));
    }
}
