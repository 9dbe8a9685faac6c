package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.followup.FollowUp;
import org.touchline.license.UssfId;

/**
 * The turnstile: two or three functions at the same people, one request at a time, in orders with up to three switches. Whatever the
 * order, the end is the one that {@link PeopleModel} says.
 *
 * <p>{@code -Dtouchline.turnstile.size} says how many orders are taken, {@code -Dtouchline.turnstile.seed} which; and {@code
 * -Dtouchline.turnstile=<who>:<turns>}, which a failure names, takes that one; {@code <who>} alone, orders of those.
 */
class TurnstileTest {
    private static final String ONE = "touchline.turnstile";
    private static final int MOST_SWITCHES = 3;
    private static final PrintStream OUT = System.out;
    private static final Instant EARLIER = Instant.parse("2026-03-01T12:50:00Z");
    private static final Instant LATER = Instant.parse("2026-03-01T12:55:00Z");

    private static World world;

    /**
     * Who is at it.
     *
     * @param before what has happened in the Learning Center
     * @param after what somebody does in the end, before it is looked at
     */
    private record Meeting(
            String name, Consumer<World> before, List<Errand> errands, Consumer<World> after, PeopleModel model) {}

    private static final Errand MOVE = Errand.webhook(
            "move",
            "ussf-id-webhook",
            world -> world.simulator.changeSilently().ussfId(World.ANN, World.NEXT),
            Errand.moved(World.ANN, World.NEXT));
    private static final Errand REFRESH =
            Errand.caller("refresh", "PersonRefreshFunction", "{\"ussfId\":\"" + World.ANN + "\"}", _ -> {});
    private static final Errand SWEEP = Errand.schedule("sweep", "FollowUpFunction", "{}", _ -> {});
    private static final Errand USER_UPDATE = Errand.webhook(
            "user-update",
            "user-webhook",
            world -> world.simulator.changeSilently().refereeExperience(World.ANN, 9),
            "{\"ussf_id\":\"" + World.ANN + "\",\"changed\":\"referee_experience\"}");

    private static Errand update(String ussfId, String licenseId, boolean held, Instant at) {
        return Errand.webhook(
                "update",
                "user-license-webhook",
                _ -> {},
                Errand.license(ussfId, licenseId, held ? "added" : "removed", at.toString()));
    }

    private static Consumer<World> has(String ussfId, String licenseId, boolean held, Instant at) {
        return world -> world.simulator
                .changeSilently()
                .license(new UserLicense(
                        ussfId, held ? LicenseAction.ADDED : LicenseAction.REMOVED, licenseId, null, null, null, at));
    }

    private static Meeting meeting(String name, Consumer<World> before, PeopleModel model, Errand... errands) {
        return new Meeting(name, before, List.of(errands), _ -> {}, model);
    }

    private static PeopleModel model() {
        return new PeopleModel();
    }

    private static final List<Meeting> MEETINGS = List.of(
            meeting(
                    "updates",
                    has(World.ANN, "coach_41", false, LATER),
                    model().said(World.ANN, "coach_41", false, LATER),
                    update(World.ANN, "coach_41", true, EARLIER),
                    update(World.ANN, "coach_41", false, LATER)),
            meeting(
                    "update-refresh",
                    has(World.ANN, "coach_41", true, LATER),
                    model().said(World.ANN, "coach_41", true, LATER),
                    update(World.ANN, "coach_41", true, LATER),
                    REFRESH),
            meeting(
                    "removal-refresh",
                    has(World.ANN, "coach_15", false, LATER),
                    model().said(World.ANN, "coach_15", false, LATER),
                    update(World.ANN, "coach_15", false, LATER),
                    REFRESH),
            meeting(
                    "update-move",
                    has(World.ANN, "coach_41", true, LATER),
                    model().said(World.ANN, "coach_41", true, LATER).moved(World.ANN, World.NEXT),
                    update(World.ANN, "coach_41", true, LATER),
                    MOVE),
            meeting(
                    "removal-move",
                    has(World.ANN, "coach_15", false, LATER),
                    model().said(World.ANN, "coach_15", false, LATER).moved(World.ANN, World.NEXT),
                    update(World.ANN, "coach_15", false, LATER),
                    MOVE),
            meeting(
                    "update-move-refresh",
                    has(World.ANN, "coach_41", true, LATER),
                    model().said(World.ANN, "coach_41", true, LATER).moved(World.ANN, World.NEXT),
                    update(World.ANN, "coach_41", true, LATER),
                    MOVE,
                    REFRESH),
            meeting(
                    "moves",
                    world -> {
                        world.simulator.changeSilently().ussfId(World.ANN, World.NEXT);
                        world.simulator.changeSilently().ussfId(World.NEXT, World.LAST);
                    },
                    model().moved(World.ANN, World.NEXT).moved(World.NEXT, World.LAST),
                    webhookOfMove(World.ANN, World.NEXT),
                    webhookOfMove(World.NEXT, World.LAST)),
            meeting(
                    "move-enrollment",
                    world -> world.simulator.changeSilently().ussfId(World.CAL, World.NEXT),
                    model().moved(World.CAL, World.NEXT),
                    webhookOfMove(World.CAL, World.NEXT),
                    SWEEP),
            meeting(
                    "move-leaving",
                    _ -> {},
                    model().moved(World.ANN, World.NEXT).left(World.memberIdentifier(World.ANN)),
                    MOVE,
                    Errand.named("delete-a-member"),
                    SWEEP),
            meeting("move-audit", _ -> {}, model().moved(World.ANN, World.NEXT), MOVE, Errand.named("audit")),
            meeting(
                    "replay-move",
                    world -> {
                        has(World.ANN, "coach_41", true, LATER).accept(world);
                        world.quarantine(
                                "/webhooks/user-license-update",
                                Errand.license(World.ANN, "coach_41", "added", LATER.toString()));
                    },
                    model().said(World.ANN, "coach_41", true, LATER).moved(World.ANN, World.NEXT),
                    Errand.caller("replay", "QuarantineReplayFunction", "{}", _ -> {}),
                    MOVE),
            meeting(
                    "update-reconciliation",
                    has(World.ANN, "coach_41", false, LATER),
                    model().said(World.ANN, "coach_41", false, LATER),
                    update(World.ANN, "coach_41", true, EARLIER),
                    Errand.schedule("reconciliation", "UserLicenseReconciliationFunction", "{}", _ -> {})),
            new Meeting(
                    "update-erasure",
                    has(World.ANN, "coach_41", true, LATER),
                    List.of(update(World.ANN, "coach_41", true, LATER), erasure()),
                    // What came while it was erased, goes when it is asked for again.
                    world -> erasure().call(world, world.gate(null)),
                    model().erased(World.ANN)),
            meeting("sweeps", _ -> {}, model(), SWEEP, SWEEP),
            meeting(
                    "sweep-user-update",
                    world -> world.owe(new FollowUp.FetchRefereeExperience(new UssfId(World.ANN))),
                    model().experience(9),
                    SWEEP,
                    USER_UPDATE),
            meeting(
                    "enrollment-leaving",
                    _ -> {},
                    model().left(World.memberIdentifier(World.CAL)).unsure(World.CAL),
                    SWEEP,
                    Errand.caller("delete", "MemberDirectoryFunction", Errand.member("DELETE", World.CAL), _ -> {})));

    private static Errand erasure() {
        return Errand.caller("erasure", "PersonErasureFunction", "{\"ussfId\":\"" + World.ANN + "\"}", _ -> {});
    }

    private static Errand webhookOfMove(String former, String successor) {
        return Errand.webhook("move", "ussf-id-webhook", _ -> {}, Errand.moved(former, successor));
    }

    @BeforeAll
    static void begin() throws IOException {
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        world = new World();
    }

    @AfterAll
    static void end() {
        System.setOut(OUT);
        world.close();
    }

    private record Entry(Meeting meeting, List<Integer> turns) {
        @Override
        public String toString() {
            return "-D" + ONE + "=" + meeting.name() + ":"
                    + turns.stream().map(Object::toString).collect(Collectors.joining("."));
        }
    }

    @Test
    void inWhateverOrderTheyComeTheEndIsThatOfTheModel() {
        var failures = new ArrayList<String>();
        for (var entry : entries()) {
            try {
                take(entry);
            } catch (AssertionError | RuntimeException wrong) {
                failures.add(entry + "\n" + wrong.getMessage());
            }
        }
        assertTrue(
                failures.isEmpty(), () -> failures.size() + " orders end otherwise:\n" + String.join("\n\n", failures));
    }

    private static List<Entry> entries() {
        var one = System.getProperty(ONE, "");
        var parts = one.split(":");
        var meetings = MEETINGS.stream()
                .filter(meeting -> one.isEmpty() || meeting.name().equals(parts[0]))
                .toList();
        if (parts.length == 2) {
            return List.of(new Entry(
                    meetings.getFirst(),
                    Stream.of(parts[1].split("[.]")).map(Integer::valueOf).toList()));
        }
        var size = Integer.getInteger("touchline.turnstile.size", 15);
        var seed = Long.getLong("touchline.turnstile.seed", 14);
        var random = new Random(seed);
        var entries = new ArrayList<Entry>();
        for (var meeting : meetings) {
            var orders = orders(requests(meeting));
            Collections.shuffle(orders, random);
            var share = Math.max(1, size / meetings.size());
            var wholeBetween =
                    orders.stream().filter(turns -> turns.size() == 1).limit(share / 2);
            var others = orders.stream().filter(turns -> turns.size() > 1).limit(share - share / 2);
            Stream.concat(wholeBetween, others)
                    .map(turns -> new Entry(meeting, turns))
                    .forEach(entries::add);
        }
        OUT.printf(Locale.ROOT, "the turnstile: %d orders, seed %d%n", entries.size(), seed);
        return entries;
    }

    /** How many each sends if they come one after the other. */
    private static List<Integer> requests(Meeting meeting) {
        world.begin();
        meeting.before().accept(world);
        return Turnstile.run(world, meeting.errands(), List.of());
    }

    /** All with at most three switches; whoever comes first may wait from the start. */
    private static List<List<Integer>> orders(List<Integer> requests) {
        var orders = new ArrayList<List<Integer>>();
        add(orders, List.of(), requests);
        return orders;
    }

    private static void add(List<List<Integer>> orders, List<Integer> turns, List<Integer> requests) {
        if (!turns.isEmpty()) {
            orders.add(turns);
        }
        if (turns.size() == MOST_SWITCHES) {
            return;
        }
        var most = requests.get(turns.size() % requests.size());
        for (var turn = turns.isEmpty() ? 0 : 1; turn < most; turn++) {
            add(orders, Stream.concat(turns.stream(), Stream.of(turn)).toList(), requests);
        }
    }

    private static void take(Entry entry) {
        var meeting = entry.meeting();
        world.begin();
        meeting.before().accept(world);
        Turnstile.run(world, meeting.errands(), entry.turns());
        assertEquals(List.of(), world.leftBehind());
        world.sweep();
        meeting.after().accept(world);
        var expected = meeting.model().lines();
        var end = world.lines();
        var missing = expected.stream().filter(line -> !end.contains(line)).map(line -> "  - " + line);
        var unexpected = end.stream()
                .filter(line -> !expected.contains(line) && meeting.model().decides(line))
                .map(line -> "  + " + line);
        assertEquals("", Stream.concat(missing, unexpected).collect(Collectors.joining("\n")));
    }
}
