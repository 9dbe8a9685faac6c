package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;
import org.touchline.Backend;
import org.touchline.Intercepted;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Design rules 1 to 5: whatever the order in which changes arrive, however often, whether one by one as webhooks bring them or
 * in bulk as reconciliation brings what was lost, the store ends as a plain model says.
 */
class LicenseConvergenceTest {
    private static @Nullable TestStack stack;
    private static @Nullable DynamoDbClient interrupted;
    private static Runnable meanwhile = () -> {};

    @BeforeContainer
    static void createStack() {
        stack = Backend.EMBEDDED.newStack();
        interrupted = Intercepted.client(stack.dynamoDb(), _ -> meanwhile.run());
    }

    @AfterContainer
    static void deleteStack() {
        if (interrupted != null) {
            interrupted.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Property(tries = 100)
    @Tag("rule-1")
    @Tag("rule-2")
    @Tag("rule-5")
    void everyDeliveryEndsInTheStateOfTheModel(@ForAll("changes") List<Changes> changes, @ForAll Random random) {
        var store = store();
        var person = new UssfId(String.format(Locale.ROOT, "%016d", random.nextLong(10_000_000_000_000_000L)));
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
        Changes.applyAll(store, reconciled.stream().map(Changes::change).toList());

        assertEquals(model(mine), stored(store, person));
    }

    /** Rules 3b and 5: everybody's life, with several changes in one second, ends in the truth with one more full answer. */
    @Property(tries = 6)
    @Tag("rule-3b")
    @Tag("rule-5")
    void everyLifeEndsInTheTruthOnceTheLastFullAnswerIsThere(@ForAll Random random) {
        var person = new PersonModel(random, Duration.ZERO);
        var deliveries = deliveries(random, person);

        deliveries.live(12);
        deliveries.tellEverything();
        deliveries.askOnceMore();

        assertEquals(person.held().keySet(), held(person).keySet());
        assertNothingIsLeftUnderFormerIds(person);
        var before = rows(person);
        assertEquals(0, deliveries.news());
        deliveries.askOnceMore();
        assertEquals(before, rows(person));
    }

    /** Rules 1 to 3 and 5: where no two changes share a second, it takes no full answer, and does not suffer from any. */
    @Property(tries = 6)
    @Tag("rule-1")
    @Tag("rule-2")
    @Tag("rule-3")
    @Tag("rule-5")
    void everyLifeEndsInTheTruthOnceEverythingWasTold(@ForAll Random random) {
        var person = new PersonModel(random, Duration.ofSeconds(1));
        var deliveries = deliveries(random, person);

        deliveries.live(12);
        deliveries.tellEverything();

        assertEquals(person.held(), held(person));
        assertNothingIsLeftUnderFormerIds(person);
        var before = rows(person);
        assertEquals(0, deliveries.news());
        assertEquals(before, rows(person));
    }

    private static Deliveries deliveries(Random random, PersonModel person) {
        var table = stack.table("LicenseStoreTable");
        var deliveries = new Deliveries(
                random, person, new LicenseStore(interrupted, table), new ProfileStore(interrupted, table));
        meanwhile = deliveries::meanwhile;
        return deliveries;
    }

    /** Who issued what the person holds, as the store has it. */
    private static Map<LicenseId, String> held(PersonModel person) {
        return store().person(person.present()).stream()
                .flatMap(known -> known.licenses().stream())
                .filter(license -> !license.removed())
                .collect(Collectors.toMap(License::licenseId, License::issuer));
    }

    private static void assertNothingIsLeftUnderFormerIds(PersonModel person) {
        for (var former : person.formerIds()) {
            assertEquals(List.of(), store().person(former).orElseThrow().licenses(), "left under " + former);
        }
    }

    /** Every license, tombstones and marks of absence included. */
    private static List<Map<String, AttributeValue>> rows(PersonModel person) {
        var rows = new LicenseRows(stack.dynamoDb(), stack.table("LicenseStoreTable"));
        return person.ids.stream()
                .flatMap(ussfId -> PersonItems.licenses(rows.under(ussfId)).stream())
                .map(Item::attributes)
                .toList();
    }

    private static LicenseStore store() {
        return new LicenseStore(stack.dynamoDb(), stack.table("LicenseStoreTable"));
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
