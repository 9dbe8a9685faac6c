package org.touchline.statement;

import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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

    /**
     * What waits, in the order in which it came.
     *
     * @param most so many of it at most
     */
    public List<QuarantineEntry> open(int most) {
        return quarantine.open().limit(most).toList();
    }

    /** How much waits; counted no further than {@code most}. */
    public int waiting(int most) {
        return quarantine.waiting(most).count();
    }

    /**
     * Replays all that waits, in the order in which it came, page by page (design rule 32). Where the time does not suffice, the next
     * call goes on behind what this one tried last, and begins again with what came first: what is never understood holds up nothing.
     *
     * @param deadline until when another entry is begun; what is left stays in quarantine
     * @return how many were understood this time
     */
    public int replayAll(Deadline deadline) {
        var run = new Run(deadline);
        try {
            quarantine
                    .replayStoppedAt()
                    .ifPresentOrElse(
                            place -> {
                                run.through(quarantine.openAfter(place));
                                run.through(quarantine
                                        .open()
                                        .takeWhile(entry -> !entry.receivedAt().isAfter(place.receivedAt())));
                            },
                            () -> run.through(quarantine.open()));
        } finally {
            run.keepPlace();
        }
        return run.replayed;
    }

    /** A replay of all. */
    private final class Run {
        private final Deadline deadline;
        private @Nullable QuarantineEntry last;
        private boolean stopped;
        private int replayed;

        Run(Deadline deadline) {
            this.deadline = deadline;
        }

        void through(Stream<QuarantineEntry> entries) {
            for (var entry : (Iterable<QuarantineEntry>) entries::iterator) {
                stopped = stopped || deadline.remaining(clock).isZero();
                if (stopped) {
                    return;
                }
                last = entry;
                // Should it fail, so that nothing more is tried, the next call goes on behind it.
                stopped = true;
                replayed += replay(entry, false) ? 1 : 0;
                stopped = false;
            }
        }

        void keepPlace() {
            if (!stopped) {
                quarantine.replayEnded();
            } else if (last != null) {
                quarantine.replayStopped(last);
            }
        }
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
