package org.touchline.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.MutableClock;
import org.touchline.TestStack;
import org.touchline.catalog.CatalogStore;
import org.touchline.license.LicenseId;
import org.touchline.license.LicenseStore;
import org.touchline.license.UssfId;
import org.touchline.quarantine.Quarantine;
import org.touchline.quarantine.Source;
import org.touchline.statement.LicenseCatalogUpdate;
import org.touchline.statement.QuarantineReplay;
import org.touchline.statement.QuarantineReplay.UnknownEntryException;
import org.touchline.statement.Statement.Outcome;
import org.touchline.statement.UserLicenseUpdate;
import org.touchline.time.Deadline;
import org.touchline.webhook.WebhookReceiver.Receipt;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.crt.AwsCrtHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** What webhooks do to the stores: design rules 6, 7 and 9, and the replay of what was quarantined. */
class WebhookReceiverTest {
    private static final UssfId VIDAR = new UssfId("2020000004136762");

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private TestStack stack;
    private LicenseStore licenses;
    private CatalogStore catalog;
    private Quarantine quarantine;
    private WebhookReceiver userLicense;
    private WebhookReceiver licenseCatalog;
    private QuarantineReplay replay;

    @BeforeEach
    void createStores() {
        stack = Backend.EMBEDDED.newStack();
        licenses = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        catalog = new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
        var userLicenseUpdate = new UserLicenseUpdate(licenses, clock);
        var catalogUpdate = new LicenseCatalogUpdate(catalog);
        userLicense = new WebhookReceiver(Source.USER_LICENSE_WEBHOOK, userLicenseUpdate, quarantine, clock, _ -> {});
        licenseCatalog = new WebhookReceiver(Source.LICENSE_CATALOG_WEBHOOK, catalogUpdate, quarantine, clock, _ -> {});
        replay = new QuarantineReplay(
                quarantine,
                source -> source == Source.LICENSE_CATALOG_WEBHOOK ? catalogUpdate : userLicenseUpdate,
                clock);
    }

    @AfterEach
    void deleteStores() {
        stack.close();
    }

    /** Rule 6: what was answered as applied can be read. */
    @Test
    @Tag("rule-6")
    void licenseUpdateIsStoredWhenItIsAnswered() {
        assertEquals(applied(), userLicense.receive(update("added", "2026-03-01T11:00:00Z")));

        assertEquals(1, licenses.person(VIDAR).orElseThrow().licenses().size());
    }

    @Test
    void repeatedOrOlderLicenseUpdateIsUnchanged() {
        userLicense.receive(update("added", "2026-03-01T11:00:00Z"));

        assertEquals(unchanged(), userLicense.receive(update("added", "2026-03-01T11:00:00Z")));
        assertEquals(unchanged(), userLicense.receive(update("removed", "2026-03-01T10:00:00Z")));
    }

    /** Rule 7. */
    @Test
    @Tag("rule-7")
    void unintelligibleUpdateIsKeptWholeAndReplayedThroughTheSameCode() {
        var early = update("added", "2026-03-02T13:00:00Z");

        assertEquals(quarantined("updated_at is more than 24 hours ahead"), userLicense.receive(early));
        assertEquals(0, replay.replayAll(Deadline.in(Duration.ofMinutes(1), clock)));
        assertTrue(licenses.person(VIDAR).isEmpty());

        clock.advance(Duration.ofHours(2));
        assertEquals(1, replay.replayAll(Deadline.in(Duration.ofMinutes(1), clock)));
        assertEquals(1, licenses.person(VIDAR).orElseThrow().licenses().size());
        assertEquals(List.of(), quarantine.open().toList());
    }

    @Test
    void updateWithin24HoursAheadIsTakenForAClockThatRunsAhead() {
        assertEquals(applied(), userLicense.receive(update("added", "2026-03-02T12:00:00Z")));
    }

    @Test
    void listWhereOneObjectBelongsIsQuarantinedAndTheOtherWayRound() {
        assertEquals(quarantined("an object was expected, and there is an array"), userLicense.receive(bytes("[]")));
        assertEquals(quarantined("a list was expected, and there is an object"), licenseCatalog.receive(bytes("{}")));
    }

    @Test
    void emptyBodyIsQuarantined() {
        assertEquals(quarantined("there is no JSON"), userLicense.receive(new byte[0]));
    }

    /** Rule 6: where nothing can be stored, nothing is answered as if it were. */
    @Test
    @Tag("rule-6")
    void storeThatCannotBeReachedIsAnErrorAndNeverAReceipt() {
        try (var nowhere = DynamoDbClient.builder()
                .endpointOverride(URI.create("http://127.0.0.1:9"))
                .region(Region.US_EAST_1)
                .httpClientBuilder(AwsCrtHttpClient.builder())
                .overrideConfiguration(override -> override.apiCallTimeout(Duration.ofSeconds(5)))
                .build()) {
            var receiver = new WebhookReceiver(
                    Source.USER_LICENSE_WEBHOOK,
                    new UserLicenseUpdate(new LicenseStore(nowhere, "none"), clock),
                    new Quarantine(nowhere, "none"),
                    clock,
                    _ -> {});

            assertThrows(SdkException.class, () -> receiver.receive(update("added", "2026-03-01T11:00:00Z")));
            assertThrows(SdkException.class, () -> receiver.receive(bytes("not JSON")));
        }
    }

    /** Rule 9. */
    @Test
    @Tag("rule-9")
    void implausibleCatalogWaitsUntilSomeoneAcceptsIt() {
        assertEquals(applied(), licenseCatalog.receive(catalog(10)));
        clock.advance(Duration.ofHours(1));
        assertEquals(quarantined("the list would retire 8 of 10 licenses"), licenseCatalog.receive(catalog(2)));
        var id = quarantine.open().toList().getFirst().id();

        assertEquals(false, replay.replayOne(id, false));
        assertEquals(10, catalog.read().activeCount());
        assertEquals(true, replay.replayOne(id, true));

        assertEquals(2, catalog.read().activeCount());
        assertEquals(10, catalog.read().entries().size());
        assertThrows(UnknownEntryException.class, () -> replay.replayOne(id, true));
    }

    /** Rule 9: the list received last wins, even over one that is accepted later. */
    @Test
    void catalogAcceptedAfterANewerOneCameIsNotTakenOverAndStays() {
        licenseCatalog.receive(catalog(10));
        clock.advance(Duration.ofHours(1));
        licenseCatalog.receive(catalog(2));
        clock.advance(Duration.ofHours(1));
        licenseCatalog.receive(catalog(11));

        var accepted = replay.replayOne(quarantine.open().toList().getFirst().id(), true);

        assertEquals(false, accepted);
        assertEquals(11, catalog.read().activeCount());
        assertEquals(1, replay.open(100).size());
    }

    @Test
    void discardedEntryIsGone() {
        userLicense.receive(bytes("not JSON"));
        var id = quarantine.open().toList().getFirst().id();

        replay.discard(id);

        assertEquals(List.of(), replay.open(100));
        assertThrows(UnknownEntryException.class, () -> replay.discard(id));
    }

    @Test
    void oneEntryThatIsStillUnintelligibleDoesNotHoldUpTheOthers() {
        userLicense.receive(bytes("not JSON"));
        clock.advance(Duration.ofSeconds(1));
        userLicense.receive(update("added", "2026-03-02T13:00:00Z"));
        clock.advance(Duration.ofHours(2));

        assertEquals(1, replay.replayAll(Deadline.in(Duration.ofMinutes(1), clock)));
        assertEquals(1, replay.open(100).size());
    }

    @Test
    void replayEndsWhenNoTimeIsLeftAndKeepsTheRest() {
        userLicense.receive(update("added", "2026-03-02T13:00:00Z"));
        clock.advance(Duration.ofHours(2));

        assertEquals(0, replay.replayAll(Deadline.in(Duration.ZERO, clock)));
        assertEquals(1, replay.open(100).size());
    }

    @Test
    void catalogIsReadWithAllItSays() {
        licenseCatalog.receive(
                bytes(
                        "[{\"license_id\":\"referee_8\",\"name\":\"Referee\",\"discipline\":\"referee\",\"type\":\"referee_pathway\",\"rank\":10}]"));

        var entry = catalog.read().entry(new LicenseId("referee_8"));
        assertEquals("Referee", entry.displayName());
        assertEquals(10, entry.rank());
    }

    private static Receipt applied() {
        return new Receipt(Outcome.APPLIED, null);
    }

    private static Receipt unchanged() {
        return new Receipt(Outcome.UNCHANGED, null);
    }

    private static Receipt quarantined(String reason) {
        return new Receipt(null, reason);
    }

    private static byte[] update(String action, String updatedAt) {
        return bytes("{\"ussf_id\":\"%s\",\"action\":\"%s\",\"license_id\":\"referee_8\",\"updated_at\":\"%s\"}"
                .formatted(VIDAR, action, updatedAt));
    }

    private static byte[] catalog(int licenses) {
        var list = new StringBuilder("[");
        for (var i = 0; i < licenses; i++) {
            list.append(i == 0 ? "" : ",")
                    .append("{\"license_id\":\"coach_")
                    .append(i)
                    .append("\"}");
        }
        return bytes(list + "]");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
