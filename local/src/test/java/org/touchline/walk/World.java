package org.touchline.walk;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.touchline.Json;
import org.touchline.JsonObject;
import org.touchline.JsonValue;
import org.touchline.Sha256;
import org.touchline.change.ChangeType;
import org.touchline.change.Entry;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.ManyItems;
import org.touchline.embedded.PutEvent;
import org.touchline.embedded.TableStream;
import org.touchline.embedded.Template;
import org.touchline.embedded.learningcenter.GrassrootsCertificate;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.embedded.learningcenter.Person;
import org.touchline.enrollment.MemberIntake;
import org.touchline.followup.FollowUp;
import org.touchline.lambda.FollowUpWiring;
import org.touchline.lambda.Wiring;
import org.touchline.learningcenter.wire.LearningCenterJson;
import org.touchline.license.License;
import org.touchline.license.UssfId;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.person.PersonMove;
import org.touchline.quarantine.Source;
import org.touchline.time.Deadline;
import org.touchline.time.Pacing;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * A stack with a few people in it, and a Learning Center that knows them, which can be made as new between two runs; its functions, each
 * behind a {@link Gate}; and a picture of what is held in the end.
 */
final class World implements AutoCloseable {
    static final Instant BEGINNING = Instant.parse("2026-03-01T12:00:00Z");

    /** Enrolled; has licenses, and a subscription. */
    static final String ANN = id(1);

    /** Moved: the former id, and the one that the person has now. */
    static final String BEN_BEFORE = id(2);

    static final String BEN = id(3);

    /** Somebody whose member is put in and waits to be enrolled. */
    static final String CAL = id(4);

    /** Somebody in the Learning Center of whom nothing is held. */
    static final String DAN = id(5);

    /** Nobody yet: somebody's next id. */
    static final String NEXT = id(6);

    static final String LAST = id(7);

    private static final List<String> PEOPLE = List.of(ANN, BEN_BEFORE, BEN, CAL, DAN, NEXT, LAST);

    private static final Duration LONGER_THAN_ANY_LEASE = Duration.ofMinutes(16);
    private static final Duration FORGOTTEN_WITHIN = Duration.ofMinutes(1);
    private static final String ANOTHER = "another";

    /** By it DynamoDB deletes (the template's {@code TimeToLiveSpecification}). */
    private static final String EXPIRES_AT = "expiresAt";

    private static final List<String> STORES = List.of(
            "LicenseStoreTable", "MemberDirectoryTable", "FollowUpTable", "QuarantineTable", "ChangeHistoryTable");

    final WorldClock clock = new WorldClock();
    LearningCenterSimulator simulator;
    private final PrintStream out = System.out;
    private final EmbeddedStack stack = EmbeddedStack.create();
    private final List<TableStream> streams =
            List.of(new TableStream(stack, "LicenseStoreTable"), new TableStream(stack, "MemberDirectoryTable"));
    private final HttpClient http = HttpClient.newHttpClient();
    private final LearningCenterGate learningCenter;
    private final Map<String, List<Map<String, AttributeValue>>> items = new HashMap<>();

    World() throws IOException {
        // The metrics, thousands of them.
        System.setOut(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));
        learningCenter = new LearningCenterGate();
        stack.putSecret("WebhookKeysSecret", "{\"current\":\"local-webhook-key\"}");
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        stack.putSecret("AccessTokenSecret", "{\"current\":\"local-access-token\"}");
        var digest = HexFormat.of().formatHex(Sha256.digest("local-client-secret".getBytes(StandardCharsets.UTF_8)));
        stack.putSecret(
                "OAuthClientsSecret",
                "{\"clients\":[{\"clientId\":\"local-client\",\"secretSha256\":[\"" + digest + "\"]}]}");
        simulator = newSimulator();
        people();
        keep();
    }

    private LearningCenterSimulator newSimulator() {
        var made = LearningCenterSimulator.builder().clock(clock).pageSize(2).start();
        List.of(ANN, BEN_BEFORE, CAL, DAN).forEach(id -> add(made, id));
        made.changeSilently().ussfId(BEN_BEFORE, BEN);
        learningCenter.to(made.baseUrl());
        return made;
    }

    private static void add(LearningCenterSimulator simulator, String id) {
        simulator.addPerson(new Person(id, "First", "Last", id + "@example.org", LocalDate.of(1990, 1, 1))
                .withRefereeExperience(4)
                .withGrassrootsRefereeCertificate(GrassrootsCertificate.NONE));
        simulator.changeSilently().license(id, "referee_8");
        simulator.changeSilently().license(id, "coach_15");
    }

    /** Somebody more in the Learning Center. */
    void add(String ussfId) {
        add(simulator, ussfId);
    }

    /** As it comes about: members are put in, follow-ups enroll them, one is moved. */
    private void people() {
        var wiring = wiring("FollowUpFunction", gate(null));
        var later = new Deadline(clock.instant().plus(Duration.ofHours(1)));
        for (var id : List.of(ANN, BEN)) {
            new MemberIntake(wiring.members(), wiring.followUps()).put(member(id));
        }
        new FollowUpWiring(wiring).runner(_ -> {}).all(later);
        new PersonMove(wiring.licenses(), wiring.profiles(), wiring.members(), wiring.followUps())
                .recordAndMove(new UssfId(BEN_BEFORE), new UssfId(BEN));
        new FollowUpWiring(wiring).runner(_ -> {}).sweep(later);
        new MemberIntake(wiring.members(), wiring.followUps()).put(member(CAL));
    }

    static String memberIdentifier(String ussfId) {
        return "MEMBER-" + ussfId.substring(12);
    }

    /** Of one nobody has told the USSF-ID: it is looked up by the e-mail. */
    static String memberJson(String ussfId) {
        return ussfId.equals(CAL)
                ? memberJsonWithoutId(ussfId)
                : memberJsonWithoutId(ussfId).replaceFirst("}$", ",\"ussfId\":\"" + ussfId + "\"}");
    }

    static String memberJsonWithoutId(String ussfId) {
        return "{\"firstName\":\"First\",\"lastName\":\"Last\",\"email\":\"" + ussfId
                + "@example.org\",\"dateOfBirth\":\"1990-01-01\"}";
    }

    private static org.touchline.member.Member member(String ussfId) {
        return MemberJson.read(
                new MemberIdentifier(memberIdentifier(ussfId)),
                (JsonObject) json(memberJson(ussfId)),
                LocalDate.of(2026, 3, 1));
    }

    private static JsonValue json(String text) {
        try {
            return Json.read(text);
        } catch (IOException mistake) {
            throw new UncheckedIOException(mistake);
        }
    }

    private void keep() {
        for (var store : STORES) {
            items.put(store, all(store));
        }
    }

    /** Makes everything as it was at the beginning. */
    void begin() {
        simulator.close();
        overtakenLeases = 0;
        alreadyPut = stack.events().events().stream()
                .mapToLong(PutEvent::number)
                .max()
                .orElse(0);
        clock.set(BEGINNING);
        simulator = newSimulator();
        clock.set(start());
        stack.template().tables().stream().map(Template.Table::logicalId).forEach(this::restore);
        try {
            var login = send("/login", "", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
            var token =
                    "Bearer " + FunctionHarness.json(login).path("access_token").asText();
            for (var subscribed : List.of(ANN, BEN)) {
                send("/users/" + subscribed + "/subscriptions", token, "");
            }
        } catch (InterruptedException | IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private static Instant start() {
        return BEGINNING.plus(Duration.ofHours(1));
    }

    /** As if the leases had ended that somebody has: what two executions do then is what two threads of one may do at any time. */
    void endLeases() {
        leases().forEach(lease -> lease.become(null));
    }

    private String send(String path, String authorization, String body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(simulator.baseUrl() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private void restore(String store) {
        var table = stack.template().table(store);
        var keys = keysOf(table);
        var wanted = items.getOrDefault(store, List.of());
        var writes = new ArrayList<WriteRequest>();
        var wantedKeys = wanted.stream().map(item -> key(item, keys)).toList();
        for (var item : all(store)) {
            if (!wantedKeys.contains(key(item, keys))) {
                writes.add(WriteRequest.builder()
                        .deleteRequest(
                                DeleteRequest.builder().key(key(item, keys)).build())
                        .build());
            }
        }
        wanted.forEach(item -> writes.add(WriteRequest.builder()
                .putRequest(PutRequest.builder().item(item).build())
                .build()));
        ManyItems.write(direct(), table.name(), writes);
    }

    private static Map<String, AttributeValue> key(Map<String, AttributeValue> item, List<String> keys) {
        var key = new HashMap<>(item);
        key.keySet().retainAll(keys);
        return key;
    }

    private List<Map<String, AttributeValue>> all(String store) {
        return direct()
                .scanPaginator(request -> request.tableName(stack.table(store)).consistentRead(true))
                .items()
                .stream()
                .toList();
    }

    private DynamoDbClient direct() {
        return stack.dynamoDb();
    }

    Template template() {
        return stack.template();
    }

    /** A gate at which one request goes wrong; null for none. */
    Gate gate(Gate.@Nullable Disturbance disturbance) {
        return gate(disturbance, Gate.Passage.FREE);
    }

    Gate gate(Gate.@Nullable Disturbance disturbance, Gate.Passage passage) {
        return new Gate(direct(), disturbance, passage, this::overtake);
    }

    private Wiring wiring(String function, Gate gate) {
        var environment = new HashMap<>(stack.environment(function));
        environment.computeIfPresent(
                "LEARNING_CENTER_BASE_URL",
                (_, _) -> learningCenter.through(gate).toString());
        return new Wiring(environment, new Pacing(clock, clock::pass, new Random(1)), 1, List.of(gate));
    }

    /** A new instance of a function, all of whose requests pass the gate. */
    FunctionHarness function(String function, Gate gate) {
        try {
            var made = Class.forName(
                            stack.template().function(function).handler().replaceFirst("::.*", ""))
                    .getDeclaredConstructor(Wiring.class);
            made.setAccessible(true);
            return new FunctionHarness(
                    (RequestStreamHandler) made.newInstance(wiring(function, gate)), Duration.ofMinutes(5));
        } catch (ReflectiveOperationException noSuchFunction) {
            throw new IllegalStateException(
                    function + "'s handler is made of a Wiring by a constructor of its own", noSuchFunction);
        }
    }

    /** So much time passes that all leases end, and another takes them. */
    private void overtake() {
        clock.pass(LONGER_THAN_ANY_LEASE);
        leases().forEach(lease -> lease.become(ANOTHER));
    }

    /** Whether whoever was overtaken has left the leases of the other alone (rule 10, rule 13). That one is done then. */
    boolean leasesAreLeftAlone(boolean overtaken) {
        if (!overtaken) {
            return true;
        }
        var held = leases();
        var left = held.stream().allMatch(lease -> lease.owner().equals(ANOTHER));
        held.forEach(lease -> lease.become(null));
        return left && held.size() == overtakenLeases;
    }

    private int overtakenLeases;

    /** Events of the runs before. */
    private long alreadyPut;

    private record LeaseRow(World world, String table, Map<String, AttributeValue> key, String owner) {
        void become(@Nullable String next) {
            if (next != null) {
                world.overtakenLeases++;
            }
            world.direct().updateItem(request -> {
                request.tableName(table).key(key);
                if (next == null) {
                    request.updateExpression("REMOVE leaseOwner, leaseUntil");
                } else {
                    var until = Long.toString(
                            world.clock.instant().plus(Duration.ofDays(1)).toEpochMilli());
                    request.updateExpression("SET leaseOwner = :owner, leaseUntil = :until")
                            .expressionAttributeValues(Map.of(
                                    ":owner", AttributeValue.fromS(next),
                                    ":until", AttributeValue.fromN(until)));
                }
            });
        }
    }

    private List<LeaseRow> leases() {
        return Stream.of("LicenseStoreTable", "FollowUpTable", "TokenCacheTable")
                .flatMap(store -> all(store).stream()
                        .filter(item -> item.containsKey("leaseOwner"))
                        .map(item -> new LeaseRow(
                                this,
                                stack.table(store),
                                key(item, keysOf(stack.template().table(store))),
                                item.get("leaseOwner").s())))
                .toList();
    }

    private static List<String> keysOf(Template.Table table) {
        return table.createRequest().keySchema().stream()
                .map(KeySchemaElement::attributeName)
                .toList();
    }

    /** The id that a person has now. */
    String present(String ussfId) {
        return wiring("FollowUpFunction", gate(null))
                .profiles()
                .present(new UssfId(ussfId))
                .value();
    }

    /** The licenses that are under an id. */
    List<License> licensesOf(String ussfId) {
        return wiring("FollowUpFunction", gate(null)).licenses().person(new UssfId(ussfId)).stream()
                .flatMap(person -> person.licenses().stream())
                .toList();
    }

    /** What the tables' streams have to say since this was asked last, as of now. */
    List<ObjectNode> changes() {
        var changes = new ArrayList<ObjectNode>();
        for (var stream : streams) {
            stream.next().forEach(change -> {
                change.withObject("dynamodb")
                        .put("ApproximateCreationDateTime", clock.instant().getEpochSecond());
                changes.add(change);
            });
        }
        return changes;
    }

    /** The event with which Lambda hands them over. */
    String streamEvent() {
        var event = new ObjectMapper().createObjectNode();
        event.putArray("Records").addAll(changes());
        return event.toString();
    }

    /** What happened until now is told to nobody; a copy of what is held. */
    LicenseCopy beginCopy() {
        changes();
        var copy = new LicenseCopy();
        PEOPLE.forEach(id -> licensesOf(id).forEach(license -> copy.begin(id, license)));
        return copy;
    }

    /** What is held, in the words of {@link LicenseCopy}. */
    List<String> held() {
        return PEOPLE.stream()
                .flatMap(id -> licensesOf(id).stream()
                        .filter(license -> !license.removed())
                        .map(license -> LicenseCopy.line(id, license)))
                .sorted()
                .toList();
    }

    /** All that the history tells, as events. */
    List<JsonNode> told() {
        return wiring("ChangeReplayFunction", gate(null)).history().feed().from(1, 500).entries().stream()
                .map(entry -> FunctionHarness.json(entry.event("touchline").toString()))
                .toList();
    }

    /** What went out on the bus since the beginning, as events. */
    List<JsonNode> published() {
        return stack.events().events().stream()
                .filter(event -> event.number() > alreadyPut)
                .<JsonNode>map(PutEvent::detail)
                .toList();
    }

    /** Has something owed, as if it had been asked for long ago. */
    void owe(FollowUp work) {
        wiring("FollowUpFunction", gate(null)).followUps().ask(work);
    }

    /** Licenses that are under an id that has moved: none, as long as nobody dies (design rule 5). */
    List<String> leftBehind() {
        var wiring = wiring("FollowUpFunction", gate(null));
        return PEOPLE.stream()
                .flatMap(id -> wiring.licenses().person(new UssfId(id)).stream())
                .filter(person -> person.profile().movedTo() != null)
                .flatMap(person -> person.licenses().stream()
                        .map(license -> "  + " + license.licenseId() + " is left under " + person.ussfId()))
                .toList();
    }

    /**
     * Members who are enrolled, and of whom nobody is told though nothing is owed about that: none, as long as nobody dies, or is at it
     * for minutes.
     */
    List<String> forgotten() {
        var followUps = wiring("FollowUpFunction", gate(null)).followUps();
        if (followUps.countOutstanding(1) > 0 || clock.instant().isAfter(start().plus(FORGOTTEN_WITHIN))) {
            return List.of();
        }
        return all("MemberDirectoryTable").stream()
                .filter(item -> item.get("enrollmentStatus").s().equals("enrolled"))
                .filter(item -> !simulator.isSubscribed(item.get("holdsUssfId").s()))
                .map(item -> "  + " + item.get("memberIdentifier").s() + " is enrolled, and nobody is told of them")
                .toList();
    }

    /** Keeps a webhook's payload as if it could not be read once. */
    void quarantine(String route, String payload) {
        wiring("FollowUpFunction", gate(null))
                .quarantine()
                .keep(
                        Source.of(route).orElseThrow(),
                        payload.getBytes(StandardCharsets.UTF_8),
                        "unread",
                        clock.instant());
    }

    /** Has something told of somebody, as the first entry of the history. */
    void keep(ChangeType type, String ussfId) {
        var entry = new Entry(
                Entry.id(ussfId, type), type, ussfId, clock.instant(), new JsonObject().put("ussfId", ussfId));
        wiring("ChangeReplayFunction", gate(null)).history().append(List.of(entry));
    }

    /** Has something stored, as its webhook said it. */
    void store(String license) {
        wiring("FollowUpFunction", gate(null))
                .licenses()
                .apply(LearningCenterJson.licenseChange(json(license), clock.instant()));
    }

    /**
     * Lets pass the time of all that is only for a time.
     *
     * @param deleted whether DynamoDB has deleted it by then
     * @return whether there was any
     */
    boolean outlive(boolean deleted) {
        var any = false;
        for (var table : stack.template().tables()) {
            var keys = keysOf(table);
            for (var item : all(table.logicalId())) {
                var until = item.get(EXPIRES_AT);
                if (until == null) {
                    continue;
                }
                any = true;
                var over = Instant.ofEpochSecond(Long.parseLong(until.n())).plus(Duration.ofDays(1));
                if (over.isAfter(clock.instant())) {
                    clock.set(over);
                }
                if (deleted) {
                    direct().deleteItem(
                                    request -> request.tableName(table.name()).key(key(item, keys)));
                }
            }
        }
        return any;
    }

    /** Whether DynamoDB may delete it by now, and nobody is to heed it. */
    private boolean isOver(Map<String, AttributeValue> item) {
        var until = item.get(EXPIRES_AT);
        return until != null && Long.parseLong(until.n()) < clock.instant().getEpochSecond();
    }

    /** Lets the time come of all that is owed by now: leases end, and what is due is done. */
    void sweep() {
        var followUps = function("FollowUpFunction", gate(null));
        for (var wait :
                List.of(Duration.ofMinutes(16), Duration.ofMinutes(17), Duration.ofHours(7), Duration.ofHours(1))) {
            clock.pass(wait);
            followUps.invoke("{}");
        }
    }

    /** All that is held, but for when; what is owed; and whom the Learning Center tells of. A line for each. */
    TreeSet<String> picture() {
        var lines = new TreeSet<String>();
        STORES.forEach(
                store -> all(store).stream().flatMap(item -> line(store, item)).forEach(lines::add));
        PEOPLE.stream().filter(simulator::isSubscribed).forEach(id -> lines.add("the Learning Center tells of " + id));
        // At least once: how often makes no difference.
        published().stream()
                .map(event -> "published " + event.path("type").asText() + " of "
                        + event.path("subject").asText())
                .forEach(lines::add);
        return lines;
    }

    /** The same in the words of {@link PeopleModel}. */
    TreeSet<String> lines() {
        var lines = new TreeSet<String>();
        var wiring = wiring("FollowUpFunction", gate(null));
        for (var id : PEOPLE) {
            wiring.licenses().person(new UssfId(id)).ifPresent(person -> {
                person.licenses().stream()
                        .filter(license -> !license.removed())
                        .forEach(license -> lines.add(id + " holds " + license.licenseId()));
                var movedTo = person.profile().movedTo();
                if (movedTo != null) {
                    lines.add(id + " moved to " + movedTo);
                }
                if (id.equals(ANN) && movedTo == null) {
                    lines.add(id + " has " + person.profile().refereeExperience() + " years of experience");
                }
                if (person.profile().subscribedSince() != null) {
                    lines.add(id + " is subscribed");
                }
            });
            wiring.members()
                    .find(new MemberIdentifier(memberIdentifier(id)))
                    .ifPresent(member -> lines.add(memberIdentifier(id) + " is "
                            + member.enrollment().status().wireName() + ", "
                            + member.enrollment().heldUssfId()));
            if (simulator.isSubscribed(id)) {
                lines.add("the Learning Center tells of " + id);
            }
        }
        return lines;
    }

    private static final java.util.Set<String> WHEN = java.util.Set.of("subscribedSince", "absentSince", "shownSince");
    /** Whoever gives a notice again gives it later; of a change, the stream says when it was. */
    private static final java.util.Set<String> WHEN_NOTICED = java.util.Set.of("time", "latest");

    private static final java.util.Set<String> LEFT_OUT = java.util.Set.of(
            "refreshedAt",
            // Who comes first decides how it was learned.
            "learnedBy",
            "missed",
            "refereeExperienceBy",
            "certificateBy",
            "subscriptionMoved",
            "keptAt",
            "refreshTriedAt",
            "refereeExperienceAsOf",
            "certificateAsOf",
            "shown",
            "enrollmentCheckedAt",
            "version",
            "dueAt",
            "askedAt",
            "attempts",
            "unknownAnswers",
            "wakes",
            "leaseOwner",
            "leaseUntil",
            "receivedAt",
            "lastReceivedAt",
            "closedAt",
            "expiresAt",
            "queue",
            "id",
            "enrollmentDetail");

    private Stream<String> line(String store, Map<String, AttributeValue> item) {
        var named = new java.util.TreeMap<String, String>();
        item.forEach((name, value) -> {
            if (WHEN.contains(name) || isNotice(item) && WHEN_NOTICED.contains(name)) {
                named.put(name, "so");
            } else if (!LEFT_OUT.contains(name)) {
                named.put(name, value.toString().replaceAll("AttributeValue\\(|\\)$", ""));
            }
        });
        return switch (store) {
            case "LicenseStoreTable" ->
                item.get("pk").s().matches("person#.*|catalog") ? Stream.of("license store " + named) : Stream.empty();
            case "FollowUpTable" ->
                item.get("id").s().equals("lease")
                        ? Stream.empty()
                        : Stream.of("owed " + item.get("id").s());
            case "QuarantineTable" ->
                item.get("state").s().equals("closed") ? Stream.empty() : Stream.of("quarantine " + named);
            case "ChangeHistoryTable" ->
                item.get("pk").s().startsWith("entries#") && !isOver(item)
                        ? Stream.of("entry " + named)
                        : Stream.empty();
            default -> Stream.of("member " + named);
        };
    }

    private static boolean isNotice(Map<String, AttributeValue> item) {
        var type = item.get("type");
        return type != null && type.s() != null && type.s().matches("license[.]expir(ing|ed)");
    }

    /** What is in one picture and not in the other, a line for each; empty if they are the same. */
    static String difference(Collection<String> expected, Collection<String> end) {
        var missing = expected.stream().filter(line -> !end.contains(line)).map(line -> "  - " + line);
        var unexpected = end.stream().filter(line -> !expected.contains(line)).map(line -> "  + " + line);
        return Stream.concat(missing, unexpected).collect(Collectors.joining("\n"));
    }

    static String id(int number) {
        return "202000000000000" + number;
    }

    /** Tells whoever runs the test. */
    void tell(String line) {
        out.println(line);
    }

    @Override
    public void close() {
        streams.forEach(TableStream::close);
        System.setOut(out);
        simulator.close();
        learningCenter.close();
        http.close();
        stack.close();
    }
}
