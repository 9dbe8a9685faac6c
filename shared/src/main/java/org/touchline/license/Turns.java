package org.touchline.license;

import java.time.Instant;
import java.util.AbstractList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to be refreshed: those who have not been refreshed, or tried to be, for the longest time. It holds so many of them,
 * however many are added (design rule 32), and counts all. Not safe for use by several threads.
 */
public final class Turns {
    private final int most;
    /** The one who has waited the least is first, to make room. */
    private final PriorityQueue<Turn> longestWaiting = new PriorityQueue<>(Comparator.reverseOrder());

    private int people;
    private @Nullable Instant oldestAnswer;

    /** @param most how many are held */
    Turns(int most) {
        this.most = most;
    }

    /** Somebody, and when they had their turn last, in milliseconds since the epoch; 32 bytes for each that is held. */
    private record Turn(long person, long last) implements Comparable<Turn> {
        private static final Comparator<Turn> ORDER =
                Comparator.comparingLong(Turn::last).thenComparingLong(Turn::person);

        @Override
        public int compareTo(Turn other) {
            return ORDER.compare(this, other);
        }
    }

    /** How many people have a turn. */
    public int people() {
        return people;
    }

    /** Those who have waited the longest, the longest first; so many of them, or as many as are held. The list takes 8 bytes for each. */
    public List<UssfId> longestWaiting(int limit) {
        var numbers = longestWaiting.stream()
                .sorted()
                .limit(limit)
                .mapToLong(Turn::person)
                .toArray();
        return new AbstractList<>() {
            @Override
            public UssfId get(int index) {
                return UssfId.of(numbers[index]);
            }

            @Override
            public int size() {
                return numbers.length;
            }
        };
    }

    /**
     * When the person was last asked about, of all of whom the Learning Center tells us, whose full answer is the oldest; where there was
     * none yet, since when it tells of them. Empty if there is nobody.
     */
    public Optional<Instant> oldestAnswer() {
        return Optional.ofNullable(oldestAnswer);
    }

    /** @param last null if they never had a turn */
    void add(UssfId ussfId, @Nullable Instant last) {
        people++;
        longestWaiting.add(new Turn(ussfId.number(), last == null ? Long.MIN_VALUE : last.toEpochMilli()));
        if (longestWaiting.size() > most) {
            longestWaiting.remove();
        }
    }

    void answered(@Nullable Instant at) {
        if (at != null && (oldestAnswer == null || at.isBefore(oldestAnswer))) {
            oldestAnswer = at;
        }
    }
}
