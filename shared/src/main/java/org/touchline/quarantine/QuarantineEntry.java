package org.touchline.quarantine;

import java.time.Instant;

/**
 * A payload that its sender proved to have sent, and that could not be understood; the payload itself is read by
 * {@link Quarantine#payload}.
 *
 * @param id 32 hexadecimal digits, a digest of route and payload: the same payload twice is one entry
 * @param route the {@linkplain Source#route route} of where it came from, such as {@code /webhooks/user-license-update}; perhaps of a
 *     source that this version does not know
 * @param reason why it was not understood, without anything of what it held
 * @param receivedAt when it came first
 * @param lastReceivedAt when it came last
 */
public record QuarantineEntry(String id, String route, String reason, Instant receivedAt, Instant lastReceivedAt) {}
