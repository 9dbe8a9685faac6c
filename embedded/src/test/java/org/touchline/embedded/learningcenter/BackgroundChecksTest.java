package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Background check subsidies (wire contract §2, U.S. Soccer's document "Background checks"). */
class BackgroundChecksTest {
    private static final String SUBSIDIES = "/background-checks/subsidies";
    private static final String VIDAR = "2020000004136762";

    private final SetClock clock = new SetClock("2026-02-28T12:00:00Z");

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @Test
    void oneOrganizationHasAuthorizedUsUntilOthersAreNamed() {
        assertEquals(
                json("[{'organization_id':'1001','name':'Touchline Youth Soccer Association'}]"),
                client.get("/background-checks/organizations").json());

        simulator.authorizedBy(List.of(new Organization("7", "Seven"), new Organization("8", "Eight")));

        assertEquals(
                List.of("7", "8"),
                client.get("/background-checks/organizations").json().findValuesAsText("organization_id"));
    }

    @Test
    void withoutAnyOrganizationTheOtherCallsAreRefused() {
        var subsidy = create("1001", VIDAR);
        simulator.authorizedBy(List.of());

        var refusals = List.of(
                client.get(SUBSIDIES + "?payer_organization=1001"),
                client.post(SUBSIDIES, "{'payer_organization':'1001','ussf_id':'" + VIDAR + "'}"),
                client.delete(SUBSIDIES + "/" + id(subsidy)));

        for (var refusal : refusals) {
            assertEquals(403, refusal.status());
            assertEquals("no organization has authorized you", refusal.message());
        }
        assertEquals(0, client.get("/background-checks/organizations").json().size());
    }

    @Test
    void aPayerThatHasNotAuthorizedUsIsRefused() {
        assertEquals(403, client.get(SUBSIDIES + "?payer_organization=1002").status());
        assertEquals(
                403,
                client.post(SUBSIDIES, "{'payer_organization':'1002','email':'a@test.com'}")
                        .status());
    }

    @Test
    void aSubsidyIsGoodForAYear() {
        var subsidy = create("1001", VIDAR);

        var expected = json("""
                {"subsidy_id":"subsidy-1","payer_organization":"1001","ussf_id":"2020000004136762","email":null,
                 "created_at":"2026-02-28T12:00:00Z","expires_at":"2027-02-28T12:00:00Z","used_at":null}""");
        assertEquals(expected, subsidy);
    }

    @Test
    void whileUnusedASecondOneRenewsTheDatesOfTheFirst() {
        var first = create("1001", VIDAR);
        clock.advance(Duration.ofMinutes(30));

        var second = create("1001", VIDAR);

        assertEquals(id(first), id(second));
        assertEquals("2026-02-28T12:30:00Z", second.get("created_at").asText());
        assertEquals("2027-02-28T12:30:00Z", second.get("expires_at").asText());
        assertEquals(1, list("").size());
    }

    @Test
    void anEmailThatIsSomebodysMeansThem() {
        var byId = create("1001", VIDAR);

        var byEmail = client.post(SUBSIDIES, "{'payer_organization':'1001','email':'" + VIDAR + "@test.com'}")
                .json();

        assertEquals(id(byId), id(byEmail));
    }

    @Test
    void anEmailOfNobodyYetIsFineToo() {
        var stranger = client.post(SUBSIDIES, "{'payer_organization':'1001','email':'new@test.com'}")
                .json();

        assertEquals("new@test.com", stranger.get("email").asText());
        assertEquals(1, list("&email=new@test.com").size());
        assertEquals(0, list("&ussf_id=" + VIDAR).size());
    }

    @Test
    void differentPayersGiveDifferentSubsidiesAndSeeTheirOwn() {
        simulator.authorizedBy(List.of(new Organization("7", "Seven"), new Organization("8", "Eight")));

        create("7", VIDAR);
        create("8", VIDAR);

        var ofEight = client.get(SUBSIDIES + "?payer_organization=8").json();
        assertEquals(List.of("subsidy-2"), ofEight.findValuesAsText("subsidy_id"));
    }

    @Test
    void aUsedOneStaysAndTheNextIsANewOne() {
        var first = create("1001", VIDAR);
        clock.advance(Duration.ofMinutes(1));
        simulator.useSubsidy(id(first));

        var refused = client.delete(SUBSIDIES + "/" + id(first));
        var second = create("1001", VIDAR);

        assertEquals(409, refused.status());
        assertEquals("subsidy-2", id(second));
        assertEquals(
                List.of("2026-02-28T12:01:00Z", "null"),
                list("&ussf_id=" + VIDAR).findValuesAsText("used_at"));
    }

    @Test
    void anUnusedOneCanBeDeletedOnce() {
        var subsidy = create("1001", VIDAR);

        assertEquals(200, client.delete(SUBSIDIES + "/" + id(subsidy)).status());
        assertEquals(404, client.delete(SUBSIDIES + "/" + id(subsidy)).status());
        assertEquals(0, list("").size());
    }

    @Test
    void itFollowsThePersonToTheirNewId() {
        create("1001", VIDAR);

        simulator.change().ussfId(VIDAR, "2020000004136763");

        assertEquals(1, list("&ussf_id=2020000004136763").size());
        assertEquals(
                410,
                client.post(SUBSIDIES, "{'payer_organization':'1001','ussf_id':'" + VIDAR + "'}")
                        .status());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'ussf_id':'2020000004136762'}",
                "{'payer_organization':'1001'}",
                "{'payer_organization':'1001','ussf_id':'2020000004136762','email':'a@test.com'}",
                "[]"
            })
    void aSubsidyNeedsAPayerAndOnePerson(String body) {
        assertEquals(400, client.post(SUBSIDIES, body).status());
    }

    @Test
    void theListNeedsAPayer() {
        assertEquals(400, client.get(SUBSIDIES).status());
    }

    private JsonNode create(String payer, String ussfId) {
        return client.post(SUBSIDIES, "{'payer_organization':'" + payer + "','ussf_id':'" + ussfId + "'}")
                .json();
    }

    private JsonNode list(String parameters) {
        return client.get(SUBSIDIES + "?payer_organization=1001" + parameters).json();
    }

    private static String id(JsonNode subsidy) {
        return subsidy.get("subsidy_id").asText();
    }
}
