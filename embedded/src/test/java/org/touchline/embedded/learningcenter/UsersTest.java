package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import java.time.LocalDate;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code GET /users} and what is told of one person (wire contract §2). */
class UsersTest {
    private static final String VIDAR = "2020000004136762";
    private static final String MOVED = "2020000004149517";
    private static final String MOVED_TO = "2020000004149518";

    @AutoClose
    private final LearningCenterSimulator simulator = LearningCenterSimulator.start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    @ParameterizedTest
    @CsvSource({
        "2020000004136762, Vidar, Mlakar, 1999-01-01",
        "2020000004152809, Tim, Smith, 1973-11-05",
        "2020000004149753, Len, Nussenbaum, 2000-01-01",
        "2020000004149609, Georgiy, Mikaelsson, 1995-01-01",
        "2020000004149517, Janek, Harlan, 1988-01-01",
        "2020000004136629, Ovidius, Howell, 2000-01-01",
        "2019000004136364, Daniel, Oliynyk, 2002-02-02",
    })
    void theSevenTestUsersAreFoundByEmailAndByNamesAndBirthDate(
            String ussfId, String firstName, String lastName, String dob) {
        var byEmail = client.get("/users", Map.of("email", ussfId + "@test.com"));
        var byNames = client.get("/users", Map.of("first_name", firstName, "last_name", lastName, "dob", dob));

        var match = json("{'result':'match','ussf_id':'" + ussfId + "'}");
        assertEquals(match, byEmail.json());
        assertEquals(match, byNames.json());
    }

    @Test
    void whatGoesWithTheEmailMustMatchExactlyToo() {
        var email = VIDAR + "@test.com";

        assertAll(
                () -> assertEquals("match", look(Map.of("email", email, "last_name", "Mlakar"))),
                () -> assertEquals("no_match", look(Map.of("email", email, "last_name", "mlakar"))),
                () -> assertEquals("no_match", look(Map.of("email", email, "dob", "1999-01-02"))),
                () -> assertEquals("no_match", look(Map.of("email", "V" + email))));
    }

    @Test
    void severalPeopleOfOneNameAndBirthDateAreToldApartByEmailOnly() {
        for (int twin = 1; twin <= 2; twin++) {
            simulator.addPerson(new Person(
                    "202100000000000" + twin,
                    "Ana María",
                    "O'Neil-Núñez",
                    "twin+" + twin + "@test.com",
                    LocalDate.parse("2001-02-03")));
        }

        var all = Map.of("first_name", "Ana María", "last_name", "O'Neil-Núñez", "dob", "2001-02-03");
        assertEquals(
                json("{'result':'multiple_matches'}"), client.get("/users", all).json());
        assertEquals("match", look(Map.of("email", "twin+2@test.com")));
    }

    @ParameterizedTest
    @CsvSource({"''", "?first_name=Vidar", "?first_name=Vidar&last_name=Mlakar", "?email=&dob=1999-01-01"})
    void tooFewParametersAreABadRequest(String query) {
        assertEquals(400, client.get("/users" + query).status());
    }

    @Test
    void experienceAndCertificateAreToldForThoseWhoHaveThemAndThoseWhoHaveNot() {
        assertEquals(
                json("{'ussf_id':'" + VIDAR + "','referee_experience':6}"),
                client.get("/users/" + VIDAR + "/referee-experience").json());
        assertEquals(
                json("{'has_certificate':true,'issue_date':'2017-03-04'}"),
                client.get("/users/" + VIDAR + "/grassroots-referee-certificate")
                        .json());
        assertEquals(
                json("{'has_certificate':false,'issue_date':null}"),
                client.get("/users/2020000004152809/grassroots-referee-certificate")
                        .json());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /user-licenses",
        "POST, /subscriptions",
        "DELETE, /subscriptions",
        "GET, /referee-experience",
        "GET, /grassroots-referee-certificate",
    })
    void everyCallAboutAPersonSaysWhereTheyMovedOrThatTheyNeverWere(String method, String below) {
        simulator.change().ussfId(MOVED, MOVED_TO);

        var moved = client.call(method, "/users/" + MOVED + below, "");
        var unknown = client.call(method, "/users/2020000000000000" + below, "");

        assertEquals(410, moved.status());
        assertEquals(json("{'message':'ussf_id has been changed','ussf_id':'" + MOVED_TO + "'}"), moved.json());
        assertEquals(404, unknown.status());
        assertEquals(json("{'message':'ussf_id does not exist'}"), unknown.json());
        assertEquals(200, client.call(method, "/users/" + MOVED_TO + below, "").status());
    }

    @Test
    void pathsThatDoNotExistAre404AndOtherMethods405() {
        var otherMethod = client.call("PUT", "/users/" + VIDAR + "/subscriptions", "");

        assertEquals(404, client.get("/user").status());
        assertEquals(404, client.get("/users/" + VIDAR).status());
        assertEquals(405, otherMethod.status());
        assertEquals("DELETE, POST", otherMethod.header("Allow"));
        assertEquals("only DELETE, POST", otherMethod.message());
    }

    private String look(Map<String, String> parameters) {
        return client.get("/users", parameters).json().get("result").asText();
    }
}
