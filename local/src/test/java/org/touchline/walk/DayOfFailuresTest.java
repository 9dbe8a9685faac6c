package org.touchline.walk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.embedded.DynamoDbBetween;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.LocalClients;
import org.touchline.embedded.StandardOutput;
import org.touchline.embedded.Template;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.local.LocalRun;
import org.touchline.local.Settings;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberIdentifier;
import org.touchline.quarantine.Source;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * A day of failures: a whole local run under load, while everything that can fail does, at random. Then nothing fails any more, and within
 * five minutes all is as it has to be: what is held and what is owed, who is subscribed to, the history, the feed and the bus, the
 * quarantine, and the alarms.
 *
 * <p>{@code -Dtouchline.day.seconds} says for how long it fails, and that it is another day each time; {@code -Dtouchline.day.seed} says
 * which: the threads of a run make each course of events another, so that a seed brings the same troubles and wishes, not the same order.
 */
@Tag("long")
class DayOfFailuresTest {
    private static final String SECONDS = "touchline.day.seconds";
    private static final Duration TIME_TO_RECOVER = Duration.ofMinutes(5);
    private static final Duration BETWEEN_TROUBLES = Duration.ofMillis(400);
    private static final String STACK = "touchline";

    /**
     * A look a quarter of an hour after an unsubscription, those at a former id, again and again (design rule 5), and the one at who was
     * told of in doubt, four hours later (rule 25).
     */
    private static final Set<String> LATE_LOOKS = Set.of("late-look#", "late-holders#", "refresh#");

    /** No first one waits as long. */
    private static final Duration LATE_LOOKS_WAIT = Duration.ofHours(5);

    private static final Set<String> OF_THE_LEARNING_CENTER =
            Set.of(Source.RECONCILIATION_ROW.route(), Source.FULL_ANSWER_ROW.route(), Source.CATALOG_SYNC.route());

    private final long seed = Long.getLong(
            "touchline.day.seed", System.getProperty(SECONDS) == null ? 14 : new Random().nextInt(1_000_000));
    private final Random random = new Random(seed);
    private final Path log = EmbeddedStack.projectRoot().resolve("local/target/day-of-failures.log");
    private final Template template =
            Template.read(EmbeddedStack.projectRoot().resolve("template.yaml"), STACK, Map.of());
    private final PrintStream terminal = System.out;
    private final Listener onTheBus = new Listener();

    /** The last event of the bus that was heard. */
    private long heard;

    private long missedOnTheBus;
    private final ScheduledExecutorService ears = Executors.newSingleThreadScheduledExecutor();

    private LocalRun.Endpoints run;
    private Day day;
    private DynamoDbClient dynamoDb;

    @Test
    void whenNothingFailsAnyMoreAllIsAsItHasToBe() throws Exception {
        var seconds = Integer.getInteger(SECONDS, 15);
        terminal.printf(
                Locale.ROOT,
                "the day of failures: -Dtouchline.day.seconds=%d -Dtouchline.day.seed=%d%n",
                seconds,
                seed);
        Files.createDirectories(log.getParent());
        Files.deleteIfExists(log);
        try (var out = new PrintStream(
                        Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                        true,
                        StandardCharsets.UTF_8);
                var printed = StandardOutput.captured();
                var client = HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
                var learningCenter = LearningCenterSimulator.start()) {
            var troubles = new Troubles(learningCenter, client, new Random(random.nextLong()));
            var betweens = new HashMap<URI, DynamoDbBetween>();
            try (var local = LocalRun.start(settings(learningCenter), uri -> between(uri, troubles, betweens), out)) {
                run = local.endpoints();
                learningCenter.webhooksTo(run.api(), "local-webhook-key");
                troubles.ofTheBus(run.events());
                try (var someDay = new Day(run, learningCenter, client, random);
                        var tables = LocalClients.at(run.dynamoDb(), DynamoDbClient.builder())) {
                    day = someDay;
                    dynamoDb = tables;
                    var _ = ears.scheduleWithFixedDelay(this::hearIfSaid, 0, 100, TimeUnit.MILLISECONDS);
                    fail(troubles, Duration.ofSeconds(seconds));
                    recover(learningCenter);
                    quarantineHoldsOnlyWhatNobodyCanRead();
                    noAlarmIsOn(printed);
                }
            } finally {
                ears.shutdownNow();
                betweens.values().forEach(DynamoDbBetween::close);
            }
        }
        var lost = Files.readAllLines(log).stream()
                .filter(line -> line.matches("\\[Change(History|Publisher)Function] gave up .*"))
                .toList();
        assertEquals(List.of(), lost, "what the streams say is told");
    }

    private static Settings settings(LearningCenterSimulator learningCenter) {
        return Settings.onFreePorts(
                EmbeddedStack.projectRoot(),
                Map.of(
                        "LEARNING_CENTER_BASE_URL", learningCenter.baseUrl().toString(),
                        "LEARNING_CENTER_USERNAME", "local-username",
                        "LEARNING_CENTER_PASSWORD", "local-password"));
    }

    private static URI between(URI dynamoDb, Troubles troubles, Map<URI, DynamoDbBetween> betweens) {
        try {
            var between = DynamoDbBetween.disturbing(dynamoDb, troubles::fate);
            betweens.put(dynamoDb, between);
            return between.endpoint();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void fail(Troubles troubles, Duration time) throws Exception {
        var end = Instant.now().plus(time);
        var happening = troubles.happenEvery(BETWEEN_TROUBLES);
        while (Instant.now().isBefore(end)) {
            day.next();
        }
        happening.close();
        troubles.end();
        day.quieten();
        terminal.println("the day of failures: " + day.happened() + " things have happened");
    }

    /** A webhook of the last second may be younger than an answer that was asked for before it: so more than once. */
    private void recover(LearningCenterSimulator learningCenter) throws Exception {
        var end = Instant.now().plus(TIME_TO_RECOVER);
        String wrong;
        leasesOfTheDeadEnd();
        day.forgetAgain();
        do {
            day.settle();
            if (owed().allMatch(DayOfFailuresTest::isLateLook)) {
                lateLooksAreDue();
                assertTrue(day.invoke("FollowUpFunction", "{}"), "what is due");
                assertTrue(day.invoke("FollowUpFunction", "{\"all\":true}"), "what that asked for");
            }
            wrong = wrong(learningCenter);
            if (!wrong.isEmpty()) {
                Files.writeString(
                        log, "still wrong at " + Instant.now() + ":\n" + wrong + "\n", StandardOpenOption.APPEND);
            }
        } while (!wrong.isEmpty() && Instant.now().isBefore(end));
        if (!wrong.isEmpty()) {
            for (var table : template.tables()) {
                Files.write(log, all(table.logicalId()).map(Object::toString).toList(), StandardOpenOption.APPEND);
            }
        }
        assertEquals(
                "",
                wrong,
                () -> "-Dtouchline.day.seed=" + seed + ", and what was logged and what the tables hold is in " + log);
    }

    /** As if the minutes were over: nobody is at work on an audit, a reconciliation, a share of the refresh, or notices. */
    private void leasesOfTheDeadEnd() {
        all("LicenseStoreTable")
                .filter(item -> item.containsKey("leaseUntil"))
                .forEach(item -> dynamoDb.updateItem(request -> request.tableName(table("LicenseStoreTable"))
                        .key(Map.of("pk", item.get("pk"), "sk", item.get("sk")))
                        .updateExpression("SET leaseUntil = :now")
                        .expressionAttributeValues(Map.of(":now", number(Instant.now())))));
    }

    private static AttributeValue number(Instant instant) {
        return AttributeValue.fromN(Long.toString(instant.toEpochMilli()));
    }

    /**
     * As if the time were over before which they are in vain, since who was at work is no longer. Who died between a write and their look
     * left something to them.
     */
    private void lateLooksAreDue() {
        var soon = Instant.now().plus(LATE_LOOKS_WAIT);
        owed().filter(item -> isLateLook(item) && dueAt(item).isBefore(soon)).forEach(this::isDue);
    }

    private Stream<Map<String, AttributeValue>> owed() {
        return all("FollowUpTable").filter(item -> !item.get("id").s().equals("lease"));
    }

    private void isDue(Map<String, AttributeValue> followUp) {
        try {
            dynamoDb.updateItem(request -> request.tableName(table("FollowUpTable"))
                    .key(Map.of("id", followUp.get("id")))
                    .updateExpression("SET dueAt = :now")
                    .conditionExpression("version = :version")
                    .expressionAttributeValues(
                            Map.of(":now", number(Instant.now()), ":version", followUp.get("version"))));
        } catch (ConditionalCheckFailedException e) {
            // Somebody is at work on it.
        }
    }

    private static boolean isLateLook(Map<String, AttributeValue> followUp) {
        return LATE_LOOKS.stream().anyMatch(followUp.get("id").s()::startsWith);
    }

    private static Instant dueAt(Map<String, AttributeValue> followUp) {
        return Instant.ofEpochMilli(Long.parseLong(followUp.get("dueAt").n()));
    }

    private String wrong(LearningCenterSimulator learningCenter) throws Exception {
        var wrong = World.difference(day.expected(), held(learningCenter));
        if (!wrong.isEmpty()) {
            return wrong;
        }
        var told = new Listener();
        feed().forEach(told::hear);
        var erased = day.people().stream()
                .filter(Day.Somebody::isErased)
                .flatMap(somebody -> somebody.ids().stream())
                .collect(Collectors.toSet());
        return Stream.of(
                        "who reads the feed:\n" + World.difference(stored(), withoutThose(told.licenses(), erased)),
                        "who listens to the bus:\n"
                                + World.difference(stored(), withoutThose(licensesOfTheBus(), erased)))
                .filter(difference -> !difference.endsWith("\n"))
                .collect(Collectors.joining("\n"));
    }

    /** What the tables hold, in the words of {@link Day#expected()}; and what they hold that nobody should. */
    private TreeSet<String> held(LearningCenterSimulator learningCenter) {
        var lines = new TreeSet<String>();
        var licenses = new LicenseStore(dynamoDb, table("LicenseStoreTable"));
        var members = new MemberDirectory(dynamoDb, table("MemberDirectoryTable"));
        for (var somebody : day.people()) {
            members.find(new MemberIdentifier(somebody.memberIdentifier()))
                    .ifPresent(member -> lines.add(somebody.memberIdentifier() + " is "
                            + member.enrollment().status().wireName() + ", "
                            + member.enrollment().heldUssfId()));
            var present = somebody.present();
            somebody.ids().stream()
                    .filter(learningCenter::isSubscribed)
                    .forEach(id -> lines.add("the Learning Center tells of " + id));
            if (!somebody.isMember()) {
                continue;
            }
            for (var id : somebody.ids()) {
                licenses.person(new UssfId(id)).ifPresent(person -> {
                    person.licenses().stream()
                            .filter(license -> !license.removed())
                            .forEach(license -> lines.add(id + " holds " + license.licenseId() + " " + license.issuer()
                                    + " " + license.issueDate() + " " + license.expirationDate() + " "
                                    + license.updatedAt()));
                    if (id.equals(present)) {
                        lines.add(id + " has " + person.profile().refereeExperience() + " years");
                    }
                });
            }
        }
        owed().filter(item -> !isLateLook(item))
                .forEach(item -> lines.add("owed " + item.get("id").s()));
        day.people().stream().filter(Day.Somebody::isErased).forEach(somebody -> ofTheErased(somebody, lines));
        return lines;
    }

    private void ofTheErased(Day.Somebody somebody, Set<String> lines) {
        var names = Stream.concat(somebody.ids().stream(), Stream.of("=" + somebody.memberIdentifier() + ")"))
                .toList();
        for (var table : template.tables()) {
            all(table.logicalId())
                    .map(Object::toString)
                    .filter(item -> names.stream().anyMatch(item::contains))
                    .forEach(item -> lines.add(table.logicalId() + " has " + item));
        }
    }

    private List<String> stored() {
        var licenses = new LicenseStore(dynamoDb, table("LicenseStoreTable"));
        return day.people().stream()
                .filter(somebody -> !somebody.isErased())
                .flatMap(somebody -> somebody.ids().stream())
                .flatMap(id -> licenses.person(new UssfId(id)).stream())
                .flatMap(person -> person.licenses().stream()
                        .filter(license -> !license.removed())
                        .map(license -> LicenseCopy.line(person.ussfId().value(), license)))
                .sorted()
                .toList();
    }

    private static List<String> withoutThose(List<String> lines, Set<String> ids) {
        return lines.stream()
                .filter(line -> ids.stream().noneMatch(line::startsWith))
                .toList();
    }

    /** As the bus told of them until now. */
    private synchronized List<String> licensesOfTheBus() throws IOException, InterruptedException {
        hear();
        assertEquals(0, missedOnTheBus, "events that the bus kept no longer when they were asked for");
        return onTheBus.licenses();
    }

    /** Also while others are waited for: the bus keeps a thousand events. */
    private void hearIfSaid() {
        try {
            hear();
        } catch (IOException unanswered) {
            // It is asked again.
        } catch (InterruptedException ends) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void hear() throws IOException, InterruptedException {
        JsonNode events;
        do {
            events = day.get(run.events().resolve("/events?after=" + heard)).path("events");
            for (var event : events) {
                var number = event.path("number").asLong();
                missedOnTheBus += number - heard - 1;
                heard = number;
                onTheBus.hear(event.path("detail"));
            }
        } while (!events.isEmpty());
    }

    /** All that the feed has, page by page. */
    private List<JsonNode> feed() throws Exception {
        var changes = new ArrayList<JsonNode>();
        var page = day.get(run.api().resolve("/changes?limit=500"));
        while (!page.path("changes").isEmpty()) {
            page.path("changes").forEach(changes::add);
            page = day.get(run.api()
                    .resolve("/changes?limit=500&after=" + page.path("next").asText()));
        }
        return changes;
    }

    /** Each payload that was sent and is nobody's, and rows that came damaged; once looked at, they are given up, list by list. */
    private void quarantineHoldsOnlyWhatNobodyCanRead() throws Exception {
        day.result("QuarantineReplayFunction", "{}");
        for (var entries = quarantined(); !entries.isEmpty(); entries = quarantined()) {
            for (var entry : entries) {
                var id = entry.path("id").asText();
                var shown = day.result("QuarantineReplayFunction", "{\"id\":\"" + id + "\",\"show\":true}")
                        .at("/entries/0");
                assertTrue(
                        OF_THE_LEARNING_CENTER.contains(shown.path("route").asText())
                                || day.unreadable()
                                        .contains(shown.path("payload").asText()),
                        () -> "in quarantine is " + shown);
                assertTrue(day.invoke("QuarantineReplayFunction", "{\"id\":\"" + id + "\",\"discard\":true}"));
            }
        }
    }

    private JsonNode quarantined() throws Exception {
        return day.result("QuarantineReplayFunction", "{\"list\":true}").path("entries");
    }

    /** As everything that is scheduled runs once more. */
    private void noAlarmIsOn(StandardOutput printed) throws Exception {
        var before = printed.metrics().size();
        for (var function : List.of(
                "FollowUpFunction",
                "UserLicenseReconciliationFunction",
                "LicenseCatalogSyncFunction",
                "SubscriptionAuditFunction",
                "PersonRefreshFunction",
                "LicenseExpiryFunction")) {
            assertTrue(day.invoke(function, "{}"), function);
        }
        var metrics = printed.metrics();
        assertEquals(Set.of(), AlarmsOn.after(template, metrics.subList(before, metrics.size())));
    }

    private String table(String logicalId) {
        return template.table(logicalId).name();
    }

    private Stream<Map<String, AttributeValue>> all(String logicalId) {
        return dynamoDb
                .scanPaginator(request -> request.tableName(table(logicalId)).consistentRead(true))
                .items()
                .stream();
    }
}
