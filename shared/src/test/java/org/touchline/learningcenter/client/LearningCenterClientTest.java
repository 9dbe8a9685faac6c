package org.touchline.learningcenter.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.learningcenter.LearningCenterException;
import org.touchline.learningcenter.RefusedException;
import org.touchline.learningcenter.UserMatch;
import org.touchline.learningcenter.UserQuery;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseState;
import org.touchline.license.UssfId;
import org.touchline.time.Deadline;

/** Wire contract §2, each call. */
class LearningCenterClientTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final LocalDate BIRTH_DATE = LocalDate.of(1999, 1, 1);
    private static final String PAYER = "1001";

    private ConnectedStack connected;
    private LearningCenterClient client;

    @BeforeEach
    void connect() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        client = connected.client(connected.session());
    }

    @AfterEach
    void disconnect() {
        if (connected != null) {
            connected.close();
        }
    }

    @Test
    void catalogIsTheCompleteList() {
        var catalog = client.catalog(soon());

        assertEquals(82, catalog.size());
        assertEquals(
                82, catalog.stream().map(CatalogEntry::licenseId).distinct().count());
        assertTrue(catalog.stream().noneMatch(CatalogEntry::retired));
    }

    @Test
    void everyTestUserIsFoundWithLicensesExperienceAndCertificate() {
        for (var person : connected.simulator.people()) {
            var ussfId = new UssfId(person.ussfId());
            assertEquals(new UserMatch.Match(ussfId), client.findUser(UserQuery.byEmail(person.email()), soon()));
            assertEquals(
                    new UserMatch.Match(ussfId),
                    client.findUser(
                            UserQuery.byNameAndBirthDate(person.firstName(), person.lastName(), person.dob()), soon()));
            assertEquals(licenseIds(person), ids(client.licenses(ussfId, soon())));
            assertEquals(licenseIds(person), ids(client.licenses(ussfId, person.dob(), soon())));
            assertEquals(person.refereeExperience(), client.refereeExperience(ussfId, soon()));
            var certificate = client.grassrootsCertificate(ussfId, soon());
            assertEquals(person.grassrootsRefereeCertificate().hasCertificate(), certificate.hasCertificate());
            assertEquals(person.grassrootsRefereeCertificate().issueDate(), certificate.issueDate());
        }
        assertEquals(7, connected.simulator.people().size());
    }

    @Test
    void licensesOfAFullAnswerAreShownActive() {
        var licenses = client.licenses(VIDAR, soon());

        assertTrue(licenses.stream().allMatch(license -> license.state() == LicenseState.SHOWN_ACTIVE));
        assertTrue(licenses.stream().allMatch(license -> license.ussfId().equals(VIDAR)));
    }

    @Test
    void lookUpCanMatchNobodyOrSeveral() {
        assertEquals(new UserMatch.NoMatch(), client.findUser(UserQuery.byEmail("nobody@test.com"), soon()));

        connected.simulator.addPerson(new Person("3000000000000001", "Tim", "Smith", "tim@x", BIRTH_DATE));
        connected.simulator.addPerson(new Person("3000000000000002", "Tim", "Smith", "tim@y", BIRTH_DATE));
        assertEquals(
                new UserMatch.MultipleMatches(),
                client.findUser(UserQuery.byNameAndBirthDate("Tim", "Smith", BIRTH_DATE), soon()));
    }

    /** Wire contract §2, errors: the body says so, in whatever form. */
    @ParameterizedTest
    @ValueSource(strings = {"{\"result\":\"no_match\"}", "{\"errors\":[{\"code\":\"NO-MATCH\"}]}", "No match."})
    void lookUpIsAnsweredNoMatchWithA404ThatSaysSo(String body) {
        connected.simulator.addFault(Fault.answer(404, Map.of(), body).on("GET", "/users"));

        assertEquals(new UserMatch.NoMatch(), client.findUser(UserQuery.byEmail("nobody@test.com"), soon()));
    }

    /** Else a path that is spelled otherwise would match nobody, for everybody. */
    @ParameterizedTest
    @ValueSource(strings = {"", "Not Found", "{\"message\":\"user not found\"}"})
    void any404OfALookUpThatDoesNotSaySoIsARefusal(String body) {
        connected.simulator.addFault(Fault.answer(404, Map.of(), body).on("GET", "/users"));

        assertThrows(RefusedException.class, () -> client.findUser(UserQuery.byEmail("nobody@test.com"), soon()));
    }

    /** Of a name and a birth date there may be several: who cannot be read may be the one. */
    @Test
    void oddRowOfALookUpByAddressIsPassedOverAndByNameItMayBeTheOne() {
        var body = "[{\"ussf_id\":\"5\"},{\"ussf_id\":\"" + VIDAR + "\"}]";
        connected.simulator.addFault(
                Fault.answer(200, Map.of(), body).on("GET", "/users").times(2));

        assertEquals(new UserMatch.Match(VIDAR), client.findUser(UserQuery.byEmail("a@test.com"), soon()));
        assertEquals(
                new UserMatch.MultipleMatches(),
                client.findUser(UserQuery.byNameAndBirthDate("Vidar", "Mlakar", BIRTH_DATE), soon()));
    }

    @Test
    void subscriptionBeginsAndEnds() {
        client.subscribe(VIDAR, soon());
        client.subscribe(VIDAR, soon());
        assertTrue(connected.simulator.isSubscribed(VIDAR.value()));
        assertEquals(
                connected.now(),
                client.subscription(VIDAR, soon()).orElseThrow().createdAt());

        client.unsubscribe(VIDAR, soon());
        assertFalse(connected.simulator.isSubscribed(VIDAR.value()));
        assertTrue(client.subscription(VIDAR, soon()).isEmpty());
    }

    @Test
    void subscriptionsComePageByPage() {
        var everybody = connected.simulator.people().stream()
                .map(person -> new UssfId(person.ussfId()))
                .collect(Collectors.toSet());
        everybody.forEach(ussfId -> client.subscribe(ussfId, soon()));

        var first = client.subscriptions(1, soon());
        var found = new HashSet<UssfId>();
        IntStream.rangeClosed(1, first.lastPage())
                .forEach(page -> client.subscriptions(page, soon()).rows().forEach(row -> found.add(row.ussfId())));

        assertEquals(
                List.of(1, 2, 4, 7), List.of(first.currentPage(), first.perPage(), first.lastPage(), first.total()));
        assertEquals(everybody, found);
    }

    @Test
    void changesOfAWindowComePageByPageAsTheyAre() {
        client.subscribe(VIDAR, soon());
        var start = connected.now();
        connected.clock.advance(Duration.ofMinutes(1));
        connected.simulator.changeSilently().license(VIDAR.value(), "referee_7");
        connected.simulator.changeSilently().removeLicense(VIDAR.value(), "referee_8");
        connected.simulator.changeSilently().removeLicense(VIDAR.value(), "safety_1");

        var last = client.userLicenses(start, connected.now().plusSeconds(1), 2, soon());

        assertEquals(List.of(2, 2, 2, 3), List.of(last.currentPage(), last.perPage(), last.lastPage(), last.total()));
        assertEquals(1, last.rows().size());
        assertEquals(
                VIDAR,
                LearningCenterJson.licenseChange(last.rows().getFirst(), connected.now())
                        .ussfId());
    }

    /** Wire contract §2: of any paged list, whatever the answer's body is; the first page is another matter. */
    @Test
    void pageAboveTheFirstThatIsNotFoundIsEmpty() {
        connected.simulator.addFault(
                Fault.htmlPage(404).on("GET", "/subscriptions").times(2));
        connected.simulator.addFault(Fault.answer(404).on("GET", "/user-licenses"));
        var now = connected.now();

        assertTrue(client.subscriptions(2, soon()).isGone());
        assertThrows(LearningCenterException.class, () -> client.subscriptions(1, soon()));
        assertTrue(client.userLicenses(now, now, 7, soon()).isGone());
    }

    @Test
    void subsidyIsCreatedRenewedListedAndTakenBack() {
        assertEquals(PAYER, client.subsidyOrganizations(soon()).getFirst().organizationId());
        var created = client.createSubsidy(PAYER, VIDAR, soon());
        connected.clock.advance(Duration.ofMinutes(1));
        var renewed = client.createSubsidy(PAYER, VIDAR, soon());
        var byEmail = client.createSubsidy(PAYER, "a+b@test.com", soon());

        assertEquals(created.subsidyId(), renewed.subsidyId());
        assertEquals(connected.now(), renewed.createdAt());
        assertNull(byEmail.ussfId());
        assertEquals(List.of(renewed), client.subsidies(PAYER, VIDAR, null, soon()));
        assertEquals(List.of(byEmail), client.subsidies(PAYER, null, "a+b@test.com", soon()));

        client.deleteSubsidy(renewed.subsidyId(), soon());
        assertEquals(List.of(byEmail), client.subsidies(PAYER, null, null, soon()));
    }

    @Test
    void everyWebhookCanBeDrilled() {
        client.drillLicenseCatalogUpdate(soon());
        client.drillUserLicenseUpdate(VIDAR, soon());
        client.drillUssfIdUpdate(soon());
        client.drillUserUpdate(soon());

        assertEquals(
                4,
                connected.simulator.calls().entrySet().stream()
                        .filter(call -> call.getKey().contains("/webhooks/"))
                        .mapToInt(Map.Entry::getValue)
                        .sum());
    }

    private Set<String> licenseIds(Person person) {
        return connected.simulator.licenses(person.ussfId()).stream()
                .map(license -> license.licenseId())
                .collect(Collectors.toSet());
    }

    private static Set<String> ids(List<LicenseChange> licenses) {
        return licenses.stream().map(license -> license.licenseId().value()).collect(Collectors.toSet());
    }

    private Deadline soon() {
        return connected.soon();
    }
}
