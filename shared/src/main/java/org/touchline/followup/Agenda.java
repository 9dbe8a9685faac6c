package org.touchline.followup;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What one execution works on, the most urgent first (design rule 10), each wish once. Not safe for use by several threads.
 */
final class Agenda {
    private final FollowUpStore store;
    private final InstantSource clock;
    private final boolean everything;
    private final Map<Queue, Deque<String>> newRows = new EnumMap<>(Queue.class);
    /** The index shows for a moment longer what is gone or postponed. */
    private final Set<String> handledVersions = new HashSet<>();

    private Agenda(FollowUpStore store, InstantSource clock, boolean everything) {
        this.store = store;
        this.clock = clock;
        this.everything = everything;
    }

    /**
     * What is due.
     *
     * @param newRows ids of rows that the index may not show yet
     */
    static Agenda due(FollowUpStore store, InstantSource clock, List<String> newRows) {
        var agenda = new Agenda(store, clock, false);
        newRows.forEach(id -> FollowUpItems.queue(id)
                .ifPresent(queue -> agenda.newRows
                        .computeIfAbsent(queue, _ -> new ArrayDeque<>())
                        .add(id)));
        return agenda;
    }

    /** Everything outstanding, due or not. */
    static Agenda everything(FollowUpStore store, InstantSource clock) {
        return new Agenda(store, clock, true);
    }

    /** The most urgent; empty if there is nothing to do. */
    Optional<OwedFollowUp> next() {
        for (var queue : everything ? Queue.OUTSTANDING : List.of(Queue.values())) {
            var next = nextNewRow(queue)
                    .or(() -> store.ids(queue, everything ? null : clock.instant())
                            .map(this::ifToBeDone)
                            .flatMap(Optional::stream)
                            .findFirst());
            if (next.isPresent()) {
                return next;
            }
        }
        return Optional.empty();
    }

    /** That wish is not handed out again; a newer one for the same thing is. */
    void handled(OwedFollowUp owed) {
        handledVersions.add(owed.version());
    }

    private Optional<OwedFollowUp> nextNewRow(Queue queue) {
        var ids = newRows.getOrDefault(queue, new ArrayDeque<>());
        while (!ids.isEmpty()) {
            var row = ifToBeDone(ids.peek());
            if (row.isPresent()) {
                return row;
            }
            ids.remove();
        }
        return Optional.empty();
    }

    /** A row as it is now, if it is there, is due, and has not been handled. */
    private Optional<OwedFollowUp> ifToBeDone(String id) {
        try {
            return store.find(id)
                    .filter(owed -> everything || owed.isDue(clock.instant()))
                    .filter(owed -> !handledVersions.contains(owed.version()));
        } catch (IllegalStateException ofAnotherVersionOfTouchline) {
            return Optional.empty();
        }
    }
}
