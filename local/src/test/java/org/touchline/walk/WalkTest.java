package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.Template;
import org.touchline.walk.Errand.Sender;
import org.touchline.walk.Gate.Disturbance;
import org.touchline.walk.Gate.Sent;

/**
 * The walk: each function with each of its requests going wrong, in each {@link Way}. Then comes what would come in the cloud (the call
 * again, if somebody makes it; the sweep), and all that is held has to be as if nothing had gone wrong. A webhook that nobody
 * sends again is all there or not at all, and all there if it was answered 2xx (design rules 6 and 8).
 *
 * <p>{@code -Dtouchline.walk.size} says how many of these walks are drawn, {@code all} for all; {@code -Dtouchline.walk.seed} which; without
 * a size, those are taken that once told something ({@link #TELLING}), and a few drawn ones. {@code
 * -Dtouchline.walk=<errand>:<WAY>@<request>}, which a failure names, takes that one, or several with spaces between them; {@code
 * <errand>} alone, those of that errand.
 */
class WalkTest {
    private static final String ONE = "touchline.walk";

    /** So many are drawn where no size is given. */
    private static final int FEW = 2;

    /** Walks that were found, each by what it tells of: it goes wrong where that is missing. */
    private static final List<String> TELLING = List.of(
            // A follow-up is recorded before the work (rule 8).
            "id-change:STOPS_AFTER@8",
            // A lease is renewed and given back by its owner alone (rule 10).
            "follow-ups:LATE@12",
            // Of what one webhook asks for, nothing is owed alone (rule 8).
            "user-update:FAILS@3",
            // What is kept, and whose answer is lost, is handed over again and is one entry (rule 28).
            "history:ANSWER_LOST@5",
            // What the bus does not take is published again (rule 29).
            "publish:ALL_FAIL@2",
            "publish-again:ALL_FAIL@6",
            // Notices are kept before the walk is saved, and are told by what they say (rule 31).
            "notices:STOPS_AFTER@13");

    private static World world;

    /** What becomes of an errand that nothing disturbs. */
    private record Undisturbed(Gate gate, SortedSet<String> done, SortedSet<String> withoutIt) {}

    private static final Map<Errand, Undisturbed> UNDISTURBED =
            new TreeMap<>((one, other) -> one.name().compareTo(other.name()));

    private record Step(Errand errand, Disturbance disturbance) {
        static Step parse(String line) {
            var parts = line.split("[:@]");
            return new Step(Errand.named(parts[0]), new Disturbance(Integer.parseInt(parts[2]), Way.valueOf(parts[1])));
        }

        @Override
        public String toString() {
            return errand + ":" + disturbance;
        }
    }

    @BeforeAll
    static void begin() throws IOException {
        world = new World();
    }

    @AfterAll
    static void end() {
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
    @Tag("long")
    @Tag("rule-6")
    @Tag("rule-8")
    @Tag("rule-10")
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
        var which = System.getProperty(ONE, "");
        if (which.contains(":")) {
            return Stream.of(which.split(" ")).map(Step::parse).toList();
        }
        var among = which.isEmpty() ? Errand.ALL : List.of(Errand.named(which));
        var size = System.getProperty("touchline.walk.size", which.isEmpty() ? "" : "all");
        var seed = Long.getLong("touchline.walk.seed", 14);
        var steps = size.equals("all")
                ? among.stream().flatMap(errand -> steps(errand).stream()).toList()
                : drawn(among, new Random(seed), size.isEmpty() ? FEW : Integer.parseInt(size));
        world.tell(String.format(Locale.ROOT, "the walk: %d, seed %d", steps.size(), seed));
        return size.isEmpty()
                ? Stream.concat(TELLING.stream().map(Step::parse), steps.stream())
                        .toList()
                : steps;
    }

    private static List<Step> steps(Errand errand) {
        var steps = new ArrayList<Step>();
        var requests = distinct(undisturbed(errand).gate().requests());
        for (var way : Way.values()) {
            // Streams keep a day: nobody hands over again what is older.
            if (way == Way.OUTLIVED && errand.function().equals("ChangeHistoryFunction")) {
                continue;
            }
            for (var request : way.isAtOneRequest() ? requests : requests.subList(0, 1)) {
                steps.add(new Step(errand, new Disturbance(request, way)));
            }
        }
        return steps;
    }

    /** The numbers of the requests; of those who ask the very same again and again, until the answer is another, the first two and the last. */
    private static List<Integer> distinct(List<Sent> requests) {
        return IntStream.range(0, requests.size())
                .filter(at -> at < 2
                        || at == requests.size() - 1
                        || !requests.get(at).equals(requests.get(at - 1))
                        || !requests.get(at).equals(requests.get(at - 2))
                        || !requests.get(at).equals(requests.get(at + 1)))
                .mapToObj(at -> at + 1)
                .toList();
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
        if (step.disturbance().way() == Way.OUTLIVED) {
            assertEquals("", World.difference(outlived(step, true), outlived(step, false)), step.toString());
            return;
        }
        var errand = step.errand();
        var way = step.disturbance().way();
        var expected = undisturbed(errand);
        begin(errand);
        var gate = world.gate(step.disturbance());
        if (!way.isAtOneRequest()) {
            gate.freezeIndexes(expected.gate().indexQueries());
        }
        var done = errand.call(world, gate);
        assertTrue(world.leasesAreLeftAlone(way == Way.LATE), "who was overtaken does not leave the lease alone");
        assertTrue(done || !way.passes() || errand.sender() != Sender.WEBHOOK, "it does not bear with what passes");
        settle(errand, done);
        var end = world.picture();
        if (errand.sender() == Sender.WEBHOOK && !done && end.equals(expected.withoutIt())) {
            assertTrue(errand.call(world, world.gate(null)), "it fails when it comes again");
            settle(errand, true);
            end = world.picture();
        }
        assertEquals("", World.difference(expected.done(), end), gate.requests().toString());
    }

    /** What becomes of an errand that dies, and comes again when the time of all that it left is over. */
    private static SortedSet<String> outlived(Step step, boolean deleted) {
        begin(step.errand());
        step.errand().call(world, world.gate(step.disturbance()));
        if (!world.outlive(deleted)) {
            return new TreeSet<>();
        }
        settle(step.errand(), false);
        return world.picture();
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
}
