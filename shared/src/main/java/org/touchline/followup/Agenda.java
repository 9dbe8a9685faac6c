package org.touchline.followup;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.touchline.followup.FollowUpRunner.Background;
import org.touchline.followup.FollowUpRunner.Background.Piece;
import org.touchline.time.Pacing;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * What one execution works on, and in what order (design rule 33): the line has its turn of which the least is under way, then the one
 * whose turn was the longest ago; within a line, the longest due comes first, and the background last in {@link Queue#LATER}. What
 * names somebody who is being worked on waits until that is done. Each wish is handed out once.
 *
 * <p>Lines are read page by page, as they are worked on. One that is at its end is read anew once something was done, or half a second
 * later, up to four while nothing is.
 *
 * <p>Not safe for use by several threads, but for {@link #toBeDone}, {@link #unreadable}, {@link #handled} and {@link #finished}.
 */
final class Agenda {
    private static final Duration READ_ANEW_AFTER = Duration.ofMillis(500);

    /** Where nothing was done since a line was read: it may hold only what was handled already. */
    private static final Duration LONGEST_READ_ANEW = Duration.ofSeconds(4);

    /** So many of a line that name who is being worked on are kept in mind; then the line is read no further. */
    private static final int MOST_WAITING = 100;

    private final FollowUpStore store;
    private final InstantSource clock;
    private final boolean everything;
    private final Background background;
    private final Map<Queue, Line> lines = new EnumMap<>(Queue.class);
    /** Who is being worked on, as follow-ups name them. */
    private final Set<String> busy = new HashSet<>();
    /** The index shows for a moment longer what is gone or postponed. */
    private final Set<String> handledVersions = ConcurrentHashMap.newKeySet();
    /** Ids of rows that could not be read. */
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    private long turns;
    private long done;

    private Agenda(FollowUpStore store, InstantSource clock, boolean everything, Background background) {
        this.store = store;
        this.clock = clock;
        this.everything = everything;
        this.background = background;
        for (var queue : everything ? Queue.OUTSTANDING : List.of(Queue.values())) {
            lines.put(queue, new Line(queue));
        }
    }

    /**
     * What is due.
     *
     * @param newRows ids of rows that the index may not show yet
     * @param background what is done where nothing else of {@link Queue#LATER} is due
     */
    static Agenda due(FollowUpStore store, InstantSource clock, List<String> newRows, Background background) {
        var agenda = new Agenda(store, clock, false, background);
        newRows.forEach(id -> FollowUpItems.queue(id)
                .ifPresent(queue -> agenda.line(queue).newRows.add(id)));
        return agenda;
    }

    /** Everything outstanding, due or not. */
    static Agenda everything(FollowUpStore store, InstantSource clock) {
        return new Agenda(store, clock, true, Background.NONE);
    }

    /**
     * Something to work on, alone on whomever it names.
     *
     * @param id of a row that may be due; null for a piece of the background
     */
    record Errand(
            Queue queue,
            Set<String> subjects,
            @Nullable String id,
            @Nullable Piece piece) {}

    /** The next errand; empty if there is none, or none that can be begun before another is {@linkplain #over over}. */
    Optional<Errand> next() {
        return inTurn().map(line -> begin(line, line.candidate().orElseThrow()));
    }

    /** Somebody else may have been at work: nothing is known of what the lines hold. */
    void readAnew() {
        lines.values().forEach(line -> line.readAt = Instant.MIN);
    }

    /** Whether a row is to be done that has not been handed out. Strongly consistent, but for new rows that nobody told of. */
    boolean hasMore() {
        return lines.values().stream().anyMatch(Line::hasMore);
    }

    private Optional<Line> inTurn() {
        return lines.values().stream()
                .sorted(Comparator.<Line>comparingInt(line -> line.underWay).thenComparingLong(line -> line.lastTurn))
                .filter(line -> line.candidate().isPresent())
                .findFirst();
    }

    private Errand begin(Line line, Errand errand) {
        line.candidate = null;
        line.underWay++;
        line.lastTurn = ++turns;
        busy.addAll(errand.subjects());
        return errand;
    }

    /**
     * Work on it has ended.
     *
     * @param worked whether there was something to do
     */
    void over(Errand errand, boolean worked) {
        line(errand.queue()).underWay--;
        busy.removeAll(errand.subjects());
        done += worked ? 1 : 0;
    }

    /** A row as it is now, if it is there, is due, and has not been handled. */
    Optional<OwedFollowUp> toBeDone(String id) {
        if (unreadable.contains(id)) {
            return Optional.empty();
        }
        try {
            return store.find(id)
                    .filter(owed -> everything || owed.isDue(clock.instant()))
                    .filter(owed -> !handledVersions.contains(owed.version()));
        } catch (IllegalStateException ofAnotherVersionOfTouchline) {
            return Optional.empty();
        }
    }

    /** That row is not handed out again: another execution may have more luck. */
    void unreadable(String id) {
        unreadable.add(id);
    }

    /** That wish is not handed out again, also if it stays due; a newer one for the same thing is. */
    void handled(OwedFollowUp owed) {
        handledVersions.add(owed.version());
    }

    /** That wish is gone, and need not be kept in mind. */
    void finished(OwedFollowUp owed) {
        handledVersions.remove(owed.version());
    }

    private Line line(Queue queue) {
        return Objects.requireNonNull(lines.get(queue));
    }

    /** What waits in one queue. */
    private final class Line {
        private final Queue queue;
        /** What the index may not show yet. */
        private final SequencedSet<String> newRows = new LinkedHashSet<>();
        /** What was passed over, since somebody is being worked on whom it names. */
        private final Deque<Errand> waiting = new ArrayDeque<>();

        private Iterator<String> listed = Collections.emptyIterator();
        private Instant readAt = Instant.MIN;
        private Duration readAnewAfter = READ_ANEW_AFTER;
        private long doneWhenRead = -1;
        private @Nullable Errand candidate;
        private int underWay;
        private long lastTurn;

        Line(Queue queue) {
            this.queue = queue;
        }

        /** What is next in this line; empty if there is nothing that can be begun. */
        Optional<Errand> candidate() {
            if (candidate != null && !isFree(candidate)) {
                waiting.add(candidate);
                candidate = null;
            }
            if (candidate == null) {
                candidate = freed().or(this::further).orElse(null);
            }
            return Optional.ofNullable(candidate);
        }

        boolean hasMore() {
            return store.ids(queue, everything ? null : clock.instant())
                    .limit(MOST_WAITING)
                    .anyMatch(this::isToBeDone);
        }

        /** What cannot be read is left to the execution after this one. */
        private boolean isToBeDone(String id) {
            try {
                return toBeDone(id).isPresent();
            } catch (SdkException notRead) {
                return false;
            }
        }

        private Optional<Errand> freed() {
            var first = waiting.stream().filter(Agenda.this::isFree).findFirst();
            first.ifPresent(waiting::remove);
            return first;
        }

        private Optional<Errand> further() {
            while (waiting.size() < MOST_WAITING) {
                var errand = nextListed().or(this::nextPiece);
                if (errand.isEmpty() || isFree(errand.get())) {
                    return errand;
                }
                waiting.add(errand.get());
            }
            return Optional.empty();
        }

        private Optional<Errand> nextListed() {
            if (!listed.hasNext() && isToBeRead()) {
                readAnewAfter =
                        done == doneWhenRead ? Pacing.doubled(readAnewAfter, LONGEST_READ_ANEW, 1) : READ_ANEW_AFTER;
                readAt = clock.instant();
                doneWhenRead = done;
                listed = store.ids(queue, everything ? null : readAt).iterator();
            }
            if (!listed.hasNext() && newRows.isEmpty()) {
                return Optional.empty();
            }
            var isListed = listed.hasNext();
            var id = isListed ? listed.next() : newRows.getFirst();
            if (isListed) {
                // The pause is counted from the end of a list: a long one of what was handled is not read for ever.
                readAt = clock.instant();
            }
            newRows.remove(id);
            return Optional.of(
                    new Errand(queue, FollowUpItems.subjects(id).collect(Collectors.toUnmodifiableSet()), id, null));
        }

        private Optional<Errand> nextPiece() {
            return queue == Queue.LATER
                    ? background.next().map(piece -> new Errand(queue, Set.of(piece.subject()), null, piece))
                    : Optional.empty();
        }

        private boolean isToBeRead() {
            return !clock.instant().isBefore(readAt.plus(readAnewAfter)) || nothingIsUnderWay() && done != doneWhenRead;
        }
    }

    private boolean isFree(Errand errand) {
        return Collections.disjoint(busy, errand.subjects());
    }

    private boolean nothingIsUnderWay() {
        return lines.values().stream().allMatch(line -> line.underWay == 0);
    }
}
