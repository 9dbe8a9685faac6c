package org.touchline.member;

import java.util.Objects;

/** A member of the directory, with how far they have come in the Learning Center. */
public record EnrolledMember(Member member, Enrollment enrollment) {
    EnrolledMember with(Enrollment other) {
        return new EnrolledMember(member, other);
    }

    /**
     * The enrollment that another version of this member begins with: the same, unless they are to be looked up anew. Until
     * they have been, the USSF-ID that was found stays, if the organization did not change the one it gives.
     */
    Enrollment enrollmentOf(Member changed) {
        if (member.looksUpLike(changed)) {
            return enrollment;
        }
        var known = enrollment.ussfId();
        var stays = known != null && Objects.equals(member.ussfId(), changed.ussfId());
        return Enrollment.pending(stays ? known : changed.ussfId());
    }
}
