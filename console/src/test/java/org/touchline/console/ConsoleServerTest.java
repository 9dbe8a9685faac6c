package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;

/** How long the server of a deployed stack lives, and where it listens. */
class ConsoleServerTest {
    private final MovedClock clock = new MovedClock();

    @Test
    void endsAfterAnHourWithoutARequest() throws Exception {
        try (var console = start("0")) {
            clock.now = clock.now.plus(Duration.ofMinutes(59));
            assertFalse(console.isIdle());

            try (var client = HttpClient.newHttpClient()) {
                var page = HttpRequest.newBuilder(console.address().resolve("/console/"))
                        .build();
                assertEquals(
                        200,
                        client.send(page, HttpResponse.BodyHandlers.ofString()).statusCode());
            }
            clock.now = clock.now.plus(Duration.ofMinutes(60));
            assertFalse(console.isIdle(), "an hour since the request");
            clock.now = clock.now.plusMillis(1);
            assertTrue(console.isIdle());
        }
    }

    @Test
    void listensOnThisMachineOnlyAndItsAddressCarriesTheTicketBehindTheHash() throws Exception {
        try (var console = start("0")) {
            var address = console.address();

            assertEquals("127.0.0.1", address.getHost());
            assertEquals("/console/", address.getPath());
            assertTrue(address.getFragment().matches("/enter/[A-Za-z0-9_-]{43}"), address::toString);
        }
    }

    @Test
    void portThatIsTakenIsTold() throws Exception {
        try (var console = start("0")) {
            var taken = Integer.toString(console.address().getPort());

            assertThrows(IOException.class, () -> start(taken).close());
        }
    }

    private ConsoleServer start(String port) throws IOException {
        var settings = ConsoleSettings.read(
                new String[] {"touchline-staging"}, Map.of("CONSOLE_PORT", port, "AWS_REGION", "us-east-1"), () -> "");
        var signer = new Signer(AnonymousCredentialsProvider.create(), settings.region(), clock);
        return ConsoleServer.start(settings, signer, clock, new PrintStream(PrintStream.nullOutputStream()));
    }

    private static final class MovedClock extends Clock {
        private Instant now = Instant.parse("2026-11-30T12:00:00Z");

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
