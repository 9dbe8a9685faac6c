package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.Template;
import org.touchline.walk.Errand.Sender;
import org.touchline.walk.Gate.Disturbance;

/**
 * The walk: each function with each of its requests going wrong, in each {@link Way}. Then comes what would come in the cloud (the call
 * again, if somebody makes it; the sweep), and all that is held has to be as if nothing had gone wrong. A webhook that nobody
 * sends again is all there or not at all, and all there if it was answered 2xx (design rules 6 and 8).
 *
 * <p>{@code -Dtouchline.walk.size} says how many of these walks are taken, {@code all} for all; {@code -Dtouchline.walk.seed} which; and
 * {@code -Dtouchline.walk=<errand>:<WAY>@<request>}, which a failure names, takes that one; {@code <errand>} alone, those of that errand.
 */
class WalkTest {
    private static final String ONE = "touchline.walk";

    /** The check before going live asks again and again whether webhooks have come. */
    private static final int MOST_REQUESTS = 60;

    private static final PrintStream OUT = System.out;

    private static World world;

    /** What becomes of an errand that nothing disturbs. */
    private record Undisturbed(Gate gate, SortedSet<String> done, SortedSet<String> withoutIt) {}

    private static final Map<Errand, Undisturbed> UNDISTURBED =
            new TreeMap<>((one, other) -> one.name().compareTo(other.name()));

    private record Step(Errand errand, Disturbance disturbance) {
        @Override
        public String toString() {
            return errand + ":" + disturbance;
        }
    }

    @BeforeAll
    static void begin() throws IOException {
        // The metrics, thousands of them.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        world = new World();
    }

    @AfterAll
    static void end() {
        System.setOut(OUT);
        world.close();
    }

    @Test
    void everyFunctionOfTheTemplateIsWalked() {
        var inTheTemplate = world.template().functions().stream()
                .map(Template.Function::logicalId)
                .collect(Collectors.toSet());
        var walked = Errand.ALL.stream().map(Errand::function).collect(Collectors.toSet());
        assertEquals(
                new TreeSet<>(inTheTemplate),
                new TreeSet<>(walked),
                "each function is in the list of Errand, and does what it is for there");
    }

    @Test
    void whateverRequestGoesWrongTheEndIsAsIfNoneHad() {
        var failures = new ArrayList<String>();
        for (var step : steps()) {
            try {
                take(step);
            } catch (AssertionError | RuntimeException wrong) {
                failures.add("-D" + ONE + "=" + step + "\n" + wrong.getMessage());
            }
        }
        assertTrue(
                failures.isEmpty(), () -> failures.size() + " walks end otherwise:\n" + String.join("\n\n", failures));
    }

    private static List<Step> steps() {
        var one = System.getProperty(ONE, "");
        var parts = one.split("[:@]");
        if (parts.length == 3) {
            return List.of(new Step(
                    Errand.named(parts[0]), new Disturbance(Integer.parseInt(parts[2]), Way.valueOf(parts[1]))));
        }
        var among = one.isEmpty() ? Errand.ALL : List.of(Errand.named(one));
        var size = System.getProperty("touchline.walk.size", one.isEmpty() ? "8" : "all");
        var seed = Long.getLong("touchline.walk.seed", 14);
        var steps = size.equals("all")
                ? among.stream().flatMap(errand -> steps(errand).stream()).toList()
                : drawn(among, new Random(seed), Integer.parseInt(size));
        OUT.printf(Locale.ROOT, "the walk: %d, seed %d%n", steps.size(), seed);
        return steps;
    }

    private static List<Step> steps(Errand errand) {
        var steps = new ArrayList<Step>();
        var requests =
                Math.min(MOST_REQUESTS, undisturbed(errand).gate().requests().size());
        for (var way : Way.values()) {
            for (var request = 1; request <= (way.isAtOneRequest() ? requests : 1); request++) {
                steps.add(new Step(errand, new Disturbance(request, way)));
            }
        }
        return steps;
    }

    private static List<Step> drawn(List<Errand> among, Random random, int size) {
        return Stream.generate(() -> steps(among.get(random.nextInt(among.size()))))
                .map(steps -> steps.get(random.nextInt(steps.size())))
                .limit(size)
                .toList();
    }

    private static Undisturbed undisturbed(Errand errand) {
        return UNDISTURBED.computeIfAbsent(errand, _ -> {
            begin(errand);
            world.sweep();
            var withoutIt = world.picture();
            begin(errand);
            var gate = world.gate(null);
            assertTrue(errand.call(world, gate), errand + " fails where nothing goes wrong");
            settle(errand, true);
            return new Undisturbed(gate, world.picture(), withoutIt);
        });
    }

    private static void begin(Errand errand) {
        world.begin();
        errand.before().accept(world);
    }

    private static void take(Step step) {
        var errand = step.errand();
        var expected = undisturbed(errand);
        begin(errand);
        var gate = world.gate(step.disturbance());
        if (!step.disturbance().way().isAtOneRequest()) {
            gate.freezeIndexes(expected.gate().indexQueries());
        }
        var done = errand.call(world, gate);
        assertTrue(
                world.leasesAreLeftAlone(step.disturbance().way() == Way.LATE),
                "who was overtaken does not leave the lease alone");
        settle(errand, done);
        var end = world.picture();
        if (errand.sender() == Sender.WEBHOOK && !done && end.equals(expected.withoutIt())) {
            assertTrue(errand.call(world, world.gate(null)), "it fails when it comes again");
            settle(errand, true);
            end = world.picture();
        }
        assertEquals("", difference(expected.done(), end), String.join(", ", gate.requests()));
    }

    /** What the cloud does then: who calls, calls again; and what is owed is done when its time has come. */
    private static void settle(Errand errand, boolean done) {
        world.sweep();
        var again = errand.sender() == Sender.SCHEDULE || errand.sender() == Sender.CALLER && !done;
        for (var attempt = 0; again && attempt < 3; attempt++) {
            again = !errand.call(world, world.gate(null));
        }
        assertTrue(!again, "it fails though nothing goes wrong any more");
        world.sweep();
    }

    private static String difference(Set<String> expected, Set<String> end) {
        var missing = expected.stream().filter(line -> !end.contains(line)).map(line -> "  - " + line);
        var unexpected = end.stream().filter(line -> !expected.contains(line)).map(line -> "  + " + line);
        return Stream.concat(missing, unexpected).collect(Collectors.joining("\n"));
    }
}
