package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /user-licenses}, which reconciliation walks (wire contract §2), and ids that change under it. */
class ChangesTest {
    private static final String VIDAR = "2020000004136762";
    private static final String LEN = "2020000004149753";
    private static final String DANIEL = "2019000004136364";
    private static final String NEW_ID = "2020000004149518";
    private static final String NEWEST_ID = "2020000004149519";
    private static final String TODAY = "2026-05-01T00:00:00Z";
    private static final String TOMORROW = "2026-05-02T00:00:00Z";

    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).pageSize(2).start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @BeforeEach
    void subscribe() {
        List.of(VIDAR, LEN).forEach(ussfId -> client.post("/users/" + ussfId + "/subscriptions"));
    }

    @Test
    void aChangeOfSomebodySubscribedToIsARowWithAllItsFields() {
        simulator
                .changeSilently()
                .license(new UserLicense(
                        VIDAR,
                        LicenseAction.UPDATED,
                        "referee_8",
                        "Cal North",
                        LocalDate.parse("2026-05-01"),
                        null,
                        Instant.parse("2026-05-01T08:00:00.000417Z")));

        var expected = json("""
                {"data":[{"ussf_id":"2020000004136762","action":"updated","license_id":"referee_8",
                  "issuer":"Cal North","issue_date":"2026-05-01","expiration_date":null,
                  "updated_at":"2026-05-01T08:00:00.000417Z"}],
                 "pagination":{"current_page":1,"per_page":2,"last_page":1,"total":1}}""");
        assertEquals(expected, changes(TODAY, TOMORROW, 1));
    }

    @Test
    void whatHappenedToALicenseIsAddedThenUpdatedThenRemovedThenAdded() {
        var actions = List.of(
                simulator.change().license(VIDAR, "coach_1").action(),
                simulator.change().license(VIDAR, "coach_1").action(),
                simulator.change().removeLicense(VIDAR, "coach_1").action(),
                simulator.change().license(VIDAR, "coach_1").action());

        assertEquals(
                List.of(LicenseAction.ADDED, LicenseAction.UPDATED, LicenseAction.REMOVED, LicenseAction.ADDED),
                actions);
    }

    @Test
    void removedLicensesAreRowsToo() {
        simulator.changeSilently().removeLicense(VIDAR, "referee_8");

        assertEquals(List.of("removed"), changes(TODAY, TOMORROW, 1).get("data").findValuesAsText("action"));
    }

    @Test
    void changesOfThoseNotSubscribedToAreNotThere() {
        simulator.changeSilently().license(DANIEL, "referee_8");

        assertEquals(0, total(TODAY, TOMORROW));
    }

    @Test
    void bothEndsOfTheRangeBelongToIt() {
        simulator.changeSilently().license(VIDAR, "referee_8");
        var now = "2026-05-01T12:00:00Z";

        assertEquals(1, total(now, now));
        assertEquals(0, total(TODAY, "2026-05-01T11:59:59.999Z"));
        assertEquals(0, total("2026-05-01T12:00:00.001Z", TOMORROW));
    }

    @Test
    void pagesFollowTimeThenPersonThenLicense() {
        var silently = simulator.changeSilently();
        silently.license(VIDAR, "safety_2");
        silently.license(LEN, "safety_2");
        silently.license(LEN, "coach_1");
        clock.advance(Duration.ofSeconds(-1));
        silently.license(VIDAR, "coach_1");

        var first = changes(TODAY, TOMORROW, 1);
        var second = changes(TODAY, TOMORROW, 2);

        assertEquals(List.of(VIDAR, VIDAR), first.findValuesAsText("ussf_id"));
        assertEquals(List.of("coach_1", "safety_2"), first.findValuesAsText("license_id"));
        assertEquals(List.of(LEN, LEN), second.findValuesAsText("ussf_id"));
        assertEquals(List.of("coach_1", "safety_2"), second.findValuesAsText("license_id"));
        assertEquals(json("{'current_page':2,'per_page':2,'last_page':2,'total':4}"), second.get("pagination"));
    }

    @Test
    void aLaterChangeMovesTheRowToTheEndOrOutOfTheRange() {
        var silently = simulator.changeSilently();
        silently.license(VIDAR, "coach_1");
        clock.advance(Duration.ofSeconds(1));
        silently.license(VIDAR, "coach_2");
        clock.advance(Duration.ofSeconds(1));

        silently.license(VIDAR, "coach_1");

        assertEquals(List.of("coach_2", "coach_1"), changes(TODAY, TOMORROW, 1).findValuesAsText("license_id"));
        assertEquals(
                List.of("coach_2"), changes(TODAY, "2026-05-01T12:00:01Z", 1).findValuesAsText("license_id"));
    }

    @Test
    void pagesAskedForAgainAreAlwaysOfThisMoment() {
        assertEquals(0, total(TODAY, TOMORROW));

        simulator.changeSilently().license(VIDAR, "coach_1");
        assertEquals(1, total(TODAY, TOMORROW));

        simulator.changeSilently().license(DANIEL, "coach_1");
        assertEquals(1, total(TODAY, TOMORROW));
        client.post("/users/" + DANIEL + "/subscriptions");
        assertEquals(2, total(TODAY, TOMORROW));

        simulator.changeSilently().ussfId(VIDAR, NEW_ID);
        assertEquals(
                List.of(DANIEL, NEW_ID), changes(TODAY, TOMORROW, 1).get("data").findValuesAsText("ussf_id"));

        client.delete("/users/" + NEW_ID + "/subscriptions");
        assertEquals(1, total(TODAY, TOMORROW));
    }

    @Test
    void aRangeThatEndsBeforeItStartsIsEmpty() {
        simulator.changeSilently().license(VIDAR, "coach_1");

        assertEquals(0, total(TOMORROW, TODAY));
    }

    @Test
    void changesThatFollowWithinOneMomentStillHaveDifferentTimes() {
        var added = simulator.change().license(VIDAR, "coach_1");
        var removed = simulator.change().removeLicense(VIDAR, "coach_1");

        assertEquals(added.updatedAt().plusMillis(1), removed.updatedAt());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?start_date=2026-05-01T00:00:00Z",
                "?end_date=2026-05-01T00:00:00Z",
                "?start_date=2026-05-01&end_date=2026-05-02"
            })
    void aRangeWithoutTwoInstantsIsABadRequest(String query) {
        assertEquals(400, client.get("/user-licenses" + query).status());
    }

    @Test
    void aMovedPersonTakesLicensesAndSubscriptionAlongUnderTheirOldTimes() {
        simulator.changeSilently().license(VIDAR, "coach_1");
        clock.advance(Duration.ofMinutes(10));

        simulator.changeSilently().ussfId(VIDAR, NEW_ID);

        var rows = changes(TODAY, TOMORROW, 1).get("data");
        assertEquals(List.of(NEW_ID), rows.findValuesAsText("ussf_id"));
        assertEquals(List.of("2026-05-01T12:00:00Z"), rows.findValuesAsText("updated_at"));
        assertEquals(
                List.of("2026-05-01T12:00:00Z"),
                client.get("/subscriptions", Map.of("ussf_id", NEW_ID)).json().findValuesAsText("created_at"));
        assertEquals(4, simulator.licenses(NEW_ID).size());
    }

    @Test
    void aChainOfMovesAnswersOneStepAtATime() {
        simulator.changeSilently().ussfId(VIDAR, NEW_ID);
        simulator.changeSilently().ussfId(NEW_ID, NEWEST_ID);

        assertEquals(NEW_ID, movedTo(VIDAR));
        assertEquals(NEWEST_ID, movedTo(NEW_ID));
        assertEquals(3, simulator.licenses(NEWEST_ID).size());
    }

    @Test
    void twoPeopleWhoTurnOutToBeOneKeepTheLaterOfEachLicenseAndTheSubscription() {
        var lenRefereeing = simulator.changeSilently().license(LEN, "referee_8");

        simulator.changeSilently().ussfId(LEN, DANIEL);

        var licenses = simulator.licenses(DANIEL);
        assertEquals(
                List.of("referee_7", "referee_8", "safety_1"),
                licenses.stream().map(UserLicense::licenseId).toList());
        assertEquals(lenRefereeing.of(DANIEL), licenses.get(1));
        assertEquals(
                List.of(DANIEL),
                client.get("/subscriptions", Map.of("ussf_id", DANIEL)).json().findValuesAsText("ussf_id"));
        assertEquals("Daniel", person(DANIEL).firstName());
    }

    @Test
    void aMoveOntoItselfOrBackToAFormerIdIsRefused() {
        simulator.changeSilently().ussfId(VIDAR, NEW_ID);
        var silently = simulator.changeSilently();

        assertThrows(IllegalArgumentException.class, () -> silently.ussfId(NEW_ID, VIDAR));
        assertThrows(IllegalArgumentException.class, () -> silently.ussfId(NEW_ID, NEW_ID));
        assertThrows(IllegalArgumentException.class, () -> silently.ussfId(VIDAR, NEWEST_ID));
        assertEquals(7, simulator.people().size());
    }

    private Person person(String ussfId) {
        return simulator.people().stream()
                .filter(person -> person.ussfId().equals(ussfId))
                .findFirst()
                .orElseThrow();
    }

    private String movedTo(String ussfId) {
        return client.get("/users/" + ussfId + "/user-licenses")
                .json()
                .get("ussf_id")
                .asText();
    }

    private int total(String start, String end) {
        return changes(start, end, 1).at("/pagination/total").asInt();
    }

    private JsonNode changes(String start, String end, int page) {
        return client.get(
                        "/user-licenses", Map.of("start_date", start, "end_date", end, "page", Integer.toString(page)))
                .json();
    }
}
