package org.touchline.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.catalog.CatalogStore.ImplausibleCatalogException;
import org.touchline.catalog.CatalogStore.Received;
import org.touchline.learningcenter.LicenseList;
import org.touchline.license.CatalogEntry;
import org.touchline.license.LicenseId;

/** Design rule 9. */
@OnEveryBackend
class CatalogStoreTest {
    private static final Instant MORNING = Instant.parse("2026-03-01T08:00:00Z");
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Instant EVENING = Instant.parse("2026-03-01T18:00:00Z");

    private final TestStack stack;
    private final CatalogStore store;

    CatalogStoreTest(Backend backend) {
        stack = backend.newStack();
        store = new CatalogStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    void catalogThatWasNeverReceivedIsEmpty() {
        assertEquals(Catalog.EMPTY, store.read());
    }

    @Test
    void listIsTakenOverWholeWithWhatIsUnknownLeftOut() {
        var known = new CatalogEntry(new LicenseId("referee_8"), "Referee", "referee", "referee_pathway", 10, false);
        var bare = new CatalogEntry(new LicenseId("coach_99"), null, null, null, null, false);

        assertEquals(Received.REPLACED, store.receive(List.of(known, bare), MORNING, false));

        assertEquals(known, store.read().entry(known.licenseId()));
        assertEquals(bare, store.read().entry(bare.licenseId()));
        assertEquals(MORNING, store.read().receivedAt());
    }

    @Test
    @Tag("rule-9")
    void whatIsMissingInANewListIsRetiredAndComesBackWhenItIsListedAgain() {
        store.receive(licenses(0, 10), MORNING, false);

        store.receive(licenses(0, 9), NOON, false);

        var retired = store.read().entry(new LicenseId("coach_9"));
        assertTrue(retired.retired());
        assertEquals("License 9", retired.name());
        assertEquals(9, store.read().activeCount());

        store.receive(licenses(0, 10), EVENING, false);
        assertFalse(store.read().entry(new LicenseId("coach_9")).retired());
    }

    @Test
    void sameListAgainIsUnchanged() {
        store.receive(licenses(0, 10), MORNING, false);

        assertEquals(Received.UNCHANGED, store.receive(licenses(0, 10), NOON, false));
    }

    @Test
    @Tag("rule-9")
    void emptyListIsRefused() {
        store.receive(licenses(0, 10), MORNING, false);

        assertThrows(ImplausibleCatalogException.class, () -> store.receive(List.of(), NOON, false));
        assertEquals(10, store.read().activeCount());
    }

    @Test
    void firstListMayNotBeEmptyEither() {
        assertThrows(ImplausibleCatalogException.class, () -> store.receive(List.of(), NOON, false));
    }

    @Test
    @Tag("rule-9")
    void listThatRetiresHalfIsTakenOverAndOneThatRetiresMoreIsRefused() {
        store.receive(licenses(0, 10), MORNING, false);
        var refused = assertThrows(ImplausibleCatalogException.class, () -> store.receive(licenses(0, 4), NOON, false));
        assertEquals("the list would retire 6 of 10 licenses", refused.getMessage());
        assertEquals(10, store.read().activeCount());

        assertEquals(Received.REPLACED, store.receive(licenses(0, 5), NOON, false));
    }

    @Test
    void retiredLicensesDoNotCountTwice() {
        store.receive(licenses(0, 10), MORNING, false);
        store.receive(licenses(0, 6), NOON, false);

        assertEquals(Received.REPLACED, store.receive(licenses(0, 3), EVENING, false));
    }

    @Test
    @Tag("rule-9")
    void listThatSomeoneAcceptedIsTakenOver() {
        store.receive(licenses(0, 10), MORNING, false);

        store.receive(licenses(0, 1), NOON, true);

        assertEquals(1, store.read().activeCount());
        assertEquals(10, store.read().entries().size());
    }

    @Test
    @Tag("rule-9")
    void listThatWasReceivedEarlierNeverWinsOverALaterOne() {
        store.receive(licenses(0, 10), MORNING, false);
        store.receive(licenses(0, 10), EVENING, false);

        assertEquals(Received.UNCHANGED, store.receive(licenses(0, 1), NOON, false));
        assertThrows(ImplausibleCatalogException.class, () -> store.receive(licenses(0, 1), NOON, true));
        assertEquals(10, store.read().activeCount());
    }

    @Test
    @Tag("rule-9")
    void listThatWasAskedForIsTakenOverUnlessTheCatalogHasBeenReplacedSince() {
        store.receive(licenses(0, 10), MORNING, false);
        var before = store.read();

        assertTrue(store.takeOver(before, new LicenseList(licenses(0, 9), true), NOON));
        assertFalse(store.takeOver(before, new LicenseList(licenses(0, 10), true), EVENING));
        assertFalse(store.takeOver(store.read(), new LicenseList(licenses(0, 10), true), MORNING));

        assertEquals(9, store.read().activeCount());
        assertEquals(NOON, store.read().receivedAt());
    }

    @Test
    void listThatIsNotCompleteRetiresNothing() {
        store.receive(licenses(0, 10), MORNING, false);

        assertTrue(store.takeOver(store.read(), new LicenseList(licenses(9, 11), false), NOON));

        assertEquals(11, store.read().activeCount());
    }

    @Test
    void listTooLongForOneItemIsRefusedWithAReasonEvenIfAccepted() {
        var longName = "x".repeat(1_000);
        var list = IntStream.range(0, 400)
                .mapToObj(i -> new CatalogEntry(new LicenseId("coach_" + i), longName, "coach", "c", 1, false))
                .toList();

        assertThrows(ImplausibleCatalogException.class, () -> store.receive(list, NOON, true));
    }

    @Test
    void listsThatArriveAtOnceEndWithTheOneReceivedLast() throws Exception {
        store.receive(licenses(0, 10), MORNING, false);
        var go = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = IntStream.rangeClosed(1, 6)
                    .mapToObj(i -> threads.submit(() -> {
                        go.await();
                        return store.receive(licenses(0, 10 + i), MORNING.plusSeconds(i), false);
                    }))
                    .toList();
            go.countDown();
            for (var each : all) {
                each.get();
            }
        }

        assertEquals(16, store.read().activeCount());
        assertEquals(MORNING.plusSeconds(6), store.read().receivedAt());
    }

    private static List<CatalogEntry> licenses(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new CatalogEntry(
                        new LicenseId("coach_" + i), "License " + i, "coach", "coach_pathway", i, false))
                .toList();
    }
}
