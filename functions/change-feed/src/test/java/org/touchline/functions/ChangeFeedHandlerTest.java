package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.change.ChangeHistory;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.FunctionHarness.HttpAnswer;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;

/** Wire contract §5: the change feed and the histories. */
class ChangeFeedHandlerTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId NEW_ID = new UssfId("2020000004152809");

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private EmbeddedStack stack;
    private FunctionHarness function;
    private ChangeHistory history;
    private ProfileStore profiles;
    private MemberDirectory members;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
        function = new FunctionHarness(new ChangeFeedHandler(stack.environment("ChangeFeedFunction")));
        history = new ChangeHistory(
                stack.dynamoDb(), stack.table("ChangeHistoryTable"), Duration.ofDays(400), InstantSource.system());
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    private void told(String event, ChangeType type, String subject, Instant time) {
        var data = new JsonObject();
        if (type.isOfMember()) {
            data.put("memberIdentifier", subject).putNull("ussfId");
        } else {
            data.put("ussfId", subject).putArray("memberIdentifiers");
        }
        history.append(List.of(new Entry(Entry.id(event, type), type, subject, time, data)));
    }

    private void toldOfVidar(int from, int to) {
        for (var number = from; number < to; number++) {
            told("event-" + number, ChangeType.PERSON_SUBSCRIBED, VIDAR.value(), now.minusSeconds(1_000L - number));
        }
    }

    private void member(String identifier, @Nullable UssfId ussfId) {
        members.put(
                new Member(
                        new MemberIdentifier(identifier),
                        "First",
                        "Last",
                        "a@example.org",
                        LocalDate.of(1990, 1, 1),
                        ussfId,
                        true,
                        null,
                        Map.of()),
                Owed.NOTHING);
    }

    private HttpAnswer changes(String query) {
        return function.handle(FunctionHarness.sample("change-feed", event -> event.setRawQueryString(query)));
    }

    private HttpAnswer history(String route, String name, String value, String query) {
        return function.handle(FunctionHarness.sample("change-feed", event -> {
            event.setRouteKey(route);
            event.setPathParameters(Map.of(name, value));
            event.setRawQueryString(query);
        }));
    }

    private HttpAnswer ofUser(UssfId ussfId, String query) {
        return history("GET /users/{ussfId}/history", "ussfId", ussfId.value(), query);
    }

    private HttpAnswer ofMember(String identifier, String query) {
        return history("GET /members/{memberIdentifier}/history", "memberIdentifier", identifier, query);
    }

    private static List<String> subjects(HttpAnswer answer) {
        assertEquals(200, answer.status(), answer.body());
        return answer.json().path("changes").findValuesAsText("subject");
    }

    private static String next(HttpAnswer answer) {
        return answer.json().path("next").asText();
    }

    @Test
    void itsSampleIsAnsweredAsTheContractSpellsIt() {
        told("a", ChangeType.PERSON_SUBSCRIBED, VIDAR.value(), Instant.parse("2026-03-01T12:00:00.5Z"));

        var answer = function.handle(FunctionHarness.sample("change-feed", _ -> {}));

        assertEquals(200, answer.status(), answer.body());
        var change = answer.json().path("changes").path(0);
        assertEquals(
                FunctionHarness.json("""
                {"specversion":"1.0","id":"%s","source":"touchline/%s","type":"person.subscribed","subject":"2020000004136762",
                 "time":"2026-03-01T12:00:00Z","data":{"ussfId":"2020000004136762","memberIdentifiers":[]}}""".formatted(
                                Entry.id("a", ChangeType.PERSON_SUBSCRIBED),
                                stack.environment("ChangeFeedFunction").get("STACK_NAME"))),
                change);
        assertFalse(next(answer).isEmpty());
    }

    @Test
    void whoeverGoesOnWithNextReadsEverythingOnce() {
        assertEquals(List.of(), subjects(changes("")));
        var begin = next(changes(""));
        toldOfVidar(0, 25);

        var read = new ArrayList<String>();
        var cursor = begin;
        for (var pages = 0; pages < 6; pages++) {
            var page = changes("limit=7&after=" + cursor);
            read.addAll(page.json().path("changes").findValuesAsText("id"));
            cursor = next(page);
        }
        assertEquals(25, read.size());
        assertEquals(read, changes("limit=500").json().path("changes").findValuesAsText("id"));
        toldOfVidar(25, 26);
        assertEquals(1, subjects(changes("after=" + cursor)).size());
        // A limit is no part of what a cursor goes with.
        assertEquals(26, subjects(changes("limit=300&after=" + begin)).size());
    }

    @Test
    void sinceBeginsAtTheFirstEntryThatIsNotBefore() {
        toldOfVidar(0, 10);

        var page = changes("since=" + now.minusSeconds(995));
        assertEquals(5, subjects(page).size());
        assertEquals(0, subjects(changes("after=" + next(page))).size());
        var future = changes("since=" + now.plus(Duration.ofDays(2)));
        assertEquals(0, subjects(future).size());
        toldOfVidar(10, 11);
        assertEquals(1, subjects(changes("after=" + next(future))).size(), "what comes next");
        assertEquals(400, changes("since=" + now + "&after=" + next(page)).status());
        assertEquals(
                6,
                subjects(changes("since=" + now.minusSeconds(995).toString().replace("Z", "%2B00:00")))
                        .size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"since=yesterday", "after=x", "limit=501", "limit=0", "before=1", "limit=1&limit=2", "since="})
    void whatCannotBeReadIsRefused(String query) {
        assertEquals(400, changes(query).status());
    }

    /** Contract §5: a cursor older than what is kept. */
    @Test
    void whatIsNoLongerKeptHasExpired() {
        told("old", ChangeType.PERSON_SUBSCRIBED, VIDAR.value(), now.minus(Duration.ofDays(401)));
        var end = next(changes("since=" + now));
        var begin = new String(Base64.getUrlDecoder().decode(end), StandardCharsets.ISO_8859_1);
        var first = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((begin.substring(0, 8) + "1").getBytes(StandardCharsets.ISO_8859_1));
        told("new", ChangeType.PERSON_SUBSCRIBED, NEW_ID.value(), now);

        var expired = changes("after=" + first);

        assertEquals(400, expired.status());
        assertEquals("urn:touchline:cursor-expired", expired.json().path("type").asText());
        assertEquals("application/problem+json", expired.header("content-type"));
        assertEquals(List.of(NEW_ID.value()), subjects(changes("after=" + end)), "this one has missed nothing");
        assertEquals(List.of(NEW_ID.value()), subjects(changes("")), "the oldest that is kept");
        assertEquals(404, ofUser(VIDAR, "").status(), "gone, deleted or not");
    }

    @Test
    void erasedEntriesLeaveHolesAndACursorStaysGood() {
        toldOfVidar(0, 3);
        told("other", ChangeType.PERSON_SUBSCRIBED, NEW_ID.value(), now);
        var cursor = next(changes("limit=1"));

        history.erasure(profiles, members).erase(List.of(VIDAR), List.of());
        assertEquals(List.of(NEW_ID.value()), subjects(changes("after=" + cursor)));

        history.erasure(profiles, members).erase(List.of(NEW_ID), List.of());
        assertEquals(List.of(), subjects(changes("after=" + cursor)));
        assertEquals(List.of(), subjects(changes("")));
    }

    /** Under every id, whichever is asked for, with the entries of who holds it; newest first. */
    @Test
    void theHistoryOfAPersonIsThatOfAllTheirIds() {
        told("1", ChangeType.PERSON_SUBSCRIBED, VIDAR.value(), now.minusSeconds(9));
        told("2", ChangeType.MEMBER_ADDED, "A1", now.minusSeconds(8));
        told("3", ChangeType.MEMBER_ADDED, "B2", now.minusSeconds(7));
        told("4", ChangeType.PERSON_MOVED, NEW_ID.value(), now.minusSeconds(6));
        told("5", ChangeType.PERSON_SUBSCRIBED, NEW_ID.value(), now.minusSeconds(5));
        profiles.markMoved(VIDAR, NEW_ID);
        member("A1", NEW_ID);
        member("B2", new UssfId("2020000004136763"));

        var all = List.of(NEW_ID.value(), NEW_ID.value(), "A1", VIDAR.value());
        assertEquals(all, subjects(ofUser(NEW_ID, "")));
        assertEquals(all, subjects(ofUser(VIDAR, "")));
        assertEquals(all, subjects(ofMember("a1", "")));
        assertEquals(List.of("B2"), subjects(ofMember("B2", "")));
        assertFalse(ofUser(NEW_ID, "").json().has("next"));

        var read = new ArrayList<String>();
        JsonNode page = ofUser(VIDAR, "limit=3").json();
        read.addAll(page.path("changes").findValuesAsText("subject"));
        var next = page.path("next").asText();
        assertEquals(400, ofUser(NEW_ID, "after=" + next).status(), "a cursor goes with the same route");
        page = ofUser(VIDAR, "limit=3&after=" + next).json();
        read.addAll(page.path("changes").findValuesAsText("subject"));
        assertEquals(all, read);
        assertFalse(page.has("next"));
    }

    /** Another member's entries are theirs. */
    @Test
    void theHistoryOfAMemberHasNoOtherMembers() {
        told("1", ChangeType.MEMBER_ADDED, "A1", now);
        told("2", ChangeType.MEMBER_ADDED, "B2", now);
        told("3", ChangeType.PERSON_SUBSCRIBED, VIDAR.value(), now);
        member("A1", VIDAR);
        member("B2", VIDAR);

        assertEquals(List.of(VIDAR.value(), "A1"), subjects(ofMember("A1", "")));
        assertEquals(List.of(VIDAR.value(), "B2", "A1"), subjects(ofUser(VIDAR, "")));
    }

    @Test
    void whereNothingIsHeldAndNothingIsKeptThereIsNone() {
        assertEquals(404, ofUser(VIDAR, "").status());
        assertEquals(404, ofMember("A1", "").status());
        assertEquals(
                400, history("GET /users/{ussfId}/history", "ussfId", "1", "").status());
        assertEquals(400, ofUser(VIDAR, "limit=201").status());

        told("1", ChangeType.MEMBER_REMOVED, "A1", now);
        assertEquals(List.of("A1"), subjects(ofMember("A1", "")), "kept of who left");
        profiles.subscribed(VIDAR, now);
        assertEquals(List.of(), subjects(ofUser(VIDAR, "")), "held, and nothing is kept");
        member("B2", null);
        assertEquals(List.of(), subjects(ofMember("B2", "")));
        assertTrue(ofUser(VIDAR, "").json().path("changes").isArray());
    }
}
