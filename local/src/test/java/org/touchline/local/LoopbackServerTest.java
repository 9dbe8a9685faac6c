package org.touchline.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.console.HttpAnswer;
import org.touchline.console.LoopbackServer;

/** Wire contract §6: who names this machine by none of its names is a page that a browser was led here by. */
class LoopbackServerTest {
    private static final Output OUTPUT = new Output();
    private static LoopbackServer server;

    @BeforeAll
    static void serve() throws IOException {
        server = LoopbackServer.bind(0, OUTPUT.stream());
        server.serve(new LoopbackServer.Responder() {
            @Override
            public HttpAnswer respond(HttpExchange request) {
                return HttpAnswer.text("here");
            }

            @Override
            public Optional<String> function(HttpExchange request) {
                return Optional.of("HereFunction");
            }
        });
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:PORT", "localhost:PORT", "LocalHost:PORT", "[::1]:PORT"})
    void requestToANameOfThisMachineIsAnswered(String host) throws Exception {
        assertEquals("HTTP/1.1 200 OK", statusLine("Host: " + host));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: touchline.example:PORT",
                "Host: touchline.example",
                "Host: 127.0.0.1",
                "Host: localhost:1",
                "Host: 127.0.0.1.touchline.example:PORT",
                "Host: localhost:PORT.touchline.example",
                "Host: touchline.example@localhost:PORT",
                "Host: ",
                "Host: 127.0.0.1:PORT\r\nHost: touchline.example",
                "X-Forwarded-Host: 127.0.0.1:PORT",
            })
    void requestToAnyOtherIsMisdirected(String header) throws Exception {
        assertTrue(statusLine(header).startsWith("HTTP/1.1 421"), () -> statusLineOf(header));
    }

    @Test
    void requestIsALineOfTheLogWithoutItsQuery() throws Exception {
        TestStack.get(URI.create(server.uri() + "/members/M-1/licenses?dob=1990-04-12"));

        OUTPUT.await(lines ->
                lines.stream().anyMatch(line -> line.matches("GET /members/M-1/licenses 200 \\d+ ms HereFunction")));
        assertEquals(0, OUTPUT.linesWith("1990").size());
    }

    @Test
    void misdirectedRequestIsToldAsOneThatReachedNoFunction() throws Exception {
        statusLine("Host: touchline.example");

        OUTPUT.await(lines -> lines.stream().anyMatch(line -> line.matches("GET / 421 \\d+ ms")));
        assertEquals(
                List.of(),
                OUTPUT.linesWith("421").stream()
                        .filter(line -> line.contains("HereFunction"))
                        .toList());
    }

    private static String statusLineOf(String header) {
        try {
            return statusLine(header);
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String statusLine(String header) throws IOException {
        return LoopbackServerTest.answer(server.uri(), header)
                .lines()
                .findFirst()
                .orElseThrow();
    }

    /** The answer to {@code GET /} with this header and no other; {@code PORT} in it is the server's. */
    static String answer(URI server, String header) throws IOException {
        try (var socket = new Socket(server.getHost(), server.getPort())) {
            socket.setSoTimeout(5_000);
            var headers = header.replace("PORT", Integer.toString(server.getPort()));
            socket.getOutputStream()
                    .write(("GET / HTTP/1.1\r\n" + headers + "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
