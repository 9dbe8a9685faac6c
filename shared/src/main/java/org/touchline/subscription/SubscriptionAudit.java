package org.touchline.subscription;

import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.client.LearningCenterClient;
import org.touchline.license.ProfileStore;
import org.touchline.member.MemberDirectory;
import org.touchline.time.Deadline;

/**
 * Compares whom the Learning Center tells us of with whom it should (Connect API, step 8: a subscription that is not there brings
 * no webhook, and nothing says so).
 *
 * <p>Expected is every USSF-ID that an enrolled member holds: it was confirmed by the member's birth date. An id that a member
 * holds who is still pending, or whose id the Learning Center did not know, is neither missing nor extra: its own follow-up
 * subscribes it. Members who are inactive or expired count as any others (wire contract §5).
 *
 * <p>The list can shift while its pages are read, and a row be skipped. So who seems to be missing is looked at once more, alone,
 * before they are called missing. A report changes nothing that is held. A repair has what is missing subscribed by a follow-up
 * each, which is durable, keeps the pace of all others and asks for the licenses as well (design rule 10); until that has succeeded
 * the person's profile says that we are not told, and from when on we are begins anew (design rule 26). It also puts right the
 * profiles of whom the list names, if a member holds them or anything is known of them: a stranger stays one. A subscription
 * that begins or ends in the very moment in which it is compared may be noted wrongly, until the next audit or refresh.
 *
 * <p>An audit is about many: who cannot be asked about, and what cannot be read, is counted and passed over (design rule 24). A page
 * that fails in three runs is, too, if another is answered (wire contract §2): who was on it is looked at once more.
 *
 * <p>Memory is 8 bytes for each USSF-ID, and a few bits (design rule 32). What was read and what came of comparing is saved as it goes, so
 * that each list is read once; a run whose time ends is gone on with by the next. Not safe for use by several threads at once.
 */
public final class SubscriptionAudit {
    private final Parts parts;

    /** @param clock tells how much time is left */
    public SubscriptionAudit(
            LearningCenterClient learningCenter,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpStore followUps,
            AuditCheckpoint checkpoint,
            InstantSource clock) {
        this.parts = new Parts(learningCenter, profiles, members, followUps, checkpoint, clock);
    }

    /** What an audit is made of. */
    record Parts(
            LearningCenterClient learningCenter,
            ProfileStore profiles,
            MemberDirectory members,
            FollowUpStore followUps,
            AuditCheckpoint checkpoint,
            InstantSource clock) {}

    /** How a run ended. */
    public sealed interface Outcome {
        /**
         * Everything was compared.
         *
         * @param undecided but for so many people, rows and pages, which could not be read or asked about
         */
        record Complete(AuditResult result, int undecided) implements Outcome {}

        /** Its time ended: the next run goes on. */
        record Unfinished() implements Outcome {}

        /** Another run is at work, or there is nothing to go on with. */
        record Skipped() implements Outcome {}
    }

    /**
     * Goes on with an unfinished audit, or begins one.
     *
     * @param repair whether what is missing is subscribed
     * @param log told how far it has come, now and then
     */
    public Outcome run(boolean repair, Deadline deadline, Consumer<String> log) {
        return underLease(
                unfinished -> {
                    var progress = unfinished == null
                            ? AuditProgress.begin(parts.clock().instant(), repair)
                            : unfinished;
                    return progress.repairing() == repair ? progress : progress.checkedAnew(repair);
                },
                deadline,
                log);
    }

    /**
     * Goes on with an unfinished audit as it was begun, if there is one. It looks before it takes the lease, so that none that
     * begins one is skipped for it.
     *
     * @param log told how far it has come, now and then
     */
    public Outcome resume(Deadline deadline, Consumer<String> log) {
        return parts.checkpoint().unfinishedSince().isPresent()
                ? underLease(unfinished -> unfinished, deadline, log)
                : new Outcome.Skipped();
    }

    /** @param begin what to do, given what is unfinished; null for nothing */
    private Outcome underLease(
            Function<@Nullable AuditProgress, @Nullable AuditProgress> begin, Deadline deadline, Consumer<String> log) {
        var start = parts.checkpoint().acquire();
        if (start.isEmpty()) {
            return new Outcome.Skipped();
        }
        var lease = start.get().lease();
        try {
            var progress = begin.apply(start.get().unfinished());
            return progress == null ? new Outcome.Skipped() : new AuditRun(parts, lease, progress, deadline, log).run();
        } finally {
            parts.checkpoint().release(lease);
        }
    }
}
