package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ProgressTest {
    @Test
    void toldOnceASecondAndAtTheEnd() {
        var printed = new ByteArrayOutputStream();
        var now = new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
        var progress = new Progress(new PrintStream(printed, true, UTF_8), now::get);

        progress.at("starts", 1, 4);
        progress.at("starts", 2, 4);
        now.updateAndGet(instant -> instant.plusSeconds(1));
        progress.at("starts", 3, 4);
        progress.tell("one was slow");
        progress.at("starts", 4, 4);

        assertEquals(
                "starts: 1 of 4\nstarts: 3 of 4\none was slow\nstarts: 4 of 4\n",
                printed.toString(UTF_8).replace(System.lineSeparator(), "\n"));
    }
}
