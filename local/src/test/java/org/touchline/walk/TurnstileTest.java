package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.learningcenter.LicenseAction;
import org.touchline.embedded.learningcenter.UserLicense;
import org.touchline.followup.FollowUp;
import org.touchline.license.UssfId;

/**
 * The turnstile: two or three functions at the same people, one request at a time, in orders with up to three switches. Whatever the
 * order, the end is the one that {@link PeopleModel} says.
 *
 * <p>{@code -Dtouchline.turnstile.size} says how many orders are drawn, {@code -Dtouchline.turnstile.seed} which; without a size, those are
 * taken that once told something ({@link #TELLING}), and a few drawn ones. {@code -Dtouchline.turnstile=<who>:<turns>}, which a failure
 * names, takes that one, or several with spaces between them, and tells what was sent; {@code <who>} alone, orders of those.
 */
class TurnstileTest {
    private static final String ONE = "touchline.turnstile";
    private static final int MOST_SWITCHES = 3;
    private static final Instant EARLIER = Instant.parse("2026-03-01T12:50:00Z");
    private static final Instant LATER = Instant.parse("2026-03-01T12:55:00Z");

    /** So many are drawn where no size is given. */
    private static final int FEW = 2;

    /** Orders that were found, each by what it tells of: one of these goes wrong where that is missing. */
    private static final List<String> TELLING = List.of(
            // A writer looks after the write (rule 5).
            "update-move:PutItem",
            // A move marks before it copies (rule 5).
            "update-move:PutItem.DeleteItem",
            // A write has a higher revision (rule 1).
            "updates:PutItem",
            // A follow-up is finished in the version that was read (rule 10).
            "sweep-user-update:" + World.ANN + "/referee-experience+UpdateItem",
            // Who is enrolled meanwhile stays so.
            "unsubscription-enrollment:15",
            // A person is held before they are subscribed to, and who unsubscribes looks for holders after it.
            "unsubscription-beside-enrollment:DELETE.POST+UpdateItem.DeleteItem",
            // A row is looked for under each id that the person has had since (wire contract §9).
            "history-move:1.PutItem",
            // What is published is read just before (rule 29).
            "publisher-erasure:1.DeleteItem+Query");

    private static World world;

    /**
     * Who is at it.
     *
     * @param before what has happened in the Learning Center
     * @param after what somebody does in the end, before it is looked at; is told what was sent, in its order
     * @param models the ends that are right
     * @param isTold whether the history is told of it: then whoever follows has to end with the same licenses
     */
    private record Meeting(
            String name,
            Consumer<World> before,
            List<Errand> errands,
            BiConsumer<World, List<String>> after,
            List<PeopleModel> models,
            boolean isTold) {}

    private static final Errand MOVE = Errand.webhook(
            "move",
            "ussf-id-webhook",
            world -> world.simulator.changeSilently().ussfId(World.ANN, World.NEXT),
            Errand.moved(World.ANN, World.NEXT));
    private static final Errand REFRESH =
            Errand.caller("refresh", "PersonRefreshFunction", "{\"ussfId\":\"" + World.ANN + "\"}", _ -> {});
    private static final Errand SWEEP = Errand.schedule("sweep", "FollowUpFunction", "{}", _ -> {});

    /** When the lease of whoever else is at work has ended. */
    private static final Errand LATE_SWEEP =
            Errand.schedule("late-sweep", "FollowUpFunction", "{}", world -> world.clock.pass(Duration.ofMinutes(3)));

    /** At once with the first, as the threads of one are. */
    private static final Errand SWEEP_BESIDE =
            Errand.schedule("sweep-beside", "FollowUpFunction", "{}", World::endLeases);

    private static final Errand HISTORY = Errand.history();

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
        return new Meeting(name, before, List.of(errands), (_, _) -> {}, List.of(model), false);
    }

    private static Meeting toldMeeting(String name, Consumer<World> before, PeopleModel model, Errand... errands) {
        return new Meeting(name, before, List.of(errands), (_, _) -> {}, List.of(model), true);
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
                    "same-move-twice",
                    world -> world.simulator.changeSilently().ussfId(World.ANN, World.NEXT),
                    model().moved(World.ANN, World.NEXT),
                    webhookOfMove(World.ANN, World.NEXT),
                    webhookOfMove(World.ANN, World.NEXT)),
            new Meeting(
                    "moves-in-a-circle",
                    world -> world.add(World.NEXT),
                    List.of(webhookOfMove(World.ANN, World.NEXT), webhookOfMove(World.NEXT, World.ANN)),
                    (_, _) -> {},
                    List.of(
                            // Nobody has told the Learning Center, which goes on telling of her former id.
                            model().moved(World.ANN, World.NEXT).toldOf(World.ANN),
                            model().moved(World.NEXT, World.ANN)),
                    false),
            meeting(
                    "update-moves",
                    world -> {
                        has(World.ANN, "coach_41", true, LATER).accept(world);
                        world.simulator.changeSilently().ussfId(World.ANN, World.NEXT);
                        world.simulator.changeSilently().ussfId(World.NEXT, World.LAST);
                    },
                    model().said(World.ANN, "coach_41", true, LATER)
                            .moved(World.ANN, World.NEXT)
                            .moved(World.NEXT, World.LAST),
                    update(World.ANN, "coach_41", true, LATER),
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
                    (world, _) -> call(world, erasure()),
                    List.of(model().erased(World.ANN)),
                    false),
            meeting("sweeps", _ -> {}, model(), SWEEP, SWEEP),
            meeting("overtaken-sweep", _ -> {}, model(), SWEEP, LATE_SWEEP),
            meeting(
                    "update-enrollment",
                    has(World.CAL, "coach_41", true, LATER),
                    model().said(World.CAL, "coach_41", true, LATER),
                    update(World.CAL, "coach_41", true, LATER),
                    SWEEP),
            meeting(
                    "removal-enrollment",
                    has(World.CAL, "coach_15", false, LATER),
                    model().said(World.CAL, "coach_15", false, LATER),
                    update(World.CAL, "coach_15", false, LATER),
                    SWEEP),
            meeting("unsubscription-enrollment", TurnstileTest::annComesBack, model(), SWEEP, LATE_SWEEP),
            meeting("unsubscription-beside-enrollment", TurnstileTest::annComesBack, model(), SWEEP, SWEEP_BESIDE),
            meeting("unsubscription-refresh", TurnstileTest::annComesBack, model(), SWEEP, REFRESH),
            meeting("unsubscription-audit", TurnstileTest::annComesBack, model(), SWEEP, Errand.named("audit")),
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
                    Errand.caller("delete", "MemberDirectoryFunction", Errand.member("DELETE", World.CAL), _ -> {})),
            toldMeeting(
                    "history-update-move",
                    has(World.ANN, "coach_41", true, LATER),
                    model().said(World.ANN, "coach_41", true, LATER).moved(World.ANN, World.NEXT),
                    HISTORY,
                    update(World.ANN, "coach_41", true, LATER),
                    MOVE),
            // What is under her next id she never had: it is removed there, which is not told before she comes.
            toldMeeting(
                    "history-move",
                    world -> {
                        has(World.ANN, "coach_15", false, LATER).accept(world);
                        world.store(Errand.license(World.NEXT, "coach_15", "removed", LATER.toString()));
                        world.simulator.changeSilently().ussfId(World.ANN, World.NEXT);
                        call(world, webhookOfMove(World.ANN, World.NEXT));
                        world.simulator.changeSilently().ussfId(World.NEXT, World.LAST);
                    },
                    model().said(World.ANN, "coach_15", false, LATER)
                            .moved(World.ANN, World.NEXT)
                            .moved(World.NEXT, World.LAST),
                    HISTORY,
                    webhookOfMove(World.NEXT, World.LAST)),
            new Meeting(
                    "history-erasure",
                    world -> world.store(Errand.license(World.ANN, "coach_41", "added", LATER.toString())),
                    List.of(HISTORY, erasure()),
                    (world, _) -> nothingIsToldOfAnn(world),
                    List.of(model().erased(World.ANN)),
                    true),
            new Meeting(
                    "publisher-erasure",
                    _ -> {},
                    List.of(Errand.named("publish"), erasure()),
                    TurnstileTest::whatIsErasedIsNotPublished,
                    List.of(model().erased(World.ANN)),
                    true));

    private static void nothingIsToldOfAnn(World world) {
        call(world, HISTORY);
        for (var event : world.told()) {
            for (var name : List.of(World.ANN, World.memberIdentifier(World.ANN))) {
                assertFalse(event.toString().contains(name), event::toString);
            }
        }
    }

    /** Entries go before all that is deleted: who looks after that, finds none. */
    private static void whatIsErasedIsNotPublished(World world, List<String> order) {
        nothingIsToldOfAnn(world);
        var erased = order.indexOf("2 DeleteItem");
        if (erased < order.indexOf("1 BatchGetItem")) {
            assertEquals(List.of(), world.published());
        }
    }

    private static void call(World world, Errand errand) {
        assertTrue(errand.call(world, world.gate(null)), errand::toString);
    }

    /** Her member is taken out and put in again, by her e-mail address: so her id is to be let go, and to be found. */
    private static void annComesBack(World world) {
        for (var method : List.of("DELETE", "PUT")) {
            var change =
                    Errand.caller(method, "MemberDirectoryFunction", Errand.memberByEmail(method, World.ANN), _ -> {});
            assertTrue(change.call(world, world.gate(null)));
        }
    }

    private static Errand erasure() {
        return Errand.caller("erasure", "PersonErasureFunction", "{\"ussfId\":\"" + World.ANN + "\"}", _ -> {});
    }

    private static Errand webhookOfMove(String former, String successor) {
        return Errand.webhook("move", "ussf-id-webhook", _ -> {}, Errand.moved(former, successor));
    }

    @BeforeAll
    static void begin() throws IOException {
        world = new World();
    }

    @AfterAll
    static void end() {
        world.close();
    }

    private record Entry(Meeting meeting, List<String> turns) {
        static Entry parse(String line) {
            var parts = line.split(":");
            return new Entry(
                    MEETINGS.stream()
                            .filter(meeting -> meeting.name().equals(parts[0]))
                            .findFirst()
                            .orElseThrow(),
                    List.of(parts[1].split("[.]")));
        }

        @Override
        public String toString() {
            return "-D" + ONE + "=" + meeting.name() + ":" + String.join(".", turns);
        }
    }

    @Test
    @Tag("rule-1")
    @Tag("rule-5")
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
        var which = System.getProperty(ONE, "");
        if (which.contains(":")) {
            return Stream.of(which.split(" ")).map(Entry::parse).toList();
        }
        var size = Integer.getInteger("touchline.turnstile.size");
        var seed = Long.getLong("touchline.turnstile.seed", 14);
        var among = MEETINGS.stream()
                .filter(meeting -> which.isEmpty() || meeting.name().equals(which))
                .toList();
        var drawn = drawn(among, size == null ? FEW : size, new Random(seed));
        world.tell(String.format(Locale.ROOT, "the turnstile: %d orders, seed %d", drawn.size(), seed));
        return size == null && which.isEmpty()
                ? Stream.concat(TELLING.stream().map(Entry::parse), drawn.stream())
                        .toList()
                : drawn;
    }

    /** As many of each meeting, in a few of which nobody is interrupted twice. */
    private static List<Entry> drawn(List<Meeting> among, int size, Random random) {
        var meetings = new ArrayList<>(among);
        Collections.shuffle(meetings, random);
        var entries = new ArrayList<Entry>();
        for (var at = 0; at < Math.min(size, meetings.size()); at++) {
            var meeting = meetings.get(at);
            var orders = orders(requests(meeting));
            Collections.shuffle(orders, random);
            var share = size / meetings.size() + (at < size % meetings.size() ? 1 : 0);
            var interruptedOnce =
                    orders.stream().filter(turns -> turns.size() == 1).limit(share / 2);
            var others = orders.stream().filter(turns -> turns.size() > 1).limit(share - share / 2);
            Stream.concat(interruptedOnce, others)
                    .map(turns -> new Entry(
                            meeting, turns.stream().map(Object::toString).toList()))
                    .forEach(entries::add);
        }
        return entries;
    }

    /** How many each sends if they come one after the other. */
    private static List<Integer> requests(Meeting meeting) {
        world.begin();
        meeting.before().accept(world);
        return Turnstile.run(world, meeting.errands(), List.of()).requests();
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
        var copy = meeting.isTold() ? world.beginCopy() : new LicenseCopy();
        meeting.before().accept(world);
        var course = Turnstile.run(world, meeting.errands(), entry.turns());
        if (System.getProperty(ONE, "").contains(":")) {
            world.tell(entry + "\n" + course.order());
        }
        assertEquals(List.of(), world.leftBehind(), () -> course.order().toString());
        assertEquals(List.of(), world.forgotten(), () -> course.order().toString());
        if (meeting.isTold()) {
            // As of now: what streams say of the time before an erasure is not told.
            call(world, HISTORY);
        }
        world.sweep();
        meeting.after().accept(world, course.order());
        var end = world.lines();
        var differences = meeting.models().stream()
                .map(model -> World.difference(
                        model.lines(), end.stream().filter(model::decides).toList()))
                .toList();
        assertTrue(differences.contains(""), () -> course.order() + "\n" + String.join("\nor\n", differences));
        if (meeting.isTold()) {
            call(world, HISTORY);
            world.told().forEach(copy::hear);
            if (end.stream().noneMatch(line -> line.startsWith(World.memberIdentifier(World.ANN)))) {
                // She was erased.
                copy.forget(World.ANN);
            }
            assertEquals(
                    "",
                    World.difference(world.held(), copy.lines()),
                    () -> course.order().toString());
        }
    }
}
