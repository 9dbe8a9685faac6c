package org.touchline.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private Instant now = Instant.parse("2026-11-30T12:00:00Z");
    private final Admission admission = new Admission(() -> now, new SecureRandom());

    @Test
    void ticketIsGoodOnce() {
        var ticket = admission.ticket();

        var token = admission.enter(ticket);

        assertTrue(token.map(admission::isHeldBy).orElseThrow());
        assertEquals(Optional.empty(), admission.enter(ticket));
    }

    @Test
    void ticketIsGoodForTenSeconds() {
        var late = admission.ticket();
        var inTime = admission.ticket();

        now = now.plus(Duration.ofSeconds(10));
        assertTrue(admission.enter(inTime).isPresent());
        now = now.plusMillis(1);
        assertEquals(Optional.empty(), admission.enter(late));
    }

    @Test
    void nothingElseIsATicketOrAToken() {
        var ticket = admission.ticket();

        assertEquals(Optional.empty(), admission.enter(""));
        assertFalse(admission.isHeldBy(""));
        assertFalse(admission.isHeldBy(ticket));
    }

    @Test
    void eachRunHasATokenOfItsOwn() {
        var another = new Admission(() -> now, new SecureRandom());

        assertNotEquals(admission.enter(admission.ticket()), another.enter(another.ticket()));
    }

    @Test
    void ticketsThatNobodyUsesDoNotPileUp() {
        var first = admission.ticket();
        for (var i = 0; i < 100; i++) {
            admission.ticket();
        }

        assertEquals(Optional.empty(), admission.enter(first));
    }
}
