package org.touchline.enrollment;

import java.time.Duration;
import org.touchline.followup.FollowUp.LookForHolders;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUp.Unsubscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.ProfileStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.person.PersonRefresh;
import org.touchline.time.Deadline;

/**
 * Ends the subscription to a person whose USSF-ID no member holds any longer (wire contract §5). A member may be put in with that
 * id at the same time: they hold it before they subscribe, and here it is looked for holders after the subscription was ended, so
 * one of the two sees the other. The index of holders follows the directory a moment later; so that is looked at once more.
 *
 * <p>Safe for use by several threads. Every method throws what {@link LearningCenterClient} throws, and {@code SdkException} if
 * DynamoDB cannot do it within the client's time limits.
 */
public final class PersonUnsubscription {
    /** In which the index has surely followed: it usually does within a second. */
    private static final Duration INDEX_FOLLOWS = Duration.ofMinutes(15);

    private final MemberDirectory members;
    private final FollowUpStore followUps;
    private final PersonRefresh people;
    private final ProfileStore profiles;

    /** Ends subscriptions to those who are not in a directory. */
    public PersonUnsubscription(
            MemberDirectory members, FollowUpStore followUps, PersonRefresh people, ProfileStore profiles) {
        this.members = members;
        this.followUps = followUps;
        this.people = people;
        this.profiles = profiles;
    }

    /** Ends the subscription, unless a member holds the id, or the one that the person has now. */
    public void unsubscribe(UssfId ussfId, Deadline deadline) {
        var before = profiles.present(ussfId);
        if (isHeld(ussfId, before)) {
            if (followUps.find(new LookForHolders(ussfId).id()).isPresent()) {
                // Who unsubscribed may have died before they looked.
                people.subscribe(ussfId, deadline);
            }
            return;
        }
        // First, since it is to be done even if this dies after the next call.
        followUps.askNotBefore(new LookForHolders(ussfId), INDEX_FOLLOWS);
        // A subscription that is still asked for, perhaps for hours, is wanted by nobody now.
        followUps.forget(new Subscribe(before));
        var present = people.unsubscribe(ussfId, deadline);
        if (!present.equals(before)) {
            // A move that was learned on the way subscribes to the new id, as any move does.
            followUps.ask(new Unsubscribe(present));
        }
        lookForHolders(ussfId, deadline);
    }

    /**
     * Subscribes again, if a member turns out to hold the id; ends the subscription again, if a move or an enrollment that was under
     * way has subscribed to somebody whom nobody holds any more.
     */
    public void lookForHolders(UssfId ussfId, Deadline deadline) {
        var present = profiles.present(ussfId);
        if (isHeld(ussfId, present)) {
            people.subscribe(ussfId, deadline);
        } else if (profiles.isSubscribed(present)) {
            followUps.ask(new Unsubscribe(present));
        } else if (followUps.find(new Subscribe(present).id()).isPresent()) {
            // A move asked for it since, and the Learning Center may be away for hours.
            followUps.askNotBefore(new LookForHolders(ussfId), INDEX_FOLLOWS);
        }
    }

    private boolean isHeld(UssfId ussfId, UssfId present) {
        return members.isHeld(present) || !present.equals(ussfId) && members.isHeld(ussfId);
    }
}
