package org.touchline.license;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.touchline.license.LicenseStore.Applied;
import org.touchline.license.PersonModel.Event;
import org.touchline.license.PersonModel.Renamed;
import org.touchline.license.PersonModel.Told;
import org.touchline.license.ProfileStore.ContradictoryMoveException;

/**
 * What happens while a person's life goes on: changes are told late, in any order, several times or for now not at all, one by
 * one or in bulk; full answers are asked for, by Lambda functions whose clocks differ; and between any two requests of one of
 * them, another may do some of this.
 */
final class Deliveries {
    private static final int DEEPEST = 2;
    private static final List<Duration> CLOCKS = List.of(Duration.ofSeconds(-4), Duration.ZERO, Duration.ofSeconds(3));

    private final Random random;
    private final PersonModel learningCenter;
    private final LicenseStore store;
    private final ProfileStore profiles;
    private int depth;
    private boolean lifeIsOver;

    /** @param store that calls {@link #meanwhile} before each of its requests */
    Deliveries(Random random, PersonModel learningCenter, LicenseStore store, ProfileStore profiles) {
        this.random = random;
        this.learningCenter = learningCenter;
        this.store = store;
        this.profiles = profiles;
    }

    /** Some of all that can happen. */
    void live(int steps) {
        for (var step = 0; step < steps; step++) {
            step();
        }
    }

    /** What was never told is told, and some of the rest again; what contradicted, once more when the rest is known. */
    void tellEverything() {
        lifeIsOver = true;
        var events = new ArrayList<>(learningCenter.events);
        events.addAll(
                learningCenter.events.stream().filter(_ -> random.nextBoolean()).toList());
        Collections.shuffle(events, random);
        for (var rounds = 0; !events.isEmpty(); rounds++) {
            if (rounds > learningCenter.ids.size()) {
                throw new AssertionError("these contradict for ever: " + events);
            }
            events.removeIf(event -> deliver(event) != Outcome.QUARANTINED);
        }
    }

    /** Asks for everything, while nothing else happens. */
    void askOnceMore() {
        depth = DEEPEST;
        fullAnswer();
    }

    /** Tells everything again, while nothing else happens; how much of it was news. */
    long news() {
        depth = DEEPEST;
        return learningCenter.events.stream()
                .filter(event -> deliver(event) == Outcome.NEWS)
                .count();
    }

    private enum Outcome {
        NEWS,
        KNOWN,
        QUARANTINED
    }

    private static final class MovedException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private void step() {
        switch (random.nextInt(lifeIsOver ? 6 : 10)) {
            case 0, 1, 2 -> some().stream().limit(1).forEach(this::deliver);
            case 3 -> reconcile();
            case 4, 5 -> fullAnswer();
            case 6, 7, 8 -> learningCenter.changeLicense();
            default -> learningCenter.changeId();
        }
    }

    /** Perhaps something happens. */
    void meanwhile() {
        if (random.nextInt(12) == 0) {
            deeper(1);
        }
    }

    private void deeper(int steps) {
        if (depth < DEEPEST) {
            depth++;
            live(random.nextInt(steps + 1));
            depth--;
        }
    }

    private List<Event> some() {
        var events = new ArrayList<>(learningCenter.events);
        Collections.shuffle(events, random);
        return events.subList(0, events.isEmpty() ? 0 : 1 + random.nextInt(events.size()));
    }

    private Outcome deliver(Event event) {
        try {
            var news = switch (event) {
                case Told(var change) -> store.apply(change) == Applied.WRITTEN;
                case Renamed(var former, var successor) ->
                    store.markAndTakeAlong(former, successor) == ProfileStore.Marked.MOVED;
            };
            return news ? Outcome.NEWS : Outcome.KNOWN;
        } catch (ContradictoryMoveException quarantined) {
            return Outcome.QUARANTINED;
        }
    }

    private void reconcile() {
        Changes.applyAll(
                store,
                some().stream()
                        .filter(Told.class::isInstance)
                        .map(event -> ((Told) event).change())
                        .toList());
    }

    /** Rows are read, then the answer is fetched, and in between and after it everything goes on. */
    private void fullAnswer() {
        var anyId = learningCenter.ids.get(random.nextInt(learningCenter.ids.size()));
        var asked = profiles.present(anyId);
        var skew = CLOCKS.get(random.nextInt(CLOCKS.size()));
        InstantSource clock = () -> learningCenter.now().plus(skew);
        for (var hops = 0; hops < 5; hops++) {
            var present = asked;
            try {
                Changes.takeOver(
                        store,
                        present,
                        () -> {
                            deeper(2);
                            if (!learningCenter.present().equals(present)) {
                                throw new MovedException();
                            }
                            var answer = learningCenter.fullAnswer();
                            deeper(2);
                            return answer;
                        },
                        clock);
                return;
            } catch (MovedException moved) {
                var successor = learningCenter.successor(present);
                if (deliver(new Renamed(present, successor)) == Outcome.QUARANTINED) {
                    return;
                }
                asked = successor;
            }
        }
    }
}
