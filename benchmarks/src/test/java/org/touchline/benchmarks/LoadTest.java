package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class LoadTest {
    /** Kind, 10 requests, four times, no error. */
    private static final Pattern ROW = Pattern.compile("(?m)^\\| [a-z][a-z -]+ \\| 10 (\\| [0-9.]+ ){4}\\| 0 \\| ");

    @Test
    void webhooksVerificationsAndLookUpsAreAnswered() throws Exception {
        var table =
                Load.run(10, Duration.ofSeconds(3), 2, Duration.ZERO).getFirst().markdown();

        assertEquals(3, ROW.matcher(table).results().count(), table);
        assertTrue(table.contains("At the end: "), table);
    }
}
