package org.touchline.person;

import java.time.Duration;
import org.touchline.followup.FollowUp.LateLook;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;

/**
 * A person's USSF-ID changed, however that was learned: licenses, profile and members go to the new one, and the Learning
 * Center is asked to tell us of it (design rule 5). Everything may be done again.
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class PersonMove {
    /** No Lambda function lives longer than 15 minutes after it has read under which id it writes. */
    private static final Duration LONGEST_WRITER = Duration.ofMinutes(16);

    private final LicenseStore licenses;
    private final MemberDirectory members;
    private final FollowUpStore followUps;

    /** Moves people in these stores. */
    public PersonMove(LicenseStore licenses, MemberDirectory members, FollowUpStore followUps) {
        this.licenses = licenses;
        this.members = members;
        this.followUps = followUps;
    }

    /**
     * Takes a change of a USSF-ID in: a follow-up is recorded first, then the work is done, then the follow-up is cleared (design
     * rule 8).
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed
     */
    public Marked learn(UssfId former, UssfId successor) {
        if (licenses.profiles().hasMoved(former, successor)) {
            return Marked.ALREADY_SO;
        }
        var owed = followUps.record(new Move(former, successor));
        try {
            var marked = move(former, successor);
            followUps.finish(owed);
            return marked;
        } catch (ContradictoryMoveException contradictory) {
            followUps.finish(owed);
            throw contradictory;
        }
    }

    /**
     * Marks first, then takes everything along, then asks for what is left to do: another look, once no writer lives that may not
     * know of the move, and the subscription.
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed
     */
    Marked move(UssfId former, UssfId successor) {
        var marked = licenses.move(former, successor);
        followUps.askNotBefore(new LateLook(former), LONGEST_WRITER);
        followUps.ask(new Subscribe(takeMembersAlong(former)));
        return marked;
    }

    /** Takes along what writers left behind that did not know of the move. */
    void lookAgain(UssfId former) {
        licenses.takeAllAlong(former);
        takeMembersAlong(former);
    }

    private UssfId takeMembersAlong(UssfId former) {
        var present = licenses.profiles().present(former);
        members.moveUssfId(former, present);
        return present;
    }
}
