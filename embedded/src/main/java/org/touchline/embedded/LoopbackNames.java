package org.touchline.embedded;

import com.sun.net.httpserver.HttpExchange;
import java.util.List;

/**
 * The names by which alone this machine's own servers are asked. A page of a stranger's in a browser on this machine reaches them too,
 * under a name that the stranger has led here (wire contract §6).
 */
public final class LoopbackNames {
    /** Where they listen, so that nobody else's machine reaches them. */
    public static final String HOST = "127.0.0.1";

    private static final List<String> NAMES = List.of(HOST, "localhost", "[::1]");
    private static final int HTTP_PORT = 80;

    private LoopbackNames() {}

    /** Whether the request's one {@code Host} is of this machine, with the port that it came to. Any other is answered 421. */
    public static boolean ask(HttpExchange request) {
        return ask(
                request.getRequestHeaders().getOrDefault("Host", List.of()),
                request.getLocalAddress().getPort());
    }

    /** The same where the port may be left out: a stranger's page cannot say such a name either, and some clients leave it out. */
    public static boolean askPerhapsWithoutPort(HttpExchange request) {
        return askPerhapsWithoutPort(
                request.getRequestHeaders().getOrDefault("Host", List.of()),
                request.getLocalAddress().getPort());
    }

    /** The same of what a request has as {@code Host}, and the port that it came to. */
    static boolean ask(List<String> asked, int port) {
        return asked.size() == 1
                && NAMES.stream()
                        .anyMatch(name -> asked.getFirst().equalsIgnoreCase(name + ":" + port)
                                || port == HTTP_PORT && asked.getFirst().equalsIgnoreCase(name));
    }

    /** The same where the port may be left out: the AWS SDK does of what it does not sign. */
    static boolean askPerhapsWithoutPort(List<String> asked, int port) {
        return ask(asked, port) || ask(asked, HTTP_PORT);
    }
}
