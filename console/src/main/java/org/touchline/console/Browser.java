package org.touchline.console;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** The operator's browser. */
final class Browser {
    /** Of Linux, macOS and WSL. */
    private static final List<String> OPENERS = List.of("xdg-open", "open", "wslview");

    private Browser() {}

    /**
     * Opens an address, if this machine knows how; whoever starts the console sees the address too.
     *
     * @param environment {@code BROWSER} names another program, or {@code none}
     */
    static void open(URI address, Map<String, String> environment) {
        var chosen = environment.getOrDefault("BROWSER", "");
        if (chosen.equals("none")) {
            return;
        }
        for (var opener : chosen.isEmpty() ? OPENERS : List.of(chosen)) {
            try {
                new ProcessBuilder(opener, address.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                return;
            } catch (IOException e) {
                // Not on this machine: the next one.
            }
        }
    }
}
