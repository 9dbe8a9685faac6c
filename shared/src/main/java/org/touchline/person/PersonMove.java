package org.touchline.person;

import java.time.Duration;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.followup.OwedFollowUp;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.license.ProfileStore.ContradictoryMoveException;
import org.touchline.license.ProfileStore.Marked;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;

/**
 * A person's USSF-ID changed, however that was learned: licenses, profile and members go to the new one, and the Learning
 * Center is asked to tell us of it (design rule 5). Everything may be done again.
 *
 * <p><b>The words.</b> To <i>move</i> a person is the whole, and only this class does it. Its steps: the move is <i>recorded</i> as
 * owed, so that it is not lost ({@link #recordAndMove}); the former id is <i>marked</i>, so that whoever writes from now on knows
 * ({@link ProfileStore#markMoved}, which takes the profile along); licenses and members are <i>taken along</i>
 * ({@link LicenseStore#markAndTakeAlong}); and later somebody <i>looks again</i> for what was left behind ({@link #lookAgain}).
 *
 * <p>Safe for use by several threads. Every method throws {@code SdkException} if DynamoDB cannot do it within the client's
 * time limits.
 */
public final class PersonMove {
    /** No Lambda function lives longer than 15 minutes after it has read under which id it writes. */
    private static final Duration LONGEST_WRITER = Duration.ofMinutes(16);

    /** After that, what comes under a former id is looked for ever more seldom, for as long as it is one. */
    private static final Duration FIRST_LOOK = Duration.ofDays(1);

    private static final Duration LAST_LOOKS = Duration.ofDays(32);

    private final LicenseStore licenses;
    private final ProfileStore profiles;
    private final MemberDirectory members;
    private final FollowUpStore followUps;

    /** Moves people in these stores. */
    public PersonMove(LicenseStore licenses, ProfileStore profiles, MemberDirectory members, FollowUpStore followUps) {
        this.licenses = licenses;
        this.profiles = profiles;
        this.members = members;
        this.followUps = followUps;
    }

    /**
     * Moves a person whose change of a USSF-ID somebody just learned of: the move is recorded first, then done, then the record is
     * cleared (design rule 8).
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed but
     *     that the follow-up stays, which quarantines it: whoever keeps it elsewhere {@linkplain #forget forgets} it then
     */
    public Marked recordAndMove(UssfId former, UssfId successor) {
        if (profiles.hasMoved(former, successor)) {
            return Marked.ALREADY_SO;
        }
        var owed = followUps.record(new Move(former, successor));
        var marked = move(former, successor);
        followUps.finish(owed);
        return marked;
    }

    /** Asks what {@link #recordAndMove} asks first, about nobody: no person has sixteen zeros. */
    public void rehearse() {
        profiles.present(new UssfId("0".repeat(16)));
    }

    /** A contradictory change that was refused is in quarantine by now: nothing is owed to it any more (design rule 8). */
    public void forget(UssfId former, UssfId successor) {
        followUps.forget(new Move(former, successor));
    }

    /**
     * Moves a person whose move is recorded: marks first, then takes everything along, then asks for what is left to do: another look, once no writer lives that may not
     * know of the move, and the subscription.
     *
     * @throws ContradictoryMoveException if it would make a circle, or the id has moved elsewhere before; nothing was changed
     */
    public Marked move(UssfId former, UssfId successor) {
        var marked = licenses.markAndTakeAlong(former, successor);
        followUps.askNotBefore(new LookAgain(former), LONGEST_WRITER);
        followUps.ask(new Subscribe(takeMembersAlong(former)));
        return marked;
    }

    /**
     * Takes along what writers left behind that did not know of the move, or that died before they looked. A webhook may come under
     * a former id years later, and its writer die: so the look is repeated for as long as the id is a former one, after one day,
     * two, four and so on, every 32 days in the end. It costs a few requests of each id that ever changed.
     */
    public void lookAgain(UssfId former) {
        licenses.takeAllAlong(former);
        if (!takeMembersAlong(former).equals(former)) {
            var look = new LookAgain(former);
            followUps.askNotBefore(
                    look, followUps.find(look.id()).map(PersonMove::nextWait).orElse(FIRST_LOOK));
        }
    }

    /** As long as it took until now: the wish is the same one, renewed each time. */
    private static Duration nextWait(OwedFollowUp look) {
        var until = Duration.between(look.askedAt(), look.dueAt());
        return until.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : until.compareTo(LAST_LOOKS) < 0 ? until : LAST_LOOKS;
    }

    private UssfId takeMembersAlong(UssfId former) {
        var present = profiles.present(former);
        members.moveUssfId(former, present);
        return present;
    }
}
