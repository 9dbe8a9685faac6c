package org.touchline.change;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.change.Kept.NOON;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.Members;

/** Wire contract §5, and design §6: a call makes at most 12 requests of DynamoDB. */
class PersonHistoriesTest {
    private static final List<UssfId> IDS = Stream.of("2020000004136761", "2020000004136762", "2020000004136763")
            .map(UssfId::new)
            .toList();
    private static final UssfId PRESENT = IDS.getLast();
    private static final MemberIdentifier MEMBER = new MemberIdentifier("CYSA-1001");

    private final Calls calls = new Calls();
    private final MutableClock clock = new MutableClock(NOON.toString());
    private TestStack stack;
    private PersonHistories histories;
    private List<String> told;

    /** Somebody with two former ids, and something told of each and of their member. */
    @BeforeEach
    void fillHistory() {
        stack = Backend.EMBEDDED.newStack();
        var dynamoDb = calls.listening(stack.dynamoDb());
        var profiles = new ProfileStore(dynamoDb, stack.table("LicenseStoreTable"));
        var members = new MemberDirectory(dynamoDb, stack.table("MemberDirectoryTable"));
        histories = new PersonHistories(Kept.history(stack, dynamoDb, clock).histories(), profiles, members);
        Members.put(members, Members.member(MEMBER.value(), "\"ussfId\":\"" + PRESENT + "\""));
        profiles.markMoved(IDS.get(0), IDS.get(1));
        profiles.markMoved(IDS.get(1), PRESENT);
        var entries = new ArrayList<Entry>();
        for (var at = NOON; at.isBefore(NOON.plus(Duration.ofMinutes(90))); at = at.plus(Duration.ofMinutes(1))) {
            entries.add(Kept.entry(
                    "person at " + at, IDS.get(entries.size() % IDS.size()).value(), at));
            entries.add(ofMember(at));
        }
        Kept.history(stack, stack.dynamoDb(), clock).append(entries);
        told = Kept.ids(entries.reversed());
        calls.drain();
    }

    @AfterEach
    void deleteHistory() {
        stack.close();
    }

    private static Entry ofMember(Instant at) {
        var type = ChangeType.MEMBER_CHANGED;
        var data = Kept.entry("", PRESENT.value(), at).data();
        return new Entry(Entry.id("member at " + at, type), type, MEMBER.value(), at, data);
    }

    @Test
    void aPersonsPageIsTheSameByWhicheverIdAndCostsTwelveRequestsAtMost() {
        for (var ussfId : IDS) {
            var page = histories.of(ussfId, null, 50).orElseThrow();
            var made = calls.drain();

            assertEquals(told.subList(0, 50), Kept.ids(page.entries()), ussfId.value());
            assertTrue(made.size() <= 12, made::toString);
            assertEquals(
                    told.subList(50, 150),
                    Kept.ids(
                            histories.of(ussfId, page.next(), 100).orElseThrow().entries()));
            made = calls.drain();
            assertTrue(made.size() <= 12, made::toString);
        }
    }

    @Test
    void aMembersPageCostsTwelveRequestsAtMost() {
        var page = histories.of(MEMBER, null, 180).orElseThrow();

        var made = calls.drain();
        assertEquals(told, Kept.ids(page.entries()));
        assertTrue(made.size() <= 12, made::toString);
    }
}
