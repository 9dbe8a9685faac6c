package org.touchline.lambda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Intercepted;
import org.touchline.Json;
import org.touchline.MutableClock;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.EmbeddedStack;
import org.touchline.followup.FollowUp;
import org.touchline.followup.FollowUp.FetchRefereeExperience;
import org.touchline.followup.FollowUp.LookAgain;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.license.UssfId;
import org.touchline.quarantine.Quarantine;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.schedule.ScheduleNotes.HowFar;
import org.touchline.schedule.Scheduled;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.webhook.HeardWebhooks;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/** Design rule 27, part by part; that the sweep writes it is tested with the function. */
class HealthReportTest {
    private static final UssfId SOMEBODY = new UssfId("2020000004136762");
    private static final String USER_UPDATE = "/webhooks/user-update";

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private EmbeddedStack stack;

    @BeforeEach
    void createStack() {
        stack = EmbeddedStack.create();
    }

    @AfterEach
    void deleteStack() {
        stack.close();
    }

    /** What has never happened has no age. */
    @Test
    @Tag("rule-27")
    void newStackIsToldNothingButThatNoFollowUpWaits() throws IOException {
        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(Map.of("OldestFollowUpAge", 0L), told());
    }

    @Test
    @Tag("rule-27")
    void eachScheduleHasItsAge() throws IOException {
        var schedules = new ScheduleNotes(stack.dynamoDb(), store(), clock);
        for (var schedule : Scheduled.values()) {
            schedules.noting(schedule, _ -> HowFar.TO_THE_END, () -> "done");
            advance(Duration.ofHours(1));
        }

        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(
                Map.of(
                        "CatalogSyncAge", 4 * 3_600L,
                        "PersonRefreshAge", 3 * 3_600L,
                        "SubscriptionAuditAge", 2 * 3_600L,
                        "LicenseExpiryAge", 3_600L,
                        "OldestFollowUpAge", 0L),
                told());
    }

    /** By queue, and of all the longest; what is not due yet is not overdue. */
    @Test
    @Tag("rule-27")
    void overdueFollowUpsAreToldByQueueAndOfAll() throws IOException {
        var followUps = followUps(stack.dynamoDb());
        followUps.ask(new FetchRefereeExperience(SOMEBODY));
        advance(Duration.ofHours(1));
        followUps.ask(new Subscribe(SOMEBODY));
        followUps.askLater(new LookAgain(SOMEBODY), Duration.ofHours(2));
        advance(Duration.ofHours(1));

        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(
                Map.of(
                        "OverdueFollowUpAge user_update", 7_200L,
                        "OverdueFollowUpAge subscription", 3_600L,
                        "OverdueFollowUpAge", 7_200L,
                        "OldestFollowUpAge", 7_200L),
                told());
    }

    @Test
    @Tag("rule-27")
    void whatFailsIsCountedWhateverItsQueue() throws IOException {
        failing(new Subscribe(SOMEBODY));
        failing(new LookAgain(SOMEBODY));

        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(2L, told().get("FollowUpsFailing"));
    }

    @Test
    @Tag("rule-27")
    void unfinishedAuditHasItsAge() throws IOException {
        var none = AttributeValue.fromN("0");
        var checkpoint = new Item()
                .with("pk", "subscription-audit")
                .with("sk", "checkpoint")
                .with("startedAt", clock.instant())
                .withBoolean("repairing", false)
                .withBoolean("repairOwed", false)
                .attributes();
        for (var number : new String[] {
            "nextPage",
            "lastPage",
            "pageFailures",
            "savedPieces",
            "looked",
            "seenSubscribed",
            "seenWithoutNeed",
            "missingCount",
            "repaired",
            "undecided"
        }) {
            checkpoint.put(number, none);
        }
        checkpoint.put("missingIds", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[0])));
        stack.dynamoDb().putItem(request -> request.tableName(store()).item(checkpoint));
        advance(Duration.ofHours(3));

        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(3 * 3_600L, told().get("UnfinishedAuditAge"));
    }

    /** By path; and our clocks differ a little, so that one may have been heard a moment from now. */
    @Test
    @Tag("rule-27")
    void silenceIsToldByWebhookAndIsNeverNegative() throws IOException {
        heard(USER_UPDATE, clock.instant().minusSeconds(90));
        heard("/webhooks/ussf-id-update", clock.instant().plusSeconds(2));

        report(stack.dynamoDb()).writeNowAndThen();

        assertEquals(90L, told().get("WebhookSilence " + USER_UPDATE));
        assertEquals(0L, told().get("WebhookSilence /webhooks/ussf-id-update"));
    }

    @Test
    @Tag("rule-27")
    void itIsWrittenEveryFiveMinutes() throws IOException {
        var report = report(stack.dynamoDb());
        report.writeNowAndThen();
        out.reset();

        advance(Duration.ofMinutes(5).minusMillis(1));
        report.writeNowAndThen();
        assertEquals(Map.of(), told());

        advance(Duration.ofMillis(1));
        report.writeNowAndThen();
        assertEquals(Map.of("OldestFollowUpAge", 0L), told());
    }

    /** What one part finds does not keep the others from being told, and is not hushed up. */
    @Test
    @Tag("rule-27")
    void oneThatCannotBeReadKeepsNoOtherFromBeingTold() throws IOException {
        heard(USER_UPDATE, clock.instant());
        advance(Duration.ofSeconds(90));
        var withoutCheckpoint = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof GetItemRequest get
                    && get.key().get("pk") != null
                    && get.key().get("pk").s().equals("reconciliation")) {
                throw SdkClientException.create("timed out");
            }
        });

        var report = report(withoutCheckpoint);
        assertThrows(SdkClientException.class, report::writeNowAndThen);

        assertTrue(told().containsKey("OldestFollowUpAge"), () -> out.toString(StandardCharsets.UTF_8));
        assertEquals(90L, told().get("WebhookSilence " + USER_UPDATE));
    }

    private HealthReport report(DynamoDbClient client) {
        return new HealthReport(
                new Checkpoint(client, store(), clock),
                new HeardWebhooks(client, store(), clock),
                new Quarantine(client, stack.table("QuarantineTable")),
                followUps(client),
                new ScheduleNotes(client, store(), clock),
                new AuditCheckpoint(client, store(), clock),
                new Metrics(new PrintStream(out, true, StandardCharsets.UTF_8), "staging", clock),
                clock);
    }

    private FollowUpStore followUps(DynamoDbClient client) {
        return new FollowUpStore(client, stack.table("FollowUpTable"), clock);
    }

    private void failing(FollowUp work) {
        followUps(stack.dynamoDb()).ask(work);
        stack.dynamoDb()
                .updateItem(request -> request.tableName(stack.table("FollowUpTable"))
                        .key(Map.of("id", AttributeValue.fromS(work.id())))
                        .updateExpression("SET attempts = :five")
                        .expressionAttributeValues(Map.of(":five", AttributeValue.fromN("5"))));
    }

    private void heard(String path, Instant at) {
        new HeardWebhooks(stack.dynamoDb(), store(), () -> at).heard(path);
    }

    private String store() {
        return stack.table("LicenseStoreTable");
    }

    private void advance(Duration duration) {
        clock.advance(duration);
    }

    /** Each metric, with the value of its dimension if it has one beside the stack. */
    private Map<String, Long> told() throws IOException {
        var told = new TreeMap<String, Long>();
        for (var text : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            var line = Json.read(text);
            var definition = line.path("_aws")
                    .path("CloudWatchMetrics")
                    .valueStream()
                    .findFirst()
                    .orElseThrow();
            var by = definition
                    .path("Dimensions")
                    .valueStream()
                    .findFirst()
                    .orElseThrow()
                    .valueStream()
                    .skip(1)
                    .map(dimension -> " " + line.path(dimension.asText()).asText())
                    .findFirst()
                    .orElse("");
            definition
                    .path("Metrics")
                    .valueStream()
                    .map(metric -> metric.path("Name").asText())
                    .forEach(name ->
                            told.put(name + by, Long.parseLong(line.path(name).asText())));
        }
        return told;
    }
}
