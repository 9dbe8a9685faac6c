package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.Intercepted;
import org.touchline.TestStack;
import org.touchline.license.LicenseStore.Applied;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Design rule 1: what is said of one license at one instant, and differs, the digest decides; and the person is asked about anew. */
class ContradictedChangesTest {
    private static final String INSTANT = "2026-03-01T12:00:00Z";
    private static final LicenseChange ONE = active(INSTANT).issuer("One").change();
    private static final LicenseChange OTHER = active(INSTANT).issuer("Other").change();

    private final Calls calls = new Calls();
    private final List<UssfId> contradicted = new ArrayList<>();
    private TestStack stack;
    private LicenseStore store;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(
                calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"), contradicted::add);
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    void whicheverComesFirstTheSecondTells() {
        var higher = ONE.revision().compareTo(OTHER.revision()) > 0 ? ONE : OTHER;
        var lower = higher == ONE ? OTHER : ONE;
        var second = new UssfId("2020000004152809");

        assertEquals(Applied.WRITTEN, store.apply(lower));
        assertEquals(Applied.WRITTEN, store.apply(higher));
        assertEquals(Applied.WRITTEN, store.apply(higher.of(second)));
        assertEquals(Applied.UNCHANGED, store.apply(lower.of(second)));

        assertEquals(List.of(VIDAR, second), contradicted);
    }

    @Test
    void removalAtTheSameInstantContradicts() {
        store.apply(ONE);
        store.apply(removed(INSTANT).issuer("One").change());
        store.apply(ONE);

        assertEquals(List.of(VIDAR, VIDAR), contradicted);
    }

    /** A budget: one conditional write, one look; what was there is told by the answer to the write. */
    @Test
    void ordinaryChangeTakesTwoRequestsAndContradictsNothing() {
        store.apply(ONE);
        calls.drain();

        store.apply(ONE);
        store.apply(active("2026-03-01T12:00:00.5Z").change());
        store.apply(removed("2026-03-02T12:00:00Z").change());
        store.apply(ONE);

        assertEquals(
                List.of("PutItem", "GetItem", "PutItem", "GetItem", "PutItem", "GetItem", "PutItem", "GetItem"),
                calls.drain());
        assertEquals(List.of(), contradicted);
    }

    @Test
    void whatAFullAnswerShowedIsNoOtherThing() {
        store.apply(
                active(INSTANT).issuer("One").state(LicenseState.SHOWN_ACTIVE).change());

        store.apply(ONE);

        assertEquals(List.of(), contradicted);
        store.apply(OTHER);
        assertEquals(List.of(VIDAR), contradicted);
    }

    @Test
    void bulkTellsOfEachOnceWhetherAgainstWhatIsStoredOrWithinItself() {
        var second = new UssfId("2020000004152809");
        store.apply(ONE);

        Changes.applyAll(
                store, List.of(ONE, OTHER, ONE.of(second), OTHER.of(second), ONE.of(new UssfId("2020000004149753"))));

        assertEquals(List.of(VIDAR, second), contradicted.stream().sorted().toList());
    }

    /** Rule 4: and it costs nothing where nothing is news. */
    @Test
    void bulkThatIsRefusedByWhatIsReadTellsWithoutAWrite() {
        store.apply(ONE);
        store.apply(OTHER);
        contradicted.clear();
        calls.drain();
        var lower = ONE.revision().compareTo(OTHER.revision()) > 0 ? OTHER : ONE;

        Changes.applyAll(store, List.of(lower));

        assertEquals(List.of("BatchGetItem"), calls.drain());
        assertEquals(List.of(VIDAR), contradicted);
    }

    @Test
    void changesOfAFormerIdAreComparedWithThoseOfThePresentOne() {
        var former = new UssfId("2020000004149753");
        store.apply(ONE);
        store.markAndTakeAlong(former, VIDAR);

        Changes.applyAll(store, List.of(OTHER.of(former)));

        assertEquals(List.of(VIDAR), contradicted);
    }

    /** Design §8: DynamoDB refuses a write that meets another's transaction, DynamoDB Local never does, and nobody repeats it. */
    @Test
    void writeThatMeetsATransactionIsRepeated() {
        var conflicts = new int[] {3};
        var client = Intercepted.client(stack.dynamoDb(), request -> {
            if (request instanceof PutItemRequest && conflicts[0]-- > 0) {
                throw TransactionConflictException.builder().message("conflict").build();
            }
        });

        assertEquals(Applied.WRITTEN, new LicenseStore(client, stack.table("LicenseStoreTable")).apply(ONE));

        assertEquals(-1, conflicts[0]);
    }
}
