package org.touchline.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.MutableClock;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.dynamodb.Lease.Held;
import org.touchline.dynamodb.Lease.LeaseLostException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

@OnEveryBackend
class LeaseTest {
    private static final Duration DURATION = Duration.ofMinutes(2);
    private static final Map<String, AttributeValue> KEY = Map.of("id", AttributeValue.fromS("lease"));

    private final MutableClock clock = new MutableClock("2026-03-01T12:00:00Z");
    private final TestStack stack;
    private final Lease lease;

    LeaseTest(Backend backend) {
        stack = backend.newStack();
        lease = leaseOf(stack.dynamoDb());
    }

    private Lease leaseOf(DynamoDbClient dynamoDb) {
        return new Lease(dynamoDb, stack.table("FollowUpTable"), KEY, DURATION, clock);
    }

    @AfterEach
    void deleteLease() {
        stack.close();
    }

    @Test
    void oneHoldsIt() {
        assertTrue(lease.acquire().isPresent());
        assertTrue(lease.acquire().isEmpty());
    }

    @Test
    void ofManyAtOnceOneGetsIt() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Optional<Held>> acquire = lease::acquire;
            var got = threads
                    .invokeAll(IntStream.range(0, 8).mapToObj(_ -> acquire).toList())
                    .stream()
                    .filter(future -> future.resultNow().isPresent())
                    .count();

            assertEquals(1, got);
        }
    }

    @Test
    void whoGivesItBackLetsTheNextIn() {
        lease.release(lease.acquire().orElseThrow());

        assertTrue(lease.acquire().isPresent());
    }

    @Test
    void holderThatDiesIsOvertakenWhenTheLeaseEnds() {
        lease.acquire();

        clock.advance(DURATION.minusMillis(1));
        assertTrue(lease.acquire().isEmpty());

        clock.advance(Duration.ofMillis(1));
        assertTrue(lease.acquire().isPresent());
    }

    @Test
    void whoRenewsItKeepsItAnotherWhile() {
        var held = lease.acquire().orElseThrow();
        clock.advance(DURATION.minusMillis(1));
        lease.renew(held);
        clock.advance(DURATION.minusMillis(1));

        assertTrue(lease.acquire().isEmpty());
    }

    @Test
    void overtakenHolderNeitherRenewsNorChangesNorReleases() {
        var late = lease.acquire().orElseThrow();
        clock.advance(DURATION);
        var next = lease.acquire().orElseThrow();

        assertThrows(LeaseLostException.class, () -> lease.renew(late));
        assertThrows(
                LeaseLostException.class,
                () -> lease.renewAnd(late, "page = :page", Map.of(":page", AttributeValue.fromN("7"))));
        lease.release(late);

        assertTrue(lease.acquire().isEmpty());
        lease.release(next);
        assertFalse(lease.acquire().orElseThrow().item().has("page"));
    }

    /** Late is not lost, as long as nobody else came. */
    @Test
    void lateHolderThatNobodyOvertookGoesOn() {
        var held = lease.acquire().orElseThrow();
        clock.advance(DURATION.plusMinutes(1));

        lease.renew(held);

        assertTrue(lease.acquire().isEmpty());
    }

    @Test
    void whatIsSavedBesideItIsThereForTheNext() {
        var held = lease.acquire().orElseThrow();
        lease.renewAnd(held, "page = :page", Map.of(":page", AttributeValue.fromN("7")));
        lease.release(held);

        var next = lease.acquire().orElseThrow();
        assertEquals(7, next.item().number("page"));

        lease.renewAnd(next, "chapter = :chapter REMOVE page", Map.of(":chapter", AttributeValue.fromN("2")));
        lease.release(next);
        assertFalse(lease.acquire().orElseThrow().item().has("page"));
    }

    /** The SDK repeats a request whose answer it did not get. */
    @Test
    void requestThatIsRepeatedTakesItOnce() {
        var repeating = Intercepted.client(
                stack.dynamoDb(), request -> stack.dynamoDb().updateItem((UpdateItemRequest) request));

        assertTrue(leaseOf(repeating).acquire().isPresent());
        assertTrue(lease.acquire().isEmpty());
    }

    @Test
    void conditionMustHoldAndTheLeaseBeFree() {
        var pageIs7 = Map.of(":page", AttributeValue.fromN("7"));
        assertTrue(lease.acquireIf("page = :page", pageIs7).isEmpty());

        var held = lease.acquireIf("attribute_not_exists(page) OR page = :page", pageIs7)
                .orElseThrow();
        assertTrue(lease.acquireIf("attribute_not_exists(page) OR page = :page", pageIs7)
                .isEmpty());

        lease.releaseAnd(held, new Item().withNumber("page", 7));
        assertTrue(lease.acquireIf("page = :page", pageIs7).isPresent());
    }

    @Test
    void whoGivesItBackWithAnotherItemLeavesNothingOfTheOld() {
        var held = lease.acquire().orElseThrow();
        lease.renewAnd(held, "page = :page", Map.of(":page", AttributeValue.fromN("7")));

        lease.releaseAnd(held, new Item().withNumber("chapter", 2));

        assertEquals(new Item(new HashMap<>(KEY)).withNumber("chapter", 2).attributes(), stored().attributes());
    }

    @Test
    void whoHasItNoLongerPutsNoOtherItem() {
        var late = lease.acquire().orElseThrow();
        clock.advance(DURATION);
        var next = lease.acquire().orElseThrow();

        assertThrows(LeaseLostException.class, () -> lease.releaseAnd(late, new Item()));
        lease.release(next);
        assertThrows(LeaseLostException.class, () -> lease.releaseAnd(next, new Item()));
    }

    @Test
    void itemSaysWhetherItIsHeld() {
        assertFalse(lease.isHeld(stored()));

        lease.acquire();
        clock.advance(DURATION.minusMillis(1));
        assertTrue(lease.isHeld(stored()));

        clock.advance(Duration.ofMillis(1));
        assertFalse(lease.isHeld(stored()));

        lease.release(lease.acquire().orElseThrow());
        assertFalse(lease.isHeld(stored()));
    }

    private Item stored() {
        return new Item(stack.dynamoDb()
                .getItem(request ->
                        request.tableName(stack.table("FollowUpTable")).key(KEY))
                .item());
    }
}
