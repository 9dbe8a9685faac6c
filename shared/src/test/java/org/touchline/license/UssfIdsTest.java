package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.dynamodb.Item;

/** Ids are digits wherever the machine stands: in Egypt, Java writes other ones unless it is told not to. */
class UssfIdsTest {
    private final Locale before = Locale.getDefault();

    @BeforeEach
    void goToEgypt() {
        Locale.setDefault(Locale.forLanguageTag("ar-EG"));
        assertEquals("\u0661\u0662", String.format(Locale.getDefault(), "%d", 12));
    }

    @AfterEach
    void goHome() {
        Locale.setDefault(before);
    }

    @Test
    void idsComeOutAsTheyWentIn() {
        var id = new UssfId("0020000004136762");
        var ids = new UssfIds.Builder();

        ids.add(id);

        assertEquals(List.of(id), ids.build().stream().toList());
    }

    @Test
    void idsThatWereBuiltStayAndTheBuilderIsAsNew() {
        var first = new UssfId("2020000004136762");
        var other = new UssfId("2019000004136364");
        var ids = new UssfIds.Builder();
        ids.add(first);
        ids.add(first);
        var one = ids.build();

        ids.add(other);

        assertEquals(List.of(first), one.stream().toList());
        assertEquals(List.of(other), ids.build().stream().toList());
        assertEquals(List.of(other, first), one.and(other).stream().toList());
        assertEquals(List.of(first), UssfIds.unpacked(one.packed()).stream().toList());
    }

    /** A place in the order stands for an id. */
    @Test
    void idsAreInOrderEachOnce() {
        var ids = new UssfIds.Builder();
        for (var number = 5_000; number > 0; number--) {
            ids.add(UssfId.of(2 * number));
            ids.add(UssfId.of(2 * number));
        }
        var built = ids.build();

        assertEquals(5_000, built.size());
        assertEquals(0, built.indexOf(UssfId.of(2)));
        assertEquals(4_999, built.indexOf(UssfId.of(10_000)));
        assertFalse(built.contains(UssfId.of(3)));
        assertFalse(built.contains(UssfId.of(10_002)));
        var places = new BitSet();
        places.set(1, 4);
        assertEquals(
                List.of(UssfId.of(4), UssfId.of(6)),
                built.first(places, 2).stream().toList());
    }

    @Test
    void instantsAreSortableAsEver() {
        assertEquals("2026-03-01T12:00:00.000000000Z", Item.sortable(Instant.parse("2026-03-01T12:00:00Z")));
    }
}
