package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.catalog.CatalogStore;
import org.touchline.change.ChangeHistory;
import org.touchline.change.Entry;
import org.touchline.change.ExpiryCheckpoint;
import org.touchline.change.ExpiryNotices;
import org.touchline.change.NoticeDays;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.EventRules;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.StandardOutput;
import org.touchline.embedded.TableStream;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LearnedBy;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.ProfileStore;
import org.touchline.license.ShownLicenses;
import org.touchline.license.UssfId;
import org.touchline.member.Enrollment;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.QuarantineEntry;
import org.touchline.time.Deadline;
import org.touchline.time.OrganizationCalendar;

/** Wire contract §9 and design rules 28 and 29: one change of what is held is one entry. */
class ChangeHistoryHandlerTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId NEW_ID = new UssfId("2020000004152809");
    private static final MemberIdentifier MEMBER = new MemberIdentifier("CYSA-1001");
    private static final LicenseId REFEREE = new LicenseId("referee_8");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private EmbeddedStack stack;
    private FunctionHarness function;
    private LicenseStore licenses;
    private ProfileStore profiles;
    private MemberDirectory members;
    private TableStream licenseStream;
    private TableStream memberStream;
    private ChangeHistory history;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new ChangeHistoryHandler(stack.environment("ChangeHistoryFunction")));
        licenses = store(LearnedBy.WEBHOOK);
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        licenseStream = new TableStream(stack, "LicenseStoreTable");
        memberStream = new TableStream(stack, "MemberDirectoryTable");
        history = new ChangeHistory(
                stack.dynamoDb(), stack.table("ChangeHistoryTable"), Duration.ofDays(400), InstantSource.system());
    }

    @AfterEach
    void deleteStack() {
        licenseStream.close();
        memberStream.close();
        stack.close();
    }

    private LicenseStore store(@Nullable LearnedBy learnedBy) {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"), learnedBy, _ -> {});
    }

    private static LicenseChange change(UssfId ussfId, LicenseState state, Instant at) {
        return new LicenseChange(
                ussfId, REFEREE, state, "U.S. Soccer", LocalDate.of(2026, 1, 10), LocalDate.of(2026, 12, 31), at);
    }

    private static Member member(String email, @Nullable UssfId ussfId) {
        return new Member(MEMBER, "Vidar", "Mlakar", email, LocalDate.of(1999, 1, 1), ussfId, true, null, Map.of());
    }

    /** What the stream has to say goes to the function, as Lambda does it. */
    private void deliver() {
        var records = new ArrayList<>(licenseStream.next());
        records.addAll(memberStream.next());
        assertEquals("{\"batchItemFailures\":[]}", hand(records));
    }

    private String hand(List<ObjectNode> records) {
        var event = new ObjectMapper().createObjectNode();
        event.putArray("Records").addAll(records);
        return function.invoke(event.toString());
    }

    private List<Entry> told() {
        return history.feed().from(1, 500).entries();
    }

    /** What was told since so many entries: type and data. */
    private List<String> since(int entries) {
        return told().stream()
                .skip(entries)
                .map(entry -> entry.type().wireName() + " " + entry.subject() + " " + entry.data())
                .toList();
    }

    private static JsonNode data(Entry entry) {
        return json(entry.data().toString());
    }

    private static JsonNode json(String text) {
        return FunctionHarness.json(text);
    }

    private List<String> types() {
        return told().stream().map(entry -> entry.type().wireName()).toList();
    }

    @Test
    void itsSampleIsALicenseThatIsRemovedAndAMemberWhoIsEnrolled() {
        assertEquals("{\"batchItemFailures\":[]}", function.invoke(FunctionHarness.sampleText("change-history")));

        assertEquals(List.of("license.removed", "member.enrollment_changed"), types());
        var removed = told().getFirst();
        assertEquals(
                json("""
                {"specversion":"1.0","id":"%s","source":"touchline/sample","type":"license.removed",
                "subject":"2020000004136762","time":"2026-03-01T12:00:00Z","data":{
                 "ussfId":"2020000004136762","memberIdentifiers":[],"licenseId":"referee_8","name":"referee_8","discipline":null,
                 "type":null,"rank":null,
                 "before":{"status":"active","issuer":"U.S. Soccer","issueDate":"2026-01-10","expirationDate":"2026-12-31",
                  "updatedAt":"2026-01-10T15:04:05Z","revision":"2026-01-10T15:04:05.000000000Z/0/5d41402abc4b2a76b9719d911017c592"},
                 "after":{"status":"removed","issuer":"U.S. Soccer","issueDate":"2026-01-10","expirationDate":"2026-12-31",
                  "updatedAt":"2026-03-01T11:59:58Z","revision":"2026-03-01T11:59:58.000000000Z/1/5d41402abc4b2a76b9719d911017c592"},
                 "learnedBy":"webhook"}}""".formatted(removed.id())), json(removed.event("sample").toString()));
        assertEquals(json("""
                {"memberIdentifier":"CYSA-1001","ussfId":"2020000004136762",
                 "before":{"status":"pending","detail":"not looked up in the Learning Center yet"},
                 "after":{"status":"enrolled","detail":"found in the Learning Center and subscribed to"}}"""), data(told().getLast()));
        assertEquals("CYSA-1001", told().getLast().subject());
    }

    /** Handed over again, in other batches too: streams say everything at least once. */
    @Test
    @Tag("rule-28")
    void whatIsRepeatedIsOneEntry() {
        function.invoke(FunctionHarness.sampleText("change-history"));
        function.invoke(FunctionHarness.sampleText("change-history"));
        var event = (ObjectNode) json(FunctionHarness.sampleText("change-history"));
        hand(List.of((ObjectNode) event.path("Records").path(1)));

        assertEquals(2, told().size());
    }

    @Test
    @Tag("rule-28")
    void aLicenseIsAddedUpdatedAndRemovedAndWhatSaysNothingNewIsNoChange() {
        new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .receive(
                        List.of(new CatalogEntry(REFEREE, "Referee", "referee", "referee_pathway", 10, false)),
                        NOON,
                        false);
        members.put(member("a@example.org", VIDAR), Owed.NOTHING);
        deliver();
        assertEquals(List.of("catalog.changed", "member.added"), types());

        licenses.apply(change(VIDAR, LicenseState.REMOVED, NOON.minusSeconds(60)));
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON.minusSeconds(10)));
        // Another revision of the same content.
        licenses.apply(change(VIDAR, LicenseState.SHOWN_ACTIVE, NOON));
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON.plusSeconds(1)));
        licenses.apply(change(VIDAR, LicenseState.REMOVED, NOON.plusSeconds(2)));
        licenses.apply(change(VIDAR, LicenseState.REMOVED, NOON.plusSeconds(3)));
        deliver();

        var changes = told().subList(2, told().size());
        assertEquals(
                List.of("license.added", "license.updated", "license.removed"),
                changes.stream().map(entry -> entry.type().wireName()).toList());
        var added = data(changes.getFirst());
        assertEquals("removed", added.at("/before/status").asText());
        assertEquals(
                json(
                        "{\"licenseId\":\"referee_8\",\"name\":\"Referee\",\"discipline\":\"referee\",\"type\":\"referee_pathway\","
                                + "\"rank\":10,\"ussfId\":\"2020000004136762\",\"memberIdentifiers\":[\"CYSA-1001\"],\"learnedBy\":\"webhook\"}"),
                ((ObjectNode) added.deepCopy()).without(List.of("before", "after")));
        assertEquals(
                "2026-03-01T12:00:01Z",
                data(changes.get(1)).at("/after/updatedAt").asText());
        assertTrue(data(changes.get(2)).at("/before/revision").asText().startsWith("2026-03-01T12:00:01"));
        assertTrue(data(changes.get(2)).at("/after/revision").asText().startsWith("2026-03-01T12:00:02"));
    }

    /** Rule 3b: the revision that goes out is the row's, and behind it the answer's instant. */
    @Test
    @Tag("rule-28")
    void whatAFullAnswerTakesAndGivesBackIsToldWithItsInstant() {
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        answer(NOON.plusSeconds(10), List.of());
        answer(NOON.plusSeconds(20), List.of(change(VIDAR, LicenseState.SHOWN_ACTIVE, NOON.minusSeconds(1))));
        deliver();

        assertEquals(List.of("license.added", "license.removed", "license.added"), types());
        var removed = data(told().get(1));
        var again = data(told().get(2));
        assertEquals("full_answer", removed.path("learnedBy").asText());
        assertEquals("full_answer", again.path("learnedBy").asText());
        var revision = removed.at("/before/revision").asText();
        assertEquals(
                revision + "~2026-03-01T12:00:10.000000000Z",
                removed.at("/after/revision").asText());
        assertEquals(
                revision + "~2026-03-01T12:00:20.000000000Z",
                again.at("/after/revision").asText());
    }

    private void answer(Instant at, List<LicenseChange> shown) {
        licenses.takeOver(
                VIDAR,
                () -> new ShownLicenses(shown, true),
                true,
                new OrganizationCalendar(() -> at, () -> ZoneId.of("UTC")));
    }

    @Test
    void howItWasLearnedIsTold() {
        store(LearnedBy.REPLAY).apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        store(LearnedBy.RECONCILIATION)
                .applyAll(
                        List.of(change(VIDAR, LicenseState.ACTIVE, NOON.plusSeconds(1))),
                        (_, since) -> since == null,
                        (_, _) -> {});
        store(null).apply(change(VIDAR, LicenseState.ACTIVE, NOON.plusSeconds(2)));
        deliver();

        var told = told();
        assertEquals("replay", data(told.get(0)).path("learnedBy").asText());
        assertFalse(data(told.get(0)).has("missed"));
        assertEquals("reconciliation", data(told.get(1)).path("learnedBy").asText());
        assertTrue(data(told.get(1)).path("missed").booleanValue());
        assertTrue(data(told.get(2)).path("learnedBy").isNull());
        assertFalse(data(told.get(2)).has("missed"));
    }

    @Test
    void whatIsKnownBesideTheLicensesIsTold() {
        profiles.subscribed(VIDAR, NOON);
        profiles.subscribed(VIDAR, NOON.plusSeconds(5));
        profiles.refereeExperience(VIDAR, 4, NOON);
        profiles.refereeExperience(VIDAR, 4, NOON.plusSeconds(1));
        profiles.refereeExperience(VIDAR, 5, NOON.plusSeconds(2));
        profiles.grassrootsCertificate(VIDAR, new GrassrootsCertificate(false, null), NOON);
        profiles.grassrootsCertificate(
                VIDAR, new GrassrootsCertificate(true, LocalDate.of(2025, 5, 6)), NOON.plusSeconds(1));
        profiles.refreshTried(VIDAR, NOON);
        profiles.unsubscribed(VIDAR);
        deliver();

        var about = "2020000004136762 {\"ussfId\":\"2020000004136762\",\"memberIdentifiers\":[]";
        assertEquals(
                List.of(
                        "person.subscribed " + about + "}",
                        "person.experience_changed " + about + ",\"before\":null,\"after\":4}",
                        "person.experience_changed " + about + ",\"before\":4,\"after\":5}",
                        "person.certificate_changed " + about
                                + ",\"before\":null,\"after\":{\"hasCertificate\":false,\"issueDate\":null}}",
                        "person.certificate_changed " + about
                                + ",\"before\":{\"hasCertificate\":false,\"issueDate\":null},"
                                + "\"after\":{\"hasCertificate\":true,\"issueDate\":\"2025-05-06\"}}",
                        "person.unsubscribed " + about + "}"),
                since(0));
    }

    /** Contract §9: what is copied and deleted gives no entry, nor that the Learning Center tells of the new id next. */
    @Test
    void aMoveIsOneEntry() {
        members.put(member("a@example.org", VIDAR), Owed.NOTHING);
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        profiles.subscribed(VIDAR, NOON);
        profiles.refereeExperience(VIDAR, 4, NOON);
        deliver();
        var before = told().size();

        licenses.markAndTakeAlong(VIDAR, NEW_ID);
        members.moveUssfId(VIDAR, NEW_ID);
        profiles.subscribed(NEW_ID, NOON.plusSeconds(9));
        deliver();

        assertEquals(
                List.of(
                        "person.moved 2020000004152809 {\"formerUssfId\":\"2020000004136762\",\"ussfId\":\"2020000004152809\","
                                + "\"memberIdentifiers\":[\"CYSA-1001\"]}"),
                since(before));
        profiles.unsubscribed(NEW_ID);
        deliver();
        assertEquals("person.unsubscribed", types().getLast());
    }

    @Test
    void whereTheNewIdHeldTheLicenseWhatTheCopyChangedIsTold() {
        licenses.apply(change(NEW_ID, LicenseState.ACTIVE, NOON));
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON.plusSeconds(5)));
        deliver();

        licenses.markAndTakeAlong(VIDAR, NEW_ID);
        deliver();

        assertEquals(List.of("license.added", "license.added", "person.moved", "license.updated"), types());
        var updated = told().getLast();
        assertEquals("2020000004152809", updated.subject());
        assertEquals("move", data(updated).path("learnedBy").asText());
        assertEquals(
                "2026-03-01T12:00:05Z", data(updated).at("/after/updatedAt").asText());
    }

    /** Contract §9: what is written under a former id after the move is told under the id that the person has. */
    @Test
    void whatComesUnderAFormerIdIsToldUnderThePresentOne() {
        profiles.markMoved(VIDAR, NEW_ID);
        deliver();

        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        deliver();

        assertEquals(List.of("person.moved", "license.added", "license.added"), types());
        assertEquals(
                List.of(VIDAR.value(), NEW_ID.value()),
                told().stream().skip(1).map(Entry::subject).sorted().toList());
        assertTrue(told().stream()
                .skip(1)
                .allMatch(entry -> data(entry).path("learnedBy").asText().equals("webhook")));
    }

    /** Where it held a later one that was told, nothing changed; where that was not told, who follows must learn of it. */
    @Test
    void whereTheNewIdHeldALaterStateItIsToldOnlyIfItNeverWas() {
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        licenses.apply(change(NEW_ID, LicenseState.ACTIVE, NOON.plusSeconds(5)));
        licenses.markAndTakeAlong(VIDAR, NEW_ID);
        deliver();
        assertEquals(List.of("license.added", "license.added", "person.moved"), types());

        var other = new UssfId("2020000004136763");
        var last = new UssfId("2020000004136764");
        licenses.apply(change(other, LicenseState.ACTIVE, NOON));
        licenses.apply(change(last, LicenseState.REMOVED, NOON.plusSeconds(5)));
        licenses.markAndTakeAlong(other, last);
        deliver();

        assertEquals(List.of("license.added", "person.moved", "license.removed"), types().subList(3, 6));
        var removed = told().getLast();
        assertEquals(last.value(), removed.subject());
        assertEquals("move", data(removed).path("learnedBy").asText());
        assertEquals("removed", data(removed).at("/after/status").asText());
    }

    /** What was taken along to an id may be under it no more, and not yet under the next one. */
    @Test
    void whereTheRowIsStillUnderAnIdThatHasMovedOnItsStateIsToldUnderThePresentOneOnce() {
        var last = new UssfId("2020000004136764");
        licenses.apply(change(VIDAR, LicenseState.ACTIVE, NOON));
        // Of what was not known before, that it is removed is not told.
        licenses.apply(change(NEW_ID, LicenseState.REMOVED, NOON.plusSeconds(5)));
        licenses.markAndTakeAlong(VIDAR, NEW_ID);
        profiles.markMoved(NEW_ID, last);
        deliver();

        // Between a license and a profile there is no order.
        assertEquals(
                List.of("license.added", "license.removed", "person.moved", "person.moved"),
                types().stream().sorted().toList());
        assertEquals(
                List.of(last.value()),
                told().stream()
                        .filter(entry -> entry.type().wireName().equals("license.removed"))
                        .map(Entry::subject)
                        .toList());

        licenses.takeAllAlong(NEW_ID);
        deliver();

        assertEquals(4, told().size(), "it is told once");
    }

    @Test
    void aMemberIsToldWithoutAnythingPersonal() {
        members.put(member("first@example.org", null), Owed.NOTHING);
        var changed = new Member(
                MEMBER,
                "Vidar",
                "Mlakar",
                "other@example.org",
                LocalDate.of(1999, 1, 1),
                VIDAR,
                true,
                null,
                Map.of("city", "Springfield"));
        members.put(changed, Owed.NOTHING);
        members.settle(changed, Enrollment.enrolled(VIDAR, NOON), Owed.NOTHING);
        // What a later answer finds the same, and when, is no change.
        members.settle(changed, Enrollment.enrolled(VIDAR, NOON.plusSeconds(60)), Owed.NOTHING);
        members.delete(MEMBER, Owed.NOTHING);
        deliver();

        var about = " CYSA-1001 {\"memberIdentifier\":\"CYSA-1001\",\"ussfId\":";
        assertEquals(
                List.of(
                        "member.added" + about + "null}",
                        "member.changed" + about + "\"2020000004136762\",\"changed\":[\"email\",\"ussfId\",\"city\"]}",
                        "member.enrollment_changed" + about
                                + "\"2020000004136762\",\"before\":{\"status\":\"pending\",\"detail\":\"not looked up in the Learning"
                                + " Center yet\"},\"after\":{\"status\":\"enrolled\",\"detail\":\"found in the Learning Center and"
                                + " subscribed to\"}}",
                        "member.removed" + about + "\"2020000004136762\"}"),
                since(0));
        for (var personal : List.of("first@", "other@", "Mlakar", "Vidar", "1999", "Springfield")) {
            assertFalse(since(0).toString().contains(personal), personal);
        }
    }

    @Test
    void theCatalogIsToldByItsIds() {
        var catalog = new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        catalog.receive(List.of(catalogEntry("a", "A"), catalogEntry("b", "B"), catalogEntry("c", "C")), NOON, false);
        catalog.receive(
                List.of(catalogEntry("a", "A"), catalogEntry("b", "B2"), catalogEntry("d", "D")),
                NOON.plusSeconds(1),
                false);
        catalog.receive(
                List.of(catalogEntry("a", "A"), catalogEntry("b", "B2"), catalogEntry("d", "D")),
                NOON.plusSeconds(2),
                false);
        catalog.receive(
                List.of(
                        catalogEntry("a", "A"),
                        catalogEntry("b", "B2"),
                        catalogEntry("c", "C"),
                        catalogEntry("d", "D")),
                NOON.plusSeconds(3),
                false);
        deliver();

        assertEquals(
                List.of(
                        "catalog.changed null {\"added\":[\"a\",\"b\",\"c\"],\"changed\":[],\"retired\":[]}",
                        "catalog.changed null {\"added\":[\"d\"],\"changed\":[\"b\"],\"retired\":[\"c\"]}",
                        "catalog.changed null {\"added\":[],\"changed\":[\"c\"],\"retired\":[]}"),
                since(0));
    }

    private static CatalogEntry catalogEntry(String id, String name) {
        return new CatalogEntry(new LicenseId(id), name, "referee", "type", 1, false);
    }

    /** Rule 29: it is kept whole, and the rest goes on. */
    @Test
    @Tag("rule-29")
    void aRecordOfWhichNoEntryCanBeMadeIsQuarantinedAndPassedOver() {
        var records = sampleRecords();
        ((ObjectNode) records.getFirst().at("/dynamodb/NewImage/revision")).put("S", "yesterday");
        var strange = new ObjectMapper().createObjectNode().put("eventID", "x");
        records.add(1, strange);

        assertEquals("{\"batchItemFailures\":[]}", hand(records));

        assertEquals(List.of("member.enrollment_changed"), types());
        var quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        assertEquals(2, quarantine.open().count());
        assertTrue(quarantine.open().allMatch(entry -> entry.route().equals("/streams")));
        assertTrue(
                quarantine.open().anyMatch(entry -> payload(quarantine, entry).equals(records.getFirst())));
    }

    /** Of two issuers that are half of what an item may hold each, no entry can be stored. */
    @Test
    @Tag("rule-29")
    void whatIsTooLargeToBeKeptIsQuarantinedAndPassedOver() {
        var records = sampleRecords();
        for (var image : List.of("OldImage", "NewImage")) {
            ((ObjectNode) records.getFirst().at("/dynamodb/" + image + "/issuer")).put("S", "x".repeat(250_000));
        }

        assertEquals("{\"batchItemFailures\":[]}", hand(records));

        assertEquals(List.of("member.enrollment_changed"), types());
        var quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        var kept = quarantine.open().toList();
        assertEquals(1, kept.size());
        assertEquals(records.getFirst(), payload(quarantine, kept.getFirst()));
    }

    private static JsonNode payload(Quarantine quarantine, QuarantineEntry entry) {
        return json(new String(quarantine.payload(entry.id()).orElseThrow(), StandardCharsets.UTF_8));
    }

    private static List<ObjectNode> sampleRecords() {
        var records = new ArrayList<ObjectNode>();
        json(FunctionHarness.sampleText("change-history"))
                .path("Records")
                .forEach(record -> records.add((ObjectNode) record));
        return records;
    }

    /** Lambda hands over again from the record that is named, and repeats what failed whole. */
    @Test
    @Tag("rule-29")
    void whatCannotBeKeptJustNowIsHandedOverAgain() {
        stack.dynamoDb().deleteTable(request -> request.tableName(stack.table("ChangeHistoryTable")));

        assertEquals(
                "{\"batchItemFailures\":[{\"itemIdentifier\":\"4421584500000000017450439092\"}]}",
                function.invoke(FunctionHarness.sampleText("change-history")));
    }

    /** Streams keep a day: of what is nearly as old, what was before may be gone. */
    @Test
    @Tag("rule-29")
    void whatStreamsCouldNotDeliverInTimeIsSaidToBeMissing() {
        var now = Instant.now();
        hand(at(now.minus(Duration.ofHours(2)), "1"));
        assertEquals(List.of("license.removed"), types());

        hand(at(now.minus(Duration.ofMinutes(1)), "2"));
        var late = now.minus(Duration.ofHours(23)).minusSeconds(60);
        hand(at(late, "3"));
        assertEquals(3, types().size(), "read up to later than that: nothing is missing before it");

        noteReadUntil(now.minus(Duration.ofHours(60)));
        hand(at(late, "4"));
        hand(at(late.plusSeconds(10), "5"));

        assertEquals(
                List.of(
                        "license.removed",
                        "license.removed",
                        "license.removed",
                        "history.gap",
                        "license.removed",
                        "license.removed"),
                types());
        var gap = told().get(3);
        assertEquals(
                Instant.ofEpochSecond(now.minus(Duration.ofHours(60)).getEpochSecond())
                        .toString(),
                data(gap).path("from").asText());
        assertEquals(
                Instant.ofEpochSecond(late.getEpochSecond()).toString(),
                data(gap).path("to").asText());
    }

    @Test
    @Tag("rule-29")
    void whatIsMissingIsSaidEvenIfTheRecordBehindItCannotBeRead() {
        var late = Instant.now().minus(Duration.ofHours(23)).minusSeconds(60);
        noteReadUntil(late.minus(Duration.ofHours(30)));
        var records = new ArrayList<>(at(late, "1"));
        ((ObjectNode) records.getFirst().at("/dynamodb/NewImage/revision")).put("S", "yesterday");
        records.addAll(at(late.plusSeconds(10), "2"));

        hand(records);

        assertEquals(List.of("history.gap", "license.removed"), types());
    }

    /**
     * Nothing changed but one license, which the stream forgot before it was read. The lease of the notices is taken all the time: of that,
     * the filter lets the records through, and the oldest that is left is nearly as old as what is gone.
     */
    @Test
    @Tag("rule-29")
    void whatALongOutageOfAQuietStackLostIsSaidToBeMissing() {
        var now = Instant.now();
        var lastRead = now.minus(Duration.ofHours(30));
        noteReadUntil(lastRead);
        lookForUnfinishedNotices();
        var left = licenseStream.next().stream().filter(this::isLetThrough).toList();
        left.forEach(record -> ((ObjectNode) record.path("dynamodb"))
                .put(
                        "ApproximateCreationDateTime",
                        now.minus(Duration.ofHours(24)).getEpochSecond()));

        // A metric costs by the hours in which it is written: of the lease alone, none is.
        try (var output = StandardOutput.captured()) {
            function = new FunctionHarness(new ChangeHistoryHandler(stack.environment("ChangeHistoryFunction")));
            hand(left);
            assertEquals(0, output.sum("StreamDelay"));
        }

        assertEquals(List.of("history.gap"), types());
        assertEquals(
                Instant.ofEpochSecond(lastRead.getEpochSecond()).toString(),
                data(told().getFirst()).path("from").asText());
    }

    private void lookForUnfinishedNotices() {
        var clock = InstantSource.system();
        new ExpiryNotices(
                        licenses,
                        profiles,
                        members,
                        new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable")),
                        history,
                        new ExpiryCheckpoint(stack.dynamoDb(), stack.table("LicenseStoreTable"), clock),
                        NoticeDays.parse("7"),
                        new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York")),
                        _ -> {})
                .resume(Deadline.in(Duration.ofMinutes(1), clock));
    }

    /** As the mapping in the template filters what Lambda hands over. */
    private boolean isLetThrough(ObjectNode record) {
        return stack.template().function("ChangeHistoryFunction").streams().stream()
                .filter(mapping -> mapping.tableLogicalId().equals("LicenseStoreTable"))
                .flatMap(mapping -> mapping.filterPatterns().stream())
                .anyMatch(pattern -> EventRules.matches(pattern, record));
    }

    private void noteReadUntil(Instant at) {
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("ChangeHistoryTable"))
                        .item(new Item()
                                .with("pk", "stream#LICENSE_STORE")
                                .withNumber("sk", 0)
                                .withNumber("readUntil", at.getEpochSecond())
                                .attributes()));
    }

    private static List<ObjectNode> at(Instant time, String eventId) {
        var record = sampleRecords().getFirst();
        record.put("eventID", eventId);
        ((ObjectNode) record.path("dynamodb")).put("ApproximateCreationDateTime", time.getEpochSecond());
        return List.of(record);
    }

    @Test
    void howManyEntriesAreKeptAndHowOldAStreamIsAreMetrics() {
        try (var output = StandardOutput.captured()) {
            new FunctionHarness(new ChangeHistoryHandler(stack.environment("ChangeHistoryFunction")))
                    .invoke(FunctionHarness.sampleText("change-history"));

            assertEquals(2, output.sum("EntriesKept"));
            assertTrue(output.sum("StreamDelay") > 0);
        }
    }

    @Test
    void anyOtherPayloadIsRefused() {
        assertThrows(UnknownPayloadException.class, () -> function.invoke("{}"));
    }
}
