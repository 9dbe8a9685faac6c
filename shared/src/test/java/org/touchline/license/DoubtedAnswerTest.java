package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.time.OrganizationCalendar;

/** Design rule 25: a full answer that takes everything away is doubted. */
class DoubtedAnswerTest {
    private static final LicenseId COACH = new LicenseId("coach_41");
    private static final Changes HELD = active("2026-03-01T12:00:00Z");
    private static final Changes[] NOTHING = {};

    /** It is still the 10th in New York. */
    private final MutableClock clock = new MutableClock("2026-03-11T03:00:00Z");

    private final OrganizationCalendar calendar = new OrganizationCalendar(clock, () -> ZoneId.of("America/New_York"));
    private TestStack stack;
    private LicenseStore store;
    private ProfileStore profiles;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        takeOver(HELD, HELD.license("coach_41"));
        clock.advance(Duration.ofMinutes(1));
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    @Tag("rule-25")
    void nothingOfItIsStoredAndCompletenessStays() {
        var before = person();

        var taken = takeOver(NOTHING);

        assertEquals(new TakenOver(0, 0, true, clock.instant()), taken);
        assertEquals(before, person());
    }

    /** News in it does not make up for what is gone. */
    @Test
    void norIsWhatItShowsInstead() {
        var taken = takeOver(active("2026-03-09T12:00:00Z").license("safety_1"));

        assertNotNull(taken.doubtedAt());
        assertEquals(Set.of(REFEREE, COACH), Changes.held(store, VIDAR));
    }

    @Test
    @Tag("rule-25")
    void nextOneIsBelievedTwoHoursAfterTheFirst() {
        doubted(takeOver(NOTHING));
        clock.advance(Duration.ofHours(1));
        doubted(takeOver(NOTHING));
        clock.advance(Duration.ofHours(1).minusNanos(1));
        doubted(takeOver(NOTHING));
        clock.advance(Duration.ofNanos(1));

        var taken = takeOver(NOTHING);

        assertEquals(new TakenOver(2, 2, true, null), taken);
        assertEquals(Set.of(), Changes.held(store, VIDAR));
        assertEquals(clock.instant(), person().profile().lastAnswer());
    }

    @Test
    void answerThatShowsOneOfThemEndsTheDoubt() {
        doubted(takeOver(NOTHING));
        clock.advance(Duration.ofHours(3));
        assertEquals(new TakenOver(1, 1, false, null), takeOver(HELD.license("coach_41")));
        takeOver(HELD, HELD.license("coach_41"));

        clock.advance(Duration.ofDays(30));

        assertNotNull(takeOver(NOTHING).doubtedAt(), "the doubt of a month ago is no reason to believe");
        assertEquals(Set.of(REFEREE, COACH), Changes.held(store, VIDAR));
    }

    @Test
    @Tag("rule-25")
    void acceptedOneIsBelievedAtOnce() {
        assertEquals(
                2, store.takeOver(VIDAR, () -> shown(NOTHING), true, calendar).markedAbsent());

        assertEquals(Set.of(), Changes.held(store, VIDAR));
    }

    @Test
    @Tag("rule-25")
    void oneLicenseIsNotSeveral() {
        takeOver(HELD);
        clock.advance(Duration.ofMinutes(1));

        assertEquals(new TakenOver(1, 1, true, null), takeOver(NOTHING));
    }

    /** A license is good through its expiration date in the organization's time zone. */
    @Test
    @Tag("rule-25")
    void whatHasEndedIsNotTakenAway() {
        takeOver(
                HELD.expirationDate(LocalDate.of(2026, 3, 10)).at("2026-03-02T12:00:00Z"),
                HELD.license("coach_41").expirationDate(null));
        doubted(takeOver(NOTHING));
        // Midnight in New York.
        clock.advance(Duration.ofHours(1));

        assertEquals(new TakenOver(2, 2, true, null), takeOver(NOTHING));
    }

    @Test
    void partOfAnAnswerTakesNothingAway() {
        var taken = store.takeOver(VIDAR, () -> new ShownLicenses(List.of(), false), false, calendar);

        assertFalse(taken.tookEverything());
        assertNull(taken.doubtedAt());
        assertEquals(Set.of(REFEREE, COACH), Changes.held(store, VIDAR));
    }

    @Test
    void whoHadNothingLosesNothing() {
        var nobody = new UssfId("2020000004152809");

        var taken = store.takeOver(nobody, () -> ShownLicenses.NONE, false, calendar);

        assertEquals(new TakenOver(0, 0, false, null), taken);
        assertEquals(
                clock.instant(), store.person(nobody).orElseThrow().profile().lastAnswer());
    }

    /** Else it would be the first to be asked for every day, and others never had their turn. */
    @Test
    void doubtIsATurn() {
        profiles.subscribed(VIDAR, clock.instant());
        var other = new UssfId("2020000004152809");
        profiles.subscribed(other, clock.instant());
        store.takeOver(other, () -> ShownLicenses.NONE, false, calendar);
        assertEquals(List.of(VIDAR, other), profiles.turns(Stream.of(), 10).longestWaiting(10));
        clock.advance(Duration.ofMinutes(1));

        doubted(takeOver(NOTHING));

        assertEquals(List.of(other, VIDAR), profiles.turns(Stream.of(), 10).longestWaiting(10));
    }

    /** A doubt that is written late does not outlive a later answer. */
    @Test
    void doubtOfAnAnswerThatIsEarlierThanTheLastIsNone() {
        var doubtful = takeOver(NOTHING);
        clock.advance(Duration.ofSeconds(1));
        takeOver(HELD, HELD.license("coach_41"));

        doubted(doubtful);

        clock.advance(Duration.ofHours(3));
        assertNotNull(takeOver(NOTHING).doubtedAt());
    }

    private void doubted(TakenOver taken) {
        assertTrue(taken.doubtedAt() != null, "it is doubted");
        profiles.doubted(VIDAR, taken.doubtedAt());
    }

    private TakenOver takeOver(Changes... shown) {
        return store.takeOver(VIDAR, () -> shown(shown), false, calendar);
    }

    private static ShownLicenses shown(Changes... shown) {
        return new ShownLicenses(
                Stream.of(shown)
                        .map(license -> license.state(LicenseState.SHOWN_ACTIVE).change())
                        .toList(),
                true);
    }

    private Person person() {
        return store.person(VIDAR).orElseThrow();
    }
}
