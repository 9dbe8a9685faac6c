package org.touchline.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.GrassrootsCertificate;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.learningcenter.ConnectedStack;
import org.touchline.learningcenter.Deadline;
import org.touchline.learningcenter.LearningCenterClient;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Reconciliation.Reach;
import org.touchline.reconciliation.Run.Status;

/** Design rules 11 to 14, against the simulator over real HTTP, in pages of two rows. */
class ReconciliationTest {
    private static final UssfId SOMEONE = new UssfId("0000000000000001");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String PAGES = "GET /user-licenses";

    private final Calls calls = new Calls();
    private final Map<Integer, Runnable> betweenPages = new TreeMap<>();
    private ConnectedStack connected;
    private LearningCenterClient learningCenter;
    private LicenseStore licenses;
    private Quarantine quarantine;
    private Checkpoint checkpoint;
    private Reconciliation reconciliation;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        learningCenter = connected.client(connected.session());
        var stack = connected.stack;
        licenses = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        checkpoint = new Checkpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), connected.clock);
        reconciliation = new Reconciliation(
                learningCenter,
                licenses,
                quarantine,
                checkpoint,
                new Reach(Duration.ofHours(48), Duration.ofDays(7)),
                clockThatLooksAtThePages());
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    @Test
    void firstWindowReachesSevenDaysBackAndTakesInWhatIsThere() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15");

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(now().minus(Duration.ofDays(7)), run.window().start());
        assertEquals(now(), run.window().end());
        assertEquals(
                List.of(2, 3, 3, 0, 1),
                List.of(run.pages(), run.scanned(), run.repaired(), run.missed(), run.lastPageDone()));
        assertEquals(List.of("coach_15", "referee_7", "referee_8"), stored(SOMEONE));
        assertEquals(now(), checkpoint.completeUntil().orElseThrow());
    }

    @Test
    void nextWindowOverlapsTheLastBy48Hours() {
        var first = reconciliation.next(soon());
        connected.clock.advance(DAY);

        var second = reconciliation.next(soon());

        assertEquals(
                first.window().end().minus(Duration.ofHours(48)),
                second.window().start());
        assertEquals(now(), second.window().end());
    }

    /** Rule 14: the metric, since it is the only sign that webhooks are being lost. */
    @Test
    void lostWebhookIsRepairedAndCountedAsMissed() {
        subscribe(SOMEONE, "referee_8");
        reconciliation.next(soon());
        connected.clock.advance(DAY);
        change(SOMEONE, "referee_7", now());
        connected.clock.advance(DAY);

        var run = reconciliation.next(soon());

        assertEquals(List.of(1, 1), List.of(run.repaired(), run.missed()));
        assertEquals(DAY, run.latest());
        assertEquals(List.of("referee_7", "referee_8"), stored(SOMEONE));
    }

    @Test
    void whatAWebhookMayStillBringOrCouldNotBringIsRepairedButNotMissed() {
        subscribe(SOMEONE, "referee_8");
        reconciliation.next(soon());
        var beforeSubscription = now().minus(Duration.ofDays(1)).minusSeconds(3600);
        change(SOMEONE, "referee_7", beforeSubscription);
        connected.clock.advance(DAY);
        change(SOMEONE, "coach_15", now().minus(Duration.ofMinutes(14)));

        var run = reconciliation.next(soon());

        assertEquals(List.of(2, 0), List.of(run.repaired(), run.missed()));
    }

    @Test
    void removalThatWasMissedLeavesATombstone() {
        subscribe(SOMEONE, "referee_8");
        reconciliation.next(soon());
        connected.clock.advance(DAY);
        connected.simulator.changeSilently().removeLicense(SOMEONE.value(), "referee_8");
        connected.clock.advance(DAY);

        reconciliation.next(soon());

        assertTrue(licenses.person(SOMEONE).orElseThrow().licenses().getFirst().removed());
    }

    /** The budget of design §6: no license write, and one batch read a page. */
    @Test
    void reconcilingWhatIsAlreadyTrueWritesNoLicense() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14");
        reconciliation.next(soon());
        calls.drain();

        var run = reconciliation.next(soon());

        assertEquals(List.of(4, 0, 4), List.of(run.scanned(), run.repaired(), run.unchanged()));
        assertEquals(List.of("BatchGetItem", "BatchGetItem"), calls.drain());
    }

    /** Rule 13. */
    @Test
    void runThatRunsOutOfTimeIsGoneOnWithInTheSameWindow() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14");
        betweenPages.put(2, () -> connected.clock.advance(Duration.ofSeconds(61)));

        var cut = reconciliation.next(soon());
        assertEquals(Status.PARTIAL, cut.status());
        assertEquals(List.of(1, 2, 2), List.of(cut.pages(), cut.scanned(), cut.lastPageDone()));
        assertTrue(checkpoint.completeUntil().isEmpty());

        connected.clock.advance(Duration.ofMinutes(15));
        var rest = reconciliation.resume(soon());
        assertEquals(Status.COMPLETE, rest.status());
        assertEquals(cut.window(), rest.window());
        assertEquals(List.of(1, 2, 1), List.of(rest.pages(), rest.scanned(), rest.lastPageDone()));
        assertEquals(4, stored(SOMEONE).size());
        assertEquals(cut.window().end(), checkpoint.completeUntil().orElseThrow());
    }

    @Test
    void withoutAnUnfinishedWindowThereIsNothingToResume() {
        reconciliation.next(soon());

        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
    }

    /** Rule 13: two runs never overlap. */
    @Test
    void whileOneRunIsAtWorkAnotherIsSkippedUntilItsLeaseExpires() {
        checkpoint.acquire();

        assertEquals(Status.SKIPPED, reconciliation.next(soon()).status());
        connected.clock.advance(Duration.ofMinutes(5));
        assertEquals(Status.COMPLETE, reconciliation.next(soon()).status());
    }

    /** A run that took so long that another overtook it neither moves the checkpoint nor fails. */
    @Test
    void runThatWasOvertakenLeavesTheCheckpointToTheOther() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15");
        betweenPages.put(2, () -> {
            connected.clock.advance(Duration.ofMinutes(6));
            checkpoint.acquire();
        });

        var run = reconciliation.next(Deadline.in(Duration.ofHours(1), connected.clock));

        assertEquals(Status.PARTIAL, run.status());
        assertTrue(checkpoint.completeUntil().isEmpty());
    }

    @Test
    void windowOfOnesOwnLeavesTheCheckpointAlone() {
        subscribe(SOMEONE, "referee_8");
        var window = new Window(now().minus(Duration.ofDays(30)), now());

        var run = reconciliation.of(window, soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(1, run.repaired());
        assertTrue(checkpoint.completeUntil().isEmpty());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
    }

    /** What can be used is, the rest is quarantined with its source named. */
    @Test
    void rowThatCannotBeUnderstoodIsQuarantinedAndTheOthersAreApplied() {
        var page = """
                {"data":[{"ussf_id":"%1$s","action":"added","license_id":"referee_8"},
                         {"ussf_id":"%1$s","action":"added","license_id":"referee_7","updated_at":"2026-02-28T12:00:00Z"}],
                 "pagination":{"current_page":1,"per_page":2,"last_page":1,"total":2}}""".formatted(SOMEONE);
        connected.simulator.addFault(Fault.answer(200, Map.of("Content-Type", "application/json"), page)
                .on("GET", "/user-licenses")
                .times(2));

        var run = reconciliation.next(soon());

        assertEquals(List.of(2, 1, 1, 0), List.of(run.scanned(), run.repaired(), run.quarantined(), run.unchanged()));
        assertEquals(Status.COMPLETE, run.status());
        var entry = quarantine.open().getFirst();
        assertEquals("/user-licenses", entry.route());
        assertEquals("updated_at is missing", entry.reason());
    }

    @Test
    void pageThatCannotBeReadLeavesTheRunPartialAndIsReadAgainByTheNext() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14", "coach_5");
        // After the first look and page 3, page 2 is half a JSON.
        connected.simulator.addFault(
                Fault.halfBody().on("GET", "/user-licenses").after(2).times(4));

        var run = reconciliation.next(Deadline.in(Duration.ofMinutes(10), connected.clock));
        assertEquals(Status.PARTIAL, run.status());
        assertTrue(checkpoint.completeUntil().isEmpty());

        connected.simulator.clearFaults();
        assertEquals(Status.COMPLETE, reconciliation.resume(soon()).status());
        assertEquals(5, stored(SOMEONE).size());
    }

    @Test
    void learningCenterThatDoesNotAnswerLeavesTheRunPartial() {
        subscribe(SOMEONE, "referee_8");
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/user-licenses").times(1000));

        assertEquals(Status.PARTIAL, reconciliation.next(soon()).status());
        connected.simulator.clearFaults();
        connected.clock.advance(Duration.ofMinutes(15));
        assertEquals(Status.COMPLETE, reconciliation.resume(soon()).status());
    }

    /** Rule 12: a row that changes while the walk is on leaves the window and pulls later rows one place down. */
    @Test
    void rowsThatLeaveWhileTheWalkIsOnMakeItMissNone() {
        subscribeMany(10);
        betweenPages.put(3, () -> changeNow(1));
        betweenPages.put(4, () -> changeNow(2));

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(
                storedPeople(), IntStream.rangeClosed(3, 10).boxed().collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Rule 12: rows that enter push others up; the walk steps back by as many pages as they fill. */
    @Test
    void rowsThatEnterWhileTheWalkIsOnMakeItMissNone() {
        subscribeMany(10);
        // They changed before all others, so they come first and push every row up by three places.
        betweenPages.put(3, () -> {
            for (var i = 101; i <= 103; i++) {
                subscribe(id(i), now().minus(Duration.ofDays(6)), "referee_8");
            }
        });

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertTrue(
                storedPeople().containsAll(IntStream.rangeClosed(1, 10).boxed().toList()));
        assertTrue(storedPeople().containsAll(List.of(101, 102, 103)));
    }

    /** Rows leave and enter at once, and some come twice: what slips through both, the overlap brings. */
    @Test
    void rowsThatLeaveEnterAndRepeatAreAllThereAfterTwoRuns() {
        subscribeMany(10);
        betweenPages.put(3, () -> {
            changeNow(1);
            changeNow(2);
            subscribe(id(101), now().minus(Duration.ofDays(6)), "referee_8");
        });
        betweenPages.put(4, () -> {
            for (var i = 102; i <= 104; i++) {
                subscribe(id(i), now().minus(Duration.ofDays(6)), "referee_8");
            }
        });
        betweenPages.put(6, () -> changeNow(101));

        assertEquals(Status.COMPLETE, reconciliation.next(soon()).status());
        connected.clock.advance(Duration.ofMinutes(15));
        var second = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, second.status());
        var all = IntStream.concat(IntStream.rangeClosed(1, 10), IntStream.rangeClosed(101, 104))
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
        // What entered behind the walk is older than the overlap: its subscription asks for it.
        all.removeAll(List.of(102, 103, 104));
        assertTrue(storedPeople().containsAll(all), storedPeople().toString());
        assertEquals(0, reconciliation.next(soon()).repaired());
    }

    @Test
    void samePageTwiceIsAppliedOnce() {
        var row = row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"");
        answer(3, page("[" + row + "," + row + "]", 1, 2, 4));

        var run = reconciliation.next(soon());

        assertEquals(List.of(2, 4, 1, 3), List.of(run.pages(), run.scanned(), run.repaired(), run.unchanged()));
        assertEquals(List.of("referee_8"), stored(SOMEONE));
    }

    /** A total that says too little, and one that says too much: pages are what is walked. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1_000_000})
    void totalThatIsWrongLosesNothing(int total) {
        answer(1, page("[" + row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"") + "]", 1, 2, total));
        answer(1, page("[" + row("referee_7", "\"updated_at\":\"2026-02-28T12:00:00Z\"") + "]", 2, 2, total));
        answer(1, page("[" + row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"") + "]", 1, 2, total));

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(List.of("referee_7", "referee_8"), stored(SOMEONE));
    }

    /** One page more than there are rows. */
    @Test
    void emptyLastPageIsJustEmpty() {
        answer(1, page("[" + row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"") + "]", 1, 2, 1));
        answer(1, page("[]", 2, 2, 1));
        answer(1, page("[" + row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"") + "]", 1, 2, 1));

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(List.of(2, 1, 1), List.of(run.pages(), run.scanned(), run.repaired()));
        assertEquals(List.of("referee_8"), stored(SOMEONE));
    }

    @Test
    void windowWithoutAnyPageIsComplete() {
        answer(2, page("[]", 1, 0, 0));

        assertEquals(Status.COMPLETE, reconciliation.next(soon()).status());
    }

    /** Nothing of such a page can be used, and none of it is lost; the window is walked. */
    @Test
    void rowsWithoutTheirTimeAreAllQuarantinedAndTheWindowIsComplete() {
        answer(2, page("[" + row("referee_8", "\"x\":1") + "," + row("referee_7", "\"x\":1") + "]", 1, 1, 2));

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(List.of(2, 0, 2, 0), List.of(run.scanned(), run.repaired(), run.quarantined(), run.unchanged()));
        assertEquals(2, quarantine.open().size());
        assertTrue(licenses.person(SOMEONE).isEmpty());
    }

    /** An upstream whose total grows with every page must not keep the walk from its end. */
    @Test
    void totalThatNeverStopsGrowingEndsAllTheSame() {
        for (var i = 0; i < 60; i++) {
            var page = String.format(
                    Locale.ROOT,
                    "{\"data\":[],\"pagination\":{\"current_page\":1,\"per_page\":2,\"last_page\":1,\"total\":%d}}",
                    2 * i);
            connected.simulator.addFault(Fault.answer(200, Map.of("Content-Type", "application/json"), page)
                    .on("GET", "/user-licenses")
                    .times(1));
        }

        var run = reconciliation.next(Deadline.in(Duration.ofHours(1), connected.clock));

        assertEquals(Status.COMPLETE, run.status());
        assertTrue(run.pages() <= 52, "pages " + run.pages());
    }

    private void answer(int times, String page) {
        connected.simulator.addFault(Fault.answer(200, Map.of("Content-Type", "application/json"), page)
                .on("GET", "/user-licenses")
                .times(times));
    }

    private static String page(String rows, int page, int lastPage, int total) {
        return String.format(
                Locale.ROOT,
                "{\"data\":%s,\"pagination\":{\"current_page\":%d,\"per_page\":2,\"last_page\":%d,\"total\":%d}}",
                rows,
                page,
                lastPage,
                total);
    }

    private static String row(String licenseId, String field) {
        return "{\"ussf_id\":\"%s\",\"action\":\"added\",\"license_id\":\"%s\",%s}"
                .formatted(SOMEONE, licenseId, field);
    }

    /** A clock that lets something happen in the Learning Center when so many pages have been asked for. */
    private InstantSource clockThatLooksAtThePages() {
        return () -> {
            var due = betweenPages.remove(connected.simulator.calls(PAGES));
            if (due != null) {
                due.run();
            }
            return connected.clock.instant();
        };
    }

    private void subscribeMany(int people) {
        IntStream.rangeClosed(1, people)
                .forEach(i -> subscribe(id(i), now().minus(DAY).plusSeconds(i), "referee_8"));
    }

    private void subscribe(UssfId person, String... licenseIds) {
        subscribe(person, now().minus(DAY), licenseIds);
    }

    private void subscribe(UssfId person, Instant updatedAt, String... licenseIds) {
        connected.simulator.addPerson(new Person(
                person.value(),
                "A",
                "B",
                person + "@test.com",
                LocalDate.of(1990, 1, 1),
                0,
                GrassrootsCertificate.NONE));
        for (var licenseId : licenseIds) {
            change(person, licenseId, updatedAt);
        }
        learningCenter.subscribe(person, soon());
        licenses.profiles().subscribed(person, now().minus(DAY));
    }

    private void change(UssfId person, String licenseId, Instant updatedAt) {
        connected
                .simulator
                .changeSilently()
                .license(new UserLicense(
                        person.value(),
                        LicenseAction.ADDED,
                        licenseId,
                        "U.S. Soccer",
                        LocalDate.of(2026, 1, 1),
                        null,
                        updatedAt));
    }

    /** Later than the window's end. */
    private void changeNow(int person) {
        change(id(person), "referee_8", now().plusSeconds(1));
    }

    private static UssfId id(int person) {
        return new UssfId(String.format(Locale.ROOT, "%016d", person));
    }

    private List<String> stored(UssfId person) {
        return licenses.person(person).orElseThrow().licenses().stream()
                .map(license -> license.licenseId().value())
                .toList();
    }

    private TreeSet<Integer> storedPeople() {
        return connected
                .stack
                .dynamoDb()
                .scan(request -> request.tableName(connected.stack.table("LicenseStoreTable")))
                .items()
                .stream()
                .filter(item -> item.get("sk").s().startsWith("license#"))
                .map(item -> Integer.valueOf(
                        item.get("pk").s().substring("person#".length()).replaceFirst("^0+", "")))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Instant now() {
        return connected.clock.instant();
    }

    private Deadline soon() {
        return Deadline.in(Duration.ofSeconds(90), connected.clock);
    }
}
