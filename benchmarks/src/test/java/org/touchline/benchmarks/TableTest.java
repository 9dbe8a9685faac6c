package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TableTest {
    @Test
    void tableIsMarkdown() {
        var table = new Table("Start", "what", "ms").row("a|b", 12).note("In turn.");
        assertEquals("""
            **Start**

            | what | ms |
            | --- | --- |
            | a\\|b | 12 |

            In turn.
            """, table.markdown());
    }

    @Test
    void eachColumnHasACell() {
        assertThrows(IllegalArgumentException.class, () -> new Table("Start", "what", "ms").row("a"));
    }
}
