package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.touchline.Backend;
import org.touchline.TestStack;

/**
 * Design rules 1 to 4: whatever the order in which changes arrive, however often, whether one by one as webhooks bring them or
 * in bulk as reconciliation brings what was lost, the store ends as a plain model says.
 */
class LicenseConvergenceTest {
    private static @Nullable TestStack stack;

    @BeforeContainer
    static void createStack() {
        stack = Backend.EMBEDDED.newStack();
    }

    @AfterContainer
    static void deleteStack() {
        if (stack != null) {
            stack.close();
        }
    }

    @Property(tries = 150)
    void everyDeliveryEndsInTheStateOfTheModel(@ForAll("changes") List<Changes> changes, @ForAll Random random) {
        var store = new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        var person = new UssfId("%016d".formatted(random.nextLong(10_000_000_000_000_000L)));
        var mine = changes.stream().map(change -> change.of(person)).toList();

        // Some are lost on their way, some arrive twice, none in order.
        var arriving = new ArrayList<Changes>();
        for (var change : mine) {
            for (var copies = random.nextInt(3); copies > 0; copies--) {
                arriving.add(change);
            }
        }
        Collections.shuffle(arriving, random);
        arriving.forEach(change -> store.apply(change.change()));
        // What was lost comes in bulk, with what is known already, in another order.
        var reconciled = new ArrayList<>(mine);
        Collections.shuffle(reconciled, random);
        store.applyAll(reconciled.stream().map(Changes::change).toList());

        assertEquals(model(mine), stored(store, person));
    }

    @Provide
    Arbitrary<List<Changes>> changes() {
        // Few values of each, so that changes meet: on one license, at one instant, with one content.
        return Combinators.combine(
                        Arbitraries.of("referee_8", "coach_41", "safety_1"),
                        Arbitraries.of(LicenseState.class),
                        Arbitraries.of("U.S. Soccer", "Cal South").injectNull(0.2),
                        Arbitraries.of(LocalDate.of(2026, 1, 1), LocalDate.of(2026, 2, 2))
                                .injectNull(0.2),
                        Arbitraries.of(LocalDate.of(2026, 12, 31), LocalDate.of(2027, 12, 31))
                                .injectNull(0.2),
                        Arbitraries.of(
                                "2026-03-01T12:00:00Z",
                                "2026-03-01T12:00:00.000001Z",
                                "2026-03-01T12:00:01Z",
                                "2026-04-01T00:00:00Z"))
                .as((license, state, issuer, issued, expires, updatedAt) -> Changes.active(updatedAt)
                        .license(license)
                        .state(state)
                        .issuer(issuer)
                        .issueDate(issued)
                        .expirationDate(expires))
                .list()
                .ofMinSize(1)
                .ofMaxSize(12);
    }

    /** What the store must hold of a license. */
    private record Held(
            boolean removed,
            @Nullable String issuer,
            @Nullable LocalDate issueDate,
            @Nullable LocalDate expirationDate,
            Instant updatedAt) {}

    /**
     * Of each license the latest change; of several at one instant one of the highest state. Which one of these is for the digest
     * to say: the model asks the revision only there.
     */
    private static Map<LicenseId, Held> model(List<Changes> changes) {
        var latest = new HashMap<LicenseId, Changes>();
        var order = Comparator.comparing(Changes::updatedAt)
                .thenComparing(change -> List.of(LicenseState.ACTIVE, LicenseState.REMOVED, LicenseState.SHOWN_ACTIVE)
                        .indexOf(change.state()))
                .thenComparing(change -> change.change().revision());
        changes.forEach(change ->
                latest.merge(change.licenseId(), change, (one, other) -> order.compare(one, other) >= 0 ? one : other));
        var model = new HashMap<LicenseId, Held>();
        latest.forEach((license, change) -> model.put(
                license,
                new Held(
                        change.state() == LicenseState.REMOVED,
                        change.issuer(),
                        change.issueDate(),
                        change.expirationDate(),
                        change.updatedAt())));
        return model;
    }

    private static Map<LicenseId, Held> stored(LicenseStore store, UssfId person) {
        var stored = new HashMap<LicenseId, Held>();
        for (var license : store.person(person).orElseThrow().licenses()) {
            stored.put(
                    license.licenseId(),
                    new Held(
                            license.removed(),
                            license.issuer(),
                            license.issueDate(),
                            license.expirationDate(),
                            license.updatedAt()));
        }
        return stored;
    }
}
