package org.touchline.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.JsonObject;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.embedded.learningcenter.LearningCenterSimulator;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Move;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.lambda.InvokedFunction.UnknownPayloadException;
import org.touchline.license.LicenseChange;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseState;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.MemberIdentifier;
import org.touchline.member.MemberJson;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.secret.UnusableSecretException;
import org.touchline.webhook.HeardWebhooks;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Wire contract §7 and the stream's events, against the simulator; design rule 10 is tested in {@code shared}. */
class FollowUpHandlerTest {
    /** The one of {@code events/follow-up.json}: six years a referee. */
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    private static final FollowUp WORK = new FetchRefereeExperience(VIDAR);
    private static final FollowUp OF_NOBODY = new Subscribe(new UssfId("0000000000000404"));
    private static final String SCHEDULED = FunctionHarness.sampleText("person-refresh");

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private EmbeddedStack stack;
    private LearningCenterSimulator simulator;
    private FunctionHarness function;

    @BeforeEach
    void createStack() {
        simulator = LearningCenterSimulator.start();
        stack = EmbeddedStack.create(
                Map.of("LearningCenterBaseUrl", simulator.baseUrl().toString()));
        stack.putSecret(
                "LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"local-password\"}");
        function =
                new FunctionHarness(writingTo(printed, stack.environment("FollowUpFunction")), Duration.ofMinutes(5));
    }

    @AfterEach
    void deleteStack() {
        simulator.close();
        stack.close();
    }

    @Test
    void streamEventHasWhatIsNewDone() {
        followUps(Instant.now()).ask(WORK);
        var serializer = LambdaEventSerializers.serializerFor(
                DynamodbEvent.class, getClass().getClassLoader());
        var event = new ByteArrayOutputStream();
        serializer.toJson(serializer.fromJson(FunctionHarness.sampleText("follow-up")), event);

        assertEquals("{\"done\":1,\"failed\":0}", invoke(event.toString(StandardCharsets.UTF_8)));

        assertEquals(6, experience());
    }

    @Test
    void streamEventOfWhatIsDoneAlreadyIsNothing() {
        assertEquals("{\"done\":0,\"failed\":0}", invoke(FunctionHarness.sampleText("follow-up")));
    }

    @Test
    void sweepDoesWhatIsDue() {
        followUps(Instant.now()).ask(WORK);
        followUps(Instant.now()).askLater(OF_NOBODY, Duration.ofHours(1));

        assertEquals("{\"done\":1,\"failed\":0,\"outstanding\":1}", invoke(SCHEDULED));
        assertEquals("{\"done\":0,\"failed\":0,\"outstanding\":1}", invoke("{}"));
    }

    @Test
    void everythingOutstandingIsDoneOnDemand() {
        followUps(Instant.now()).askLater(WORK, Duration.ofHours(1));

        assertEquals("{\"done\":1,\"failed\":0,\"outstanding\":0}", invoke("{\"all\":true}"));
        assertEquals(6, experience());
    }

    /** Rule 10: for the person who looks into it. */
    @Test
    void whatFailsIsALineInTheLog() {
        followUps(Instant.now()).ask(WORK);
        simulator.addFault(Fault.answer(400).on("GET", "/users"));

        assertEquals("{\"done\":0,\"failed\":1,\"outstanding\":1}", invoke("{}"));

        var start = "follow-up referee-experience#2020000004136762 failed, attempt 1:"
                + " GET /users/{ussf_id}/referee-experience was refused with 400; it is tried again from ";
        assertTrue(function.logged().startsWith(start), function.logged());
    }

    @Test
    void sweepTellsHowManyAreOutstandingHowManyOfThemFailAndHowOldTheOldestIs() {
        followUps(Instant.now().minus(Duration.ofHours(2))).askLater(WORK, Duration.ofHours(3));

        invoke("{}");

        var metrics = metrics();
        assertEquals(1, metrics.get("FollowUpsOutstanding"));
        assertFalse(metrics.containsKey("FollowUpsFailing"));
        assertEquals(7_200, metrics.get("OldestFollowUpAge"), 60);
    }

    @Test
    @Tag("rule-27")
    void withNothingOutstandingTheOldestHasNoAge() {
        invoke("{}");

        assertEquals(Map.of("FollowUpsOutstanding", 0, "OldestFollowUpAge", 0), metrics());
    }

    /** Rule 27: how old each backlog is, and how long ago everything else that runs by itself completed. */
    @Test
    @Tag("rule-27")
    void sweepTellsHowOldEachBacklogIsAndHowLongAgoEachScheduleCompleted() {
        var hours = new int[] {1};
        InstantSource ago = () -> Instant.now().minus(Duration.ofHours(hours[0]));
        var store = stack.table("LicenseStoreTable");
        new HeardWebhooks(stack.dynamoDb(), store, ago).heard("/webhooks/user-update");
        hours[0] = 2;
        var quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        quarantine.keep(Source.USER_WEBHOOK, new byte[] {'?'}, "not JSON", ago.instant());
        quarantine.keep(Source.USER_WEBHOOK, new byte[] {'!'}, "not JSON", Instant.now());
        var schedules = new ScheduleNotes(stack.dynamoDb(), store, ago);
        for (var schedule : Scheduled.values()) {
            hours[0]++;
            schedules.noting(schedule, _ -> HowFar.TO_THE_END, () -> "done");
        }
        hours[0] = 10;
        schedules.oldestRefresh(ago.instant());
        hours[0] = 11;
        followUps(ago.instant()).ask(OF_NOBODY);
        stack.dynamoDb()
                .putItem(request -> request.tableName(store)
                        .item(Map.of(
                                "pk", AttributeValue.fromS("reconciliation"),
                                "sk", AttributeValue.fromS("checkpoint"),
                                "completeUntil",
                                        AttributeValue.fromS(Instant.now()
                                                .minus(Duration.ofHours(12))
                                                .toString()))));
        stack.dynamoDb()
                .putItem(request -> request.tableName(stack.table("FollowUpTable"))
                        .item(Map.of(
                                "id", AttributeValue.fromS("lease"),
                                "leaseOwner", AttributeValue.fromS("another, which is stuck"),
                                "leaseUntil",
                                        AttributeValue.fromN(Long.toString(
                                                Instant.now().plusSeconds(100).toEpochMilli())))));

        assertEquals("{\"done\":0,\"failed\":0,\"outstanding\":1}", invoke(SCHEDULED));

        var metrics = metrics();
        assertHours(1, metrics.get("WebhookSilence"));
        assertEquals(2, metrics.get("InQuarantine"));
        assertHours(2, metrics.get("OldestQuarantineAge"));
        assertHours(3, metrics.get("CatalogSyncAge"));
        assertHours(4, metrics.get("PersonRefreshAge"));
        assertHours(5, metrics.get("SubscriptionAuditAge"));
        assertHours(10, metrics.get("OldestRefreshAge"));
        assertHours(11, metrics.get("OverdueFollowUpAge"));
        assertHours(12, metrics.get("ReconciliationAge"));
    }

    private static void assertHours(int hours, int seconds) {
        assertEquals(hours * 3_600, seconds, 60);
    }

    /** Every minute would cost as much as all the rest of an idle stack. */
    @Test
    void healthIsToldByTheFirstSweepAndThenNowAndThen() {
        new HeardWebhooks(stack.dynamoDb(), stack.table("LicenseStoreTable"), InstantSource.system())
                .heard("/webhooks/user-update");

        invoke("{}");
        assertTrue(metrics().containsKey("WebhookSilence"));
        printed.reset();
        invoke("{}");

        assertFalse(metrics().containsKey("WebhookSilence"));
        assertTrue(metrics().containsKey("FollowUpsOutstanding"));
    }

    /** Rule 10, of whatever queue. */
    @Test
    void whatFailsAmongWhatIsLookedAtMuchLaterIsCountedToo() {
        followUps(Instant.now()).ask(new LookAgain(VIDAR));
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("FollowUpTable"))
                        .key(Map.of("id", AttributeValue.fromS(new LookAgain(VIDAR).id())))
                        .updateExpression("SET attempts = :five, dueAt = :later")
                        .expressionAttributeValues(Map.of(
                                ":five",
                                AttributeValue.fromN("5"),
                                ":later",
                                AttributeValue.fromN(Long.toString(
                                        Instant.now().plusSeconds(600).toEpochMilli())))));

        assertEquals("{\"done\":0,\"failed\":0,\"outstanding\":0}", invoke("{}"));

        assertEquals(1, metrics().get("FollowUpsFailing"));
    }

    /** Rule 18: an alarm. */
    @Test
    @Tag("rule-18")
    void unknownIdThatIsGivenUpIsCounted() {
        followUps(Instant.now()).ask(OF_NOBODY);

        for (var attempt = 1; attempt <= 4; attempt++) {
            assertTrue(!metrics().containsKey("UnknownUssfIds"));
            invoke("{\"all\":true}");
        }

        assertEquals(1, metrics().get("UnknownUssfIds"));
        assertTrue(function.logged().contains("follow-up subscribe#0000000000000404 is given up"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{\"all\":false}", "{\"all\":\"true\"}", "{\"all\":true,\"id\":\"x\"}", "{\"Records\":{}}", "[]"
            })
    void anyOtherPayloadFailsWithWhatIsAccepted(String payload) {
        var refused = assertThrows(UnknownPayloadException.class, () -> invoke(payload));

        assertTrue(refused.getMessage().contains("{\"all\":true} on everything outstanding"), refused.getMessage());
    }

    /** Rule 20: neither the schedule nor the stream of a new stack raises an alarm; a person is told. */
    @Test
    void withoutCredentialsScheduleAndStreamEndQuietlyAndNameTheSecretInTheLog() {
        followUps(Instant.now()).ask(WORK);
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertEquals("{\"status\":\"skipped\"}", invoke(FunctionHarness.sampleText("follow-up")));
        followUps(Instant.now()).ask(WORK);
        assertEquals("{\"status\":\"skipped\"}", invoke(SCHEDULED));
        followUps(Instant.now()).ask(WORK);
        assertThrows(UnusableSecretException.class, () -> invoke("{}"));

        assertEquals(2, function.logged().lines().count());
        function.logged().lines().forEach(line -> assertTrue(line.contains("LearningCenterCredentialsSecret"), line));
        assertFalse(metrics().containsKey("FollowUpsFailing"));
        assertEquals(1, metrics().get("FollowUpsOutstanding"));
    }

    /** What asks nobody needs no secret. */
    @Test
    void withoutCredentialsAndWithNothingToAskTheSweepEnds() {
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"replace-me\",\"password\":\"replace-me\"}");

        assertEquals("{\"done\":0,\"failed\":0,\"outstanding\":0}", invoke(SCHEDULED));
        assertEquals("", function.logged());
    }

    @Test
    void withWrongCredentialsScheduleAndStreamFail() {
        followUps(Instant.now()).ask(WORK);
        stack.putSecret("LearningCenterCredentialsSecret", "{\"username\":\"local-username\",\"password\":\"wrong\"}");

        assertThrows(UnusableSecretException.class, () -> invoke(SCHEDULED));
        followUps(Instant.now()).ask(WORK);
        assertThrows(UnusableSecretException.class, () -> invoke(FunctionHarness.sampleText("follow-up")));
    }

    /** Rules 5 and 8: of two changes that contradict each other, the second is kept as its webhook would have been. */
    @Test
    void changeOfAUssfIdTakesMemberAndLicensesAlongAndAContradictoryOneIsQuarantined() {
        var successor = "2020000004136763";
        memberWithLicense(VIDAR.value());
        simulator.changeSilently().ussfId(VIDAR.value(), successor);
        followUps(Instant.now()).ask(new Move(VIDAR, UssfId.parse(successor)));

        assertEquals("{\"done\":2,\"failed\":0,\"outstanding\":0}", invoke("{}"));
        assertMovedAlong(successor);

        followUps(Instant.now()).ask(new Move(VIDAR, new UssfId("2020000004136764")));
        invoke("{}");
        assertEquals(
                1,
                new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"))
                        .waiting(10)
                        .count());
    }

    private String invoke(String payload) {
        return function.invoke(payload);
    }

    private FollowUpStore followUps(Instant now) {
        return new FollowUpStore(stack.dynamoDb(), stack.table("FollowUpTable"), () -> now);
    }

    private int experience() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"))
                .person(VIDAR)
                .orElseThrow()
                .profile()
                .refereeExperience();
    }

    /** The last value of each. */
    private Map<String, Integer> metrics() {
        var metrics = new TreeMap<String, Integer>();
        printed.toString(StandardCharsets.UTF_8)
                .lines()
                .map(FunctionHarness::json)
                .forEach((JsonNode line) -> {
                    for (var metric : line.at("/_aws/CloudWatchMetrics/0/Metrics")) {
                        var name = metric.path("Name").asText();
                        metrics.put(name, line.path(name).intValue());
                    }
                });
        return metrics;
    }

    /** What goes to standard output, where CloudWatch finds it; the function takes hold of that when it is made. */
    private static FollowUpHandler writingTo(ByteArrayOutputStream out, Map<String, String> environment) {
        var before = System.out;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            return new FollowUpHandler(environment);
        } finally {
            System.setOut(before);
        }
    }

    /** A member with that id, and a license of it. */
    private void memberWithLicense(String ussfId) {
        var member = new JsonObject()
                .put("firstName", "Vidar")
                .put("lastName", "Mlakar")
                .put("email", "vidar@test.com")
                .put("dateOfBirth", "1999-01-01")
                .put("ussfId", ussfId);
        new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .put(
                        MemberJson.read(MemberIdentifier.parse("CYSA-1"), member, LocalDate.parse("2026-03-01")),
                        Owed.NOTHING);
        licenseStore()
                .apply(new LicenseChange(
                        UssfId.parse(ussfId),
                        LicenseId.parse("referee_8", null),
                        LicenseState.ACTIVE,
                        null,
                        null,
                        null,
                        Instant.parse("2026-01-01T00:00:00Z")));
    }

    private LicenseStore licenseStore() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    private void assertMovedAlong(String ussfId) {
        var member = new MemberDirectory(stack.dynamoDb(), stack.table("MemberDirectoryTable"))
                .find(MemberIdentifier.parse("CYSA-1"))
                .orElseThrow();
        assertEquals(UssfId.parse(ussfId), member.enrollment().ussfId());
        assertFalse(licenseStore()
                .person(UssfId.parse(ussfId))
                .orElseThrow()
                .licenses()
                .isEmpty());
    }
}
