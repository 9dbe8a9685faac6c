package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.change.Kept.NOON;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Interleavings;
import org.touchline.Interleavings.Trial;
import org.touchline.JsonObject;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;

/** Wire contract §9: erasing a person erases their entries, in flight and kept, and takes their identifier out of those of others. */
class HistoryErasureTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");
    private static final UssfId OTHER = new UssfId("2020000004152809");
    private static final MemberIdentifier A = new MemberIdentifier("A1");
    private static final MemberIdentifier B = new MemberIdentifier("B2");

    private final MutableClock clock = new MutableClock(NOON.toString());
    private TestStack stack;
    private ChangeHistory history;
    private ProfileStore profiles;
    private MemberDirectory members;
    private HistoryErasure erasure;
    private int events;

    @BeforeEach
    void createHistory() {
        stack = Backend.EMBEDDED.newStack();
        history = Kept.history(stack, stack.dynamoDb(), clock);
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
        erasure = history.erasure(profiles, members);
    }

    @AfterEach
    void deleteHistory() {
        stack.close();
    }

    private Entry ofPerson(UssfId ussfId, Instant time, String... named) {
        var data = new JsonObject().put("ussfId", ussfId.value());
        var identifiers = data.putArray("memberIdentifiers");
        Arrays.stream(named).forEach(identifiers::add);
        var type = ChangeType.PERSON_SUBSCRIBED;
        return new Entry(Entry.id("event-" + events++, type), type, ussfId.value(), time, data);
    }

    private Entry ofMember(
            ChangeType type, MemberIdentifier member, @Nullable UssfId holds, @Nullable UssfId leaves, Instant time) {
        var data = new JsonObject()
                .put("memberIdentifier", member.value())
                .put("ussfId", holds == null ? null : holds.value());
        return new Entry(Entry.id("event-" + events++, type), type, member.value(), time, data, leaves);
    }

    private List<Entry> kept() {
        return history.feed().from(1, 500).entries();
    }

    private List<String> subjects() {
        return kept().stream().map(entry -> String.valueOf(entry.subject())).toList();
    }

    private void put(MemberIdentifier identifier, UssfId ussfId) {
        members.put(
                new Member(
                        identifier, "F", "L", "a@example.org", LocalDate.of(1990, 1, 1), ussfId, true, null, Map.of()),
                Owed.NOTHING);
    }

    @Test
    void theirEntriesGoAndTheirIdentifiersAreTakenOutOfThoseOfOthers() {
        // A held Vidar's id by mistake, and holds another now; B is Vidar, and held that other one once.
        history.append(List.of(
                ofMember(ChangeType.MEMBER_ADDED, A, VIDAR, null, NOON),
                ofPerson(VIDAR, NOON, "A1", "B2"),
                ofMember(ChangeType.MEMBER_CHANGED, A, OTHER, VIDAR, NOON),
                ofPerson(OTHER, NOON, "A1", "B2"),
                ofMember(ChangeType.MEMBER_CHANGED, B, VIDAR, OTHER, NOON),
                ofPerson(OTHER, NOON, "A1")));
        put(A, OTHER);
        put(B, VIDAR);

        var expected = erasure.count(Set.of(VIDAR), Set.of(B));
        assertEquals(expected, erasure.erase(Set.of(VIDAR), Set.of(B)));

        assertEquals(List.of("A1", "A1", OTHER.value(), OTHER.value()), subjects());
        for (var entry : kept()) {
            assertFalse(entry.event("s").toString().contains(VIDAR.value()), entry::toString);
            assertFalse(entry.event("s").toString().contains("B2"), entry::toString);
            assertFalse(VIDAR.equals(entry.leaves()), entry::toString);
        }
        assertTrue(kept().get(2).data().toString().contains("A1"));
        assertEquals(0, erasure.erase(Set.of(VIDAR), Set.of(B)));
        assertEquals(5, expected);
    }

    /** Nothing is held of them any more. */
    @Test
    void whoLeftLongAgoIsFoundByWhatIsKept() {
        history.append(List.of(
                ofMember(ChangeType.MEMBER_ADDED, A, VIDAR, null, NOON),
                ofPerson(VIDAR, NOON, "A1"),
                ofPerson(OTHER, NOON, "A1"),
                ofMember(ChangeType.MEMBER_CHANGED, A, VIDAR, OTHER, NOON),
                ofMember(ChangeType.MEMBER_REMOVED, A, VIDAR, VIDAR, NOON)));

        assertEquals(5, erasure.count(Set.of(), Set.of(A)));
        erasure.erase(Set.of(), Set.of(A));
        assertEquals(List.of(VIDAR.value(), OTHER.value()), subjects(), "entries of the USSF-ID stay: ask with that");
        assertFalse(kept().toString().contains("A1"));

        erasure.erase(Set.of(VIDAR), Set.of());
        assertEquals(List.of(OTHER.value()), subjects());
    }

    /** By the USSF-ID that they held when they were taken out. */
    @Test
    void membersWhoLeftWithTheIdGoWithIt() {
        history.append(List.of(
                ofMember(ChangeType.MEMBER_ADDED, A, VIDAR, null, NOON),
                ofPerson(OTHER, NOON, "A1"),
                ofMember(ChangeType.MEMBER_REMOVED, A, VIDAR, VIDAR, NOON)));

        erasure.erase(Set.of(VIDAR), Set.of());

        assertEquals(List.of(OTHER.value()), subjects());
    }

    /** What streams still say of the time before is dropped; what is put in two seconds after, or later, is told as ever. */
    @Test
    void whatWasUnderWayIsDropped() {
        erasure.remember(Set.of(VIDAR), Set.of(A));
        history.append(List.of(
                ofPerson(VIDAR, NOON.minusSeconds(60)),
                ofPerson(VIDAR, NOON.plusSeconds(1)),
                ofPerson(OTHER, NOON.minusSeconds(60), "A1", "B2"),
                ofMember(ChangeType.MEMBER_REMOVED, A, VIDAR, VIDAR, NOON),
                ofMember(ChangeType.MEMBER_CHANGED, B, VIDAR, null, NOON)));

        assertEquals(List.of(OTHER.value(), "B2"), subjects());
        assertFalse(kept().toString().contains("A1"));
        assertFalse(kept().toString().contains(VIDAR.value()));

        clock.advance(Duration.ofSeconds(2));
        history.append(List.of(
                ofPerson(VIDAR, clock.instant()), ofMember(ChangeType.MEMBER_ADDED, A, VIDAR, null, clock.instant())));
        assertEquals(List.of(OTHER.value(), "B2", VIDAR.value(), "A1"), subjects());

        // Nothing but a digest is kept of them, and that for two days.
        var all = stack.dynamoDb()
                .scan(request -> request.tableName(stack.table("ChangeHistoryTable")))
                .items();
        assertEquals(
                2,
                all.stream()
                        .filter(item -> item.get("pk").s().matches("erased#[0-9a-f]{64}"))
                        .count());
        clock.advance(Duration.ofDays(3));
        history.append(List.of(ofPerson(VIDAR, NOON)));
        assertEquals(5, kept().size());
    }

    /** In every order of their requests: whoever keeps an entry at that moment looks again, or is found. */
    @Test
    @Tag("rule-30")
    void whatIsKeptAtThatMomentIsErasedInEveryOrder() {
        // From the first erasure on, whoever keeps an entry makes one request more: each order has the same ones.
        erasure.remember(Set.of(), Set.of(B));
        try (var interleavings = new Interleavings(stack.dynamoDb())) {
            interleavings.run(
                    new Trial(
                            // What happens from now on is not among what was erased in the order before.
                            () -> clock.advance(Duration.ofMinutes(1)),
                            dynamoDb -> Kept.history(stack, dynamoDb, clock)
                                    .append(List.of(
                                            ofPerson(VIDAR, clock.instant()), ofPerson(OTHER, clock.instant(), "A1"))),
                            dynamoDb -> {
                                var there = Kept.history(stack, dynamoDb, clock).erasure(profiles, members);
                                there.remember(Set.of(VIDAR), Set.of(A));
                                there.erase(Set.of(VIDAR), Set.of(A));
                            },
                            () -> {
                                assertFalse(kept().toString().contains(VIDAR.value()));
                                assertFalse(kept().toString().contains("A1"));
                            }),
                    1);
        }
    }
}
