package org.touchline.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Backend;
import org.touchline.catalog.LicenseCatalogSync.QuarantinedListException;
import org.touchline.catalog.LicenseCatalogSync.Result;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.License;
import org.touchline.learningcenter.LearningCenterUnavailableException;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.LicenseId;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.QuarantineEntry;
import org.touchline.statement.LicenseCatalogUpdate;
import org.touchline.statement.QuarantineReplay;
import org.touchline.statement.Statement.Payload;
import org.touchline.time.Deadline;

/** Design rule 9, where the Learning Center is asked; against the simulator over real HTTP. */
class LicenseCatalogSyncTest {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
    private static final Runnable NOTHING = () -> {};

    private ConnectedStack connected;
    private CatalogStore catalog;
    private Quarantine quarantine;
    private LicenseCatalogUpdate webhook;
    private QuarantineReplay replay;
    private LicenseCatalogSync sync;
    /** Happens between the look into the catalog and the call of the Learning Center, each time. */
    private Runnable meanwhile = NOTHING;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        var stack = connected.stack;
        catalog = new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        webhook = new LicenseCatalogUpdate(catalog);
        replay = new QuarantineReplay(quarantine, _ -> webhook, connected.clock);
        InstantSource clock = () -> {
            meanwhile.run();
            return now();
        };
        sync = new LicenseCatalogSync(connected.client(connected.session()), catalog, quarantine, clock);
        upstreamHas(licenses(0, 10));
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    @Test
    void firstListIsTakenOverWhole() {
        assertEquals(new Result(10, 10, 0, 0, 0, null), sync());

        assertEquals(10, catalog.read().activeCount());
        assertEquals("License 3", catalog.read().entry(id(3)).name());
        assertEquals(now(), catalog.read().receivedAt());
    }

    @Test
    void sameListAgainIsUnchanged() {
        sync();
        connected.clock.advance(Duration.ofDays(1));

        assertEquals(new Result(10, 0, 0, 0, 10, null), sync());
    }

    /** More than a catalog may hold, and more than DynamoDB keeps in one item. */
    @Test
    void listThatIsTooLongIsQuarantinedWhole() {
        sync();
        var list = json(IntStream.range(0, 4_000).mapToObj(number -> license(number, "License ".repeat(20) + number)));
        answers(list);

        var refused = assertThrows(QuarantinedListException.class, this::sync);

        assertTrue(refused.getMessage().contains("can be stored"), refused.getMessage());
        assertEquals(10, catalog.read().activeCount());
        var kept = new String(quarantine.payload(onlyQuarantined().id()).orElseThrow(), StandardCharsets.UTF_8);
        assertTrue(kept.length() > 400_000 && kept.contains("\"coach_3999\"") && kept.endsWith("}]"));
    }

    @Test
    void whatIsNewChangedAndMissingIsCountedAndWhatIsMissingRetired() {
        sync();
        upstreamHas(Stream.concat(licenses(2, 12), Stream.of(license(5, "Renamed"))));

        assertEquals(new Result(10, 2, 1, 2, 7, null), sync());
        assertTrue(catalog.read().entry(id(0)).retired());
        assertEquals("License 0", catalog.read().entry(id(0)).name());
        assertEquals("Renamed", catalog.read().entry(id(5)).name());

        upstreamHas(licenses(1, 12));
        assertEquals(new Result(11, 0, 2, 0, 9, null), sync(), "one that comes back, and one that is called as before");
        assertFalse(catalog.read().entry(id(1)).retired());
    }

    @Test
    void ofSeveralRowsWithOneIdTheLastCountsAndOnlyOnce() {
        answers("[{\"license_id\":\"coach_1\",\"name\":\"A\"},{\"license_id\":\"coach_1\",\"name\":\"B\"}]");

        assertEquals(new Result(1, 1, 0, 0, 0, null), sync());
        assertEquals("B", catalog.read().entry(id(1)).name());
    }

    @ParameterizedTest
    @Tag("rule-9")
    @CsvSource({"0, the list is empty", "4, the list would retire 6 of 10 licenses"})
    void implausibleListIsQuarantinedAndNothingRetiredUntilSomeoneAcceptsIt(int licenses, String reason) {
        sync();
        upstreamHas(licenses(0, licenses));

        var refused = assertThrows(QuarantinedListException.class, this::sync);

        assertTrue(refused.getMessage().endsWith(": " + reason), refused.getMessage());
        assertEquals(10, catalog.read().activeCount());
        var entry = onlyQuarantined();
        assertEquals(List.of("/licenses", reason), List.of(entry.route(), entry.reason()));
        assertFalse(replay.replayOne(entry.id(), false));

        assertTrue(replay.replayOne(entry.id(), true));
        assertEquals(licenses, catalog.read().activeCount());
        assertEquals(List.of(), quarantine.open().toList());
    }

    @Test
    void listThatWasRefusedDayAfterDayIsOneEntry() {
        sync();
        upstreamHas(licenses(0, 4));

        assertThrows(QuarantinedListException.class, this::sync);
        connected.clock.advance(Duration.ofDays(1));
        assertThrows(QuarantinedListException.class, this::sync);

        assertEquals(now(), onlyQuarantined().lastReceivedAt());
    }

    /** An old list must not win because it is accepted late. */
    @Test
    void listThatWasRefusedCannotBeAcceptedOnceALaterOneIsTakenOver() {
        sync();
        upstreamHas(licenses(0, 4));
        assertThrows(QuarantinedListException.class, this::sync);
        connected.clock.advance(Duration.ofDays(1));
        upstreamHas(licenses(0, 11));
        sync();

        assertFalse(replay.replayOne(onlyQuarantined().id(), true));
        assertEquals(11, catalog.read().activeCount());
    }

    @Test
    void rowThatCannotBeReadCostsNoOtherAndRetiresNothing() {
        sync();
        answers("""
                [{"name":"no id"},{"license_id":"coach_1","name":"Renamed","rank":1},{"license_id":"coach_11"},
                {"license_id":"coach_3","rank":"first"}]""");

        var result = sync();

        var reason = "2 of 4 rows cannot be read: rank is not a whole number";
        assertEquals(new Result(2, 1, 1, 0, 0, reason), result);
        assertEquals(11, catalog.read().activeCount());
        assertEquals("Renamed", catalog.read().entry(id(1)).name());
        assertEquals("License 3", catalog.read().entry(id(3)).name());
        var entry = onlyQuarantined();
        assertEquals(List.of("/licenses", reason), List.of(entry.route(), entry.reason()));
        assertFalse(replay.replayOne(entry.id(), true), "even accepted, it cannot be read");
    }

    /** Its replay, once it can be read, knows what is missing. */
    @Test
    void listWithARowThatCannotBeReadIsKeptWhole() {
        var list = "[{\"name\":\"no id\"},{\"license_id\":\"coach_11\"}]";
        answers(list);

        sync();

        assertEquals(
                list, new String(quarantine.payload(onlyQuarantined().id()).orElseThrow(), StandardCharsets.UTF_8));
        assertFalse(catalog.read().receivedAt().isAfter(onlyQuarantined().lastReceivedAt()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"name\":\"no id\"},5] | 2 of 2 rows cannot be read: an object was expected, and there is a number",
                "{\"message\":\"later\"} | a list was expected, and there is an object"
            })
    void answerOfWhichNothingCanBeReadIsQuarantined(String answer, String reason) {
        sync();
        answers(answer);

        var refused = assertThrows(QuarantinedListException.class, this::sync);

        assertTrue(refused.getMessage().endsWith(": " + reason), refused.getMessage());
        assertEquals(reason, onlyQuarantined().reason());
        assertEquals(10, catalog.read().activeCount());
    }

    @Test
    void learningCenterThatDoesNotAnswerChangesNothing() {
        sync();
        connected.simulator.addFault(Fault.answer(503).on("GET", "/licenses").times(4));
        assertThrows(LearningCenterUnavailableException.class, this::sync);
        connected.simulator.addFault(Fault.htmlPage(200).on("GET", "/licenses"));
        assertThrows(UnintelligibleException.class, this::sync);

        assertEquals(10, catalog.read().activeCount());
        assertEquals(List.of(), quarantine.open().toList());
    }

    /** A look-up begun before a webhook cannot undo it: it looks again. */
    @Test
    @Tag("rule-9")
    void listThatAWebhookOvertookIsAskedForAgain() {
        sync();
        answers(json(licenses(0, 9)));
        meanwhile = () -> {
            meanwhile = NOTHING;
            upstreamHas(licenses(0, 12));
            receive(licenses(0, 12));
        };

        assertEquals(new Result(12, 0, 0, 0, 12, null), sync());
        assertEquals(3, connected.simulator.calls("GET /licenses"));
        assertEquals(12, catalog.read().activeCount());
    }

    @Test
    void listThatIsOvertakenEveryTimeIsGivenUpAndUndoesNothing() {
        sync();
        meanwhile = () -> {
            connected.clock.advance(Duration.ofSeconds(1));
            receive(licenses(0, 12));
        };

        assertEquals(new Result(12, 0, 0, 0, 12, null), sync());
        assertEquals(3, connected.simulator.calls("GET /licenses"));
        assertEquals(12, catalog.read().activeCount());
    }

    /** The clocks of two machines differ: a webhook that seems to have come later than the question has come later. */
    @Test
    void listThatWasReceivedByAClockThatRunsAheadStands() {
        webhook.apply(new Payload(json(licenses(0, 12)).getBytes(StandardCharsets.UTF_8), now().plusSeconds(5), false));

        assertEquals(new Result(12, 0, 0, 0, 12, null), sync());
    }

    private Result sync() {
        return sync.sync(Deadline.in(Duration.ofMinutes(1), connected.clock));
    }

    private void upstreamHas(Stream<License> licenses) {
        connected.simulator.changeSilently().catalog(licenses.toList());
    }

    private void answers(String json) {
        connected.simulator.addFault(Fault.answer(200, JSON, json).on("GET", "/licenses"));
    }

    private void receive(Stream<License> licenses) {
        webhook.apply(new Payload(json(licenses).getBytes(StandardCharsets.UTF_8), now(), false));
    }

    private QuarantineEntry onlyQuarantined() {
        var open = quarantine.open().toList();
        assertEquals(1, open.size());
        return open.getFirst();
    }

    private static Stream<License> licenses(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> license(number, "License " + number));
    }

    private static License license(int number, String name) {
        return new License(id(number).value(), name, "coach", "coach_pathway", number + 1);
    }

    private static String json(Stream<License> licenses) {
        return licenses.map(license -> """
                        {"license_id":"%s","name":"%s","discipline":"%s","type":"%s","rank":%s}""".formatted(
                        license.licenseId(), license.name(), license.discipline(), license.type(), license.rank()))
                .toList()
                .toString();
    }

    private static LicenseId id(int number) {
        return new LicenseId("coach_" + number);
    }

    private Instant now() {
        return connected.clock.instant();
    }
}
