package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.active;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.touchline.Backend;
import org.touchline.Interleavings;
import org.touchline.Interleavings.Trial;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Design rule 3b at every interleaving of requests: of two full answers at once the later decides, a webhook's news ends every mark,
 * and a mark goes along with a license that moves. The row says so by itself, and the look-up says the same.
 */
@Tag("long")
class AnswersAtOnceTest {
    private static final Instant EARLIER = Instant.parse("2026-03-10T11:00:00Z");
    private static final Instant NOON = Instant.parse("2026-03-10T12:00:00Z");
    private static final Instant LATER = NOON.plusSeconds(1);

    private static TestStack stack;
    private static Interleavings interleavings;
    private static int people;

    /** What is stored before: of the license, and of answers. */
    private enum Before {
        NOTHING_WAS_ANSWERED,
        SHOWN,
        MARKED,
        MARKED_AND_SHOWN_AGAIN
    }

    private record AtOnce(Before before, Instant shown, Instant missing) {}

    @BeforeAll
    static void createStack() {
        stack = Backend.EMBEDDED.newStack();
        interleavings = new Interleavings(stack.dynamoDb());
    }

    @AfterAll
    static void deleteStack() {
        interleavings.close();
        stack.close();
    }

    static Stream<AtOnce> answers() {
        return Stream.of(Before.values())
                .flatMap(before -> Stream.of(new AtOnce(before, NOON, LATER), new AtOnce(before, LATER, NOON)));
    }

    @ParameterizedTest
    @Tag("rule-3b")
    @MethodSource("answers")
    void ofTwoAnswersTheLaterDecidesInEveryOrder(AtOnce atOnce) {
        var orders = interleavings.run(new Trial(
                () -> prepare(atOnce.before()),
                client -> takeOver(client, person(), atOnce.shown(), REFEREE),
                client -> takeOver(client, person(), atOnce.missing()),
                () -> {
                    var last = store().person(person()).orElseThrow().profile().lastAnswer();
                    // One that was asked for after the other had been stored is later, whatever its clock says.
                    var later = atOnce.shown().isAfter(atOnce.missing()) ? atOnce.shown() : atOnce.missing();
                    assertTrue(!last.isBefore(later), last.toString());
                    var shownIsLast = last.equals(later) == later.equals(atOnce.shown());
                    assertEquals(shownIsLast ? Set.of(REFEREE) : Set.of(), Changes.held(store(), person()));
                    assertRowSaysSo(person(), shownIsLast);
                }));
        assertTrue(orders >= 20, orders + " orders");
    }

    @ParameterizedTest
    @Tag("rule-3b")
    @MethodSource("answers")
    void newsEndsEveryMarkInEveryOrder(AtOnce atOnce) {
        var news = active("2026-03-10T11:59:59Z").of(person());
        interleavings.run(new Trial(
                () -> prepare(atOnce.before()),
                client -> store(client).apply(news.of(person()).change()),
                client -> takeOver(client, person(), atOnce.missing()),
                () -> {
                    var license =
                            store().person(person()).orElseThrow().licenses().getFirst();
                    assertEquals(news.change().revision(), license.revision());
                    // Where the news was there before the answer was asked for, the answer is about it.
                    assertEquals(license.answeredAt() != null, license.removed());
                    assertRowSaysSo(person(), !license.removed());
                }));
    }

    @ParameterizedTest
    @EnumSource(
            value = Before.class,
            names = {"NOTHING_WAS_ANSWERED", "MARKED_AND_SHOWN_AGAIN"})
    void markGoesAlongWithALicenseThatMovesInEveryOrder(Before before) {
        var marked = new int[1];
        var trial = new Trial(
                () -> {
                    prepare(before);
                    // Marked as moved by one who died: so only the way of the rows is left.
                    profiles().markMoved(person(), successor());
                },
                client -> store(client).takeAllAlong(person()),
                client -> marked[0] = takeOver(client, person(), NOON).markedAbsent(),
                () -> {
                    assertEquals(
                            List.of(), store().person(person()).orElseThrow().licenses());
                    var wasMarked = marked[0] == 1;
                    assertEquals(wasMarked ? Set.of() : Set.of(REFEREE), Changes.held(store(), successor()));
                    assertRowSaysSo(successor(), !wasMarked);
                });
        var orders = interleavings.run(trial, 2);
        assertTrue(orders > 20, orders + " orders");
    }

    private static void assertRowSaysSo(UssfId person, boolean held) {
        var row = row(person);
        assertEquals(held, PersonItems.isHeld(row), row.attributes().toString());
        assertTrue(
                !(row.has("absentSince") && row.has("shownSince")),
                row.attributes().toString());
        var license = store().person(person).orElseThrow().licenses().getFirst();
        assertEquals(!held, license.removed());
        assertEquals(
                PersonItems.answeredAt(row) == null
                        ? license.revision().text()
                        : license.revision() + "~" + Item.sortable(PersonItems.answeredAt(row)),
                license.stateRevision());
    }

    /** Another person for each run. */
    private static void prepare(Before before) {
        people++;
        var change = active("2026-03-01T12:00:00Z").state(LicenseState.SHOWN_ACTIVE);
        store().apply(change.of(person()).change());
        switch (before) {
            case NOTHING_WAS_ANSWERED -> {}
            case SHOWN -> takeOver(stack.dynamoDb(), person(), EARLIER, REFEREE);
            case MARKED -> takeOver(stack.dynamoDb(), person(), EARLIER);
            case MARKED_AND_SHOWN_AGAIN -> {
                takeOver(stack.dynamoDb(), person(), EARLIER);
                takeOver(stack.dynamoDb(), person(), EARLIER.plusSeconds(1), REFEREE);
            }
        }
    }

    private static UssfId person() {
        return new UssfId(String.format(Locale.ROOT, "1%015d", people));
    }

    private static UssfId successor() {
        return new UssfId(String.format(Locale.ROOT, "2%015d", people));
    }

    private static TakenOver takeOver(DynamoDbClient client, UssfId person, Instant at, LicenseId... shown) {
        var licenses = Stream.of(shown)
                .map(license -> active("2026-03-01T12:00:00Z")
                        .license(license.value())
                        .state(LicenseState.SHOWN_ACTIVE)
                        .of(person)
                        .change())
                .toList();
        return Changes.takeOver(store(client), person, () -> new ShownLicenses(licenses, true), () -> at);
    }

    private static Item row(UssfId person) {
        return PersonItems.licenses(new LicenseRows(stack.dynamoDb(), stack.table("LicenseStoreTable")).under(person))
                .getFirst();
    }

    private static LicenseStore store() {
        return store(stack.dynamoDb());
    }

    private static ProfileStore profiles() {
        return new ProfileStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private static LicenseStore store(DynamoDbClient client) {
        return new LicenseStore(client, stack.table("LicenseStoreTable"));
    }
}
