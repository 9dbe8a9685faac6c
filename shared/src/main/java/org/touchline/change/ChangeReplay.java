package org.touchline.change;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.touchline.ExplainedException;
import org.touchline.change.ChangeFeed.Page;
import org.touchline.time.Deadline;

/**
 * Publishes again what the history kept in a time, with the same ids (design rule 29). Safe for use by several threads.
 */
public final class ChangeReplay {
    private static final int PAGE = 100;

    /** Entries stand in the order in which they were kept, and streams, of whose records they tell, keep those for a day. */
    private static final Duration LONGEST_LAG = Duration.ofHours(25);

    private final ChangeFeed feed;
    private final EventBus bus;
    private final InstantSource clock;

    /** @param clock tells whether time is left */
    public ChangeReplay(ChangeFeed feed, EventBus bus, InstantSource clock) {
        this.feed = feed;
        this.bus = bus;
        this.clock = clock;
    }

    /** Not all was published again. */
    public static final class UnfinishedReplayException extends ExplainedException {
        private static final long serialVersionUID = 1L;

        UnfinishedReplayException(String why, int published) {
            super(why + ", after " + published
                    + " were published: ask again, or for shorter times one after the other");
        }
    }

    /**
     * Publishes the entries whose {@code time} is in that time and that are still kept.
     *
     * @param from the first instant
     * @param to the last instant
     * @return how many were published
     * @throws UnfinishedReplayException if the time does not suffice, or the bus does not take them
     */
    public int publish(Instant from, Instant to, Deadline deadline) {
        var published = 0;
        var end = feed.since(to.plus(LONGEST_LAG));
        for (var next = feed.since(from); next < end; ) {
            if (deadline.remaining(clock).isZero()) {
                throw new UnfinishedReplayException("time ran out", published);
            }
            var page = feed.from(next, PAGE);
            published += publish(page, from, to, published, deadline);
            if (page.next() == next) {
                // What comes behind is only being written: it is published as it comes.
                return published;
            }
            next = page.next();
        }
        return published;
    }

    private int publish(Page page, Instant from, Instant to, int before, Deadline deadline) {
        List<Entry> wanted = page.entries().stream()
                .filter(entry -> !entry.time().isBefore(from) && !entry.time().isAfter(to))
                .toList();
        var outcome = bus.publish(wanted, deadline);
        var published = outcome.published().size();
        if (!outcome.failed().isEmpty()) {
            throw new UnfinishedReplayException(outcome.reason(), before + published);
        }
        return published;
    }
}
