package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class OptionsTest {
    @Test
    void optionsAndNamesInAnyOrder() {
        var options = Options.parse(List.of("roster", "--runs", "16", "user-webhook", "--people=1000"));
        assertEquals(List.of("roster", "user-webhook"), options.names());
        assertEquals(16, options.number("runs", 8));
        assertEquals(1000, options.number("people", 8));
        assertEquals(8, options.number("seconds", 8));
    }

    @Test
    void whatIsMistypedIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> Options.parse(List.of("--runs")));
        assertThrows(
                IllegalArgumentException.class,
                () -> Options.parse(List.of("--runs=many")).number("runs", 8));
        assertThrows(
                IllegalArgumentException.class,
                () -> Options.parse(List.of("--run=3")).knowing("runs"));
    }
}
