package org.touchline.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;

/** Programs of the machine that are run to their end. */
final class Commands {
    private Commands() {}

    /** @throws IOException with what it printed, unless it ends with 0 */
    static void run(List<String> command) throws IOException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        var printed = new String(process.getInputStream().readAllBytes(), UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + " failed: " + printed);
            }
        } catch (InterruptedException ends) {
            throw new IOException(ends);
        }
    }
}
