package org.touchline.person;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Refresh;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.BirthDateMismatchException;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UnknownUssfIdException;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.Changes;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person;
import org.touchline.license.ProfileStore;
import org.touchline.license.TakenOver;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;
import org.touchline.person.PersonRefresh.Extras;
import org.touchline.person.PersonRefresh.Refreshed;
import org.touchline.quarantine.Quarantine;
import org.touchline.statement.FullAnswerRow;
import org.touchline.statement.QuarantineReplay;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Design rules 3b, 5, 7 and 18, and the order of design §5, against the simulator. */
class PersonRefreshTest {
    /** The source document's first test user: three licenses, six years, a certificate. */
    private static final UssfId VIDAR = Changes.VIDAR;

    private static final Set<LicenseId> VIDARS = licenseIds("referee_8", "referee_29", "safety_1");
    private static final Fault UNKNOWN = Fault.answer(404, Map.of(), "{\"message\":\"ussf_id does not exist\"}");
    private static final String LICENSES = "GET /users/{ussf_id}/user-licenses";
    private static final String SUBSCRIBE = "POST /users/{ussf_id}/subscriptions";

    private ConnectedStack connected;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private FollowUpStore followUps;
    private Quarantine quarantine;
    private PersonRefresh people;
    private int kept;
    private final List<TakenOver> answers = new ArrayList<>();

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        var stack = connected.stack;
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), connected.clock);
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"), () -> kept++);
        people = people(new Extras(true, true));
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    @Test
    void refreshBringsEverythingAndAgainNothing() {
        assertEquals(5, people.refresh(VIDAR, soon()));

        assertEquals(VIDARS, held(VIDAR));
        var profile = person(VIDAR).profile();
        assertEquals(6, profile.refereeExperience());
        assertTrue(profile.grassrootsCertificate().hasCertificate());
        assertFalse(profile.subscribed());
        assertEquals(connected.now(), profile.lastAnswer());
        connected.clock.advance(Duration.ofDays(1));
        assertEquals(0, people.refresh(VIDAR, soon()));
    }

    @Test
    void whatIsNotWantedIsNotAskedForButByWhatNamesIt() {
        people(new Extras(false, false)).refresh(VIDAR, soon());

        assertEquals(null, person(VIDAR).profile().refereeExperience());
        assertEquals(null, person(VIDAR).profile().grassrootsCertificate());

        assertEquals(1, people(new Extras(false, false)).fetchRefereeExperience(VIDAR, soon()));
        assertEquals(1, people(new Extras(false, false)).fetchGrassrootsCertificate(VIDAR, soon()));
        assertEquals(6, person(VIDAR).profile().refereeExperience());
        assertEquals(
                2017,
                person(VIDAR).profile().grassrootsCertificate().issueDate().getYear());
        assertEquals(0, people.fetchRefereeExperience(VIDAR, soon()));
    }

    @Test
    void licenseThatIsNoLongerShownIsNoLongerHeld() {
        people.refresh(VIDAR, soon());
        connected.simulator.changeSilently().removeLicense(VIDAR.value(), "referee_8");

        assertEquals(1, people.refresh(VIDAR, soon()));

        assertEquals(licenseIds("referee_29", "safety_1"), held(VIDAR));
    }

    /** Design §5: the other way round, a change in between is lost. */
    @Test
    void nobodyIsAskedForBeforeTheyAreSubscribedTo() {
        connected.simulator.addFault(
                Fault.answer(503).on("POST", "/users/{ussf_id}/subscriptions").times(100));

        assertThrows(LearningCenterUnavailableException.class, () -> people.subscribe(VIDAR, soon()));

        assertEquals(0, connected.simulator.calls(LICENSES));
        assertTrue(licenses.person(VIDAR).isEmpty());
        connected.simulator.clearFaults();
        people.subscribe(VIDAR, soon());
        assertEquals(1, connected.simulator.calls(LICENSES));
        assertTrue(connected.simulator.isSubscribed(VIDAR.value()));
        assertTrue(person(VIDAR).profile().subscribed());
        assertEquals(VIDARS, held(VIDAR));
    }

    /** Its first step is kept: from then on webhooks come. */
    @Test
    void subscriptionIsKnownEvenWhereTheAnswerThatFollowsCannotBeHad() {
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/users/{ussf_id}/user-licenses").times(100));

        assertThrows(LearningCenterUnavailableException.class, () -> people.subscribe(VIDAR, soon()));

        assertTrue(person(VIDAR).profile().subscribed());
        assertEquals(null, person(VIDAR).profile().lastAnswer());
    }

    /** Rule 18: each hop is recorded as a move, and takes licenses and members along. */
    @Test
    @Tag("rule-18")
    void changedIdsAreFollowedAndEachHopIsAMove() {
        people.refresh(VIDAR, soon());
        Members.put(members, Members.member("A1", "\"ussfId\":\"" + VIDAR + "\""));
        var middle = new UssfId("1000000000000001");
        var last = new UssfId("1000000000000002");
        connected.simulator.changeSilently().ussfId(VIDAR.value(), middle.value());
        connected.simulator.changeSilently().ussfId(middle.value(), last.value());

        people.subscribe(VIDAR, soon());

        assertEquals(last, profiles.present(VIDAR));
        assertEquals(VIDARS, held(last));
        Stream.of(VIDAR, middle).forEach(former -> {
            assertEquals(List.of(), person(former).licenses());
            assertTrue(followUps.find(new LookAgain(former).id()).isPresent());
        });
        assertEquals(last, member("A1"));
        assertTrue(followUps.find(new Move(VIDAR, middle).id()).isEmpty());
        assertTrue(connected.simulator.isSubscribed(last.value()));
        assertTrue(person(last).profile().subscribed());
        // From now on nobody asks for the former ones.
        var calls = connected.simulator.calls(SUBSCRIBE);
        people.subscribe(VIDAR, soon());
        assertEquals(calls + 1, connected.simulator.calls(SUBSCRIBE));
    }

    @Test
    void moreThanFiveHopsAreNotFollowedInOneGo() {
        var ids = IntStream.rangeClosed(0, 6)
                .mapToObj(i -> i == 0 ? VIDAR : new UssfId(String.format(Locale.ROOT, "%016d", i)))
                .toList();
        for (var hop = 0; hop < 6; hop++) {
            connected
                    .simulator
                    .changeSilently()
                    .ussfId(ids.get(hop).value(), ids.get(hop + 1).value());
        }

        assertThrows(UnintelligibleException.class, () -> people.refresh(VIDAR, soon()));

        // What was learned stays, and the next attempt begins where this one ended.
        assertEquals(ids.get(5), profiles.present(VIDAR));
        people.refresh(VIDAR, soon());
        assertEquals(VIDARS, held(ids.get(6)));
    }

    @Test
    void changedIdThatContradictsWhatIsKnownIsUnintelligible() {
        var next = new UssfId("1000000000000001");
        licenses.markAndTakeAlong(next, VIDAR);
        connected.simulator.changeSilently().ussfId(VIDAR.value(), next.value());

        var refused = assertThrows(UnintelligibleException.class, () -> people.refresh(VIDAR, soon()));

        assertTrue(refused.getMessage().contains("circle"), refused.getMessage());
    }

    /** Rule 18: the licenses stay. */
    @Test
    @Tag("rule-18")
    void whoIsUnknownKeepsTheirLicenses() {
        people.refresh(VIDAR, soon());
        connected.simulator.addFault(UNKNOWN.on("GET", "/users/{ussf_id}/user-licenses"));

        assertThrows(UnknownUssfIdException.class, () -> people.refresh(VIDAR, soon()));

        assertEquals(VIDARS, held(VIDAR));
    }

    /** Design rule 24: whatever they are answered; what else was answered is stored, and the next refresh tries them again. */
    @ParameterizedTest
    @Tag("rule-24")
    @MethodSource("refusals")
    void refusalOfWhatIsOptionalDecidesNothing(Fault refusal) {
        for (var path : List.of("referee-experience", "grassroots-referee-certificate")) {
            connected.simulator.addFault(refusal.on("GET", "/users/{ussf_id}/" + path));
        }

        assertEquals(3, people.subscribe(VIDAR, soon()));

        assertEquals(VIDARS, held(VIDAR));
        var profile = person(VIDAR).profile();
        assertTrue(profile.subscribed());
        assertEquals(connected.now(), profile.lastAnswer());
        assertEquals(null, profile.refereeExperience());
        assertEquals(2, people.refresh(VIDAR, soon()));
        assertEquals(6, person(VIDAR).profile().refereeExperience());
    }

    static Stream<Fault> refusals() {
        return Stream.of(
                Fault.answer(404),
                UNKNOWN,
                Fault.answer(404, Map.of(), "Cannot GET /users/x/referee-experience"),
                Fault.htmlPage(403),
                Fault.answer(400),
                Fault.answer(410),
                Fault.answer(200, Map.of(), "{\"referee_experience\":null,\"has_certificate\":null}"),
                Fault.htmlPage(200),
                Fault.answer(204));
    }

    /** An outage is none: what cannot be asked now is asked again. */
    @Test
    void outageOfWhatIsOptionalIsAFailureAfterTheLicensesAreStored() {
        connected.simulator.addFault(Fault.answer(503)
                .on("GET", "/users/{ussf_id}/referee-experience")
                .times(9));

        assertThrows(LearningCenterUnavailableException.class, () -> people.refresh(VIDAR, soon()));

        assertEquals(VIDARS, held(VIDAR));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "5", "[", "", "{\"data\":{}}"})
    void answerThatCannotBeReadChangesNothing(String body) {
        people.refresh(VIDAR, soon());
        answerLicenses(body);

        assertThrows(UnintelligibleException.class, () -> people.refresh(VIDAR, soon()));

        assertEquals(VIDARS, held(VIDAR));
        assertEquals(List.of(), quarantine.open().toList());
    }

    /** Rule 25. */
    @Test
    @Tag("rule-25")
    void answerThatTakesEverythingAwayIsDoubtedAndAskedForAgainAfterFourHours() {
        people.subscribe(VIDAR, soon());
        var before = person(VIDAR).profile().lastAnswer();
        connected.clock.advance(Duration.ofDays(1));
        answerLicenses("[]");

        assertEquals(new Refreshed(0, true), people.refresh(VIDAR, false, soon()));

        assertEquals(VIDARS, held(VIDAR));
        assertEquals(before, person(VIDAR).profile().lastAnswer());
        assertEquals(connected.now(), answers.getLast().doubtedAt());
        var owed = followUps.find(new Refresh(VIDAR).id()).orElseThrow();
        assertEquals(connected.now().plus(Duration.ofHours(4)), owed.dueAt());
        connected.clock.advance(Duration.ofHours(2));
        answerLicenses("[]");
        people.refresh(VIDAR, soon());
        assertEquals(Set.of(), held(VIDAR));
        assertEquals(3, answers.getLast().markedAbsent());
        people.refresh(VIDAR, soon());
        assertEquals(VIDARS, held(VIDAR));
    }

    @Test
    void personMayBelieveAtOnce() {
        people.refresh(VIDAR, soon());
        answerLicenses("[]");

        assertEquals(new Refreshed(3, true), people.refresh(VIDAR, true, soon()));

        assertEquals(Set.of(), held(VIDAR));
        assertTrue(followUps.find(new Refresh(VIDAR).id()).isEmpty());
    }

    /** Recorded before the doubt is: if it dies in between, it is asked for again, and doubted then. */
    @Test
    void doubtIsOwedBeforeItIsKept() {
        people.refresh(VIDAR, soon());
        connected.clock.advance(Duration.ofDays(1));
        answerLicenses("[]");
        var stack = connected.stack;
        // Its rows are read, and no more.
        var dying = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof UpdateItemRequest) {
                throw AbortedException.create("died");
            }
        });
        licenses = new LicenseStore(dying, stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(dying, stack.table("LicenseStoreTable"));

        assertThrows(
                AbortedException.class, () -> people(new Extras(true, true)).refresh(VIDAR, soon()));

        assertTrue(followUps.find(new Refresh(VIDAR).id()).isPresent());
        assertEquals(VIDARS, held(VIDAR));
    }

    /** Rule 7: what can be used is; the rest is quarantined, counted, and nothing is taken for removed. */
    @Test
    void licenseThatCannotBeReadIsQuarantinedAndTheOthersAreApplied() {
        people.refresh(VIDAR, soon());
        var before = person(VIDAR).profile().lastAnswer();
        connected.clock.advance(Duration.ofHours(1));
        answerLicenses("""
                [{"license_id":"coach_41","updated_at":"2026-02-01T12:00:00Z"},
                 {"license_id":"coach_40"},
                 {"license_id":"coach_39","updated_at":"2026-03-03T12:00:00Z"},
                 {"ussf_id":"2020000004152809","license_id":"coach_38","updated_at":"2026-02-01T12:00:00Z"},
                 5]""");

        assertEquals(1, people.refresh(VIDAR, soon()));

        assertEquals(
                Stream.concat(VIDARS.stream(), Stream.of(new LicenseId("coach_41")))
                        .collect(Collectors.toSet()),
                held(VIDAR));
        assertEquals(before, person(VIDAR).profile().lastAnswer());
        assertEquals(4, kept);
        assertEquals(
                Set.of(
                        "updated_at is missing",
                        "updated_at is more than 24 hours ahead",
                        "ussf_id is somebody else's",
                        "an object was expected, and there is a number"),
                quarantine.open().map(entry -> entry.reason()).collect(Collectors.toSet()));
        assertTrue(quarantine.open().allMatch(entry -> entry.route().equals("/users/{ussf_id}/user-licenses")));
    }

    /** What it says was so when the answer came: since then the license may have been taken away, without a webhook. */
    @Test
    void licenseThatCouldNotBeReadIsNotAppliedOnReplayButThePersonIsAskedAboutAnew() {
        answerLicenses(
                "[{\"license_id\":\"coach_41\",\"updated_at\":\"2026-03-02T13:00:00Z\"},{\"license_id\":\"x\"}]");
        people.refresh(VIDAR, soon());
        var replay =
                new QuarantineReplay(quarantine, _ -> new FullAnswerRow(followUps, connected.clock), connected.clock);

        assertEquals(0, replay.replayAll(soon()));
        assertTrue(followUps.find(new Refresh(VIDAR).id()).isEmpty());
        connected.clock.advance(Duration.ofHours(2));
        assertEquals(1, replay.replayAll(soon()));

        assertEquals(Set.of(), held(VIDAR));
        assertEquals(
                connected.now(),
                followUps.find(new Refresh(VIDAR).id()).orElseThrow().dueAt());
        assertEquals(1, quarantine.open().toList().size());
    }

    /** Else one row that nobody can read would keep a person from being enrolled. */
    @Test
    void birthDateIsConfirmedByAnAnswerOfWhichNotAllCanBeRead() {
        answerLicenses("[{\"license_id\":\"coach_40\"}]");

        assertEquals(VIDAR, people.confirm(VIDAR, LocalDate.of(1999, 1, 1), soon()));

        assertTrue(licenses.person(VIDAR).isEmpty());
        assertThrows(BirthDateMismatchException.class, () -> people.confirm(VIDAR, LocalDate.of(1999, 1, 2), soon()));
    }

    private void answerLicenses(String body) {
        connected.simulator.addFault(Fault.answer(200, Map.of("Content-Type", "application/json"), body)
                .on("GET", "/users/{ussf_id}/user-licenses")
                .times(1));
    }

    private PersonRefresh people(Extras extras) {
        return new PersonRefresh(
                connected.client(connected.session()),
                licenses,
                profiles,
                members,
                new PersonMove(licenses, profiles, members, followUps),
                followUps,
                quarantine,
                extras,
                new OrganizationCalendar(connected.clock, () -> ZoneOffset.UTC),
                answers::add);
    }

    private Person person(UssfId ussfId) {
        return licenses.person(ussfId).orElseThrow();
    }

    private Set<LicenseId> held(UssfId ussfId) {
        return Changes.held(licenses, ussfId);
    }

    private UssfId member(String identifier) {
        return members.find(MemberIdentifier.parse(identifier))
                .orElseThrow()
                .enrollment()
                .ussfId();
    }

    private static Set<LicenseId> licenseIds(String... ids) {
        return Stream.of(ids).map(LicenseId::new).collect(Collectors.toSet());
    }

    private Deadline soon() {
        return connected.soon();
    }
}
