package org.touchline.subscription;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.learningcenter.Alteration;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment.Status;
import org.touchline.member.MemberDirectory;
import org.touchline.member.Members;
import org.touchline.subscription.AuditCheckpoint.Found;
import org.touchline.subscription.SubscriptionAudit.Outcome;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The audit against the simulator, which lists two subscriptions a page, the oldest first. */
class SubscriptionAuditTest {
    private static final List<UssfId> PEOPLE = IntStream.range(0, 1_100)
            .mapToObj(number -> new UssfId(String.format(Locale.ROOT, "%016d", 3_000_000_000_000_000L + number)))
            .toList();

    private final List<String> lines = new ArrayList<>();
    private ConnectedStack connected;
    private LearningCenterClient client;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private AuditCheckpoint checkpoint;
    private SubscriptionAudit audit;
    /** How long everything takes that looks at the clock. */
    private Duration tick = Duration.ZERO;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        var stack = connected.stack;
        client = connected.client(connected.session());
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        InstantSource clock = () -> {
            connected.clock.advance(tick);
            return connected.now();
        };
        checkpoint = new AuditCheckpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock);
        var followUps = new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), connected.clock);
        audit = new SubscriptionAudit(client, profiles, members, followUps, checkpoint, clock);
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    @Test
    void whoIsEnrolledIsExpectedAndWhomNobodyHoldsIsExtra() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        holds("A-2", PEOPLE.get(0), Status.ENROLLED);
        holds("B-1", PEOPLE.get(1), Status.ENROLLED);
        subscribe(PEOPLE.get(1));
        subscribe(PEOPLE.get(2));

        var result = report();

        assertEquals(new AuditResult(2, 2, 1, List.of(PEOPLE.get(0)), 1, List.of(PEOPLE.get(2)), 0), result);
    }

    /** Nobody has confirmed these ids, but they may be; the last one is somebody else's. */
    @Test
    void whatIsUnconfirmedIsNeitherMissingNorExtra() {
        holds("A-1", PEOPLE.get(0), Status.PENDING);
        holds("B-1", PEOPLE.get(1), Status.PENDING);
        holds("C-1", PEOPLE.get(2), Status.FAILED);
        holds("D-1", PEOPLE.get(3), Status.DOB_MISMATCH);
        PEOPLE.subList(1, 4).forEach(this::subscribe);

        assertEquals(new AuditResult(0, 3, 0, List.of(), 1, List.of(PEOPLE.get(3)), 0), report());
    }

    @Test
    void reportAsksForNothingAndRepairForWhatIsMissing() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        holds("B-1", PEOPLE.get(1), Status.ENROLLED);
        subscribe(PEOPLE.get(1));
        subscribe(PEOPLE.get(2));

        report();
        assertEquals(List.of(), followUps());

        var repaired = complete(audit.run(true, connected.soon(), lines::add));

        assertEquals(1, repaired.missingCount());
        assertEquals(1, repaired.repaired());
        assertEquals(List.of("subscribe#" + PEOPLE.get(0)), followUps());
    }

    /** Wire contract §7, and rule 26: whoever is taken for unsubscribed is asked for. */
    @Test
    void reportChangesNothingThatIsHeld() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        subscribe(PEOPLE.get(0));
        holds("B-1", PEOPLE.get(1), Status.ENROLLED);
        profiles.subscribed(PEOPLE.get(1), connected.now());
        profiles.subscribed(PEOPLE.get(2), connected.now());

        assertEquals(List.of(PEOPLE.get(1)), report().missing());

        assertTrue(licenses.person(PEOPLE.get(0)).isEmpty());
        assertNotNull(subscribedSince(PEOPLE.get(1)));
        assertNotNull(subscribedSince(PEOPLE.get(2)));
        assertEquals(List.of(), followUps());
    }

    /** Rule 26: a subscription that is missing is asked for, and from when on we are told begins anew. */
    @Test
    @Tag("rule-26")
    void fromWhenOnWeAreToldBeginsAnewForWhoWasMissing() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        profiles.subscribed(PEOPLE.get(0), connected.now());
        connected.clock.advance(Duration.ofDays(1));

        repair();
        assertNull(subscribedSince(PEOPLE.get(0)));
        assertEquals(List.of("subscribe#" + PEOPLE.get(0)), followUps());
        assertEquals(
                List.of(PEOPLE.get(0)),
                profiles.turns(Stream.of(PEOPLE.get(0)), 10).longestWaiting(10),
                "still refreshed");

        profiles.subscribed(PEOPLE.get(0), connected.now());
        assertEquals(connected.now(), subscribedSince(PEOPLE.get(0)));
    }

    /** Who has failed, or is pending, has a follow-up of their own. */
    @Test
    void subscriptionOfWhoHasFailedIsNeitherTakenAwayNorAskedFor() {
        holds("A-1", PEOPLE.get(0), Status.FAILED);
        profiles.subscribed(PEOPLE.get(0), connected.now());

        repair();

        assertNotNull(subscribedSince(PEOPLE.get(0)));
        assertEquals(List.of(), followUps());
    }

    /** Wire contract §5: of whom nothing is known is 404, also if the list names them. */
    @Test
    void strangerWhomTheListNamesStaysOne() {
        subscribe(PEOPLE.get(0));
        subscribe(PEOPLE.get(1));
        licenses.apply(new LicenseChange(
                PEOPLE.get(1),
                LicenseId.parse("referee_8", null),
                LicenseState.ACTIVE,
                null,
                null,
                null,
                connected.now()));

        assertEquals(2, repair().extraCount());

        assertTrue(licenses.person(PEOPLE.get(0)).isEmpty());
        assertNotNull(subscribedSince(PEOPLE.get(1)));
    }

    /** Rule 24. */
    @Test
    @Tag("rule-24")
    void whatIsStoredAndCannotBeReadIsCountedAndPassedOver() {
        IntStream.range(0, 3).forEach(number -> {
            subscribe(PEOPLE.get(number));
            holds("M" + number, PEOPLE.get(number), Status.ENROLLED);
            profiles.refereeExperience(PEOPLE.get(number), number, connected.now());
        });
        set(
                "MemberDirectoryTable",
                Map.of("memberIdentifier", "ODD-1", "enrollmentStatus", "enrolled", "holdsUssfId", "12"));
        set("LicenseStoreTable", Map.of("pk", "person#12", "sk", "profile", "subscribedSince", "yesterday"));
        set(
                "LicenseStoreTable",
                Map.of("pk", "person#" + PEOPLE.get(1), "sk", "profile", "movedTo", "nobody", "refreshedAt", "never"));

        var outcome = audit.run(true, connected.soon(), lines::add);

        assertEquals(3, assertInstanceOf(Outcome.Complete.class, outcome).undecided());
        assertEquals(3, complete(outcome).expected());
        assertEquals(0, complete(outcome).missingCount());
        assertNotNull(subscribedSince(PEOPLE.get(0)));
        assertNotNull(subscribedSince(PEOPLE.get(2)));
    }

    /** Rule 24: one after another is not answered about, and the others are decided. */
    @Test
    @Tag("rule-24")
    void whoCannotBeAskedAboutIsCountedAndTheNextAreLookedAt() {
        PEOPLE.subList(0, 5).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/subscriptions").after(1).times(8));

        var outcome = audit.run(true, connected.in(Duration.ofHours(1)), lines::add);

        assertEquals(2, assertInstanceOf(Outcome.Complete.class, outcome).undecided());
        assertEquals(PEOPLE.subList(2, 5), complete(outcome).missing());
        assertEquals(3, followUps().size());
    }

    /** The next run goes on, and decides about the rest. */
    @Test
    void outageEndsTheRunAndTheNextGoesOn() {
        PEOPLE.subList(0, 5).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/subscriptions").after(1).times(12));

        assertInstanceOf(Outcome.Unfinished.class, audit.run(true, connected.in(Duration.ofHours(1)), lines::add));
        var outcome = audit.resume(connected.soon(), lines::add);

        assertEquals(3, assertInstanceOf(Outcome.Complete.class, outcome).undecided());
        assertEquals(PEOPLE.subList(3, 5), complete(outcome).missing());
    }

    /** Wire contract §2: in the third run, while another page is answered. Whoever was on it is looked at once more. */
    @Test
    void pageThatFailsInThreeRunsIsPassedOver() {
        PEOPLE.subList(0, 6).forEach(this::subscribe);
        PEOPLE.subList(0, 6).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        var brokenPage =
                new Fault("GET", "/subscriptions", 1, 1, new Fault.Effect.Answer(200, Map.of(), "{\"data\":\"none\"}"));
        connected.simulator.addFault(brokenPage);
        assertThrows(UnintelligibleException.class, this::report);
        for (var run = 2; run <= 3; run++) {
            connected.simulator.addFault(brokenPage.after(0));
            if (run == 2) {
                assertThrows(UnintelligibleException.class, () -> audit.resume(connected.soon(), lines::add));
            }
        }

        var outcome = audit.resume(connected.soon(), lines::add);

        assertEquals(new AuditResult(6, 6, 0, List.of(), 0, List.of(), 0), complete(outcome));
        assertEquals(1, assertInstanceOf(Outcome.Complete.class, outcome).undecided());
        assertTrue(lines.stream().anyMatch(line -> line.startsWith("page 2 is passed over: ")), lines.toString());
    }

    /** Then it is no page that fails: the list waits. */
    @Test
    void pageThatFailsAmongOthersThatDoIsNotPassedOver() {
        PEOPLE.subList(0, 6).forEach(this::subscribe);
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/subscriptions").after(1).times(100));

        assertThrows(LearningCenterUnavailableException.class, this::report);
        for (var run = 2; run <= 5; run++) {
            assertThrows(LearningCenterUnavailableException.class, () -> audit.resume(connected.soon(), lines::add));
        }
        connected.simulator.clearFaults();

        assertEquals(6, complete(audit.resume(connected.soon(), lines::add)).subscribed());
    }

    /** Wire contract §2: the list has become shorter meanwhile. */
    @Test
    void pageThatIsGoneIsTheEndOfTheList() {
        PEOPLE.subList(0, 6).forEach(this::subscribe);
        connected.simulator.addFault(
                Fault.answer(404).on("GET", "/subscriptions").after(2));

        assertEquals(4, report().subscribed());
    }

    /** Wire contract §7. */
    @Test
    void resumeOnlyGoesOnAndAsItWasBegun() {
        assertInstanceOf(Outcome.Skipped.class, audit.resume(connected.soon(), lines::add));
        assertEquals(0, pagesRead());
        PEOPLE.subList(0, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));

        tick = Duration.ofSeconds(2);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(true, connected.in(Duration.ofSeconds(100)), lines::add));
        tick = Duration.ZERO;
        var result = complete(audit.resume(connected.soon(), lines::add));

        assertEquals(10, result.repaired());
        assertInstanceOf(Outcome.Skipped.class, audit.resume(connected.soon(), lines::add));
    }

    /** The one that only goes on never takes the lease from the one that begins. */
    @Test
    void resumeWithNothingToGoOnWithLeavesTheLease() {
        var other = checkpoint.acquire().orElseThrow();

        assertInstanceOf(Outcome.Skipped.class, audit.resume(connected.soon(), lines::add));

        checkpoint.release(other.lease());
    }

    /** A person who asks for a report in the middle of the weekly audit does not call its repair off. */
    @Test
    void reportInTheMiddleOfARepairLeavesItOwed() {
        PEOPLE.subList(0, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        tick = Duration.ofSeconds(2);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(true, connected.in(Duration.ofSeconds(100)), lines::add));
        tick = Duration.ZERO;
        var asked = followUps().size();

        assertEquals(10, report().missingCount());
        assertEquals(asked, followUps().size());

        assertEquals(10, complete(audit.resume(connected.soon(), lines::add)).repaired());
        assertEquals(10, followUps().size());
        assertInstanceOf(Outcome.Skipped.class, audit.resume(connected.soon(), lines::add));
    }

    /** For {@code GET /status}: what was found stays while the next one is unfinished, and a report of a repair's middle counts. */
    @Test
    void whatTheLastOneFoundIsKept() {
        assertEquals(Optional.empty(), found());
        PEOPLE.subList(0, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        subscribe(PEOPLE.get(20));
        report();
        var first = new Found(connected.now(), 10, 1);
        assertEquals(Optional.of(first), found());

        subscribe(PEOPLE.get(0));
        tick = Duration.ofSeconds(2);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(true, connected.in(Duration.ofSeconds(100)), lines::add));
        tick = Duration.ZERO;
        assertEquals(Optional.of(first), found());

        report();
        var second = new Found(connected.now(), 9, 1);
        assertEquals(Optional.of(second), found());

        connected.clock.advance(Duration.ofSeconds(1));
        complete(audit.resume(connected.soon(), lines::add));
        assertEquals(Optional.of(new Found(connected.now(), 9, 1)), found());
    }

    /** Rule 24: rather begun anew than never. */
    @Test
    void progressThatCannotBeReadIsBegunAnew() {
        subscribe(PEOPLE.get(0));
        set("LicenseStoreTable", Map.of("pk", "subscription-audit", "sk", "checkpoint", "startedAt", "yesterday"));

        assertEquals(1, report().subscribed());
    }

    @Test
    void profilesSayWhatTheListSays() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        subscribe(PEOPLE.get(0));
        var since = connected.now();
        connected.clock.advance(Duration.ofDays(1));
        profiles.subscribed(PEOPLE.get(1), since);
        profiles.subscribed(PEOPLE.get(2), since.minusSeconds(60));
        subscribe(PEOPLE.get(2));
        holds("D-1", PEOPLE.get(3), Status.ENROLLED);

        repair();

        assertEquals(since, subscribedSince(PEOPLE.get(0)));
        assertNull(subscribedSince(PEOPLE.get(1)));
        assertEquals(since.minusSeconds(60), subscribedSince(PEOPLE.get(2)));
        assertTrue(licenses.person(PEOPLE.get(3)).isEmpty());
    }

    /** An empty profile would answer for somebody of whom nothing is known. */
    @Test
    void endingTheSubscriptionOfAStrangerWritesNothing() {
        profiles.unsubscribed(PEOPLE.get(0));

        assertTrue(licenses.person(PEOPLE.get(0)).isEmpty());
    }

    @Test
    void aFormerIdIsNotMarked() {
        profiles.markMoved(PEOPLE.get(0), PEOPLE.get(1));
        subscribe(PEOPLE.get(0));

        repair();

        assertNull(subscribedSince(PEOPLE.get(0)));
    }

    /** A subscription that ends on a page that was read pulls a row of the next one over. */
    @Test
    void whoIsSkippedBecauseThePagesShiftedIsNotMissing() {
        PEOPLE.subList(0, 4).forEach(this::subscribe);
        PEOPLE.subList(1, 4).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));

        var result = complete(audit.run(true, connected.soon(), line -> {
            if (line.startsWith("page 1 ")) {
                client.unsubscribe(PEOPLE.get(0), connected.soon());
            }
        }));

        assertEquals(List.of(), result.missing());
        assertEquals(4, result.subscribed());
        assertEquals(List.of(), followUps());
        assertNotNull(subscribedSince(PEOPLE.get(2)));
    }

    /** Wire contract §2: such an answer decides nothing. */
    @ParameterizedTest
    @ValueSource(ints = {400, 403, 404})
    void whoIsRefusedIsNotMissing(int status) {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        profiles.subscribed(PEOPLE.get(0), connected.now());
        connected.simulator.addFault(
                Fault.answer(status).on("GET", "/subscriptions").after(1));

        var outcome = audit.run(true, connected.soon(), lines::add);

        assertEquals(0, complete(outcome).missingCount());
        assertEquals(1, assertInstanceOf(Outcome.Complete.class, outcome).undecided());
        assertNotNull(subscribedSince(PEOPLE.get(0)));
        assertEquals(List.of(), followUps());
    }

    /** The contract promises this only for ids in a path; nothing keeps a Learning Center from it. */
    @Test
    void idThatTheLearningCenterNoLongerListsIsMissing() {
        holds("A-1", PEOPLE.get(0), Status.ENROLLED);
        var body = "{\"message\":\"ussf_id has been changed\",\"ussf_id\":\"" + PEOPLE.get(1) + "\"}";
        connected.simulator.addFault(
                Fault.answer(410, Map.of(), body).on("GET", "/subscriptions").after(1));

        var repaired = repair();

        assertEquals(List.of(PEOPLE.get(0)), repaired.missing());
        assertEquals(List.of("subscribe#" + PEOPLE.get(0)), followUps());
    }

    /** Wire contract §2, design rule 24: that is a refusal; nobody is taken for missing by it, and the others are looked at. */
    @Test
    void whoCannotBeLookedAtAloneIsPassedOverAndTheOthersAreLookedAt() {
        var refused = PEOPLE.get(0);
        profiles.subscribed(refused, connected.now());
        holds("A-1", refused, Status.ENROLLED);
        holds("A-2", PEOPLE.get(1), Status.ENROLLED);
        connected.simulator.addFault(
                Fault.answer(404).on("GET", "/subscriptions").after(1));

        var repaired = complete(audit.run(true, connected.soon(), lines::add));

        assertEquals(List.of(PEOPLE.get(1)), repaired.missing());
        assertNotNull(subscribedSince(refused));
        assertTrue(
                lines.contains(refused + " could not be looked at: GET /subscriptions was refused with 404"),
                lines.toString());
    }

    /** Wire contract §2: the other rows are used. */
    @Test
    void rowThatCannotBeReadIsPassedOver() {
        PEOPLE.subList(0, 2).forEach(this::subscribe);
        PEOPLE.subList(0, 2).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        connected.simulator.addFault(
                Fault.altered(Alteration.ODD_ROW, "{\"ussf_id\":\"x\"}").on("GET", "/subscriptions"));

        var result = report();

        assertEquals(2, result.subscribed());
        assertEquals(List.of(), result.missing());
    }

    @Test
    @Tag("rule-32")
    void theNextRunGoesOnWhereTheTimeEnded() {
        PEOPLE.subList(0, 9).forEach(this::subscribe);
        PEOPLE.subList(1, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));

        tick = Duration.ofSeconds(3);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(false, connected.in(Duration.ofSeconds(60)), lines::add));
        var calls = pagesRead();
        assertTrue(calls > 0 && calls < 5, "calls: " + calls);

        tick = Duration.ZERO;
        var result = report();

        assertEquals(6, pagesRead());
        assertEquals(new AuditResult(9, 9, 1, List.of(PEOPLE.get(9)), 1, List.of(PEOPLE.get(0)), 0), result);
        assertEquals(List.of("checkpoint"), saved());
    }

    @Test
    void whatThePagesSaidBeforeAFailureIsKept() {
        PEOPLE.subList(0, 6).forEach(this::subscribe);
        connected.simulator.addFault(
                new Fault("GET", "/subscriptions", 2, 1, new Fault.Effect.Answer(200, Map.of(), "{\"data\":5}")));

        assertThrows(UnintelligibleException.class, this::report);
        var result = report();

        assertEquals(6, result.subscribed());
        assertEquals(4, pagesRead());
    }

    @Test
    void whoWasLookedAtOnceMoreIsNotLookedAtAgain() {
        PEOPLE.subList(0, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));

        tick = Duration.ofSeconds(2);
        var runs = 0;
        Outcome outcome;
        do {
            outcome = audit.run(true, connected.in(Duration.ofSeconds(100)), lines::add);
            runs++;
        } while (outcome instanceof Outcome.Unfinished && runs < 20);

        var result = complete(outcome);
        assertTrue(runs > 1, "runs: " + runs);
        assertEquals(PEOPLE.subList(0, 10), result.missing());
        assertEquals(10, result.repaired());
        assertEquals(11, pagesRead());
    }

    /** Rule 32: comparing has an end, too; what was counted of a comparison that was given up is not counted twice. */
    @Test
    void comparisonThatTheTimeDoesNotSufficeForIsBegunAnewInTheNextRun() {
        PEOPLE.subList(0, 2).forEach(this::subscribe);
        PEOPLE.subList(0, 20).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        set(
                "MemberDirectoryTable",
                Map.of("memberIdentifier", "ODD-1", "enrollmentStatus", "enrolled", "holdsUssfId", "12"));
        tick = Duration.ofSeconds(2);

        assertInstanceOf(Outcome.Unfinished.class, audit.run(false, connected.in(Duration.ofSeconds(60)), lines::add));
        assertTrue(
                lines.contains("comparing the list with whom members hold takes longer: the next run begins with it"),
                lines::toString);
        var pages = pagesRead();

        tick = Duration.ZERO;
        var outcome = (Outcome.Complete) audit.run(false, connected.soon(), lines::add);
        assertEquals(PEOPLE.subList(2, 20), outcome.result().missing());
        assertEquals(1, outcome.undecided());
        assertEquals(pages + 18, pagesRead(), "the list is not read again, and each of 18 looked at once more");
    }

    @Test
    void repairAfterAnUnfinishedReportRepairsWhatTheReportHadSeen() {
        PEOPLE.subList(0, 10).forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));
        tick = Duration.ofSeconds(2);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(false, connected.in(Duration.ofSeconds(100)), lines::add));
        assertTrue(pagesRead() > 1);

        tick = Duration.ZERO;
        var result = complete(audit.run(true, connected.soon(), lines::add));

        assertEquals(10, result.missingCount());
        assertEquals(10, result.repaired());
        assertEquals(10, followUps().size());
    }

    @Test
    void whatIsOlderThanEightDaysIsReadAnew() {
        PEOPLE.subList(0, 4).forEach(this::subscribe);
        tick = Duration.ofSeconds(3);
        assertInstanceOf(Outcome.Unfinished.class, audit.run(false, connected.in(Duration.ofSeconds(45)), lines::add));
        client.unsubscribe(PEOPLE.get(0), connected.soon());

        tick = Duration.ZERO;
        connected.clock.advance(Duration.ofDays(8));

        assertEquals(PEOPLE.subList(1, 4), report().extra());
    }

    @Test
    @Tag("long")
    void listsHoldAThousandAndCountsAreExact() {
        PEOPLE.forEach(ussfId -> holds("M" + ussfId, ussfId, Status.ENROLLED));

        var result = complete(audit.run(true, connected.in(Duration.ofHours(1)), lines::add));

        assertEquals(1_100, result.missingCount());
        assertEquals(PEOPLE.subList(0, 1_000), result.missing());
        assertEquals(1_100, result.repaired());
        assertEquals(1_100, followUps().size());
        assertEquals(101, dueNow());
    }

    @Test
    void twoRunsDoNotOverlap() {
        var other = checkpoint.acquire().orElseThrow();

        assertInstanceOf(Outcome.Skipped.class, audit.run(false, connected.soon(), lines::add));

        checkpoint.release(other.lease());
        assertEquals(0, report().subscribed());
    }

    @Test
    void theLogTellsHowFarItHasCome() {
        PEOPLE.subList(0, 3).forEach(this::subscribe);

        report();

        assertEquals(
                List.of(
                        "page 1 of 2; 3 subscriptions in all",
                        "0 expected, 3 subscribed, 0 missing, 3 extra, 0 repaired"),
                lines);
    }

    private Optional<Found> found() {
        var stack = connected.stack;
        var item = stack.dynamoDb()
                .getItem(request ->
                        request.tableName(stack.table("LicenseStoreTable")).key(AuditCheckpoint.key()))
                .item();
        return AuditCheckpoint.found(new Item(item));
    }

    private AuditResult repair() {
        return complete(audit.run(true, connected.soon(), lines::add));
    }

    private AuditResult report() {
        return complete(audit.run(false, connected.soon(), lines::add));
    }

    private static AuditResult complete(Outcome outcome) {
        return assertInstanceOf(Outcome.Complete.class, outcome).result();
    }

    private void subscribe(UssfId ussfId) {
        if (connected.simulator.people().stream()
                .noneMatch(person -> person.ussfId().equals(ussfId.value()))) {
            connected.simulator.addPerson(
                    new Person(ussfId.value(), "Tim", "Smith", ussfId + "@test.com", Members.TODAY.minusYears(30)));
        }
        client.subscribe(ussfId, connected.soon());
    }

    private void holds(String identifier, UssfId ussfId, Status status) {
        var member = Members.member(identifier, "\"ussfId\":\"" + ussfId + "\"");
        Members.put(members, member);
        connected
                .stack
                .dynamoDb()
                .updateItem(request -> request.tableName(connected.stack.table("MemberDirectoryTable"))
                        .key(Map.of(
                                "memberIdentifier",
                                AttributeValue.fromS(member.identifier().value())))
                        .updateExpression("SET enrollmentStatus = :status")
                        .expressionAttributeValues(Map.of(":status", AttributeValue.fromS(status.wireName()))));
    }

    private void set(String table, Map<String, String> attributes) {
        var item = new Item();
        attributes.forEach(item::with);
        connected
                .stack
                .dynamoDb()
                .putItem(request ->
                        request.tableName(connected.stack.table(table)).item(item.attributes()));
    }

    private Instant subscribedSince(UssfId ussfId) {
        return licenses.person(ussfId).orElseThrow().profile().subscribedSince();
    }

    private int pagesRead() {
        return connected.simulator.calls("GET /subscriptions");
    }

    private List<String> followUps() {
        return keys("FollowUpTable", "id");
    }

    private int dueNow() {
        return connected
                .stack
                .dynamoDb()
                .scan(request -> request.tableName(connected.stack.table("FollowUpTable"))
                        .filterExpression("dueAt <= :now")
                        .expressionAttributeValues(Map.of(
                                ":now",
                                AttributeValue.fromN(
                                        Long.toString(connected.now().toEpochMilli())))))
                .count();
    }

    private List<String> saved() {
        return keys("LicenseStoreTable", "sk");
    }

    private List<String> keys(String table, String attribute) {
        var found = new TreeSet<String>();
        for (var item : connected
                .stack
                .dynamoDb()
                .scanPaginator(request -> request.tableName(connected.stack.table(table)))
                .items()) {
            if (!item.containsKey("pk") || item.get("pk").s().equals("subscription-audit")) {
                found.add(Objects.requireNonNull(item.get(attribute)).s());
            }
        }
        return List.copyOf(found);
    }
}
