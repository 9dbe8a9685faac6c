package org.touchline.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;

/** {@code docs/performance.md}: beside each figure is the command that measures it, and there is such a command. */
class PerformancePageTest {
    private static final Pattern COMMAND = Pattern.compile("bin/benchmark ([a-z-]+)((?: [A-Za-z0-9.=-]+)*)");
    private static final Pattern MEASURED = Pattern.compile("(?m)^\\| [^|-].*\\d \\(.*\\|$");

    private final String page = page();

    @Test
    void commandsRunProgramsThatThereAre() {
        var named = new TreeSet<String>();
        for (var command : COMMAND.matcher(page).results().toList()) {
            named.add(command.group(1));
            Options.parse(arguments(command));
        }
        assertEquals(new TreeSet<>(Benchmarks.PROGRAMS.keySet()), named);
    }

    @Test
    void eachMeasuredRowHasItsCommand() {
        var rows = MEASURED.matcher(page).results().map(MatchResult::group).toList();
        assertTrue(rows.size() > 6, "there are rows with figures: " + rows);
        assertEquals(
                List.of(),
                rows.stream().filter(row -> !COMMAND.matcher(row).find()).toList());
    }

    private static List<String> arguments(MatchResult command) {
        var arguments = command.group(2).strip();
        return arguments.isEmpty() ? List.of() : List.of(arguments.split(" "));
    }

    private static String page() {
        try {
            return Files.readString(EmbeddedStack.projectRoot().resolve("docs/performance.md"));
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}
