package org.touchline.secret;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.touchline.secret.UnusableSecretException.Reason;

/**
 * A secret's value, kept in memory: not read before it is asked for, and then once in five minutes. Who finds that a value does not
 * fit may {@linkplain #reread ask again} earlier, for it may just have been rotated (design rule 19): twenty times at once, and once
 * in two seconds after that, so that nobody can make us hammer.
 *
 * <p>When Secrets Manager fails, or the secret was overwritten with what is not of its form, the value in memory is used on until it is
 * an hour since it was read, and it is tried again each minute. A secret that has no value, or is gone, fails closed at once (design
 * rule 20). Where there is no value in memory, it is read for each who asks, as often as above: what was corrected works at once.
 *
 * <p>Safe for use by several threads; while one reads, the others wait.
 *
 * @param <T> what is made of the value
 */
public final class HeldSecret<T> {
    private static final Duration KEPT = Duration.ofMinutes(5);
    private static final Duration USED_ON = Duration.ofHours(1);
    private static final Duration TRIED_AGAIN = Duration.ofMinutes(1);
    private static final Duration REREAD_EVERY = Duration.ofSeconds(2);
    private static final int REREADS_AT_ONCE = 20;

    private final SecretReader reader;
    private final String fields;
    private final SecretForm<T> form;
    private final InstantSource clock;

    private @Nullable T value;
    /** Of the last read, whatever came of it; null if it brought the value. */
    private @Nullable UnusableSecretException problem;

    private Instant readAt = Instant.MIN;
    private Instant triedAt = Instant.MIN;
    /** Rereads are paid for ahead: this moves on by {@link #REREAD_EVERY} with each, and may lead by twenty of them. */
    private Instant rereadsPaidUntil = Instant.MIN;

    HeldSecret(SecretReader reader, String fields, SecretForm<T> form, InstantSource clock) {
        this.reader = reader;
        this.fields = fields;
        this.form = form;
        this.clock = clock;
    }

    /**
     * The value: at most five minutes old, or at most an hour while it cannot be read.
     *
     * @throws UnusableSecretException if there is none
     */
    public synchronized T value() {
        var now = clock.instant();
        endAfterAnHour(now);
        if (isDue(now) || (value == null && mayReread(now))) {
            read(now);
            endAfterAnHour(now);
        }
        if (value == null) {
            throw problem == null ? unusable("could not be used a moment ago") : problem.again();
        }
        return value;
    }

    /**
     * Reads the secret again although its value is fresh, unless that was done too often.
     *
     * @return whether it was read
     * @throws UnusableSecretException if it cannot be read or used: then nobody knows whether what does not fit is wrong. What is in
     *     memory stays good for those whom it fits
     */
    public synchronized boolean reread() {
        var now = clock.instant();
        var may = mayReread(now);
        if (may) {
            read(now);
        }
        if (problem != null) {
            throw problem.again();
        }
        return may;
    }

    /**
     * Reads the secret now, however often that was done: for a person who wants to know.
     *
     * @throws UnusableSecretException if it cannot be read or used, although a value may be in memory
     */
    public synchronized void judge() {
        read(clock.instant());
        if (problem != null) {
            throw problem.again();
        }
    }

    /** An exception that names this secret, for who finds its value unusable. */
    public UnusableSecretException unusable(String about) {
        return reader.unusable(Reason.TROUBLE, about);
    }

    /** An exception that names this secret, for who finds no value in it. */
    UnusableSecretException unset() {
        return reader.unset(fields);
    }

    private boolean isDue(Instant now) {
        return !now.isBefore(triedAt.plus(problem == null ? KEPT : TRIED_AGAIN));
    }

    private void read(Instant now) {
        triedAt = now;
        try {
            value = reader.read(fields, form);
            readAt = now;
            problem = null;
        } catch (UnusableSecretException unusable) {
            problem = unusable;
            if (unusable.endsWhatIsHeld()) {
                value = null;
            }
        }
    }

    private void endAfterAnHour(Instant now) {
        if (problem != null && !now.isBefore(readAt.plus(USED_ON))) {
            value = null;
        }
    }

    private boolean mayReread(Instant now) {
        var paidUntil = (rereadsPaidUntil.isAfter(now) ? rereadsPaidUntil : now).plus(REREAD_EVERY);
        if (paidUntil.isAfter(now.plus(REREAD_EVERY.multipliedBy(REREADS_AT_ONCE)))) {
            return false;
        }
        rereadsPaidUntil = paidUntil;
        return true;
    }
}
