package org.touchline.enrollment;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.Unsubscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.member.EnrolledMember;
import org.touchline.member.Enrollment;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Change;
import org.touchline.member.MemberIdentifier;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * Puts members in and takes them out, and asks in the same transaction for what that owes (design §5). Two things always hold:
 * for a member who is pending an {@link Enroll} is owed; and for a USSF-ID that a member stopped holding an {@link Unsubscribe} is,
 * which looks whether anybody else holds it. An inactive or expired member holds it like any other (wire contract §5).
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits; then nothing was written.
 */
public final class MemberIntake {
    private final MemberDirectory members;
    private final FollowUpStore followUps;

    /** An intake into a directory. */
    public MemberIntake(MemberDirectory members, FollowUpStore followUps) {
        this.members = members;
        this.followUps = followUps;
    }

    /**
     * Puts a member in, or replaces one whole: who is new, or is to be looked up by other details, is to be enrolled. The same
     * member again changes nothing, except that one who did not match is tried again at once.
     *
     * @return the member as stored
     */
    public EnrolledMember put(Member member) {
        var change = members.put(member, put -> owed(put, isToBeLookedUp(put) || didNotMatch(put)));
        return Objects.requireNonNull(change.after());
    }

    /**
     * The same for one of many, who are put in again and again: where nothing changes, nobody is asked.
     *
     * @return whether anything changed
     */
    boolean putIfChanged(Member member) {
        return members.put(member, put -> owed(put, isToBeLookedUp(put) || put.isNews() && didNotMatch(put)))
                .isNews();
    }

    /**
     * Takes a member out.
     *
     * @return whether there was one
     */
    public boolean delete(MemberIdentifier identifier) {
        return members.delete(identifier, deleted -> owed(deleted, false));
    }

    /**
     * Stores how far a member has come, unless they are to be looked up by other details by now: then a newer wish decides.
     *
     * @param lookedUp the member as they were looked up
     * @return whether it was stored
     */
    public boolean settle(Member lookedUp, Enrollment enrollment) {
        return members.settle(lookedUp, enrollment, settled -> owed(settled, false));
    }

    private List<TransactWriteItem> owed(Change change, boolean toBeEnrolled) {
        var before = change.before();
        var after = change.after();
        var owed = new ArrayList<TransactWriteItem>();
        if (toBeEnrolled && after != null) {
            owed.add(followUps.asking(new Enroll(after.member().identifier())));
        }
        var held = before == null ? null : before.enrollment().heldUssfId();
        if (held != null && (after == null || !held.equals(after.enrollment().heldUssfId()))) {
            owed.add(followUps.asking(new Unsubscribe(held)));
        }
        return owed;
    }

    private static boolean isToBeLookedUp(Change change) {
        var before = change.before();
        var after = change.after();
        return before == null || after != null && !before.member().looksUpLike(after.member());
    }

    private static boolean didNotMatch(Change change) {
        return change.before() != null && change.before().enrollment().status().didNotMatch();
    }
}
