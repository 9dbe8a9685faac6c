package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;

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
            page = store.ending(
                    NEW_YEARS_EVE.minusDays(1), NEW_YEARS_EVE.plusDays(1), after, 7, () -> fail("all can be read"));
            assertEquals(true, calls.drain().size() <= 8);
            assertEquals(true, page.size() <= 7);
            page.forEach(ending -> listed.add(ending.expirationDate() + " " + ending.ussfId()));
            after = page.isEmpty() ? null : page.getLast().position();
        } while (page.size() == 7);

        assertEquals(expected, listed);
    }

    /** Design rule 24: what cannot be read is passed over, and a page is as full as it is without it. */
    @Test
    void anEndThatCannotBeReadKeepsNobodyElseFromTheList() {
        for (var number = 0; number < 6; number++) {
            store.apply(HELD.license("referee_" + number)
                    .expirationDate(NEW_YEARS_EVE)
                    .change());
        }
        for (var number = 1; number < 4; number++) {
            var key = PersonItems.licenseKey(VIDAR, new LicenseId("referee_" + number));
            var odd = NEW_YEARS_EVE + "#" + VIDAR.value().substring(number) + "#referee_" + number;
            stack.dynamoDb()
                    .updateItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                            .key(key)
                            .updateExpression("SET endsOn = :odd")
                            .expressionAttributeValues(
                                    new Item().with(":odd", odd).attributes()));
        }
        var unreadable = new AtomicInteger();

        var ending = store.ending(NEW_YEARS_EVE, NEW_YEARS_EVE, null, 2, unreadable::incrementAndGet);
        var rest =
                store.ending(NEW_YEARS_EVE, NEW_YEARS_EVE, ending.getLast().position(), 2, unreadable::incrementAndGet);

        assertEquals(
                List.of("referee_0", "referee_4", "referee_5"),
                Stream.concat(ending.stream(), rest.stream())
                        .map(license -> license.licenseId().value())
                        .toList());
        assertEquals(3, unreadable.get());
    }

    /** Many end on one day, the last of the year: what is written about them is not all under one key. */
    @Test
    void peopleAreSpreadOverTheKeysOfAYear() {
        var shards = IntStream.range(0, 10)
                .mapToObj(digit -> EndingLicense.shard(new UssfId("202000000000000" + digit)))
                .collect(Collectors.toSet());

        assertEquals(Set.of(0, 1, 2, 3), shards);
    }

    private List<EndingLicense> all() {
        return Stream.of(2026, 2027)
                .flatMap(year -> store
                        .ending(
                                LocalDate.of(year, 1, 1),
                                LocalDate.of(year, 12, 31),
                                (@Nullable String) null,
                                100,
                                () -> fail("all can be read"))
                        .stream())
                .toList();
    }
}
