package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {
    @Test
    void medianAndMiddleHalfWhateverTheOrder() {
        assertEquals(new Spread(30, 20, 40, 5), Spread.of(List.of(50, 10, 40, 20, 30)));
        assertEquals(new Spread(15, 12.5, 17.5, 2), Spread.of(List.of(20, 10)));
        assertEquals(new Spread(7, 7, 7, 1), Spread.of(List.of(7)));
    }

    @Test
    void nothingMeasuredHasNoMedian() {
        assertThrows(IllegalArgumentException.class, () -> Spread.of(List.of()));
    }

    @Test
    void asManyDigitsAsSayAnything() {
        assertEquals("412 (398–431)", new Spread(412.4, 398.2, 430.9, 8).toString());
        assertEquals("0.65 (0.60–12.3)", new Spread(0.651, 0.6, 12.34, 8).toString());
    }

    @Test
    void ratioIsOfMedians() {
        assertEquals(0.5, new Spread(10, 1, 90, 3).dividedBy(new Spread(20, 19, 21, 3)));
    }
}
