package org.touchline.reconciliation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.Intercepted;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.GrassrootsCertificate;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Reconciliation.Reach;
import org.touchline.reconciliation.Run.Status;
import org.touchline.secret.UnusableSecretException;
import org.touchline.time.Deadline;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Design rules 11 to 14, against the simulator over real HTTP, in pages of two rows. */
class ReconciliationTest {
    /** So often a single write is made that meets transactions ({@code Conflicts}). */
    private static final int TRIES_OF_A_WRITE = 10;

    private static final UssfId SOMEONE = new UssfId("0000000000000001");
    private static final Duration DAY = Duration.ofDays(1);
    private static final String PAGES = "GET /user-licenses";

    private final Calls calls = new Calls();
    private final Map<Integer, Runnable> betweenPages = new TreeMap<>();
    private ConnectedStack connected;
    private LearningCenterClient learningCenter;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private Quarantine quarantine;
    private Checkpoint checkpoint;
    private Reconciliation reconciliation;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        learningCenter = connected.client(connected.session());
        var stack = connected.stack;
        licenses = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
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
    @Tag("rule-11")
    void firstWindowReachesSevenDaysBackAndTakesInWhatIsThere() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15");

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(now().minus(Duration.ofDays(7)), run.window().start());
        assertEquals(now(), run.window().end());
        assertEquals(
                List.of(2, 3, 3, 0, 1),
                List.of(
                        run.pages().read(),
                        run.rows().scanned(),
                        run.rows().repaired(),
                        run.rows().missed(),
                        run.pages().lastDone()));
        assertEquals(List.of("coach_15", "referee_7", "referee_8"), stored(SOMEONE));
        assertEquals(now(), checkpoint.completeUntil().orElseThrow());
    }

    @Test
    @Tag("rule-11")
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
    @Tag("rule-14")
    void lostWebhookIsRepairedAndCountedAsMissed() {
        subscribe(SOMEONE, "referee_8");
        reconciliation.next(soon());
        connected.clock.advance(DAY);
        change(SOMEONE, "referee_7", now());
        connected.clock.advance(DAY);

        var run = reconciliation.next(soon());

        assertEquals(List.of(1, 1), List.of(run.rows().repaired(), run.rows().missed()));
        assertEquals(DAY, run.rows().latest());
        assertEquals(List.of("referee_7", "referee_8"), stored(SOMEONE));
    }

    @Test
    @Tag("rule-14")
    void whatAWebhookMayStillBringOrCouldNotBringIsRepairedButNotMissed() {
        subscribe(SOMEONE, "referee_8");
        reconciliation.next(soon());
        var beforeSubscription = now().minus(Duration.ofDays(1)).minusSeconds(3600);
        change(SOMEONE, "referee_7", beforeSubscription);
        connected.clock.advance(DAY);
        change(SOMEONE, "coach_15", now().minus(Duration.ofMinutes(14)));

        var run = reconciliation.next(soon());

        assertEquals(List.of(2, 0), List.of(run.rows().repaired(), run.rows().missed()));
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
    @Tag("rule-4")
    void reconcilingWhatIsAlreadyTrueWritesNoLicense() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14");
        reconciliation.next(soon());
        calls.drain();

        var run = reconciliation.next(soon());

        assertEquals(
                List.of(4, 0, 4),
                List.of(run.rows().scanned(), run.rows().repaired(), run.rows().unchanged()));
        assertEquals(List.of("BatchGetItem", "BatchGetItem"), calls.drain());
    }

    /** Rule 13. */
    @Test
    @Tag("rule-13")
    void runThatRunsOutOfTimeIsGoneOnWithInTheSameWindow() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14");
        betweenPages.put(2, () -> connected.clock.advance(Duration.ofSeconds(61)));

        var cut = reconciliation.next(soon());
        assertEquals(Status.PARTIAL, cut.status());
        assertEquals(
                List.of(1, 2, 2),
                List.of(cut.pages().read(), cut.rows().scanned(), cut.pages().lastDone()));
        assertTrue(checkpoint.completeUntil().isEmpty());

        connected.clock.advance(Duration.ofMinutes(15));
        var rest = reconciliation.resume(soon());
        assertEquals(Status.COMPLETE, rest.status());
        assertEquals(cut.window(), rest.window());
        assertEquals(
                List.of(1, 2, 1),
                List.of(rest.pages().read(), rest.rows().scanned(), rest.pages().lastDone()));
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
    @Tag("rule-13")
    void whileOneRunIsAtWorkAnotherIsSkippedUntilItsLeaseExpires() {
        checkpoint.acquire();

        assertEquals(Status.SKIPPED, reconciliation.next(soon()).status());
        connected.clock.advance(Duration.ofMinutes(5));
        assertEquals(Status.COMPLETE, reconciliation.next(soon()).status());
    }

    /** A run that took so long that another overtook it neither moves the checkpoint nor fails. */
    @Test
    @Tag("rule-13")
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
        assertEquals(1, run.rows().repaired());
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

        assertEquals(
                List.of(2, 1, 1, 0),
                List.of(
                        run.rows().scanned(),
                        run.rows().repaired(),
                        run.rows().quarantined(),
                        run.rows().unchanged()));
        assertEquals(Status.COMPLETE, run.status());
        var entry = quarantine.open().toList().getFirst();
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
    @Tag("rule-12")
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
    @Tag("rule-12")
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
    @Tag("rule-12")
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
        assertEquals(0, reconciliation.next(soon()).rows().repaired());
    }

    @Test
    void samePageTwiceIsAppliedOnce() {
        var row = row("referee_8", "\"updated_at\":\"2026-02-28T12:00:00Z\"");
        answer(3, page("[" + row + "," + row + "]", 1, 2, 4));

        var run = reconciliation.next(soon());

        assertEquals(
                List.of(2, 4, 1, 3),
                List.of(
                        run.pages().read(),
                        run.rows().scanned(),
                        run.rows().repaired(),
                        run.rows().unchanged()));
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
        assertEquals(
                List.of(2, 1, 1),
                List.of(run.pages().read(), run.rows().scanned(), run.rows().repaired()));
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
        assertEquals(
                List.of(2, 0, 2, 0),
                List.of(
                        run.rows().scanned(),
                        run.rows().repaired(),
                        run.rows().quarantined(),
                        run.rows().unchanged()));
        assertEquals(2, quarantine.open().toList().size());
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
        assertTrue(run.pages().read() <= 52, "pages " + run.pages().read());
    }

    /** Wire contract §2: in three runs, while another page is answered; and the checkpoint stays where it was. */
    @Test
    @Tag("rule-13")
    void pageThatAlwaysFailsIsPassedOverInTheThirdRunAndTheWindowIsWalkedNotComplete() {
        subscribeMany(6);
        failing("/user-licenses?page=2", Fault.answer(500));

        var first = reconciliation.next(soon());
        var second = reconciliation.resume(soon());
        var third = reconciliation.resume(soon());

        assertEquals(
                List.of(Status.PARTIAL, Status.PARTIAL, Status.PARTIAL),
                List.of(first.status(), second.status(), third.status()));
        assertEquals("page 2 fails and is read again: GET /user-licenses was answered 500", first.stoppedBy());
        assertEquals(
                "page 2 fails and is passed over after 3 runs: GET /user-licenses was answered 500", third.stoppedBy());
        assertEquals(
                List.of(0, 0, 1),
                List.of(
                        first.pages().passedOver(),
                        second.pages().passedOver(),
                        third.pages().passedOver()));
        assertEquals(new TreeSet<>(List.of(1, 2, 5, 6)), storedPeople());
        assertTrue(checkpoint.completeUntil().isEmpty());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
    }

    /** Wire contract §2: the next window begins where the last complete one ended; so nothing of the page is lost, however long it fails. */
    @Test
    void onceThePageIsAnsweredAgainTheNextWindowBringsItWithoutAnybodysHelp() {
        var complete = reconciliation.next(soon());
        connected.clock.advance(Duration.ofHours(1));
        subscribeMany(6, now());
        connected.clock.advance(Duration.ofHours(1));
        failing("/user-licenses?page=2", Fault.answer(500));
        for (var day = 0; day < 10; day++) {
            connected.clock.advance(DAY);
            assertEquals(Status.PARTIAL, reconciliation.next(soon()).status());
            reconciliation.resume(soon());
            reconciliation.resume(soon());
            assertEquals(complete.window().end(), checkpoint.completeUntil().orElseThrow());
        }
        connected.simulator.clearFaults();
        connected.clock.advance(DAY);

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(
                complete.window().end().minus(Duration.ofHours(48)),
                run.window().start());
        assertEquals(6, storedPeople().size());
        assertEquals(run.window().end(), checkpoint.completeUntil().orElseThrow());
    }

    /** As long as no window was complete, the next one reaches as far back as the very first. */
    @Test
    void nothingOfTheVeryFirstWindowIsLostEither() {
        subscribeMany(6);
        failing("/user-licenses?page=2", Fault.answer(500));
        var first = reconciliation.next(soon());
        reconciliation.resume(soon());
        reconciliation.resume(soon());
        connected.clock.advance(Duration.ofDays(20));
        connected.simulator.clearFaults();

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(first.window().start(), run.window().start());
        assertEquals(6, storedPeople().size());
    }

    /** Each page may be the one: the first, by which pages are counted, and the last, and several side by side. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "5", "2,3", "1,2,3", "3,4,5", "1,3,5"})
    void pagesThatAlwaysFailKeepNoOtherFromBeingRead(String pages) {
        subscribeMany(10);
        for (var page : pages.split(",")) {
            failing("/user-licenses?page=" + page, Fault.answer(200, Map.of(), "[{"));
        }

        reconciliation.next(later());
        reconciliation.resume(later());
        var run = reconciliation.resume(later());

        assertEquals(Status.PARTIAL, run.status());
        assertEquals(pages.split(",").length, run.pages().passedOver());
        assertEquals(10 - 2 * run.pages().passedOver(), storedPeople().size());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
        assertTrue(checkpoint.completeUntil().isEmpty());
    }

    /** What is refused is not answered either. */
    @Test
    void pageThatIsRefusedIsPassedOverToo() {
        subscribeMany(6);
        failing("/user-licenses?page=2", Fault.answer(422));

        reconciliation.next(soon());
        reconciliation.resume(soon());

        assertEquals(1, reconciliation.resume(soon()).pages().passedOver());
        assertEquals(4, storedPeople().size());
    }

    /** Wire contract §2: it counts against a page only if another is answered right after. */
    @Test
    void outageIsNotThePagesFault() {
        subscribeMany(6);
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/user-licenses").after(2).times(1_000_000));

        for (var i = 0; i < 5; i++) {
            var run = i == 0 ? reconciliation.next(soon()) : reconciliation.resume(soon());
            assertEquals("page 2: GET /user-licenses was answered 503", run.stoppedBy());
            assertEquals(0, run.pages().passedOver());
        }

        connected.simulator.clearFaults();
        assertEquals(Status.COMPLETE, reconciliation.resume(soon()).status());
        assertEquals(6, storedPeople().size());
    }

    /** Rule 17: whoever asks to be left alone is not asked for another page. */
    @Test
    void afterRetryAfterNoOtherPageIsAskedFor() {
        subscribeMany(6);
        connected.simulator.addFault(Fault.retryAfter(429, Duration.ofHours(1))
                .on("GET", "/user-licenses")
                .after(1)
                .times(1_000_000));

        var run = reconciliation.next(soon());

        assertEquals("page 3: GET /user-licenses was answered 429", run.stoppedBy());
        assertEquals(2, connected.simulator.calls(PAGES));
    }

    /** Wire contract §2: a page above the first that is not found is empty. */
    @Test
    void pageThatIsGoneIsEmpty() {
        subscribeMany(6);
        failing("/user-licenses?page=3", Fault.answer(404, Map.of("Content-Type", "text/html"), "<h1>Not Found</h1>"));

        var run = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(List.of(3, 4), List.of(run.pages().read(), run.rows().scanned()));
        assertEquals(run.window().end(), checkpoint.completeUntil().orElseThrow());
    }

    /** A list that is not found at all is no empty one. */
    @Test
    void firstPageThatIsGoneIsAFailure() {
        failing("/user-licenses", Fault.answer(404));

        var run = reconciliation.next(soon());

        assertEquals("page 1: GET /user-licenses was refused with 404", run.stoppedBy());
        assertTrue(checkpoint.completeUntil().isEmpty());
    }

    @Test
    void runThatRunsOutOfTimeSaysSo() {
        subscribe(SOMEONE, "referee_8", "referee_7", "coach_15", "coach_14");
        betweenPages.put(2, () -> connected.clock.advance(Duration.ofSeconds(61)));

        assertEquals("its time ended before page 1", reconciliation.next(soon()).stoppedBy());
    }

    /** A list of one page that always fails: the window in which nothing could be read is begun anew each day, up to now. */
    @Test
    void windowThatNobodyCouldBeginToReadIsBegunAnewTheNextDay() {
        failing("/user-licenses", Fault.answer(503));
        var first = reconciliation.next(soon());
        connected.clock.advance(DAY);
        connected.simulator.clearFaults();

        var second = reconciliation.next(soon());

        assertEquals(Status.COMPLETE, second.status());
        assertEquals(first.window().start(), second.window().start());
        assertEquals(now(), second.window().end());
    }

    /** The age is measured before the first complete window, too: from when somebody was first asked. */
    @Test
    void firstWindowThatNeverCompletesGetsOld() {
        assertTrue(checkpoint.behindSince().isEmpty());
        failing("/user-licenses", Fault.answer(503));
        reconciliation.next(soon());
        var asked = checkpoint.behindSince().orElseThrow();
        assertTrue(Duration.between(asked, now()).compareTo(Duration.ofMinutes(2)) < 0);
        connected.clock.advance(DAY);
        reconciliation.next(soon());
        assertEquals(asked, checkpoint.behindSince().orElseThrow());

        connected.simulator.clearFaults();
        reconciliation.next(soon());

        assertEquals(checkpoint.completeUntil(), checkpoint.behindSince());
    }

    /** Rule 20: a new stack has no age before anybody has set the secret; wrong credentials are another matter. */
    @Test
    void withoutCredentialsThereIsNoAgeAndWithWrongOnesThereIs() {
        connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");
        assertThrows(UnusableSecretException.class, () -> reconciliation.next(soon()));
        assertTrue(checkpoint.behindSince().isEmpty());

        connected.clock.advance(Duration.ofHours(1));
        connected.stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"wrong\"}");
        assertThrows(UnusableSecretException.class, () -> reconciliation.next(soon()));
        assertTrue(checkpoint.behindSince().isPresent());
    }

    /** Contract §7: every 15 minutes it looks before it takes the lease, and is in nobody's way. */
    @Test
    void whoOnlyGoesOnTakesNoLeaseWithoutWork() {
        reconciliation.next(soon());
        var dynamoDb = calls.listening(connected.stack.dynamoDb());
        var listened = new Reconciliation(
                learningCenter,
                licenses,
                quarantine,
                new Checkpoint(dynamoDb, connected.stack.table("LicenseStoreTable"), connected.clock),
                new Reach(Duration.ofHours(48), Duration.ofDays(7)),
                connected.clock);
        calls.drain();

        assertEquals(Status.SKIPPED, listened.resume(soon()).status());

        assertEquals(List.of("GetItem"), calls.drain());
    }

    /** The daily run that found another at work is made up for: by the one that only goes on. */
    @Test
    void dailyRunThatWasSkippedIsMadeUpFor() {
        reconciliation.next(soon());
        connected.clock.advance(DAY);
        var held = checkpoint.acquire().orElseThrow().lease();
        assertEquals(Status.SKIPPED, reconciliation.next(soon()).status());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
        checkpoint.release(held);

        var run = reconciliation.resume(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(now(), run.window().end());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
    }

    /** And so is the one that had to go on with yesterday's window. */
    @Test
    void nextWindowIsBegunOnceYesterdaysIsComplete() {
        failing("/user-licenses?page=2", Fault.answer(503));
        subscribeMany(6);
        reconciliation.next(soon());
        connected.simulator.clearFaults();
        connected.clock.advance(DAY);

        assertEquals(now().minus(DAY), reconciliation.next(soon()).window().end());
        assertEquals(now(), reconciliation.resume(soon()).window().end());
        assertEquals(now(), checkpoint.completeUntil().orElseThrow());
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
    }

    /** Contract §7: for a day, and without touching the checkpoint. */
    @Test
    void windowOfOnesOwnGoesOnWhereItStoppedForADay() {
        subscribeMany(6);
        var window = new Window(now().minus(Duration.ofDays(30)), now());
        betweenPages.put(2, () -> connected.clock.advance(Duration.ofSeconds(61)));
        var cut = reconciliation.of(window, soon());
        assertEquals(List.of(1, 3), List.of(cut.pages().read(), cut.pages().lastDone()));
        betweenPages.put(3, () -> connected.clock.advance(Duration.ofSeconds(61)));

        var goesOn = reconciliation.of(window, soon());
        assertEquals(Status.PARTIAL, goesOn.status());
        assertEquals(
                List.of(1, 2), List.of(goesOn.pages().read(), goesOn.pages().lastDone()));
        assertEquals(Status.SKIPPED, reconciliation.resume(soon()).status());
        assertEquals(
                3,
                reconciliation
                        .of(new Window(window.start().minus(DAY), window.end()), soon())
                        .pages()
                        .read());

        connected.clock.advance(DAY.minusMinutes(5));
        var rest = reconciliation.of(window, soon());
        assertEquals(Status.COMPLETE, rest.status());
        assertEquals(List.of(1, 1), List.of(rest.pages().read(), rest.pages().lastDone()));
        assertEquals(3, reconciliation.of(window, soon()).pages().read());
        assertTrue(checkpoint.completeUntil().isEmpty());
    }

    @Test
    void windowOfOnesOwnThatStoppedADayAgoIsBegunAnew() {
        subscribeMany(6);
        var window = new Window(now().minus(Duration.ofDays(30)), now());
        betweenPages.put(2, () -> connected.clock.advance(Duration.ofSeconds(61)));
        reconciliation.of(window, soon());
        connected.clock.advance(DAY.plusMinutes(1));

        assertEquals(3, reconciliation.of(window, soon()).pages().read());
    }

    /** Rule 24: the item of one person cannot be read; all others have their turn, and nothing is lost of that one. */
    @Test
    @Tag("rule-24")
    void rowThatCannotBeStoredIsCountedReadAgainAndInTheThirdRunQuarantined() {
        subscribeMany(6);
        spoil(id(3));

        var first = reconciliation.next(soon());
        assertEquals(Status.PARTIAL, first.status());
        assertEquals(
                List.of(6, 5, 0, 1, 0),
                List.of(
                        first.rows().scanned(),
                        first.rows().repaired(),
                        first.rows().unchanged(),
                        first.rows().failed(),
                        first.rows().quarantined()));
        assertEquals(
                "page 2 fails and is read again: the row of 0000000000000003 could not be stored: IllegalStateException",
                first.stoppedBy());
        assertTrue(checkpoint.completeUntil().isEmpty());

        assertEquals(1, reconciliation.resume(soon()).rows().failed());
        var third = reconciliation.resume(soon());
        assertEquals(Status.COMPLETE, third.status());
        assertEquals(List.of(0, 1), List.of(third.rows().failed(), third.rows().quarantined()));
        assertEquals(
                "could not be stored in three runs: IllegalStateException",
                quarantine.open().toList().getFirst().reason());
        assertEquals(first.window().end(), checkpoint.completeUntil().orElseThrow());
    }

    @Test
    void rowThatCanBeStoredAfterAllIsNotQuarantined() {
        subscribeMany(6);
        spoil(id(3));
        reconciliation.next(soon());
        connected
                .stack
                .dynamoDb()
                .deleteItem(request -> request.tableName(connected.stack.table("LicenseStoreTable"))
                        .key(licenseKey(id(3))));

        var run = reconciliation.resume(soon());

        assertEquals(Status.COMPLETE, run.status());
        assertEquals(List.of(1, 0), List.of(run.rows().repaired(), run.rows().quarantined()));
        assertEquals(6, storedPeople().size());
    }

    /** A conflict that does not end, for the page and for its row alone: what was written with it is counted once, and as missed where it is. */
    @Test
    void conflictOfOneRowLeavesTheCountsOfTheOthersRight() {
        reconciliation.next(soon());
        connected.clock.advance(Duration.ofHours(1));
        subscribeMany(6, now().minusSeconds(600));
        connected.clock.advance(DAY);
        var conflicts = new int[] {0};
        var conflicting = Intercepted.client(connected.stack.dynamoDb(), request -> {
            if (request instanceof PutItemRequest put
                    && put.item().get("pk").s().equals("person#" + id(4))
                    && conflicts[0]++ < 2 * TRIES_OF_A_WRITE) {
                throw TransactionConflictException.builder()
                        .message("conflict")
                        .statusCode(400)
                        .build();
            }
        });

        var first = with(conflicting).next(soon());
        assertEquals(
                List.of(6, 5, 1, 0),
                List.of(
                        first.rows().scanned(),
                        first.rows().repaired(),
                        first.rows().failed(),
                        first.rows().unchanged()));
        var second = with(conflicting).resume(soon());
        assertEquals(Status.COMPLETE, second.status());
        assertEquals(
                List.of(6, 1),
                List.of(
                        first.rows().missed() + second.rows().missed(),
                        second.rows().repaired()));
    }

    /** When DynamoDB does not answer at all, the run fails after a few rows, and no page is blamed for it. */
    @Test
    void storeThatDoesNotAnswerEndsTheRunAndCountsAgainstNoPage() {
        subscribeMany(6);
        var writes = new int[] {0};
        var dead = Intercepted.client(connected.stack.dynamoDb(), request -> {
            if (request instanceof PutItemRequest put
                    && put.item().get("pk").s().startsWith("person#")) {
                writes[0]++;
                throw SdkClientException.create("no answer");
            }
        });

        for (var i = 0; i < 3; i++) {
            assertThrows(SdkClientException.class, () -> with(dead).next(soon()));
        }

        assertTrue(writes[0] <= 12, "writes " + writes[0]);
        assertEquals(List.of(), quarantine.open().toList());
        var run = reconciliation.resume(soon());
        assertEquals(
                List.of(Status.COMPLETE, 6, 0),
                List.of(run.status(), run.rows().repaired(), run.pages().passedOver()));
    }

    private Reconciliation with(DynamoDbClient dynamoDb) {
        return new Reconciliation(
                learningCenter,
                new LicenseStore(dynamoDb, connected.stack.table("LicenseStoreTable")),
                quarantine,
                checkpoint,
                new Reach(Duration.ofHours(48), Duration.ofDays(7)),
                connected.clock);
    }

    private void failing(String path, Fault fault) {
        connected.simulator.addFault(fault.on("GET", path).times(1_000_000));
    }

    /** An item that nobody wrote so. */
    private void spoil(UssfId person) {
        connected
                .stack
                .dynamoDb()
                .putItem(request -> request.tableName(connected.stack.table("LicenseStoreTable"))
                        .item(licenseKey(person)));
    }

    private static Map<String, AttributeValue> licenseKey(UssfId person) {
        return new Item()
                .with("pk", "person#" + person)
                .with("sk", "license#referee_8")
                .attributes();
    }

    private Deadline later() {
        return Deadline.in(Duration.ofMinutes(14), connected.clock);
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
        subscribeMany(people, now().minus(DAY));
    }

    private void subscribeMany(int people, Instant updatedAt) {
        IntStream.rangeClosed(1, people).forEach(i -> subscribe(id(i), updatedAt.plusSeconds(i), "referee_8"));
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
        profiles.subscribed(person, now().minus(DAY));
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
