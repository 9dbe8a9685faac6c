package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.ProfileStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.time.OrganizationCalendar;

/** Wire contract §5: the JSON of the answers; which licenses are found is tested in {@code shared}. */
class LicenseLookupHandlerTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    private EmbeddedStack stack;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new LicenseLookupHandler(stack.environment("LicenseLookupFunction")));
        new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .receive(
                        List.of(
                                new CatalogEntry(
                                        new LicenseId("referee_8"), "Referee", "referee", "referee_pathway", 10, false),
                                new CatalogEntry(
                                        new LicenseId("referee_7"),
                                        "Regional Referee",
                                        "referee",
                                        "referee_pathway",
                                        7,
                                        false)),
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

        new LicenseLookupHandler(stack.environment("LicenseLookupFunction")).prime();

        assertEquals(before, stack.items());
    }

    @Test
    void personsLicensesAreAnsweredAsTheContractSpellsThem() {
        hold("referee_8", LicenseState.ACTIVE);

        var answer = ofPerson(VIDAR.value(), "");

        assertEquals(200, answer.status());
        assertEquals(FunctionHarness.json("""
            {"ussfId":"2020000004136762","subscribed":false,"licenses":[{"licenseId":"referee_8","name":"Referee",
             "discipline":"referee","type":"referee_pathway","rank":10,"issuer":"U.S. Soccer","issueDate":"2026-01-10",
             "expirationDate":null,"status":"active","updatedAt":"2026-01-10T15:04:05.250Z"}],"asOf":null}\
            """), answer.json());
    }

    /** As with a secret (design rule 20). */
    @Test
    void timeZoneThatDoesNotExistFailsClosedAndNamesItsParameter() {
        hold("referee_8", LicenseState.ACTIVE);
        var environment = new HashMap<>(stack.environment("LicenseLookupFunction"));
        environment.put("TIME_ZONE", "America/Newyork");
        function = new FunctionHarness(new LicenseLookupHandler(environment));

        assertEquals(503, ofPerson(VIDAR.value(), "").status());
        assertTrue(function.logged().contains("TimeZone"), function.logged());
    }

    @Test
    void profileIsAnsweredWhereItIsKnown() {
        var licenses = licenses();
        licenses.takeOver(
                VIDAR,
                () -> ShownLicenses.NONE,
                false,
                new OrganizationCalendar(() -> Instant.parse("2026-02-02T00:00:00Z"), () -> ZoneOffset.UTC));
        var profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles.subscribed(VIDAR, Instant.parse("2026-02-01T00:00:00Z"));
        profiles.refereeExperience(VIDAR, 7, Instant.EPOCH);
        profiles.grassrootsCertificate(VIDAR, new GrassrootsCertificate(true, LocalDate.of(2020, 5, 5)), Instant.EPOCH);

        assertEquals(FunctionHarness.json("""
            {"ussfId":"2020000004136762","subscribed":true,"licenses":[],"refereeExperience":7,
             "grassrootsCertificate":{"hasCertificate":true,"issueDate":"2020-05-05"},"asOf":"2026-02-02T00:00:00Z"}\
            """), ofPerson(VIDAR.value(), "").json());
    }

    @Test
    void filtersAreReadFromTheQuery() {
        hold("referee_8", LicenseState.ACTIVE);
        hold("referee_7", LicenseState.ACTIVE);
        hold("coach_999", LicenseState.REMOVED);

        assertEquals("[referee_7, referee_8]", found(""));
        assertEquals("[referee_7]", found("highest_only=TRUE"));
        assertEquals("[referee_7, referee_8]", found("highest_only=false"));
        assertEquals("[referee_8]", found("license_id=Referee_8"));
        assertEquals("[referee_8]", found("license_id=8&discipline=referee"));
        assertEquals("[]", found("discipline=coach"));
        assertEquals("[referee_7, referee_8, coach_999]", found("include_inactive=true"));
    }

    /** Wire contract §5: on both routes, by the dates that are known now. */
    @Test
    void statusIsWhatItWillBeOnADay() {
        var today = LocalDate.now(ZoneId.of("America/New_York"));
        licenses()
                .apply(new LicenseChange(
                        VIDAR,
                        new LicenseId("referee_8"),
                        LicenseState.ACTIVE,
                        null,
                        null,
                        today.plusDays(30),
                        Instant.parse("2026-01-10T15:04:05Z")));

        assertEquals("[referee_8]", found("on=" + today.plusDays(30)));
        assertEquals("[]", found("on=" + today.plusDays(31)));
        assertEquals(
                "expired",
                ofPerson(VIDAR.value(), "include_inactive=true&on=" + today.plusDays(31))
                        .json()
                        .at("/licenses/0/status")
                        .asText());
        assertEquals("[]", found("on=" + today.plusYears(10)));
        assertEquals(
                400,
                ofPerson(VIDAR.value(), "on=" + today.plusYears(10).plusDays(1)).status());
        assertEquals(400, ofPerson(VIDAR.value(), "on=" + today.minusDays(1)).status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "highest_only=yes",
                "highest_only",
                "include_inactive=",
                "dob=",
                "include_inactive=1",
                "dob=01/31/1999",
                "dob=1999-02-30",
                "discipline=a&discipline=b",
                "on=2026-01-09",
                "on=tomorrow",
                "on=2126-01-01"
            })
    void unreadableFiltersAreRefused(String query) {
        hold("referee_8", LicenseState.ACTIVE);

        assertEquals(400, ofPerson(VIDAR.value(), query).status());
    }

    /** Wire contract §5: on every route, even for somebody of whom nothing is known. */
    @ParameterizedTest
    @CsvSource({
        "GET /licenses, status=active, status is unknown; this route knows none",
        "GET /users/{ussfId}/licenses, hghest_only=true, 'hghest_only is unknown; this route knows highest_only,"
                + " discipline, type, license_id, dob, include_inactive, on'",
        "GET /users/{ussfId}/licenses, dob=1999-01-01&dob=1999-01-02, 'dob may be given once; this route knows"
                + " highest_only, discipline, type, license_id, dob, include_inactive, on'",
        "GET /members/{memberIdentifier}/licenses, limit=1, 'limit is unknown; this route knows highest_only,"
                + " discipline, type, license_id, dob, include_inactive, on'"
    })
    void queryParameterThatTheRouteDoesNotKnowIsRefusedAndNamed(String route, String query, String detail) {
        var answer = function.handle(FunctionHarness.sample("license-lookup", event -> {
            event.setRouteKey(route);
            event.setPathParameters(Map.of("ussfId", "2020000004136762", "memberIdentifier", "A1"));
            event.setRawQueryString(query);
        }));

        assertEquals(400, answer.status());
        assertEquals(
                "the query parameter " + detail, answer.json().path("detail").asText());
    }

    @Test
    void birthDateThatNoMemberHasIsRefusedWithTheUpstreamsMessage() {
        hold("referee_8", LicenseState.ACTIVE);

        var answer = ofPerson(VIDAR.value(), "dob=1999-01-01");

        assertEquals(400, answer.status());
        assertEquals("dob does not match ussf_id", answer.json().path("detail").asText());
    }

    @Test
    void formerUssfIdIsGoneAndNamesTheNewOne() {
        licenses().markAndTakeAlong(VIDAR, new UssfId("2020000004152809"));

        var answer = ofPerson(VIDAR.value(), "");

        assertEquals(410, answer.status());
        assertEquals("2020000004152809", answer.json().path("ussfId").asText());
    }

    @ParameterizedTest
    @CsvSource({"2020000004136762, 404", "20200000041367, 400", "2020-0000-0413-6762, 404"})
    void personWhoIsUnknownIsNotFoundAndWhatIsNoUssfIdIsRefused(String ussfId, int status) {
        assertEquals(status, ofPerson(ussfId, "").status());
    }

    @Test
    void memberWhoIsUnknownIsNotFoundAndWhatIsNoIdentifierIsRefused() {
        assertEquals(404, ofMember("A1").status());
        assertEquals(400, ofMember("a%b").status());
    }

    @Test
    void catalogIsAnsweredByRank() {
        var answer = function.handle(FunctionHarness.sample("license-lookup", event -> {
            event.setRouteKey("GET /licenses");
            event.setRawQueryString("");
        }));

        assertEquals(FunctionHarness.json("""
            {"licenses":[{"licenseId":"referee_7","name":"Regional Referee","discipline":"referee","type":"referee_pathway",
             "rank":7,"status":"active"},{"licenseId":"referee_8","name":"Referee","discipline":"referee",
             "type":"referee_pathway","rank":10,"status":"active"}]}\
            """), answer.json());
    }

    private void hold(String licenseId, LicenseState state) {
        licenses()
                .apply(new LicenseChange(
                        VIDAR,
                        new LicenseId(licenseId),
                        state,
                        "U.S. Soccer",
                        LocalDate.of(2026, 1, 10),
                        null,
                        Instant.parse("2026-01-10T15:04:05.25Z")));
    }

    private LicenseStore licenses() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private String found(String query) {
        return ofPerson(VIDAR.value(), query)
                .json()
                .path("licenses")
                .findValuesAsText("licenseId")
                .toString();
    }

    private HttpAnswer ofPerson(String ussfId, String query) {
        return function.handle(FunctionHarness.sample("license-lookup", event -> {
            event.setPathParameters(Map.of("ussfId", ussfId));
            event.setRawQueryString(query);
        }));
    }

    private HttpAnswer ofMember(String identifier) {
        return function.handle(FunctionHarness.sample("license-lookup", event -> {
            event.setRouteKey("GET /members/{memberIdentifier}/licenses");
            event.setPathParameters(Map.of("memberIdentifier", identifier));
            event.setRawQueryString("");
        }));
    }
}
