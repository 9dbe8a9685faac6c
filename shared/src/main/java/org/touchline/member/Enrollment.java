package org.touchline.member;

import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * How far a member has come in the Learning Center.
 *
 * @param detail a reason that a registrar can act on
 * @param ussfId the USSF-ID whose licenses are the member's: the confirmed one, or, until it is, the given one
 * @param checkedAt when the Learning Center was last asked
 */
public record Enrollment(
        Status status,
        String detail,
        @Nullable UssfId ussfId,
        @Nullable Instant checkedAt) {
    /** The outcomes of wire contract §5. */
    public enum Status {
        /** Not looked up yet. */
        PENDING,
        /** Found, confirmed and subscribed to. */
        ENROLLED,
        /** Nobody in the Learning Center has these details. */
        NO_MATCH,
        /** Several people in the Learning Center have these details. */
        MULTIPLE_MATCHES,
        /** The USSF-ID belongs to somebody with another birth date. */
        DOB_MISMATCH,
        /** The USSF-ID does not exist. */
        FAILED;

        /** The spelling on the wire: lower case. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The status of a spelling on the wire; empty for any other text. */
        public static Optional<Status> ofWireName(String name) {
            return Arrays.stream(values())
                    .filter(status -> status.wireName().equals(name))
                    .findFirst();
        }
    }

    /** Whether the Learning Center has said that the USSF-ID, typed perhaps, is not the member's: its licenses are not either. */
    public boolean contradictsUssfId() {
        return status == Status.DOB_MISMATCH || status == Status.NO_MATCH || status == Status.MULTIPLE_MATCHES;
    }

    /** Of a member who was just put in. */
    public static Enrollment pending(@Nullable UssfId givenUssfId) {
        return new Enrollment(Status.PENDING, "not looked up in the Learning Center yet", givenUssfId, null);
    }

    /** The same, under another USSF-ID of the same person. */
    Enrollment of(UssfId other) {
        return new Enrollment(status, detail, other, checkedAt);
    }

    /** The Learning Center does not know the USSF-ID, or no longer. */
    Enrollment failed(Instant now) {
        return new Enrollment(
                Status.FAILED,
                "the Learning Center does not know this USSF-ID: check it with the member, who finds it in their Learning Center"
                        + " profile",
                ussfId,
                now);
    }
}
