package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.TableStream;
import org.touchline.lambda.Wiring;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.Member;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.time.Pacing;

/**
 * A system that only listens to the bus ends in the state of the store, and has been told of each end of a license exactly once for each
 * number of days (wire contract §9): through outages of the bus, repeats, moves, and days without a schedule. {@code
 * -Dtouchline.listener.seed} takes another course of events.
 */
@Tag("long")
class ListenerTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final LocalDate BEGINNING = LocalDate.of(2026, 2, 20);
    private static final List<Integer> NUMBERS = List.of(10, 3, 1);
    private static final int DAYS = 32;
    private static final int PEOPLE = 3;
    private static final int LICENSES = 4;

    private final PrintStream out = System.out;
    private final WorldClock clock = new WorldClock();
    private EmbeddedStack stack;
    private LicenseStore licenses;
    private MemberDirectory members;

    @BeforeEach
    void createStack() {
        // The metrics, hundreds of them.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        stack = EmbeddedStack.create(Map.of("ExpiryNoticeDays", "10,3,1"));
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        members = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"));
    }

    @AfterEach
    void deleteStack() {
        System.setOut(out);
        stack.close();
    }

    @Test
    @Tag("rule-28")
    @Tag("rule-29")
    void whoOnlyListensEndsInTheStoresState() {
        var seed = Long.getLong("touchline.listener.seed", 1);
        var random = new Random(seed);
        var listener = new Listener();
        var truth = new Truth();
        stack.events().tell(event -> listener.hear(event.detail()));
        var expiry = function("LicenseExpiryFunction");
        try (var streams = new Streams(random)) {
            for (var day = 0; day < DAYS; day++) {
                var today = BEGINNING.plusDays(day);
                clock.set(today.atTime(LocalTime.of(6, 0)).atZone(NEW_YORK).toInstant());
                // Some days have no schedule, and some have two.
                for (var run = random.nextInt(4); run < 3; run += 2) {
                    var result = FunctionHarness.json(expiry.invoke("{}"));
                    assertEquals(today.toString(), result.path("through").asText());
                    truth.morning(today);
                }
                streams.flow();
                for (var change = random.nextInt(3); change > 0; change--) {
                    clock.pass(Duration.ofMinutes(40));
                    happen(random, truth, today);
                    streams.flow();
                }
            }
            streams.flowToTheEnd();
        }
        assertTrue(truth.expected.size() > 10, "much is told");
        assertEquals(String.join("\n", new TreeSet<>(truth.expected)), String.join("\n", notices(listener, truth)));
        assertEquals(String.join("\n", stored(truth)), String.join("\n", listener.licenses()));
    }

    private void happen(Random random, Truth truth, LocalDate today) {
        var person = random.nextInt(PEOPLE);
        if (random.nextInt(8) == 0) {
            truth.move(person);
        } else if (random.nextInt(6) == 0) {
            truth.remove(person, random.nextInt(LICENSES));
        } else {
            truth.renew(person, random.nextInt(LICENSES), today.plusDays(random.nextInt(-2, 14)), today);
        }
    }

    /** What happens, and what is to be told of it, by the contract's words alone. */
    private final class Truth {
        private record License(int person, int number) {}

        private record Held(LocalDate lastDay, LocalDate knownSince) {}

        private final List<List<UssfId>> ids = new ArrayList<>();
        private final Map<License, Held> held = new HashMap<>();
        private final Set<String> expected = new HashSet<>();
        private @Nullable LocalDate lastRun;
        private int changes;

        Truth() {
            for (var person = 0; person < PEOPLE; person++) {
                ids.add(new ArrayList<>(List.of(ussfId(person, 0))));
                var member = new Member(
                        new MemberIdentifier("MEMBER-" + person),
                        "First",
                        "Last",
                        "somebody@example.org",
                        LocalDate.of(1990, 1, 1),
                        present(person),
                        true,
                        null,
                        Map.of());
                members.put(member, Owed.NOTHING);
            }
        }

        private static UssfId ussfId(int person, int move) {
            return new UssfId(Long.toString(2_020_000_000_000_000L + person * 1_000L + move));
        }

        UssfId present(int person) {
            return ids.get(person).getLast();
        }

        void renew(int person, int number, LocalDate lastDay, LocalDate today) {
            var license = new License(person, number);
            var before = held.get(license);
            if (before == null || !before.lastDay().equals(lastDay)) {
                held.put(license, new Held(lastDay, today));
            }
            // What the Learning Center still calls by the former id is told under that one.
            var id = ids.get(person).get(changes % ids.get(person).size());
            apply(id, number, LicenseState.ACTIVE, lastDay);
        }

        void remove(int person, int number) {
            held.remove(new License(person, number));
            apply(present(person), number, LicenseState.REMOVED, null);
        }

        private void apply(UssfId ussfId, int number, LicenseState state, @Nullable LocalDate lastDay) {
            var at = clock.instant().plusMillis(++changes);
            licenses.apply(new LicenseChange(ussfId, licenseId(number), state, null, null, lastDay, at));
        }

        void move(int person) {
            var former = present(person);
            var next = ussfId(person, ids.get(person).size());
            ids.get(person).add(next);
            licenses.markAndTakeAlong(former, next);
            members.moveUssfId(former, next);
        }

        /** A run: of what fell due since the last one, the nearest; the first one is for its day alone. */
        void morning(LocalDate today) {
            var after = lastRun == null || lastRun.equals(today) ? today.minusDays(1) : lastRun;
            held.forEach((license, state) -> {
                var what = license.person() + " " + licenseId(license.number()) + " " + state.lastDay() + " ";
                if (state.lastDay().isBefore(today)) {
                    expect(what + "ended", state.lastDay().plusDays(1), after, state.knownSince());
                    return;
                }
                NUMBERS.stream()
                        .sorted()
                        .filter(number -> !state.lastDay().minusDays(number).isAfter(today))
                        .findFirst()
                        .ifPresent(nearest ->
                                expect(what + nearest, state.lastDay().minusDays(nearest), after, state.knownSince()));
            });
            lastRun = today;
        }

        private void expect(String notice, LocalDate due, LocalDate after, LocalDate knownSince) {
            if (due.isAfter(after) && !due.isBefore(knownSince)) {
                expected.add(notice);
            }
        }

        int person(String ussfId) {
            return IntStream.range(0, PEOPLE)
                    .filter(person -> ids.get(person).contains(new UssfId(ussfId)))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static LicenseId licenseId(int number) {
        return new LicenseId("referee_" + number);
    }

    private static List<String> notices(Listener listener, Truth truth) {
        return listener.notices().stream()
                .map(event -> event.path("data"))
                .map(data -> truth.person(data.path("ussfId").asText()) + " "
                        + data.path("licenseId").asText() + " "
                        + data.path("expirationDate").asText() + " "
                        + (data.has("notice") ? data.path("notice").asText() : "ended"))
                .sorted()
                .toList();
    }

    private List<String> stored(Truth truth) {
        return truth.ids.stream()
                .flatMap(List::stream)
                .flatMap(id -> licenses.person(id).stream())
                .flatMap(person -> person.licenses().stream()
                        .filter(license -> !license.removed())
                        .map(license -> LicenseCopy.line(person.ussfId().value(), license)))
                .sorted()
                .toList();
    }

    /** Streams of the tables, handed to their functions as Lambda does, repeats included; and a bus that fails now and then. */
    private final class Streams implements AutoCloseable {
        private final Random random;
        private final TableStream licenseStore = new TableStream(stack, "LicenseStoreTable");
        private final TableStream memberDirectory = new TableStream(stack, "MemberDirectoryTable");
        private final TableStream history = new TableStream(stack, "ChangeHistoryTable");
        private final FunctionHarness keeper = function("ChangeHistoryFunction");
        private final FunctionHarness publisher = function("ChangePublisherFunction");
        private List<ObjectNode> waiting = new ArrayList<>();

        Streams(Random random) {
            this.random = random;
        }

        void flow() {
            keep(licenseStore);
            keep(memberDirectory);
            // Out, out in part, or well.
            switch (random.nextInt(4)) {
                case 0 -> stack.events().failWith(503);
                case 1 -> {
                    var refused = random.nextInt(2, 5);
                    var asked = new int[1];
                    stack.events().refuse(_ -> ++asked[0] % refused == 0);
                }
                default -> stack.events().restore();
            }
            publish();
        }

        void flowToTheEnd() {
            stack.events().restore();
            keep(licenseStore);
            keep(memberDirectory);
            publish();
            assertEquals(List.of(), waiting);
        }

        private void keep(TableStream stream) {
            var records = stream.next().stream()
                    .filter(record ->
                            record.at("/dynamodb/Keys/pk/S").asText("person#").startsWith("person#"))
                    .map(this::now)
                    .toList();
            for (var time = random.nextInt(5) == 0 ? 2 : 1; !records.isEmpty() && time > 0; time--) {
                assertEquals(0, invoke(keeper, records).size());
            }
        }

        /** DynamoDB Local tells the machine's time. */
        private ObjectNode now(ObjectNode record) {
            ((ObjectNode) record.path("dynamodb"))
                    .put("ApproximateCreationDateTime", clock.instant().getEpochSecond());
            return record;
        }

        private void publish() {
            history.next().stream()
                    .filter(record -> record.path("eventName").asText().equals("INSERT"))
                    .filter(record -> record.at("/dynamodb/Keys/pk/S").asText().startsWith("entries#"))
                    .map(this::now)
                    .forEach(waiting::add);
            if (waiting.isEmpty()) {
                return;
            }
            var failed = invoke(publisher, waiting).stream()
                    .map(failure -> failure.path("itemIdentifier").asText())
                    .toList();
            var places = waiting.stream()
                    .map(record -> record.at("/dynamodb/SequenceNumber").asText())
                    .toList();
            var first = failed.stream().mapToInt(places::indexOf).min();
            // Lambda goes on at the first that failed; and now and then it does not hear that all went well.
            var from = first.orElse(random.nextInt(6) == 0 ? 0 : waiting.size());
            waiting = new ArrayList<>(waiting.subList(from, waiting.size()));
            if (first.isEmpty() && !waiting.isEmpty()) {
                publish(waiting);
                waiting.clear();
            }
        }

        private void publish(List<ObjectNode> again) {
            var _ = invoke(publisher, again);
        }

        private List<JsonNode> invoke(FunctionHarness function, List<ObjectNode> records) {
            var event = JsonNodeFactory.instance.objectNode();
            event.putArray("Records").addAll(records);
            return FunctionHarness.json(function.invoke(event.toString()))
                    .path("batchItemFailures")
                    .valueStream()
                    .toList();
        }

        @Override
        public void close() {
            Stream.of(licenseStore, memberDirectory, history).forEach(TableStream::close);
        }
    }

    private FunctionHarness function(String function) {
        try {
            var made =
                    Class.forName(stack.template().function(function).handler()).getDeclaredConstructor(Wiring.class);
            made.setAccessible(true);
            var wiring = new Wiring(
                    stack.environment(function), new Pacing(clock, clock::pass, new Random(1)), 1, List.of());
            return new FunctionHarness((RequestStreamHandler) made.newInstance(wiring), Duration.ofMinutes(15));
        } catch (ReflectiveOperationException noSuchFunction) {
            throw new IllegalStateException(noSuchFunction);
        }
    }
}
