package org.touchline.learningcenter.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.learningcenter.UnintelligibleException;
import org.touchline.learningcenter.UssfIdChangedException;
import org.touchline.license.UssfId;

/** Design rule 18. */
class UssfIdMovesTest {
    private final List<String> moves = new ArrayList<>();

    @Test
    void personWhoDidNotMoveIsCalledOnce() {
        assertEquals("answer of 0", follow(0));
        assertEquals(List.of(), moves);
    }

    @Test
    @Tag("rule-18")
    void fiveHopsAreFollowedAndEachIsTold() {
        assertEquals("answer of 5", follow(5));
        assertEquals(List.of("0>1", "1>2", "2>3", "3>4", "4>5"), moves);
    }

    @Test
    @Tag("rule-18")
    void sixthHopIsRefused() {
        assertThrows(UnintelligibleException.class, () -> follow(6));
        assertEquals(5, moves.size());
    }

    @Test
    void circleIsRefusedBeforeItsLastHopIsTold() {
        assertThrows(
                UnintelligibleException.class,
                () -> UssfIdMoves.follow(id(0), present -> moved(number(present) == 0 ? 1 : 0), this::record));
        assertEquals(List.of("0>1"), moves);
    }

    private String follow(int hops) {
        return UssfIdMoves.follow(
                id(0),
                present -> number(present) < hops ? moved(number(present) + 1) : "answer of " + number(present),
                this::record);
    }

    private void record(UssfId before, UssfId after) {
        moves.add(number(before) + ">" + number(after));
    }

    private static String moved(int to) {
        throw new UssfIdChangedException(id(to));
    }

    private static UssfId id(int number) {
        return new UssfId(String.format(Locale.ROOT, "%016d", number));
    }

    private static int number(UssfId id) {
        return Integer.parseInt(id.value());
    }
}
