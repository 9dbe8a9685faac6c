package org.touchline.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who may ask: whoever brings the session's token in a header, which no page of another origin can. It is had for a ticket, which is
 * good once and for ten seconds, since the address that it is in may be seen by others of this machine.
 *
 * <p>Safe for use by several threads.
 */
final class Admission {
    static final Duration TICKET_LIFETIME = Duration.ofSeconds(10);

    private static final int BYTES = 32;
    /** Older ones are forgotten: a page that is asked for again and again fills nothing. */
    private static final int MOST_TICKETS = 100;

    private final InstantSource clock;
    private final SecureRandom random;
    private final String token;
    private final Map<String, Instant> tickets = new LinkedHashMap<>();

    Admission(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
        this.token = secret();
    }

    /** A ticket that is good from now on. */
    synchronized String ticket() {
        if (tickets.size() == MOST_TICKETS) {
            tickets.remove(tickets.keySet().iterator().next());
        }
        var ticket = secret();
        tickets.put(ticket, clock.instant().plus(TICKET_LIFETIME));
        return ticket;
    }

    /** The session's token for a ticket, which is used up by it. */
    synchronized Optional<String> enter(String ticket) {
        var goodUntil = tickets.remove(ticket);
        return goodUntil == null || clock.instant().isAfter(goodUntil) ? Optional.empty() : Optional.of(token);
    }

    /** Whether that is the session's token, found out in constant time. */
    boolean isHeldBy(String offered) {
        return MessageDigest.isEqual(token.getBytes(UTF_8), offered.getBytes(UTF_8));
    }

    private String secret() {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
