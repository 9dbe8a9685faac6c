package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.JsonObject;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.catalog.CatalogStore;
import org.touchline.change.ExpiryNotices.Progress;
import org.touchline.change.ExpiryNotices.Result;
import org.touchline.dynamodb.Item;
import org.touchline.license.Changes;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.Members;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/** Wire contract §9 and design rule 31: each notice once, whatever happens to the runs. */
class ExpiryNoticesTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final UssfId NEW_ID = new UssfId("2020000004152809");
    private static final int PAGE = 4;
    private static final LocalDate DAY = LocalDate.of(2026, 3, 2);

    private final MutableClock clock = new MutableClock(morning(DAY).toString());
    private ZoneId zone = NEW_YORK;
    private TestStack stack;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private ExpiryNotices notices;
    private final List<String> said = new ArrayList<>();
    private int changes;

    @BeforeEach
    void createStack() {
        stack = Backend.EMBEDDED.newStack();
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        notices = notices(stack.dynamoDb());
        member("CYSA-1001", VIDAR);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    private ExpiryNotices notices(DynamoDbClient dynamoDb) {
        var table = stack.table("LicenseStoreTable");
        var history = stack.table("ChangeHistoryTable");
        return new ExpiryNotices(
                PAGE,
                new LicenseStore(dynamoDb, table),
                new ProfileStore(dynamoDb, table),
                new MemberDirectory(dynamoDb, stack.table("MemberDirectoryTable")),
                new CatalogStore(dynamoDb, table),
                new ChangeHistory(dynamoDb, history, Kept.DAYS, clock),
                new ExpiryCheckpoint(dynamoDb, table, clock),
                NoticeDays.parse("60,30,7,1"),
                new OrganizationCalendar(clock, () -> zone),
                said::add);
    }

    @Test
    @Tag("rule-31")
    void eachNumberIsToldOnItsDayAndTheEndOnTheDayAfter() {
        learned("referee_8", DAY.plusDays(31));

        var told = runsOfDays(34);

        assertEquals(
                List.of(
                        "referee_8 2026-04-02 30: 30 left, on 2026-03-03",
                        "referee_8 2026-04-02 7: 7 left, on 2026-03-26",
                        "referee_8 2026-04-02 1: 1 left, on 2026-04-01",
                        "referee_8 2026-04-02 ended, on 2026-04-03"),
                told);
    }

    @Test
    void noticeSaysWhatTheContractSays() {
        member("CYSA-1002", VIDAR);
        learned("referee_8", DAY.plusDays(30));
        learned("coach_6", DAY.minusDays(1));

        assertEquals(new Result(Progress.COMPLETE, DAY, 1, 1, 0), run());

        var events = entries().reversed().stream()
                .map(entry -> entry.event("touchline"))
                .toList();
        assertEquals(
                "{\"ussfId\":\"" + VIDAR
                        + "\",\"memberIdentifiers\":[\"CYSA-1001\",\"CYSA-1002\"],\"licenseId\":\"referee_8\","
                        + "\"name\":\"referee_8\",\"discipline\":null,\"type\":null,\"rank\":null,"
                        + "\"expirationDate\":\"2026-04-01\",\"notice\":30,\"daysLeft\":30}",
                events.getFirst().path("data").toString());
        assertEquals("license.expiring", events.getFirst().path("type").asText());
        assertEquals(VIDAR.value(), events.getFirst().path("subject").asText());
        assertEquals("license.expired", events.getLast().path("type").asText());
        assertTrue(events.getLast().path("data").path("notice").isMissingNode());
        assertTrue(events.getLast().path("data").path("daysLeft").isMissingNode());
    }

    @Test
    void firstRunTellsOfItsDayOnly() {
        learned("today", DAY.plusDays(30));
        learned("passed", DAY.plusDays(29));
        learned("ended-long-ago", DAY.minusDays(10));

        assertEquals(new Result(Progress.COMPLETE, DAY, 1, 0, 0), run());
        assertEquals(List.of("today 2026-04-01 30: 30 left, on 2026-03-02"), told());
        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(1), 0, 0, 0), runOn(DAY.plusDays(1)));
    }

    @Test
    void daysWithoutARunAreMadeUpForAndOfSeveralNumbersTheNearestIsTold() {
        learned("nearest", DAY.plusDays(31));
        learned("one", DAY.plusDays(50));
        learned("ended", DAY.plusDays(10));
        learned("not-yet", DAY.plusDays(100));
        run();

        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(25), 2, 1, 0), runOn(DAY.plusDays(25)));

        assertEquals(
                List.of(
                        "ended 2026-03-12 ended, on 2026-03-27",
                        "nearest 2026-04-02 7: 6 left, on 2026-03-27",
                        "one 2026-04-21 30: 25 left, on 2026-03-27"),
                told().stream().sorted().toList());
        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(26), 0, 0, 0), runOn(DAY.plusDays(26)));
    }

    /** A number that had passed when it became known is not told, the next one is. */
    @Test
    void licenseThatIsLearnedLateIsToldOfWhatComesAfterThat() {
        run();
        at(DAY.plusDays(10));
        learned("late", DAY.plusDays(34));
        learned("on-its-day", DAY.plusDays(40));
        learned("ended-before", DAY.plusDays(8));
        learned("ended-yesterday", DAY.plusDays(9));

        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(12), 1, 1, 0), runOn(DAY.plusDays(12)));
        assertEquals(
                List.of(
                        "ended-yesterday 2026-03-11 ended, on 2026-03-14",
                        "on-its-day 2026-04-11 30: 28 left, on 2026-03-14"),
                told());

        runOn(DAY.plusDays(27));
        assertEquals("late 2026-04-05 7: 7 left, on 2026-03-29", told().getLast());
    }

    /** Late in the evening it is the next day elsewhere already. */
    @Test
    @Tag("rule-31")
    void dayOnWhichALicenseIsLearnedIsTheOrganizationsToo() {
        run();
        set(DAY.plusDays(1).atTime(23, 0).atZone(NEW_YORK).toInstant());
        learned("evening", DAY.plusDays(8));

        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(2), 1, 0, 0), runOn(DAY.plusDays(2)));
    }

    @Test
    void whatBecomesKnownAfterTheDaysRunIsToldByTheNextRunOfThatDay() {
        learned("early", DAY.plusDays(7));
        assertEquals(1, run().expiring());
        clock.advance(Duration.ofHours(3));
        learned("after", DAY.plusDays(7));

        assertEquals(new Result(Progress.COMPLETE, DAY, 1, 0, 0), run());
        assertEquals(new Result(Progress.COMPLETE, DAY, 0, 0, 0), run());
        assertEquals(2, new HashSet<>(told()).size());
    }

    @Test
    void renewedLicenseIsToldOfItsNewEnd() {
        learned("referee_8", DAY.plusDays(8));
        run();
        at(DAY.plusDays(1));
        learned("referee_8", DAY.plusDays(31));

        assertEquals(1, run().expiring());

        assertEquals(List.of("referee_8 2026-04-02 30: 30 left, on 2026-03-03"), told());
        assertEquals(0, runOn(DAY.plusDays(9)).expired());
    }

    @Test
    void removedLicenseAndOneThatNobodyHoldsAreNotToldOf() {
        learned("referee_8", DAY.plusDays(7));
        licenses.apply(removed("2026-03-02T12:00:00Z").license("referee_8").change());
        licenses.apply(active("2026-03-01T10:00:00Z")
                .of(NEW_ID)
                .expirationDate(DAY.plusDays(7))
                .change());

        assertEquals(new Result(Progress.COMPLETE, DAY, 0, 0, 0), run());
    }

    /** As a full answer shows it (design rule 3b). */
    @Test
    void absentLicenseIsNotToldOf() {
        learned("referee_8", DAY.plusDays(7));
        Changes.takeOver(licenses, VIDAR, () -> ShownLicenses.NONE, clock);

        assertEquals(new Result(Progress.COMPLETE, DAY, 0, 0, 0), run());
    }

    /** Once for a person, whatever USSF-ID they have. */
    @Test
    @Tag("rule-31")
    void moveMakesNoSecondNotice() {
        learned("referee_8", DAY.plusDays(7));
        assertEquals(1, run().expiring());
        move();

        assertEquals(new Result(Progress.COMPLETE, DAY, 0, 0, 0), run());

        assertEquals(1, runOn(DAY.plusDays(6)).expiring());
        assertEquals(NEW_ID.value(), entries().getLast().subject());
        assertEquals(1, runOn(DAY.plusDays(8)).expired());
    }

    /** The former id is marked, and the row is still under it alone. */
    @Test
    void licenseOfWhoIsBeingMovedIsToldUnderThePresentIdOnce() {
        learned("referee_8", DAY.plusDays(7));
        profiles.markMoved(VIDAR, NEW_ID);

        assertEquals(1, run().expiring());
        assertEquals(NEW_ID.value(), entries().getFirst().subject());

        licenses.takeAllAlong(VIDAR);
        members.moveUssfId(VIDAR, NEW_ID);
        assertEquals(0, run().expiring());
    }

    /** After the index was asked, they moved twice; the second move has marked the id, and copied nothing yet. */
    @Test
    void licenseOfWhoMovesOnIsToldUnderTheLastIdOnce() {
        learned("referee_8", DAY.plusDays(7));
        var last = new UssfId("2020000004152810");
        var moved = new AtomicBoolean();
        var meanwhile = notices(Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof GetItemRequest && !moved.getAndSet(true)) {
                move();
                profiles.markMoved(NEW_ID, last);
            }
        }));

        assertEquals(1, meanwhile.run(plenty()).expiring());
        assertEquals(last.value(), entries().getFirst().subject());

        licenses.takeAllAlong(NEW_ID);
        members.moveUssfId(NEW_ID, last);
        assertEquals(0, run().expiring());
    }

    /** Design rule 24: the others are told of theirs, and the day is through. */
    @Test
    void licenseThatCannotBeReadEndsNobodysNotices() {
        for (var number = 0; number < 6; number++) {
            learned("referee_" + number, DAY.plusDays(7));
        }
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(new Item()
                                .with("pk", "person#" + VIDAR)
                                .with("sk", "license#referee_2")
                                .attributes())
                        .updateExpression("SET revision = :odd")
                        .expressionAttributeValues(
                                new Item().with(":odd", "yesterday").attributes()));

        assertEquals(new Result(Progress.COMPLETE, DAY, 5, 0, 1), run());

        assertEquals(
                List.of("no notice of what is stored and cannot be read: referee_2 of " + VIDAR
                        + " (InvalidValueException)"),
                said);
    }

    /** After days without a run, what a person was told before their move is not told again. */
    @Test
    void whatWasToldBeforeAMoveIsNotMadeUpFor() {
        learned("referee_8", DAY.plusDays(7));
        run();
        move();
        profiles.subscribed(NEW_ID, clock.instant());
        at(DAY.plusDays(3));
        // As if the run had died after its notices, and before it could save that.
        forgetThrough(DAY.minusDays(1));

        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(3), 0, 0, 0), run());
    }

    /** It is the day of the organization, whatever the clock of the machine says. */
    @ParameterizedTest
    @Tag("rule-31")
    @CsvSource({
        "America/New_York, 2026-03-02T04:59:00Z, 2026-03-01",
        "America/New_York, 2026-03-02T05:00:00Z, 2026-03-02",
        "Pacific/Auckland, 2026-03-01T11:00:00Z, 2026-03-02",
        "Pacific/Honolulu, 2026-03-02T09:59:00Z, 2026-03-01",
        "UTC, 2026-03-02T00:00:00Z, 2026-03-02",
    })
    void dayIsTheOrganizations(String zoneId, Instant now, LocalDate today) {
        zone = ZoneId.of(zoneId);
        set(now);
        learned("referee_8", today.plusDays(7));

        assertEquals(new Result(Progress.COMPLETE, today, 1, 0, 0), run());
        assertEquals("7", entries().getFirst().data().path("daysLeft").asText());
    }

    /** The clocks change on March 8 and November 1: no day is skipped, none is told twice. */
    @ParameterizedTest
    @CsvSource({"2026-03-01", "2026-10-25"})
    void daylightSavingChangesNoDay(LocalDate begin) {
        set(morning(begin));
        for (var day = 0; day < 15; day++) {
            learned("license_" + day, begin.plusDays(7 + day));
        }

        var told = runsOfDays(15);

        assertEquals(
                15, told.stream().filter(line -> line.contains(" 7: 7 left")).count());
        assertEquals(told.size(), new HashSet<>(told).size());
    }

    /** A zone that is set farther west has yesterday again for some hours. */
    @Test
    void anotherZoneTellsNothingTwiceAndDoesNotGoBack() {
        set(Instant.parse("2026-03-02T06:00:00Z"));
        learned("referee_8", DAY.plusDays(7));
        assertEquals(1, run().expiring());

        zone = ZoneId.of("Pacific/Honolulu");
        assertEquals(new Result(Progress.COMPLETE, DAY, 0, 0, 0), run());

        set(Instant.parse("2026-03-03T16:00:00Z"));
        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(1), 0, 0, 0), run());
    }

    /** Design rules 31 and 32: what time ends, the next run goes on with, and only then is the day through. */
    @Test
    @Tag("rule-31")
    @Tag("rule-32")
    void unfinishedRunIsGoneOnWithPageByPage() {
        for (var number = 0; number < 9; number++) {
            licenses.apply(active("2026-03-01T10:00:00Z")
                    .license("license_" + number)
                    .expirationDate(DAY.plusDays(7))
                    .change());
        }
        runOn(DAY.minusDays(1));
        at(DAY);
        assertEquals(Progress.SKIPPED, notices.resume(plenty()).progress());

        var first = endingAfter(1).run(new Deadline(clock.instant().plusSeconds(1)));
        assertEquals(new Result(Progress.UNFINISHED, DAY.minusDays(1), 4, 0, 0), first);
        set(morning(DAY).plusSeconds(900));
        var second = notices.resume(plenty());
        assertEquals(new Result(Progress.COMPLETE, DAY, 5, 0, 0), second);

        assertEquals(9, new HashSet<>(told()).size());
        assertEquals(9, told().size());
    }

    /** Unfinished, and then nobody runs for days: what was told is not told again, and the rest as it is by then. */
    @Test
    void unfinishedRunThatIsGoneOnWithDaysLaterTellsWhatIsNearestByThen() {
        for (var number = 0; number < 5; number++) {
            licenses.apply(active("2026-03-01T10:00:00Z")
                    .license(String.format(Locale.ROOT, "license_%03d", number))
                    .expirationDate(DAY.plusDays(7))
                    .change());
        }
        runOn(DAY.minusDays(1));
        at(DAY);
        assertEquals(
                4,
                endingAfter(1).run(new Deadline(clock.instant().plusSeconds(1))).expiring());
        at(DAY.plusDays(6));

        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(6), 5, 0, 0), run());

        assertEquals(
                4, told().stream().filter(line -> line.contains(" 7: 7 left")).count());
        assertEquals(
                5, told().stream().filter(line -> line.contains(" 1: 1 left")).count());
    }

    @Test
    void runBesideAnotherTellsNothing() {
        learned("referee_8", DAY.plusDays(7));
        runOn(DAY.minusDays(1));
        at(DAY);
        var held = new ExpiryCheckpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock)
                .acquire()
                .orElseThrow();

        assertEquals(new Result(Progress.SKIPPED, DAY.minusDays(1), 0, 0, 0), run());

        new ExpiryCheckpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock).release(held.lease());
        assertEquals(1, run().expiring());
    }

    /** Dying at each of its requests, begun again each time, and with days in between: each notice once. */
    @Test
    @Tag("rule-31")
    void runThatDiesAnywhereTellsEachOnce() {
        learned("referee_8", DAY.plusDays(7));
        learned("coach_6", DAY.plusDays(30));
        learned("ended", DAY.minusDays(1));
        for (var requests = 1; ; requests++) {
            var dying = notices(Intercepted.dyingAfter(requests, stack.dynamoDb()));
            try {
                dying.run(plenty());
                break;
            } catch (RuntimeException died) {
                clock.advance(Duration.ofMinutes(6));
            }
            assertTrue(requests < 200, "it never ends");
        }
        assertEquals(
                List.of(
                        "coach_6 2026-04-01 30: 30 left, on 2026-03-02",
                        "ended 2026-03-01 ended, on 2026-03-02",
                        "referee_8 2026-03-09 7: 7 left, on 2026-03-02"),
                told().stream().sorted().toList());
    }

    /** Rule 31: a day is through only if all of its notices are kept. */
    @Test
    @Tag("rule-31")
    void dayIsNotThroughWhereTheHistoryCannotBeWritten() {
        runOn(DAY.minusDays(1));
        at(DAY);
        learned("referee_8", DAY.plusDays(7));
        var failing = notices(Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof TransactWriteItemsRequest) {
                throw SdkClientException.create("the history is away");
            }
        }));

        assertThrows(SdkClientException.class, () -> failing.run(plenty()));

        at(DAY.plusDays(2));
        assertEquals(new Result(Progress.COMPLETE, DAY.plusDays(2), 1, 0, 0), run());
        assertEquals(List.of("referee_8 2026-03-09 7: 5 left, on 2026-03-04"), told());
    }

    /** The license comes, and the history tells so, as its function would. */
    private void learned(String licenseId, LocalDate lastDay) {
        licenses.apply(active(clock.instant().plusMillis(++changes).toString())
                .license(licenseId)
                .expirationDate(lastDay)
                .change());
        var data = new JsonObject().put("ussfId", VIDAR.value());
        data.put("licenseId", licenseId)
                .putObject("after")
                .put("status", "active")
                .put("expirationDate", lastDay.toString());
        var id = Entry.id("change-" + changes, ChangeType.LICENSE_ADDED);
        history().append(List.of(new Entry(id, ChangeType.LICENSE_ADDED, VIDAR.value(), clock.instant(), data)));
    }

    private ChangeHistory history() {
        return Kept.history(stack, stack.dynamoDb(), clock);
    }

    private void member(String identifier, UssfId ussfId) {
        Members.put(members, Members.member(identifier, "\"ussfId\":\"" + ussfId + "\""));
    }

    private void move() {
        licenses.markAndTakeAlong(VIDAR, NEW_ID);
        members.moveUssfId(VIDAR, NEW_ID);
    }

    private void forgetThrough(LocalDate day) {
        var checkpoint = new ExpiryCheckpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock);
        var held = checkpoint.acquire().orElseThrow();
        checkpoint.complete(held.lease(), day);
        checkpoint.release(held.lease());
    }

    private Result run() {
        return notices.run(plenty());
    }

    private Result runOn(LocalDate day) {
        at(day);
        return run();
    }

    /** Every morning, begun today; what was told in their course. */
    private List<String> runsOfDays(int days) {
        var begin = LocalDate.ofInstant(clock.instant(), zone);
        for (var day = 0; day < days; day++) {
            assertEquals(begin.plusDays(day), runOn(begin.plusDays(day)).through());
        }
        return told();
    }

    /** Whose time is over once so many of its pages are kept. */
    private ExpiryNotices endingAfter(int pages) {
        var saved = new int[1];
        return notices(Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof UpdateItemRequest update
                    && update.updateExpression().contains("walkPosition = ")
                    && ++saved[0] == pages) {
                clock.advance(Duration.ofSeconds(2));
            }
        }));
    }

    private Deadline plenty() {
        return Deadline.in(Duration.ofMinutes(14), clock);
    }

    private void at(LocalDate day) {
        set(morning(day));
    }

    private void set(Instant now) {
        clock.advance(Duration.between(clock.instant(), now));
    }

    private static Instant morning(LocalDate day) {
        return LocalDateTime.of(day, LocalTime.of(6, 0)).atZone(NEW_YORK).toInstant();
    }

    /** All notices, in the order of the history. */
    private List<Entry> entries() {
        var entries = new ArrayList<Entry>();
        var feed = Kept.feed(stack, clock);
        for (var page = feed.from(1, 500); !page.entries().isEmpty(); page = feed.from(page.next(), 500)) {
            page.entries().stream()
                    .filter(entry ->
                            entry.type() == ChangeType.LICENSE_EXPIRING || entry.type() == ChangeType.LICENSE_EXPIRED)
                    .forEach(entries::add);
        }
        return entries;
    }

    private List<String> told() {
        return entries().stream().map(this::line).toList();
    }

    private String line(Entry entry) {
        var data = entry.data();
        var what = entry.type() == ChangeType.LICENSE_EXPIRED
                ? "ended"
                : data.path("notice").asText() + ": " + data.path("daysLeft").asText() + " left";
        return data.path("licenseId").asText() + " "
                + data.path("expirationDate").asText() + " " + what + ", on " + LocalDate.ofInstant(entry.time(), zone);
    }
}
