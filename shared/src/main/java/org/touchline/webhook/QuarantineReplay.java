package org.touchline.webhook;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.touchline.ExplainedException;
import org.touchline.catalog.CatalogStore;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.LicenseStore;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Quarantine.Ending;
import org.touchline.quarantine.QuarantineEntry;
import org.touchline.time.Deadline;
import org.touchline.webhook.Webhook.Payload;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Applies what is in quarantine through the same code that received it (design rule 7). Everything may be run again: what was
 * replayed is no longer there.
 */
public final class QuarantineReplay {
    private final Quarantine quarantine;
    private final Map<String, Webhook> webhooks;
    private final InstantSource clock;

    /** @param webhooks every kind of payload that can be in quarantine */
    public QuarantineReplay(Quarantine quarantine, List<Webhook> webhooks, InstantSource clock) {
        this.quarantine = quarantine;
        this.webhooks = webhooks.stream().collect(Collectors.toUnmodifiableMap(Webhook::path, Function.identity()));
        this.clock = clock;
    }

    /**
     * Every kind of payload that can be in quarantine: what a webhook brings, and what was read of the Learning Center's lists.
     *
     * @param licenses asks anew about who is contradicted (design rule 1)
     */
    public static List<Webhook> everyKind(
            LicenseStore licenses,
            CatalogStore catalog,
            PersonMove moves,
            FollowUpStore followUps,
            InstantSource clock) {
        return List.of(
                new UserLicenseUpdate(licenses, clock),
                UserLicenseUpdate.ofReconciliation(licenses, clock),
                new FullAnswerRow(followUps, clock),
                new LicenseCatalogUpdate(catalog),
                LicenseCatalogUpdate.ofSync(catalog),
                new UssfIdUpdate(moves),
                new UserUpdate(followUps));
    }

    /** No entry of that id waits in quarantine: there never was one, or it has been replayed or given up. */
    public static final class UnknownEntryException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        UnknownEntryException(String id) {
            super("nothing with the id " + id + " is in quarantine");
        }
    }

    /** What waits, in the order in which it came. */
    public List<QuarantineEntry> open() {
        return quarantine.open();
    }

    /**
     * Replays all that waits, in the order in which it came.
     *
     * @param deadline until when another entry is begun; what is left stays in quarantine
     * @return how many were understood this time
     */
    public int replayAll(Deadline deadline) {
        var replayed = 0;
        for (var entry : quarantine.open()) {
            if (deadline.remaining(clock).isZero()) {
                break;
            }
            if (replay(entry, false)) {
                replayed++;
            }
        }
        return replayed;
    }

    /**
     * Replays one entry.
     *
     * @param accepted whether a person found it right, however odd it looked
     * @return whether it was understood
     * @throws UnknownEntryException if it does not wait in quarantine
     */
    public boolean replayOne(String id, boolean accepted) {
        return replay(find(id), accepted);
    }

    /**
     * Gives one entry up. A trace of it stays for 90 days, the payload does not.
     *
     * @throws UnknownEntryException if it does not wait in quarantine
     */
    public void discard(String id) {
        quarantine.close(find(id), Ending.DISCARDED, clock.instant());
    }

    /**
     * One that waits.
     *
     * @throws UnknownEntryException if it does not wait in quarantine
     */
    public QuarantineEntry entry(String id) {
        return find(id);
    }

    /**
     * The payload of one that waits, byte for byte.
     *
     * @throws UnknownEntryException if it does not wait in quarantine
     */
    public byte[] payload(String id) {
        return quarantine.payload(id).orElseThrow(() -> new UnknownEntryException(id));
    }

    private QuarantineEntry find(String id) {
        return quarantine.find(id).orElseThrow(() -> new UnknownEntryException(id));
    }

    private boolean replay(QuarantineEntry entry, boolean accepted) {
        var webhook = webhooks.get(entry.route());
        var payload = quarantine.payload(entry.id());
        if (webhook == null || payload.isEmpty()) {
            return false;
        }
        var again = new Payload(payload.get(), entry.lastReceivedAt(), accepted);
        try {
            webhook.apply(again);
        } catch (SdkException notStored) {
            throw notStored;
        } catch (RuntimeException stillNotUnderstood) {
            webhook.quarantined(again);
            return false;
        }
        quarantine.close(entry, Ending.REPLAYED, clock.instant());
        return true;
    }
}
