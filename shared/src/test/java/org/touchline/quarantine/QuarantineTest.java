package org.touchline.quarantine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.Backend;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.quarantine.Quarantine.Ending;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Design rule 7: what could not be understood is kept whole. */
@OnEveryBackend
class QuarantineTest {
    private static final Source SOURCE = Source.USER_LICENSE_WEBHOOK;
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final TestStack stack;
    private final Quarantine quarantine;

    QuarantineTest(Backend backend) {
        stack = backend.newStack();
        quarantine = new Quarantine(stack.dynamoDb(), stack.table("QuarantineTable"));
    }

    @AfterEach
    void deleteQuarantine() {
        stack.close();
    }

    @Test
    @Tag("rule-7")
    void keepsAPayloadWithItsReason() {
        quarantine.keep(SOURCE, bytes("{\"é\":1}"), "ussf_id is missing", NOON);

        var entry = quarantine.open().toList().getFirst();
        assertEquals(SOURCE.route(), entry.route());
        assertEquals("ussf_id is missing", entry.reason());
        assertEquals(NOON, entry.receivedAt());
        assertArrayEquals(bytes("{\"é\":1}"), payload(entry));
        assertTrue(entry.id().matches("[0-9a-f]{32}"));
    }

    @Test
    @Tag("rule-7")
    void keepsWhatIsNoTextByteForByte() {
        var payload = new byte[] {(byte) 0xff, 0, (byte) 0xc3, 40};

        quarantine.keep(SOURCE, payload, "it is not JSON", NOON);
        quarantine.keep(SOURCE, new byte[0], "there is no JSON", NOON.plusSeconds(1));

        assertArrayEquals(payload, payload(quarantine.open().toList().get(0)));
        assertArrayEquals(new byte[0], payload(quarantine.open().toList().get(1)));
    }

    @Test
    void keepsALargePayloadOfAnyBytes() {
        var payload = new byte[256 * 1024];
        Arrays.fill(payload, (byte) 0xff);

        quarantine.keep(SOURCE, payload, "it is not JSON", NOON);

        assertArrayEquals(payload, payload(quarantine.open().toList().getFirst()));
    }

    /** An upstream answer has up to 16 MiB, an item of DynamoDB 400 KB. */
    @ParameterizedTest
    @ValueSource(ints = {349_999, 350_000, 350_001, 700_000, 1_000_000})
    void keepsWhatIsTooLongForOneItemInPiecesWhichGoWithIt(int bytes) {
        var payload = new byte[bytes];
        new Random(bytes).nextBytes(payload);

        quarantine.keep(Source.CATALOG_SYNC, payload, "the list is empty", NOON);
        quarantine.keep(Source.CATALOG_SYNC, payload, "the list is empty", NOON.plusSeconds(1));

        var entry = quarantine.open().toList().getFirst();
        assertEquals(1, quarantine.open().toList().size());
        assertArrayEquals(payload, payload(entry));
        quarantine.close(entry, Ending.REPLAYED, NOON.plusSeconds(2));
        assertEquals(1, items(), "the trace");
    }

    @Test
    void piecesOfAPayloadThatCameAgainStayToo() {
        var payload = new byte[800_000];
        new Random(1).nextBytes(payload);
        quarantine.keep(Source.CATALOG_SYNC, payload, "the list is empty", NOON);
        var seen = quarantine.open().toList().getFirst();
        quarantine.keep(Source.CATALOG_SYNC, payload, "the list is empty", NOON.plusSeconds(1));

        quarantine.close(seen, Ending.DISCARDED, NOON.plusSeconds(2));

        assertArrayEquals(payload, payload(quarantine.open().toList().getFirst()));
    }

    /** Whoever dies between an entry and its pieces leaves these. */
    @Test
    void whatNamesSomebodyIsForgottenWithItsPiecesAndWithPiecesOfNoEntry() {
        var payload = bytes(" ".repeat(400_000) + "VIDAR" + " ".repeat(400_000));
        var another = bytes(" ".repeat(400_000) + "TIM");
        quarantine.keep(Source.CATALOG_SYNC, payload, "it is not JSON", NOON);
        quarantine.keep(Source.RECONCILIATION_ROW, payload, "it is not JSON", NOON);
        quarantine.keep(Source.CATALOG_SYNC, another, "it is not JSON", NOON);
        var orphaned = quarantine
                .open()
                .filter(entry -> entry.route().equals(Source.RECONCILIATION_ROW.route()))
                .findFirst()
                .orElseThrow();
        stack.dynamoDb()
                .deleteItem(request -> request.tableName(stack.table("QuarantineTable"))
                        .key(Map.of("state", AttributeValue.fromS("open"), "id", AttributeValue.fromS(orphaned.id()))));

        assertEquals(1, quarantine.forget(some -> new String(some, StandardCharsets.UTF_8).contains("VIDAR")));

        assertArrayEquals(another, payload(quarantine.open().toList().getFirst()));
        assertEquals(0, quarantine.forget(some -> new String(some, StandardCharsets.UTF_8).contains("VIDAR")));
        // Those of Tim's, and the blank end of what was orphaned, which names nobody.
        assertEquals(3, items());
    }

    private int items() {
        return stack.dynamoDb()
                .scan(request -> request.tableName(stack.table("QuarantineTable")))
                .count();
    }

    @Test
    void samePayloadAgainIsOneEntryThatRemembersWhenItCameFirstAndLast() {
        quarantine.keep(SOURCE, bytes("{}"), "ussf_id is missing", NOON);
        quarantine.keep(SOURCE, bytes("{}"), "ussf_id is missing", NOON.plusSeconds(60));
        quarantine.keep(Source.LICENSE_CATALOG_WEBHOOK, bytes("{}"), "another route", NOON.plusSeconds(90));

        var open = quarantine.open().toList();
        assertEquals(2, open.size());
        assertEquals(NOON, open.getFirst().receivedAt());
        assertEquals(NOON.plusSeconds(60), open.getFirst().lastReceivedAt());
    }

    @Test
    void listsInTheOrderInWhichPayloadsCameLast() {
        quarantine.keep(SOURCE, bytes("1"), "first", NOON);
        quarantine.keep(SOURCE, bytes("2"), "second", NOON.plusSeconds(1));
        quarantine.keep(SOURCE, bytes("3"), "third", NOON.plusSeconds(2));

        assertEquals(
                List.of("first", "second", "third"),
                quarantine.open().map(QuarantineEntry::reason).toList());
    }

    @Test
    void closedEntryLeavesATraceWithoutPayloadThatExpiresAfterNinetyDays() {
        quarantine.keep(SOURCE, bytes("{}"), "ussf_id is missing", NOON);
        var entry = quarantine.open().toList().getFirst();

        quarantine.close(entry, Ending.REPLAYED, NOON.plusSeconds(3600));
        quarantine.close(entry, Ending.REPLAYED, NOON.plusSeconds(3600));

        assertEquals(List.of(), quarantine.open().toList());
        assertEquals(Optional.empty(), quarantine.find(entry.id()));
        var trace = stack.dynamoDb()
                .getItem(request -> request.tableName(stack.table("QuarantineTable"))
                        .key(Map.of("state", AttributeValue.fromS("closed"), "id", AttributeValue.fromS(entry.id()))))
                .item();
        assertEquals("replayed", trace.get("ending").s());
        assertEquals(
                "2026-05-30T13:00:00Z",
                Instant.ofEpochSecond(Long.parseLong(trace.get("expiresAt").n()))
                        .toString());
        assertTrue(!trace.containsKey("payload"));
    }

    /** Its sender was told that it is kept. */
    @Test
    @Tag("rule-7")
    void entryWhosePayloadCameAgainSinceItWasReadStays() {
        quarantine.keep(SOURCE, bytes("{}"), "ussf_id is missing", NOON);
        var seen = quarantine.open().toList().getFirst();
        quarantine.keep(SOURCE, bytes("{}"), "ussf_id is missing", NOON.plusSeconds(60));

        quarantine.close(seen, Ending.DISCARDED, NOON.plusSeconds(90));

        assertEquals(1, quarantine.open().toList().size());
    }

    private byte[] payload(QuarantineEntry entry) {
        return quarantine.payload(entry.id()).orElseThrow();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
