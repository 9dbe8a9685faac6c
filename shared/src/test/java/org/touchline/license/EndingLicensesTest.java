package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.TestStack;

/** The index {@code by-end} (design §2) lists active licenses that end, whatever wrote them. */
class EndingLicensesTest {
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final UssfId NEW_ID = new UssfId("2020000004152809");
    private static final Changes HELD = active("2026-03-01T12:00:00Z");
    private static final LocalDate NEW_YEARS_EVE = LocalDate.of(2026, 12, 31);

    private final Calls calls = new Calls();
    private TestStack stack;
    private LicenseStore store;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    void activeLicenseIsListedByItsLastDay() {
        store.apply(HELD.change());

        assertEquals(List.of(new EndingLicense(NEW_YEARS_EVE, VIDAR, REFEREE)), all());

        store.apply(active("2026-03-02T12:00:00Z")
                .expirationDate(LocalDate.of(2027, 6, 30))
                .change());
        assertEquals(List.of(new EndingLicense(LocalDate.of(2027, 6, 30), VIDAR, REFEREE)), all());

        store.apply(active("2026-03-03T12:00:00Z").expirationDate(null).change());
        assertEquals(List.of(), all());
    }

    @Test
    void removedLicenseIsNot() {
        store.apply(HELD.change());
        store.apply(removed("2026-03-02T12:00:00Z").change());

        assertEquals(List.of(), all());
    }

    /** Design rule 3b. */
    @Test
    void licenseThatAFullAnswerMarksAbsentIsNotUntilOneShowsItAgain() {
        store.apply(HELD.change());

        Changes.takeOver(store, VIDAR, () -> ShownLicenses.NONE, () -> NOON);
        assertEquals(List.of(), all());

        Changes.takeOver(
                store, VIDAR, () -> new ShownLicenses(List.of(HELD.change()), true), () -> NOON.plusSeconds(1));
        assertEquals(List.of(new EndingLicense(NEW_YEARS_EVE, VIDAR, REFEREE)), all());
    }

    /** Design rule 5: with marks and without. */
    @Test
    void movedLicenseIsListedUnderTheNewIdAlone() {
        store.apply(HELD.change());
        store.apply(HELD.license("coach_41").change());
        store.apply(HELD.license("safety_1").change());
        Changes.takeOver(
                store,
                VIDAR,
                () -> new ShownLicenses(
                        List.of(HELD.change(), HELD.license("coach_41").change()), true),
                () -> NOON);
        Changes.takeOver(
                store, VIDAR, () -> new ShownLicenses(List.of(HELD.change()), true), () -> NOON.plusSeconds(1));
        Changes.takeOver(
                store,
                VIDAR,
                () -> new ShownLicenses(
                        List.of(HELD.change(), HELD.license("coach_41").change()), true),
                () -> NOON.plusSeconds(2));

        store.markAndTakeAlong(VIDAR, NEW_ID);

        assertEquals(
                List.of(
                        new EndingLicense(NEW_YEARS_EVE, NEW_ID, new LicenseId("coach_41")),
                        new EndingLicense(NEW_YEARS_EVE, NEW_ID, REFEREE)),
                all());
    }

    @Test
    void erasedLicenseIsNotListed() {
        store.apply(HELD.change());

        new LicenseStoreErasure(stack.dynamoDb(), stack.table("LicenseStoreTable")).eraseLicenses(VIDAR);

        assertEquals(List.of(), all());
    }

    @Test
    void pagesAreInOrderOfDateThenUssfIdAcrossKeysAndYears() {
        var expected = new ArrayList<String>();
        for (var day : List.of(NEW_YEARS_EVE.minusDays(1), NEW_YEARS_EVE, NEW_YEARS_EVE.plusDays(1))) {
            for (var digit = 0; digit < 10; digit++) {
                var person = new UssfId("202000000413676" + digit);
                store.apply(HELD.of(person)
                        .license("referee_" + day.getDayOfMonth())
                        .expirationDate(day)
                        .change());
                expected.add(day + " " + person);
            }
        }
        store.apply(HELD.license("too_early")
                .expirationDate(NEW_YEARS_EVE.minusDays(2))
                .change());
        store.apply(HELD.license("too_late")
                .expirationDate(NEW_YEARS_EVE.plusDays(2))
                .change());

        var listed = new ArrayList<String>();
        List<EndingLicense> page;
        String after = null;
        do {
            calls.drain();
            page = store.ending(NEW_YEARS_EVE.minusDays(1), NEW_YEARS_EVE.plusDays(1), after, 7);
            assertEquals(true, calls.drain().size() <= 8);
            page.forEach(ending -> listed.add(ending.expirationDate() + " " + ending.ussfId()));
            after = page.isEmpty() ? null : page.getLast().position();
        } while (page.size() == 7);

        assertEquals(expected, listed);
    }

    private List<EndingLicense> all() {
        return Stream.of(2026, 2027)
                .flatMap(
                        year -> store
                                .ending(
                                        LocalDate.of(year, 1, 1),
                                        LocalDate.of(year, 12, 31),
                                        (@Nullable String) null,
                                        100)
                                .stream())
                .toList();
    }
}
