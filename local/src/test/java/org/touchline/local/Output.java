package org.touchline.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What a run prints, kept line by line. */
final class Output {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream stream = new PrintStream(bytes, true, UTF_8);

    PrintStream stream() {
        return stream;
    }

    List<String> lines() {
        return bytes.toString(UTF_8).lines().toList();
    }

    List<String> linesWith(String text) {
        return lines().stream().filter(line -> line.contains(text)).toList();
    }

    /** The lines, as soon as they are what is waited for; an error if they never are. */
    List<String> await(Predicate<List<String>> condition) throws InterruptedException {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.test(lines())) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("waited in vain; there is only:\n" + bytes.toString(UTF_8));
            }
            Thread.sleep(5);
        }
        return lines();
    }

    void awaitLine(String text) throws InterruptedException {
        await(lines -> lines.stream().anyMatch(line -> line.contains(text)));
    }
}
