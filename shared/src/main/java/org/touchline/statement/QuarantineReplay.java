package org.touchline.statement;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.touchline.ExplainedException;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Quarantine.Ending;
import org.touchline.quarantine.QuarantineEntry;
import org.touchline.quarantine.Source;
import org.touchline.statement.Statement.Payload;
import org.touchline.time.Deadline;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Applies what is in quarantine through the same code that received it (design rule 7). Everything may be run again: what was
 * replayed is no longer there.
 */
public final class QuarantineReplay {
    private final Quarantine quarantine;
    private final Function<Source, Statement> statements;
    private final InstantSource clock;

    /** @param statements what a payload states, by where it came from: {@link Statements#of} */
    public QuarantineReplay(Quarantine quarantine, Function<Source, Statement> statements, InstantSource clock) {
        this.quarantine = quarantine;
        this.statements = statements;
        this.clock = clock;
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
        var source = Source.of(entry.route());
        var payload = quarantine.payload(entry.id());
        if (source.isEmpty() || payload.isEmpty()) {
            return false;
        }
        var statement = statements.apply(source.get());
        var again = new Payload(payload.get(), entry.lastReceivedAt(), accepted);
        try {
            statement.apply(again);
        } catch (SdkException notStored) {
            throw notStored;
        } catch (RuntimeException stillNotUnderstood) {
            statement.quarantined(again);
            return false;
        }
        quarantine.close(entry, Ending.REPLAYED, clock.instant());
        return true;
    }
}
