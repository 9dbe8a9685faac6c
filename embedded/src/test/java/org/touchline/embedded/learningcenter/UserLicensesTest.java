package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import java.time.LocalDate;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The catalog, and {@code GET /users/{ussf_id}/user-licenses} with its filters (wire contract §2). */
class UserLicensesTest {
    private static final String VIDAR = "2020000004136762";
    private static final String TIM = "2020000004152809";
    private static final String JANEK = "2020000004149517";

    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @Test
    void theCatalogIsThePublishedOneOf82() {
        var catalog = client.get("/licenses").json();

        assertEquals(82, catalog.size());
        var expected = json("""
                {"license_id":"coach_41","name":"Coach Educator Pro","discipline":"coach",\
                "type":"coach_coach_instructor","rank":1}""");
        assertEquals(expected, catalog.get(0));
        assertEquals(
                82, catalog.findValuesAsText("license_id").stream().distinct().count());
    }

    @Test
    void activeLicensesAreListedWithAllTheirFieldsAndNoAction() {
        var licenses = client.get("/users/" + VIDAR + "/user-licenses").json();

        var expected = json("""
                [{"ussf_id":"2020000004136762","license_id":"referee_29","issuer":"U.S. Soccer",
                  "issue_date":"2025-02-03","expiration_date":"2027-12-31",
                  "updated_at":"2025-02-03T09:00:00.250Z"},
                 {"ussf_id":"2020000004136762","license_id":"referee_8","issuer":"U.S. Soccer",
                  "issue_date":"2025-01-12","expiration_date":"2027-12-31",
                  "updated_at":"2025-01-12T16:20:05Z"},
                 {"ussf_id":"2020000004136762","license_id":"safety_1","issuer":"SafeSport",
                  "issue_date":"2025-01-10","expiration_date":"2027-12-31",
                  "updated_at":"2025-01-10T22:41:17Z"}]""");
        assertEquals(expected, licenses);
    }

    @Test
    void aLicenseThatDoesNotExpireHasANullDate() {
        var coach = client.get("/users/" + TIM + "/user-licenses", Map.of("license_id", "coach_5"))
                .json()
                .get(0);

        assertTrue(coach.get("expiration_date").isNull());
    }

    @Test
    void removedLicensesAreNotListedAndComeBackWhenAddedAgain() {
        simulator.change().removeLicense(VIDAR, "referee_8");
        assertEquals(List.of("referee_29", "safety_1"), ids(VIDAR, Map.of()));

        simulator.change().license(VIDAR, "referee_8");
        assertEquals(List.of("referee_29", "referee_8", "safety_1"), ids(VIDAR, Map.of()));
    }

    @Test
    void somebodyWithoutLicensesHasAnEmptyList() {
        simulator.addPerson(
                new Person("2021000000000001", "Nora", "New", "nora@test.com", LocalDate.parse("2001-02-03")));

        assertEquals(List.of(), ids("2021000000000001", Map.of()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "discipline=coach                                 | coach_3 coach_4 coach_5",
                "discipline=safety                                | safety_1 safety_2",
                "discipline=referee                               | ''",
                "type=coach_pathway&license_id=coach_4            | coach_4",
                "type=safety_compliance                           | safety_1 safety_2",
                "license_id=safety_2                              | safety_2",
                "license_id=safety_2&discipline=coach             | ''",
                "highest_only=false                               | coach_3 coach_4 coach_5 safety_1 safety_2",
                "highest_only=true                                | coach_5 safety_1 safety_2",
                "highest_only=TRUE&discipline=coach               | coach_5",
                "highest_only=true&license_id=coach_3             | coach_3",
            })
    void filtersNarrowTheListAndTheHighestAreAmongWhatIsLeft(String query, String expected) {
        var reply = client.get("/users/" + TIM + "/user-licenses?" + query);

        assertEquals(expected, String.join(" ", new TreeSet<>(reply.json().findValuesAsText("license_id"))));
    }

    @Test
    void highestKeepsTiesOfEachTypeAndWhatTheCatalogDoesNotRank() {
        simulator.changeSilently().license(JANEK, "referee_900");

        // referee_13 and referee_14 share rank 2 of their type, referee_43 is below them.
        assertEquals(
                List.of("referee_13", "referee_14", "referee_5", "referee_900", "safety_2"),
                ids(JANEK, Map.of("highest_only", "true")));
    }

    @Test
    void highestOnlyIsTrueOrFalse() {
        assertEquals(
                400,
                client.get("/users/" + TIM + "/user-licenses?highest_only=yes").status());
    }

    @Test
    void aBirthDateMustBeTheirs() {
        assertEquals(3, ids(VIDAR, Map.of("dob", "1999-01-01")).size());

        var refused = client.get("/users/" + VIDAR + "/user-licenses", Map.of("dob", "1999-01-10"));
        assertEquals(400, refused.status());
        assertEquals(json("{'message':'dob does not match ussf_id'}"), refused.json());
    }

    @Test
    void everyTestUserHoldsLicensesOfTheCatalogThatAreStillGood() {
        try (var today = LearningCenterSimulator.start()) {
            var known = StreamSupport.stream(client.get("/licenses").json().spliterator(), false)
                    .map(license -> license.get("license_id").asText())
                    .toList();
            var thisYear = Year.now(ZoneOffset.UTC);

            assertEquals(7, today.people().size());
            for (var person : today.people()) {
                var licenses = today.licenses(person.ussfId());
                assertTrue(!licenses.isEmpty(), person.ussfId());
                for (var license : licenses) {
                    var expires = license.expirationDate();
                    assertTrue(known.contains(license.licenseId()), license.licenseId());
                    assertTrue(expires == null || expires.getYear() > thisYear.getValue(), license.toString());
                }
            }
        }
    }

    private List<String> ids(String ussfId, Map<String, String> parameters) {
        return client.get("/users/" + ussfId + "/user-licenses", parameters)
                .json()
                .findValuesAsText("license_id");
    }
}
