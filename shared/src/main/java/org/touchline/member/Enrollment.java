package org.touchline.member;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.touchline.license.UssfId;

/**
 * How far a member has come in the Learning Center.
 *
 * @param detail a reason that a registrar can act on: the advice of the Connect API's document ("Users")
 * @param ussfId the USSF-ID whose licenses are the member's: the confirmed one, or, until it is, the given one; where the
 *     Learning Center has contradicted that, still the given one, which the member does not {@linkplain #heldUssfId hold}
 * @param checkedAt when the Learning Center was last asked
 */
public record Enrollment(
        Status status,
        String detail,
        @Nullable UssfId ussfId,
        @Nullable Instant checkedAt) {
    private static final String UNKNOWN =
            "the Learning Center does not know this USSF-ID: check it with the member, who finds it in their Learning Center"
                    + " profile";

    private static final String UNKNOWN_SO_FAR =
            "the Learning Center does not know the USSF-ID so far, and is asked again several times in a day: check it with the"
                    + " member, who finds it in their Learning Center profile";

    /** The outcomes of wire contract §5. */
    public enum Status {
        /** Not looked up yet, or not subscribed to yet: a follow-up is owed. */
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

        /** Whether there is nobody to subscribe to: then it is tried again (design §5). */
        public boolean didNotMatch() {
            return this != PENDING && this != ENROLLED;
        }

        /** Whether the Learning Center has said that the USSF-ID, typed perhaps, is not the member's. */
        boolean contradictsUssfId() {
            return this == DOB_MISMATCH || this == NO_MATCH || this == MULTIPLE_MATCHES;
        }
    }

    /** The USSF-ID whose licenses are the member's; null if none is known, or what is given was contradicted. */
    public @Nullable UssfId heldUssfId() {
        return status.contradictsUssfId() ? null : ussfId;
    }

    /** Whether this is further than another with the same USSF-ID: who is enrolled with it does not wait for that. */
    boolean isBeyond(Enrollment other) {
        return status == Status.ENROLLED
                && other.status == Status.PENDING
                && Objects.equals(heldUssfId(), other.heldUssfId());
    }

    /** Of a member who was just put in. */
    public static Enrollment pending(@Nullable UssfId givenUssfId) {
        return new Enrollment(Status.PENDING, "not looked up in the Learning Center yet", givenUssfId, null);
    }

    /** Of a member who was found, and is not subscribed to yet. */
    public static Enrollment found(UssfId ussfId, Instant now) {
        return new Enrollment(
                Status.PENDING, "found in the Learning Center, which is to send their licenses next", ussfId, now);
    }

    /** Of a member whose changes the Learning Center will tell. */
    public static Enrollment enrolled(UssfId ussfId, Instant now) {
        return new Enrollment(Status.ENROLLED, "found in the Learning Center and subscribed to", ussfId, now);
    }

    /** Of a member whom the Learning Center does not find. */
    public static Enrollment noMatch(Instant now) {
        return new Enrollment(
                Status.NO_MATCH,
                "nobody in the Learning Center has these details: ask the member for the exact e-mail address of their Learning"
                        + " Center profile; their name there may be another as well (a nickname, a former or a middle name, an accent"
                        + " or a hyphen)",
                null,
                now);
    }

    /** Of a member of whose name and birth date there are several. */
    public static Enrollment multipleMatches(Instant now) {
        return new Enrollment(
                Status.MULTIPLE_MATCHES,
                "several people in the Learning Center have this name and birth date: ask the member for the exact e-mail address"
                        + " of their Learning Center profile",
                null,
                now);
    }

    /** Of a member whose e-mail address is somebody else's, such as a parent's. */
    public static Enrollment emailOfAnother(Instant now) {
        return new Enrollment(
                Status.DOB_MISMATCH,
                "in the Learning Center the e-mail address belongs to somebody with another birth date, and nobody has this name"
                        + " with it: check the birth date, and ask the member for the exact e-mail address of their own profile",
                null,
                now);
    }

    /** Of a member with the USSF-ID of somebody else. */
    public static Enrollment ussfIdOfAnother(UssfId givenUssfId, Instant now) {
        return new Enrollment(
                Status.DOB_MISMATCH,
                "in the Learning Center the USSF-ID belongs to somebody with another birth date: check both with the member, who"
                        + " finds them in their Learning Center profile",
                givenUssfId,
                now);
    }

    /** The same of a pending member, whose USSF-ID the Learning Center does not know so far: it is asked again (design rule 26). */
    public Enrollment unknownSoFar(Instant now) {
        return new Enrollment(status, UNKNOWN_SO_FAR, ussfId, now);
    }

    /** Of a member whose given USSF-ID does not exist: they hold none. */
    public static Enrollment unknownUssfId(Instant now) {
        return new Enrollment(Status.FAILED, UNKNOWN, null, now);
    }

    /** Of a member for whom the Learning Center names a USSF-ID that it then does not know. */
    public static Enrollment foundInVain(Instant now) {
        return new Enrollment(
                Status.FAILED,
                "the Learning Center finds the member, but does not know the USSF-ID that it names: it is asked again, and if this"
                        + " stays so for days, ask U.S. Soccer",
                null,
                now);
    }

    /**
     * The same, pending because the Learning Center refuses a call that it takes (design rule 24): what it says itself is for no
     * registrar.
     *
     * @param refusal names the call and the status
     */
    public Enrollment refused(String refusal, Instant now) {
        return new Enrollment(
                Status.PENDING,
                "the Learning Center refuses a request that enrolling takes, and does not say that the member's details are wrong ("
                        + refusal
                        + "): it is tried again by itself; if this stays so for a day, tell whoever operates the"
                        + " connection to the Learning Center",
                ussfId,
                now);
    }

    /**
     * The same, pending because the Learning Center does not answer.
     *
     * @param dueAt before when it is not tried again
     */
    public Enrollment unanswered(Instant dueAt) {
        return new Enrollment(
                Status.PENDING,
                "the Learning Center does not answer just now: it is tried again by itself, from "
                        + dueAt.truncatedTo(ChronoUnit.SECONDS) + " on",
                ussfId,
                checkedAt);
    }

    /** The same, under another USSF-ID of the same person. */
    Enrollment of(UssfId other) {
        return new Enrollment(status, detail, other, checkedAt);
    }

    /** The same, as the Learning Center said once more. */
    public Enrollment checked(Instant now) {
        return new Enrollment(status, detail, ussfId, now);
    }

    /** The Learning Center knows the USSF-ID no longer (design rule 18): what it said of it before stays. */
    Enrollment failed(Instant now) {
        return new Enrollment(Status.FAILED, UNKNOWN, ussfId, now);
    }
}
