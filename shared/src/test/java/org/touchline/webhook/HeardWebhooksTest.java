package org.touchline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.MutableClock;
import org.touchline.TestStack;

/** Design §6: one request more, at most every five seconds. */
class HeardWebhooksTest {
    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final Calls calls = new Calls();
    private TestStack stack;
    private HeardWebhooks heard;

    @BeforeEach
    void createStack() {
        stack = Backend.EMBEDDED.newStack();
        heard = new HeardWebhooks(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"), clock);
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    @Test
    void eachWebhookIsNotedAtMostEveryFiveSeconds() {
        assertTrue(heard.lastHeard().isEmpty());
        calls.drain();

        heard.heard("/webhooks/user-update");
        clock.advance(Duration.ofMillis(4_999));
        heard.heard("/webhooks/user-update");
        heard.heard("/webhooks/ussf-id-update");

        assertEquals(List.of("PutItem", "PutItem"), calls.drain());
        assertEquals(
                Map.of(
                        "/webhooks/user-update", Instant.parse("2026-03-01T12:00:00Z"),
                        "/webhooks/ussf-id-update", Instant.parse("2026-03-01T12:00:04.999Z")),
                heard.lastHeard());

        clock.advance(Duration.ofMillis(1));
        heard.heard("/webhooks/user-update");

        assertEquals(Instant.parse("2026-03-01T12:00:05Z"), heard.lastHeard().get("/webhooks/user-update"));
    }

    @Test
    void whatCannotBeNotedIsNotTheWebhooksTroubleAndIsNotedWithTheNext() {
        var missing = new HeardWebhooks(calls.listening(stack.dynamoDb()), "no-such-table", clock);

        missing.heard("/webhooks/user-update");
        missing.heard("/webhooks/user-update");

        assertEquals(List.of("PutItem", "PutItem"), calls.drain());
    }
}
