package org.touchline.followup;

import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;

/**
 * One thing to do. Two wishes for the same thing are one: they have the same {@link #id}. All can be done again without harm.
 */
public sealed interface FollowUp {
    /** Which line it stands in (design rule 10). */
    default Queue queue() {
        return switch (this) {
            case Move _, Subscribe _, FetchRefereeExperience _, FetchGrassrootsCertificate _ -> Queue.WEBHOOK;
            case Enroll _, Unsubscribe _ -> Queue.ENROLLMENT;
            case LateLook _, EnrollAgain _, LateHolders _, Refresh _ -> Queue.LATER;
        };
    }

    /** What is to be done, and for whom: {@code move#2020000004136762#2020000004152809}. */
    default String id() {
        return FollowUpItems.id(this);
    }

    /** A USSF-ID changed: licenses and members move (design rules 5 and 8). */
    record Move(UssfId former, UssfId successor) implements FollowUp {}

    /**
     * Once no writer lives that may not know of a move: takes along what it left behind (design rule 5); and, ever more seldom, what
     * came under the former id since.
     */
    record LateLook(UssfId former) implements FollowUp {}

    /** The Learning Center is to tell us of a person; then it is asked for everything. */
    record Subscribe(UssfId ussfId) implements FollowUp {}

    /** It is asked for a person's years as a referee. */
    record FetchRefereeExperience(UssfId ussfId) implements FollowUp {}

    /** It is asked for a person's certificate. */
    record FetchGrassrootsCertificate(UssfId ussfId) implements FollowUp {}

    /** A member is to be found in the Learning Center, confirmed and subscribed to (design §5). */
    record Enroll(MemberIdentifier member) implements FollowUp {}

    /** A member who did not match is tried again, much later and ever more seldom (design §5). */
    record EnrollAgain(MemberIdentifier member) implements FollowUp {}

    /** The Learning Center need tell us of a person no longer, unless a member holds the id after all. */
    record Unsubscribe(UssfId ussfId) implements FollowUp {}

    /** Once the index of holders has surely followed: whoever turns out to hold the id is subscribed to again. */
    record LateHolders(UssfId ussfId) implements FollowUp {}

    /**
     * The Learning Center is asked for everything about a person anew: its last answer is doubted (design rule 25), or what it said
     * of one license at one instant differs (design rule 1).
     */
    record Refresh(UssfId ussfId) implements FollowUp {}
}
