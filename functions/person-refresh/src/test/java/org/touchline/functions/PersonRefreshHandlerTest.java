package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.Alteration;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.License;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.quarantine.Quarantine;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.Notes;
import org.touchline.schedule.Scheduled;
import org.touchline.secret.UnusableSecretException;

/** Wire contract §7, against the simulator; the rolling refresh itself is tested in {@code shared}. */
class PersonRefreshHandlerTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId TIM = new UssfId("2020000004152809");
    private static final String SCHEDULED = FunctionHarness.sampleText("person-refresh");
    private static final String ONE = "{\"ussfId\":\"2020000004136762\"}";

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        simulator = LearningCenterSimulator.start();
        stack = EmbeddedStack.create(Map.of(
                "LearningCenterBaseUrl",
                simulator.baseUrl().toString(),
                "LearningCenterRequestsPerSecond",
                "1000",
                "RefreshDays",
                "2"));
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        function = new FunctionHarness(
                writingTo(printed, stack.environment("PersonRefreshFunction")), Duration.ofMinutes(15));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void scheduleRefreshesAShareOfThoseWhoAreSubscribed() {
        assertEquals("{\"refreshed\":0,\"changed\":0,\"failed\":0}", function.invoke(SCHEDULED));
        profiles.subscribed(VIDAR, Instant.now());
        profiles.subscribed(TIM, Instant.now());

        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke(SCHEDULED));
        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke("{}"));

        assertEquals(3, licenses.person(VIDAR).orElseThrow().licenses().size());
        assertEquals(5, licenses.person(TIM).orElseThrow().licenses().size());
    }

    /** Rule 27: so that somebody else notices when it stops, and whose turn never comes. One person is no share. */
    @Test
    void endOfAShareIsNotedAndWhoseRefreshIsTheOldest() {
        var notes = new ScheduleNotes(stack.dynamoDb(), stack.table("LicenseStoreTable"), InstantSource.system());
        var longAgo = Instant.parse("2026-01-01T00:00:00Z");
        profiles.subscribed(TIM, longAgo);
        profiles.subscribed(VIDAR, Instant.now());
        function.invoke(ONE);
        assertEquals(new Notes(Map.of(), null), notes.read());

        function.invoke(SCHEDULED);

        assertEquals(longAgo, notes.read().oldestRefresh());
        var first = notes.read().since().get(Scheduled.PERSON_REFRESH);
        function.invoke(SCHEDULED);
        assertTrue(notes.read().oldestRefresh().isAfter(longAgo));
        assertTrue(notes.read().since().get(Scheduled.PERSON_REFRESH).isAfter(first));
    }

    /** Rule 26: one "unknown" is asked about again, and whoever a member holds has a turn. */
    @Test
    void whoIsHeldIsRefreshedAndSubscribedToAndOneUnknownAnswerFailsNobody() {
        enrolled(VIDAR);
        simulator.addFault(Fault.answer(404, Map.of(), "{\"message\":\"ussf_id does not exist\"}")
                .on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals("{\"refreshed\":0,\"changed\":0,\"failed\":1}", function.invoke(SCHEDULED));
        assertEquals(Enrollment.Status.ENROLLED, enrollment().status());

        // What is owed comes first: the subscription is asked for, and the licenses with it.
        function.invoke(SCHEDULED);
        assertTrue(simulator.isSubscribed(VIDAR.value()));
        assertEquals(3, licenses.person(VIDAR).orElseThrow().licenses().size());
        assertEquals(Enrollment.Status.ENROLLED, enrollment().status());
    }

    /** The template's default: experience, and no certificate. */
    @Test
    void onePersonIsRefreshedOnDemand() {
        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke(ONE));
        assertEquals(
                "{\"refreshed\":1,\"changed\":0,\"failed\":0}",
                function.invoke("{\"ussfId\":\"2020 0000 0413 6762\"}"));

        var person = licenses.person(VIDAR).orElseThrow();
        assertEquals(3, person.licenses().size());
        assertEquals(6, person.profile().refereeExperience());
        assertEquals(null, person.profile().grassrootsCertificate());
    }

    /** Design rule 24: whoever is no referee is refreshed like anybody else, and what is odd is counted and named. */
    @Test
    void answersThatAreNotAsTheContractSaysAreCountedAndDecideNothing() {
        simulator.addFault(
                Fault.answer(404, Map.of(), "no referee: Vidar").on("GET", "/users/{ussf_id}/referee-experience"));
        simulator.addFault(
                Fault.altered(Alteration.UNKNOWN_FIELD, "hosted_by").on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke(ONE));

        assertEquals(3, licenses.person(VIDAR).orElseThrow().licenses().size());
        var lines = printed.toString(StandardCharsets.UTF_8);
        assertTrue(
                lines.contains(
                        "\"UnknownFields\":3,\"Source\":\"GET /users/{ussf_id}/user-licenses\",\"NewFields\":\"hosted_by\""),
                lines);
        assertTrue(
                lines.contains("\"UnusableAnswers\":1,\"Source\":\"GET /users/{ussf_id}/referee-experience\""), lines);
        assertTrue(lines.contains("was refused with 404"), lines);
        assertFalse(lines.contains("Vidar"), lines);
    }

    @Test
    void personWhomTheLearningCenterDoesNotKnowFailsAndIsNamedInTheLog() {
        assertEquals(
                "{\"refreshed\":0,\"changed\":0,\"failed\":1}", function.invoke("{\"ussfId\":\"0000000000000404\"}"));

        assertEquals("refresh of 0000000000000404 failed: the USSF-ID does not exist\n", function.logged());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"ussfId\":\"12345\"}",
                "{\"ussfId\":5}",
                "{\"accept\":true}",
                "{\"ussfId\":\"2020000004136762\",\"accept\":false}",
                "{\"all\":true}",
                "{\"ussfId\":\"2020000004136762\",\"days\":1}",
                "[]"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> function.invoke(payload));

        assertTrue(refused.getMessage().contains("{} refreshes the next share"), refused.getMessage());
    }

    /** Rule 20. */
    @Test
    void withoutCredentialsTheScheduleEndsQuietlyAndAPersonGetsAnError() {
        profiles.subscribed(VIDAR, Instant.now());
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertEquals("{\"status\":\"skipped\"}", function.invoke(SCHEDULED));
        assertTrue(function.logged().contains("LearningCenterCredentialsSecret"), function.logged());
        assertThrows(UnusableSecretException.class, () -> function.invoke(ONE));
    }

    /** Rule 18. */
    @Test
    void personWhoseIdChangedIsMovedAlong() {
        var successor = "2020000004136763";
        memberWithLicense(VIDAR.value());
        simulator.changeSilently().ussfId(VIDAR.value(), successor);

        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke(ONE));

        assertMovedAlong(successor);
    }

    /** Rule 10: what is due comes first; a change that contradicts an earlier one is kept as its webhook would have been. */
    @Test
    void whatIsOwedIsDoneBeforeTheShare() {
        var followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), InstantSource.system());
        licenses.markAndTakeAlong(VIDAR, new UssfId("2020000004136763"));
        followUps.ask(new Move(VIDAR, new UssfId("2020000004136764")));

        function.invoke(SCHEDULED);

        assertEquals(0, followUps.outstanding(1_000).count());
        assertEquals(
                1,
                new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"))
                        .waiting(10)
                        .count());
    }

    /** A member with that id, and a license of it. */
    private void memberWithLicense(String ussfId) {
        var member = new JsonObject()
                .put("firstName", "Vidar")
                .put("lastName", "Mlakar")
                .put("email", "vidar@test.com")
                .put("dateOfBirth", "1999-01-01")
                .put("ussfId", ussfId);
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(
                        MemberJson.read(MemberIdentifier.parse("CYSA-1"), member, LocalDate.parse("2026-03-01")),
                        Owed.NOTHING);
        licenseStore()
                .apply(new LicenseChange(
                        UssfId.parse(ussfId),
                        LicenseId.parse("referee_8", null),
                        LicenseState.ACTIVE,
                        null,
                        null,
                        null,
                        Instant.parse("2026-01-01T00:00:00Z")));
    }

    private MemberDirectory members() {
        return new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
    }

    /** A member who is enrolled with that id. */
    private void enrolled(UssfId ussfId) {
        var fields = new JsonObject()
                .put("firstName", "Vidar")
                .put("lastName", "Mlakar")
                .put("email", "vidar@test.com")
                .put("dateOfBirth", "1999-01-01");
        var member = MemberJson.read(MemberIdentifier.parse("CYSA-1"), fields, LocalDate.parse("2026-03-01"));
        members().put(member, Owed.NOTHING);
        members().settle(member, Enrollment.enrolled(ussfId, Instant.now()), Owed.NOTHING);
    }

    private Enrollment enrollment() {
        return members().find(MemberIdentifier.parse("CYSA-1")).orElseThrow().enrollment();
    }

    private LicenseStore licenseStore() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private void assertMovedAlong(String ussfId) {
        var member = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .find(MemberIdentifier.parse("CYSA-1"))
                .orElseThrow();
        assertEquals(UssfId.parse(ussfId), member.enrollment().ussfId());
        assertFalse(licenseStore()
                .person(UssfId.parse(ussfId))
                .orElseThrow()
                .licenses()
                .isEmpty());
    }

    /** Rule 7: the others are applied, and the metric raises an alarm. */
    @Test
    void licenseThatCannotBeReadIsQuarantinedAndCounted() {
        var answer =
                "[{\"license_id\":\"coach_5\",\"updated_at\":\"2026-01-10T15:04:05Z\"},{\"license_id\":\"coach_4\"}]";
        simulator.addFault(Fault.answer(200, Map.of(), answer).on("GET", "/users/{ussf_id}/user-licenses"));

        assertEquals("{\"refreshed\":1,\"changed\":1,\"failed\":0}", function.invoke(ONE));

        assertEquals(1, licenses.person(VIDAR).orElseThrow().licenses().size());
        assertEquals(
                1,
                FunctionHarness.json(printed.toString(StandardCharsets.UTF_8))
                        .path("Quarantined")
                        .intValue());
        var quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        assertEquals(
                "/users/{ussf_id}/user-licenses",
                quarantine.open().toList().getFirst().route());
    }

    /** Rule 25: doubted and counted, unless a person says that it is right. */
    @Test
    @Tag("rule-25")
    void answerThatTakesEverythingAwayIsDoubtedUnlessItIsAccepted() {
        function.invoke(ONE);
        simulator.addFault(Fault.answer(200, Map.of(), "[]")
                .on("GET", "/users/{ussf_id}/user-licenses")
                .times(2));

        assertEquals("{\"refreshed\":1,\"changed\":0,\"failed\":0}", function.invoke(ONE));
        assertEquals(3, held().size());
        assertEquals(
                "{\"refreshed\":1,\"changed\":1,\"failed\":0}",
                function.invoke("{\"ussfId\":\"2020000004136762\",\"accept\":true}"));

        assertEquals(List.of(), held());
        var told = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(FunctionHarness::json)
                .toList();
        assertEquals(2, told.size());
        assertEquals(1, told.getFirst().path("AnswersDoubted").intValue());
        assertEquals(3, told.getLast().path("LicensesMarkedAbsent").intValue());
    }

    /** Rule 25. */
    @Test
    @Tag("rule-25")
    void shareThatStopsItselfIsTold() {
        for (var number = 1; number <= 40; number++) {
            var person = String.format(Locale.ROOT, "%016d", number);
            simulator.addPerson(new Person(person, "First", "Last", number + "@example.org", LocalDate.of(1990, 1, 1)));
            memberWithLicense(person);
            profiles.subscribed(new UssfId(person), Instant.now());
        }

        assertEquals("{\"refreshed\":20,\"changed\":20,\"failed\":0}", function.invoke("{}"));

        var told = printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(FunctionHarness::json)
                .toList();
        assertEquals(1, told.getLast().path("RefreshesStopped").intValue());
    }

    private List<LicenseId> held() {
        return licenses.person(VIDAR).orElseThrow().licenses().stream()
                .filter(license -> !license.removed())
                .map(License::licenseId)
                .toList();
    }

    /** What goes to standard output, where CloudWatch finds it; the function takes hold of that when it is made. */
    private static PersonRefreshHandler writingTo(ByteArrayOutputStream out, Map<String, String> environment) {
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new PersonRefreshHandler(environment);
        } finally {
            System.setOut(before);
        }
    }
}
