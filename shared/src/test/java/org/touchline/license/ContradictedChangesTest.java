package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.Intercepted;
import org.touchline.Meanwhile;
import org.touchline.TestStack;
import org.touchline.license.LicenseStore.Applied;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;

/** Design rule 1: what is said of one license at one instant, and differs, the digest decides; and the person is asked about anew. */
class ContradictedChangesTest {
    private static final String INSTANT = "2026-03-01T12:00:00Z";
    private static final LicenseChange ONE = active(INSTANT).issuer("One").change();
    private static final LicenseChange OTHER = active(INSTANT).issuer("Other").change();
    private static final UssfId SECOND = new UssfId("2020000004152809");

    private final Calls calls = new Calls();
    private final List<UssfId> contradicted = new ArrayList<>();
    private TestStack stack;
    private LicenseStore store;

    @BeforeEach
    void createStore() {
        stack = Backend.EMBEDDED.newStack();
        store = new LicenseStore(
                calls.listening(stack.dynamoDb()),
                stack.table("LicenseStoreTable"),
                LearnedBy.WEBHOOK,
                contradicted::add);
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    @Tag("rule-1")
    void whicheverComesFirstTheSecondTells() {
        var higher = ONE.revision().compareTo(OTHER.revision()) > 0 ? ONE : OTHER;
        var lower = higher == ONE ? OTHER : ONE;

        assertEquals(Applied.WRITTEN, store.apply(lower));
        assertEquals(Applied.WRITTEN, store.apply(higher));
        assertEquals(Applied.WRITTEN, store.apply(higher.of(SECOND)));
        assertEquals(Applied.UNCHANGED, store.apply(lower.of(SECOND)));

        assertEquals(List.of(VIDAR, SECOND), contradicted);
    }

    /** Rule 8: who dies after the write would not be told so again, since what is stored is then what the change says. */
    @Test
    void isToldBeforeTheChangeIsStored() {
        var dying = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"), LearnedBy.WEBHOOK, _ -> {
            throw new IllegalStateException("died");
        });
        store.apply(ONE);

        var removal = removed(INSTANT).issuer("One").change();
        assertThrows(IllegalStateException.class, () -> dying.apply(removal));
        assertThrows(IllegalStateException.class, () -> Changes.applyAll(dying, List.of(removal)));

        assertFalse(store.person(VIDAR).orElseThrow().licenses().getFirst().removed());
        assertEquals(Applied.WRITTEN, store.apply(removal));
        assertEquals(List.of(VIDAR), contradicted);
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
        store.apply(ONE);

        Changes.applyAll(
                store, List.of(ONE, OTHER, ONE.of(SECOND), OTHER.of(SECOND), ONE.of(new UssfId("2020000004149753"))));

        assertEquals(List.of(VIDAR, SECOND), contradicted.stream().sorted().toList());
    }

    /** What is stored between the look and the write is compared as well, and each person is told of once. */
    @Test
    void bulkTellsOfWhatWasStoredAfterItsRead() {
        var meanwhile = new Meanwhile()
                .before(PutItemRequest.class, () -> Changes.applyAll(store, List.of(OTHER, OTHER.of(SECOND))));
        var late = new ArrayList<UssfId>();
        var interrupted = new LicenseStore(
                meanwhile.client(stack.dynamoDb()), stack.table("LicenseStoreTable"), LearnedBy.WEBHOOK, late::add);

        Changes.applyAll(interrupted, List.of(ONE, ONE.of(SECOND)));

        assertEquals(List.of(VIDAR, SECOND), late);
        assertEquals(List.of(), contradicted);
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
