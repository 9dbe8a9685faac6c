package org.touchline.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What is written to this process's standard output while it is open, for a test that reads a function's metrics: they go there and
 * nowhere else. It is one for the whole process: for tests that run one after the other.
 */
public final class StandardOutput implements AutoCloseable {
    private final PrintStream before = System.out;
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();

    private StandardOutput() {
        System.setOut(new PrintStream(written, true, StandardCharsets.UTF_8));
    }

    /** Takes the output over, for whatever asks for it from now on. */
    public static StandardOutput captured() {
        return new StandardOutput();
    }

    /** The lines so far that are metrics in CloudWatch's embedded format. */
    public List<JsonNode> metrics() {
        return written.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("{\"_aws\":"))
                .map(FunctionHarness::json)
                .toList();
    }

    /** The sum of a metric's values so far; 0 if there is none. */
    public long sum(String metric) {
        return metrics().stream().mapToLong(line -> line.path(metric).asLong()).sum();
    }

    /** Gives the output back. */
    @Override
    public void close() {
        System.setOut(before);
    }
}
