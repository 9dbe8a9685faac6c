package org.touchline.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.dynamodb.BatchReader;
import org.touchline.dynamodb.Item;
import org.touchline.embedded.FunctionHarness;
import org.touchline.embedded.ManyItems;
import org.touchline.embedded.learningcenter.Fault;
import org.touchline.followup.FollowUp.Enroll;
import org.touchline.followup.FollowUp.Subscribe;
import org.touchline.followup.FollowUpStore;
import org.touchline.learningcenter.session.ConnectedStack;
import org.touchline.license.Changes;
import org.touchline.license.LicenseStore;
import org.touchline.license.ProfileStore;
import org.touchline.member.Enrollment;
import org.touchline.member.MemberDirectory;
import org.touchline.member.MemberDirectory.Owed;
import org.touchline.member.Members;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.reconciliation.Checkpoint;
import org.touchline.reconciliation.Reconciliation;
import org.touchline.reconciliation.Reconciliation.Reach;
import org.touchline.schedule.ScheduleNotes;
import org.touchline.subscription.AuditCheckpoint;
import org.touchline.subscription.SubscriptionAudit;
import org.touchline.webhook.HeardWebhooks;

/** Wire contract §5, and the budget of design §6. */
class StackStatusTest {
    private static final Duration DAY = Duration.ofDays(1);
    private static final int MOST_REQUESTS = 12;

    private final Calls calls = new Calls();
    private ConnectedStack connected;
    private Checkpoint checkpoint;
    private FollowUpStore followUps;
    private Quarantine quarantine;
    private MemberDirectory members;
    private StackStatus status;

    @BeforeEach
    void createStack() {
        connected = new ConnectedStack(Backend.EMBEDDED);
        var dynamoDb = calls.listening(connected.stack.dynamoDb());
        var licenseStore = connected.stack.table("LicenseStoreTable");
        checkpoint = new Checkpoint(dynamoDb, licenseStore, connected.clock);
        followUps = new FollowUpStore(dynamoDb, connected.stack.table("FollowUpTable"), connected.clock);
        quarantine = new Quarantine(dynamoDb, connected.stack.table("QuarantineTable"));
        members = new MemberDirectory(dynamoDb, connected.stack.table("MemberDirectoryTable"));
        status = new StackStatus(new BatchReader(dynamoDb, licenseStore), checkpoint, followUps, quarantine, members);
    }

    @AfterEach
    void deleteStack() {
        connected.close();
    }

    @Test
    void whatHasNotHappenedYetIsNull() {
        assertEquals(FunctionHarness.json("""
                {"webhooks":[{"path":"/webhooks/user-license-update","lastHeardAt":null},
                  {"path":"/webhooks/uss-licenses-update","lastHeardAt":null},
                  {"path":"/webhooks/ussf-id-update","lastHeardAt":null},
                  {"path":"/webhooks/user-update","lastHeardAt":null}],
                 "reconciliation":{"completeUntil":null,"unfinished":false,"runs":[]},
                 "followUps":{"outstanding":0,"failing":0,"oldestAskedAt":null},
                 "quarantine":{"open":0,"oldestReceivedAt":null},
                 "members":{"pending":0,"no_match":0,"multiple_matches":0,"dob_mismatch":0,"failed":0},
                 "subscriptions":{"auditedAt":null,"missing":null,"extra":null},
                 "refresh":{"oldestAt":null}}"""), look());
    }

    @Test
    void everythingThatHappenedIsTold() {
        var begin = connected.now();
        heard("/webhooks/user-update");
        followUps.ask(new Subscribe(Changes.VIDAR));
        connected.clock.advance(Duration.ofSeconds(1));
        followUps.ask(new Enroll(Members.member("A1", "").identifier()));
        followUps.askLater(new Subscribe(Changes.VIDAR), DAY);
        quarantine.keep(Source.USER_WEBHOOK, new byte[] {1}, "no JSON", begin.plusSeconds(7));
        quarantine.keep(Source.USER_WEBHOOK, new byte[] {2}, "no JSON", begin.plusSeconds(5));
        var pending = Members.put(members, Members.member("A1", "")).member();
        Members.put(members, Members.member("A2", ""));
        members.settle(pending, new Enrollment(Enrollment.Status.NO_MATCH, "nobody", null, begin), Owed.NOTHING);
        schedules().oldestRefresh(begin.minus(DAY));
        auditWithOneMissingAndOneExtra();

        var told = look();

        assertEquals(List.of("null", "null", "null", begin.toString()), told.findValuesAsText("lastHeardAt"));
        assertEquals(
                FunctionHarness.json("{\"outstanding\":2,\"failing\":0,\"oldestAskedAt\":\"" + begin + "\"}"),
                told.path("followUps"));
        assertEquals(
                FunctionHarness.json("{\"open\":2,\"oldestReceivedAt\":\"" + begin.plusSeconds(5) + "\"}"),
                told.path("quarantine"));
        assertEquals(
                FunctionHarness.json(
                        "{\"pending\":2,\"no_match\":1,\"multiple_matches\":0,\"dob_mismatch\":0,\"failed\":0}"),
                told.path("members"));
        assertEquals(
                FunctionHarness.json("{\"auditedAt\":\"" + connected.now() + "\",\"missing\":1,\"extra\":1}"),
                told.path("subscriptions"));
        assertEquals(FunctionHarness.json("{\"oldestAt\":\"" + begin.minus(DAY) + "\"}"), told.path("refresh"));
    }

    @Test
    void runsAreThe30NewestAndTheLastOneIsUnfinished() {
        var reconciliation = reconciliation();
        for (var run = 0; run < 31; run++) {
            reconciliation.next(connected.soon());
            connected.clock.advance(DAY);
        }
        var completeUntil = connected.now().minus(DAY);
        connected.simulator.addFault(
                Fault.answer(503).on("GET", "/user-licenses").times(1_000));
        reconciliation.next(connected.soon());
        var endedAt = connected.now();

        var told = look().path("reconciliation");

        assertEquals(completeUntil.toString(), told.path("completeUntil").asText());
        assertTrue(told.path("unfinished").asBoolean());
        var ended = told.path("runs").findValuesAsText("at");
        assertEquals(30, ended.size());
        assertEquals(endedAt.toString(), ended.getFirst());
        assertEquals(ended.stream().sorted().toList().reversed(), ended);
        assertEquals("partial", told.at("/runs/0/status").asText());
        assertEquals(
                FunctionHarness.json(
                        "{\"at\":\"%1$s\",\"status\":\"complete\",\"windowStart\":\"%2$s\",\"windowEnd\":\"%1$s\","
                                        .formatted(completeUntil, completeUntil.minus(DAY.multipliedBy(3)))
                                + "\"scanned\":0,\"repaired\":0,\"missed\":0}"),
                told.at("/runs/1"));
    }

    /** Design §6: as many requests whatever is held, and each count is one page. */
    @Test
    @Tag("rule-32")
    void countsStopAtAThousandAndALookMakesAtMostTwelveRequests() {
        var receivedAt = "2026-02-01T00:00:00Z";
        // DynamoDB Local reads a megabyte of whole items at most, where DynamoDB reads one of what is in the index.
        var padding = "x".repeat(800);
        var people = new ArrayList<Item>();
        var waiting = new ArrayList<Item>();
        var owed = new ArrayList<Item>();
        for (var number = 0; number < 1_001; number++) {
            var id = String.format(Locale.ROOT, "%04d", number);
            for (var each : List.of("pending", "failed")) {
                people.add(new Item()
                        .with("memberIdentifier", each + id)
                        .with("enrollmentStatus", each)
                        .with("everybody", "everybody")
                        .with("city", padding));
            }
            waiting.add(new Item()
                    .with("state", "open")
                    .with("id", id)
                    .with("receivedAt", receivedAt)
                    .with("payload", padding));
            // The longest due were asked for last, and have failed; the one that is due last does not count.
            owed.add(new Item()
                    .with("id", "enroll#" + id)
                    .with("queue", number % 2 == 0 ? "enrollment" : "user_update")
                    .withNumber("dueAt", number)
                    .withNumber("attempts", number < 3 ? 5 : 0)
                    .with("askedAt", Instant.parse(receivedAt).minusSeconds(number)));
        }
        write("MemberDirectoryTable", people);
        write("QuarantineTable", waiting);
        write("FollowUpTable", owed);
        calls.drain();

        var told = look();

        var made = calls.drain();
        assertTrue(made.size() <= MOST_REQUESTS, made::toString);
        assertEquals(
                FunctionHarness.json("{\"outstanding\":1000,\"failing\":3,\"oldestAskedAt\":\"2026-01-31T23:43:21Z\"}"),
                told.path("followUps"));
        assertEquals(
                FunctionHarness.json("{\"open\":1000,\"oldestReceivedAt\":\"" + receivedAt + "\"}"),
                told.path("quarantine"));
        assertEquals(
                FunctionHarness.json(
                        "{\"pending\":1000,\"no_match\":0,\"multiple_matches\":0,\"dob_mismatch\":0,\"failed\":1000}"),
                told.path("members"));
    }

    private void heard(String path) {
        new HeardWebhooks(connected.stack.dynamoDb(), connected.stack.table("LicenseStoreTable"), connected.clock)
                .heard(path);
    }

    private ScheduleNotes schedules() {
        return new ScheduleNotes(
                connected.stack.dynamoDb(), connected.stack.table("LicenseStoreTable"), connected.clock);
    }

    private ProfileStore profiles() {
        return new ProfileStore(connected.stack.dynamoDb(), connected.stack.table("LicenseStoreTable"));
    }

    /** Somebody who is enrolled without a subscription, and a subscription of somebody whom nobody holds. */
    private void auditWithOneMissingAndOneExtra() {
        var learningCenter = connected.client(connected.session());
        var missing = "2020000004152809";
        var member = Members.put(members, Members.member("A3", "\"ussfId\":\"" + missing + "\""))
                .member();
        members.settle(member, Enrollment.enrolled(member.ussfId(), connected.now()), Owed.NOTHING);
        Members.put(members, Members.member("A4", ""));
        learningCenter.subscribe(Changes.VIDAR, connected.soon());
        new SubscriptionAudit(
                        learningCenter,
                        profiles(),
                        members,
                        followUps,
                        new AuditCheckpoint(
                                connected.stack.dynamoDb(),
                                connected.stack.table("LicenseStoreTable"),
                                connected.clock),
                        connected.clock)
                .run(false, connected.soon(), _ -> {});
    }

    private Reconciliation reconciliation() {
        return new Reconciliation(
                connected.client(connected.session()),
                new LicenseStore(connected.stack.dynamoDb(), connected.stack.table("LicenseStoreTable")),
                quarantine,
                checkpoint,
                new Reach(Duration.ofHours(48), Duration.ofDays(7)),
                connected.clock);
    }

    private void write(String table, List<Item> items) {
        ManyItems.put(
                connected.stack.dynamoDb(),
                connected.stack.table(table),
                items.stream().map(Item::attributes).toList());
    }

    private JsonNode look() {
        return FunctionHarness.json(StatusJson.write(status.read()).toString());
    }
}
