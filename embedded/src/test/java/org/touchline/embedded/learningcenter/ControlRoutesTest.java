package org.touchline.embedded.learningcenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.embedded.learningcenter.ConnectClient.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.embedded.EmbeddedStack;

/** The routes under {@code /simulator}, as a person with curl uses them. */
class ControlRoutesTest {
    private static final String VIDAR = "2020000004136762";
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final SetClock clock = new SetClock("2026-05-01T12:00:00Z");

    @AutoClose
    private final WebhookReceiver receiver = new WebhookReceiver();

    @AutoClose
    private final LearningCenterSimulator simulator =
            LearningCenterSimulator.builder().clock(clock).start();

    @AutoClose
    private final ConnectClient client = ConnectClient.loggedInto(simulator);

    ControlRoutesTest() throws IOException {}

    @BeforeEach
    void subscribeToVidar() {
        simulator.webhooksTo(receiver.apiBase(), WebhookReceiver.KEY);
        client.post("/users/" + VIDAR + "/subscriptions");
    }

    @Test
    void tableOfTheControlsIsShownAndIsTheDocumentsToo() throws IOException {
        var shown = client.control("GET", "", "");

        assertEquals(200, shown.status());
        assertEquals("text/plain; charset=utf-8", shown.header("Content-Type"));
        var document = Files.readString(EmbeddedStack.projectRoot().resolve("docs/simulator.md"));
        assertTrue(document.contains("```text\n" + shown.body() + "```\n"), shown::body);
    }

    @Test
    void aLicenseIsChangedByTheWebhooksBodyWhichIsSentOn() throws InterruptedException {
        var body = """
                {"ussf_id":"2020000004136762","action":"updated","license_id":"referee_8","issuer":"Cal North",
                 "issue_date":"2026-03-01","expiration_date":null,"updated_at":"2026-04-30T23:59:59.999999Z"}""";

        var changed = client.control("POST", "/user-licenses", body);

        assertEquals(json(body), changed.json());
        assertEquals(List.of(json(body)), received());
        assertTrue(rows(VIDAR).contains("referee_8 updated 2026-04-30T23:59:59.999999Z"));
    }

    @Test
    void webhooksCarryAnotherKeyFromThenOn() throws InterruptedException {
        var change = "{'ussf_id':'VIDAR','license_id':'safety_1','action':'removed'}";
        client.control("POST", "/user-licenses", aboutVidar(change));

        assertEquals(
                200, client.control("PUT", "/webhook-key", "{'key':'another'}").status());
        client.control("POST", "/user-licenses", aboutVidar(change));

        assertEquals(2, received().size());
        assertEquals(
                List.of(WebhookReceiver.KEY, "another"),
                receiver.received().stream()
                        .map(WebhookReceiver.Received::authorization)
                        .toList());
    }

    @Test
    void onlyTheNewLoginIsAcceptedAndWhoIsLoggedInStaysSo() {
        assertEquals(
                200,
                client.control("PUT", "/login", "{'username':'us','password':'new'}")
                        .status());

        assertEquals(
                401,
                client.post("/login", "{'username':'local-username','password':'local-password'}")
                        .status());
        assertEquals(
                200, client.post("/login", "{'username':'us','password':'new'}").status());
        assertEquals(200, client.get("/users/" + VIDAR + "/user-licenses").status());
    }

    @Test
    void whatALicensesBodyLeavesOutStaysAsItWas() {
        var removed = client.control("POST", "/user-licenses", """
                {"ussf_id":"2020000004136762","license_id":"safety_1","action":"removed"}""");

        var expected = json("""
                {"ussf_id":"2020000004136762","action":"removed","license_id":"safety_1","issuer":"SafeSport",
                 "issue_date":"2025-01-10","expiration_date":"2027-12-31","updated_at":"2026-05-01T12:00:00Z"}""");
        assertEquals(expected, removed.json());
        assertTrue(rows(VIDAR).contains("safety_1 removed 2026-05-01T12:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /user-licenses          | {'ussf_id':'VIDAR','license_id':'coach_1','webhook':false}
            POST   | /users/VIDAR            | {'referee_experience':9,'webhook':false}
            POST   | /ussf-id-changes        | {'current_ussf_id':'VIDAR','new_ussf_id':'2026000000000001','webhook':false}
            PUT    | /licenses               | {'licenses':[],'webhook':false}
            PUT    | /licenses?webhook=false | []
            PUT    | /licenses/coach_1       | {'name':'F','discipline':'d','type':'t','rank':1,'webhook':false}
            DELETE | /licenses/coach_1       | {'webhook':false}
            """)
    void everyChangeCanLoseItsWebhook(String method, String path, String body) throws InterruptedException {
        assertEquals(
                200, client.control(method, aboutVidar(path), aboutVidar(body)).status());

        assertEquals(List.of(), received());
    }

    @Test
    void anIdIsChanged() throws InterruptedException {
        var body = "{'current_ussf_id':'2020000004136762','new_ussf_id':'2020000004136763'}";

        var person = client.control("POST", "/ussf-id-changes", body);

        assertEquals("2020000004136763", person.json().get("ussf_id").asText());
        assertEquals(List.of(json(body)), received());
        assertEquals(410, client.control("POST", "/ussf-id-changes", body).status());
        assertEquals(410, client.get("/users/" + VIDAR + "/user-licenses").status());
    }

    @Test
    void experienceAndCertificateAreChangedTogetherAndToldTogether() throws InterruptedException {
        var person = client.control("POST", "/users/" + VIDAR, """
                {"referee_experience":9,"grassroots_referee_certificate":{"has_certificate":false}}""");

        assertEquals(9, person.json().get("referee_experience").asInt());
        assertFalse(person.json()
                .at("/grassroots_referee_certificate/has_certificate")
                .asBoolean());
        var expected = json("""
                {"ussf_id":"2020000004136762",
                 "changed":["referee_experience","grassroots_referee_certificate"]}""");
        assertEquals(List.of(expected), received());
    }

    @Test
    void theCatalogIsReplacedAndChanged() throws InterruptedException {
        client.control("PUT", "/licenses", "[{'license_id':'a_1','name':'A','discipline':'a','type':'t','rank':1}]");
        client.control("PUT", "/licenses/a_2", "{'name':'B','discipline':'a','type':'t','rank':2}");
        client.control("DELETE", "/licenses/a_1", "");

        assertEquals(
                List.of(List.of("a_1"), List.of("a_1", "a_2"), List.of("a_2")),
                received().stream()
                        .map(list -> list.findValuesAsText("license_id"))
                        .toList());
        assertEquals(List.of("a_2"), client.get("/licenses").json().findValuesAsText("license_id"));
    }

    @Test
    void madeUpPeopleAreTheSameEveryTimeAndUnlikeEachOther() {
        var people = client.control("POST", "/people", "{'count':300}").json();

        try (var again = LearningCenterSimulator.builder().clock(clock).start()) {
            again.addPeople(100);
            again.addPeople(200);
            assertEquals(simulator.people(), again.people());
            assertEquals(simulator.licenses("2021000004000250"), again.licenses("2021000004000250"));
        }
        var ids = people.findValuesAsText("ussf_id");
        assertEquals(300, new HashSet<>(ids).size());
        assertEquals(300, new HashSet<>(people.findValuesAsText("email")).size());
        assertTrue(ids.stream().allMatch(id -> id.matches("\\d{16}")));
        assertEquals(
                List.of(0, 1, 2, 3, 4),
                ids.stream()
                        .map(id -> simulator.licenses(id).size())
                        .distinct()
                        .sorted()
                        .toList());
        assertEquals(307, client.control("GET", "/people", "").json().size());
    }

    @Test
    void aPersonIsAddedWithTheirOwnDetails() {
        client.control("POST", "/people", """
                {"ussf_id":"2021000000000001","first_name":"Nora","last_name":"New","email":"nora@test.com",
                 "dob":"2001-02-03","referee_experience":2}""");

        assertEquals(
                "2021000000000001",
                client.get("/users?email=nora@test.com").json().get("ussf_id").asText());
        assertEquals(
                2,
                client.get("/users/2021000000000001/referee-experience")
                        .json()
                        .get("referee_experience")
                        .asInt());
    }

    @Test
    void anEmailIsOnlyOnePersons() {
        var reply = client.control("POST", "/people", aboutVidar("""
                {"ussf_id":"2021000000000001","first_name":"Nora","last_name":"New","email":"VIDAR@test.com",
                 "dob":"2001-02-03"}"""));

        assertEquals(409, reply.status());
        assertEquals("email belongs to " + VIDAR, reply.message());
    }

    @Test
    void whatWasSentIsListedWithItsAnswer() throws InterruptedException {
        simulator.change().removeLicense(VIDAR, "safety_1");
        simulator.awaitWebhooks(LIMIT);

        var sent = client.control("GET", "/webhooks", "").json();

        assertEquals(1, sent.size());
        assertEquals("/webhooks/user-license-update", sent.at("/0/path").asText());
        assertEquals("removed", sent.at("/0/body/action").asText());
        assertEquals("2026-05-01T12:00:00Z", sent.at("/0/sent_at").asText());
        assertEquals(200, sent.at("/0/status").asInt());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'status':429,'headers':{'Retry-After':'2'},'body':'{}'}   | 429
            {'path':'/licenses','method':'GET','status':503,'times':2} | 503
            {'effect':'answer','status':500}                           | 500
            {'effect':'delay','millis':1}                              | 200
            {'effect':'slow_body','millis':10}                         | 200
            {'status':500,'after':1}                                   | 200
            """)
    void faultsAreSetAndCleared(String fault, int status) {
        assertEquals(200, client.control("POST", "/faults", aboutVidar(fault)).status());
        assertEquals(status, client.get("/licenses").status());

        client.control("DELETE", "/faults", "");
        assertEquals(200, client.get("/licenses").status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"half_body", "dropped_connection"})
    void faultsOfTheConnectionAreSet(String effect) {
        client.control("POST", "/faults", "{'effect':'" + effect + "','times':9}");

        assertThrows(UncheckedIOException.class, () -> client.get("/licenses"));
    }

    /** As the world may answer, who has promised nothing. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {'effect':'unknown_field','field':'hosted_by'}  | /subscriptions | {'data':[{'ussf_id':'2020000004136762','created_at':'T','hosted_by':'something new'}],'pagination':{'current_page':1,'per_page':100,'last_page':1,'total':1}}
            {'effect':'missing_field','field':'created_at'} | /subscriptions | {'data':[{'ussf_id':'2020000004136762'}],'pagination':{'current_page':1,'per_page':100,'last_page':1,'total':1}}
            {'effect':'without_pagination'}                 | /subscriptions | {'data':[{'ussf_id':'2020000004136762','created_at':'T'}]}
            {'effect':'bare_list'}                          | /subscriptions | [{'ussf_id':'2020000004136762','created_at':'T'}]
            {'effect':'odd_row'}                            | /background-checks/organizations | [5,{'organization_id':'1001','name':'N'}]
            {'effect':'odd_row','body':'{}'}                | /background-checks/organizations | [{},{'organization_id':'1001','name':'N'}]
            {'effect':'unknown_field','field':'since'}      | /users/2020000004136762/referee-experience | {'ussf_id':'2020000004136762','referee_experience':6,'since':'something new'}
            {'effect':'unknown_field','field':'since'}      | /users/0000000000000404/referee-experience | {'message':'ussf_id does not exist'}
            """)
    void answersAreAltered(String fault, String path, String answer) {
        client.post("/users/2020000004136762/subscriptions");
        assertEquals(200, client.control("POST", "/faults", fault).status());

        var altered = client.get(path)
                .body()
                .replaceAll("\"created_at\":\"[^\"]*\"", "\"created_at\":\"T\"")
                .replaceAll("\"name\":\"[^\"]*\"", "\"name\":\"N\"");

        assertEquals(ConnectClient.json(answer), Json.node(altered));
    }

    @Test
    void sessionsAreEndedAndCallsCounted() {
        client.control("POST", "/sessions/end", "");

        assertEquals(401, client.get("/licenses").status());
        assertEquals(
                json("{'GET /licenses':1,'POST /login':1,'POST /users/{ussf_id}/subscriptions':1}"),
                client.control("GET", "/calls", "").json());
    }

    @Test
    void organizationsAreReplacedAndSubsidiesUsed() {
        client.control("PUT", "/organizations", "[{'organization_id':'7','name':'Seven'}]");
        client.post("/background-checks/subsidies", "{'payer_organization':'7','email':'a@test.com'}");

        var used = client.control("POST", "/subsidies/subsidy-1/use", "");

        assertEquals("2026-05-01T12:00:00Z", used.json().get("used_at").asText());
        assertEquals(
                409, client.delete("/background-checks/subsidies/subsidy-1").status());
        assertEquals(404, client.control("POST", "/subsidies/subsidy-2/use", "").status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   | /user-licenses   | 400 | ussf_id is missing     | {'license_id':'coach_1'}
            POST   | /user-licenses   | 400 | license_id is missing  | {'ussf_id':'VIDAR'}
            POST   | /user-licenses   | 404 | ussf_id does not       | {'ussf_id':'2020000000000000','license_id':'a'}
            POST   | /user-licenses   | 400 | the body is not        | not json
            POST   | /user-licenses   | 400 | updated_at cannot      | {'ussf_id':'VIDAR','license_id':'a','updated_at':'soon'}
            POST   | /user-licenses   | 400 | action cannot          | {'ussf_id':'VIDAR','license_id':'a','action':'gone'}
            POST   | /user-licenses   | 400 | isuer cannot           | {'ussf_id':'VIDAR','license_id':'a','isuer':'x'}
            POST   | /users/VIDAR     | 400 | referee_experience is  | {'referee_experience':-1}
            POST   | /users/VIDAR     | 400 | a JSON object          | []
            POST   | /people          | 400 | count is not between   | {'count':0}
            POST   | /people          | 400 | first_name is missing  | {'ussf_id':'1'}
            POST   | /ussf-id-changes | 400 | new_ussf_id is missing | {'current_ussf_id':'VIDAR'}
            POST   | /ussf-id-changes | 400 | ussf_id is not         | {'current_ussf_id':'VIDAR','new_ussf_id':'5'}
            PUT    | /licenses        | 400 | a JSON array           | {}
            PUT    | /licenses        | 400 | name is missing        | [{'license_id':'a'}]
            PUT    | /licenses/a      | 400 | rank is missing        | {'name':'A','discipline':'a','type':'t'}
            DELETE | /licenses/a      | 404 | license_id does not    | ''
            POST   | /faults          | 400 | without status         | {}
            POST   | /faults          | 400 | millis is missing      | {'effect':'delay'}
            POST   | /faults          | 400 | field is missing       | {'effect':'unknown_field'}
            POST   | /faults          | 400 | a path begins with    | {'status':500,'path':'licenses'}
            POST   | /faults          | 400 | a fault happens        | {'status':500,'times':0}
            PUT    | /webhook-key     | 400 | key is missing         | {}
            PUT    | /login           | 400 | password is missing    | {'username':'us'}
            GET    | /faults          | 405 | only DELETE, POST      | ''
            GET    | /nothing         | 404 | there is no such path  | ''
            """)
    void whatCannotBeDoneIsRefusedWithTheReason(String method, String path, int status, String reason, String body) {
        var reply = client.control(method, aboutVidar(path), aboutVidar(body));

        assertEquals(status, reply.status());
        assertTrue(reply.message().startsWith(aboutVidar(reason)), reply.body());
    }

    @Test
    void aRefusedIdChangeChangesNothing() {
        client.control("POST", "/ussf-id-changes", "{'current_ussf_id':'2020000004136762','new_ussf_id':'5'}");

        assertEquals(200, client.get("/users/" + VIDAR + "/user-licenses").status());
        assertEquals(
                "match",
                client.get("/users?email=2020000004136762@test.com")
                        .json()
                        .get("result")
                        .asText());
        assertTrue(simulator.isSubscribed(VIDAR));
    }

    private List<JsonNode> received() throws InterruptedException {
        simulator.awaitWebhooks(LIMIT);
        return receiver.received().stream().map(WebhookReceiver.Received::body).toList();
    }

    private List<String> rows(String ussfId) {
        var rows =
                client.control("GET", "/users/" + ussfId + "/user-licenses", "").json();
        return rows.valueStream()
                .map(row ->
                        row.get("license_id").asText() + " " + row.get("action").asText() + " "
                                + row.get("updated_at").asText())
                .toList();
    }

    private static String aboutVidar(String text) {
        return text.replace("VIDAR", VIDAR);
    }
}
