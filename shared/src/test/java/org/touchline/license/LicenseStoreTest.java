package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.VIDAR;
import static org.touchline.license.Changes.active;
import static org.touchline.license.Changes.removed;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.Backend;
import org.touchline.Calls;
import org.touchline.OnEveryBackend;
import org.touchline.TestStack;
import org.touchline.dynamodb.Item;
import org.touchline.license.LicenseStore.Applied;
import org.touchline.license.Person.GrassrootsCertificate;
import org.touchline.license.Person.Profile;

@OnEveryBackend
class LicenseStoreTest {
    private static final Instant NOW = Instant.parse("2026-03-02T00:00:00Z");

    private final Calls calls = new Calls();
    private final TestStack stack;
    private final LicenseStore store;
    private final ProfileStore profiles;

    LicenseStoreTest(Backend backend) {
        stack = backend.newStack();
        store = new LicenseStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
        profiles = new ProfileStore(calls.listening(stack.dynamoDb()), stack.table("LicenseStoreTable"));
    }

    @AfterEach
    void deleteStore() {
        stack.close();
    }

    @Test
    void storesALicenseAndReadsItBackWhole() {
        var applied = store.apply(active("2026-03-01T12:00:00.25Z").change());

        assertEquals(Applied.WRITTEN, applied);
        var license = onlyLicense();
        assertEquals(Changes.REFEREE, license.licenseId());
        assertEquals("U.S. Soccer", license.issuer());
        assertEquals(LocalDate.of(2026, 1, 10), license.issueDate());
        assertEquals(LocalDate.of(2026, 12, 31), license.expirationDate());
        assertEquals(Instant.parse("2026-03-01T12:00:00.25Z"), license.updatedAt());
        assertFalse(license.removed());
    }

    @Test
    void storesALicenseOfWhichNothingElseIsKnown() {
        store.apply(active("2026-03-01T12:00:00Z")
                .issuer(null)
                .issueDate(null)
                .expirationDate(null)
                .change());

        var license = onlyLicense();
        assertEquals(null, license.issuer());
        assertEquals(null, license.issueDate());
        assertEquals(null, license.expirationDate());
    }

    /** Rule 1. */
    @Test
    @Tag("rule-1")
    void olderChangeChangesNothing() {
        store.apply(active("2026-03-02T12:00:00Z").issuer("New").change());

        var applied = store.apply(active("2026-03-01T12:00:00Z").issuer("Old").change());

        assertEquals(Applied.UNCHANGED, applied);
        assertEquals("New", onlyLicense().issuer());
    }

    /** Rule 1. */
    @Test
    @Tag("rule-1")
    void repeatedChangeChangesNothing() {
        store.apply(active("2026-03-01T12:00:00Z").change());

        assertEquals(
                Applied.UNCHANGED, store.apply(active("2026-03-01T12:00:00Z").change()));
    }

    /** Rule 1. */
    @Test
    @Tag("rule-1")
    void changesOfOneSecondAreOrderedByTheirFractions() {
        store.apply(active("2026-03-01T12:00:00.2Z").issuer("Second").change());

        assertEquals(
                Applied.UNCHANGED,
                store.apply(active("2026-03-01T12:00:00.1Z").issuer("First").change()));
        assertEquals(
                Applied.WRITTEN,
                store.apply(active("2026-03-01T12:00:00.3Z").issuer("Third").change()));
    }

    /** Rule 2. */
    @Test
    @Tag("rule-2")
    void removedLicenseStaysRemovedWhenAnOlderUpdateArrives() {
        store.apply(active("2026-03-01T12:00:00Z").change());
        store.apply(removed("2026-03-03T12:00:00Z").change());

        assertEquals(
                Applied.UNCHANGED, store.apply(active("2026-03-02T12:00:00Z").change()));
        assertTrue(onlyLicense().removed());
    }

    /** Rule 2: the removal may even be the first that is heard of a license. */
    @Test
    @Tag("rule-2")
    void removalOfAnUnknownLicenseLeavesATombstone() {
        store.apply(removed("2026-03-03T12:00:00Z").change());

        store.apply(active("2026-03-02T12:00:00Z").change());

        assertTrue(onlyLicense().removed());
    }

    @Test
    void oneLicenseIsReadATombstoneToo() {
        var removal = removed("2026-03-03T12:00:00Z").change();
        store.apply(removal);

        assertEquals(Optional.of(onlyLicense()), store.license(removal.ussfId(), removal.licenseId()));
        assertEquals(Optional.empty(), store.license(removal.ussfId(), new LicenseId("coach_5")));
    }

    /** Rule 1, and what rule 3b will ask. */
    @Test
    @Tag("rule-1")
    void atOneInstantRemovedWinsOverActiveAndShownActiveOverRemoved() {
        var active = active("2026-03-01T12:00:00Z");

        store.apply(removed("2026-03-01T12:00:00Z").change());
        assertEquals(Applied.UNCHANGED, store.apply(active.change()));
        assertTrue(onlyLicense().removed());

        store.apply(active.state(LicenseState.SHOWN_ACTIVE).change());
        assertEquals(
                Applied.UNCHANGED, store.apply(removed("2026-03-01T12:00:00Z").change()));
        assertFalse(onlyLicense().removed());
    }

    @Test
    void licensesOfOnePersonDoNotTouchEachOtherNorThoseOfAnother() {
        var other = new UssfId("2020000004152809");
        store.apply(active("2026-03-01T12:00:00Z").change());
        store.apply(removed("2026-03-02T12:00:00Z").license("coach_41").change());
        store.apply(removed("2026-03-02T12:00:00Z").of(other).change());

        var licenses = store.person(VIDAR).orElseThrow().licenses();

        assertEquals(
                List.of(true, false), licenses.stream().map(License::removed).toList());
        assertEquals(1, store.person(other).orElseThrow().licenses().size());
    }

    @Test
    void personOfWhomNothingIsKnownIsEmpty() {
        assertEquals(Optional.empty(), store.person(VIDAR));
    }

    @Test
    void singleChangeCostsOneRequest() {
        store.apply(active("2026-03-01T12:00:00Z").change());

        assertEquals(List.of("PutItem", "GetItem"), calls.drain());
    }

    /** Rule 4, over more rows, and the profiles of as many people, than one batch holds. */
    @Test
    @Tag("rule-4")
    void bulkOfWhatIsAlreadyThereReadsInBatchesAndWritesNothing() {
        var changes = people(250).map(Changes::change).toList();
        assertEquals(250, Changes.applyAll(store, changes).size());
        calls.drain();

        var written = Changes.applyAll(store, changes);

        assertEquals(List.of(), written);
        assertEquals(Collections.nCopies(5, "BatchGetItem"), calls.drain());
    }

    /** Rule 4. */
    @Test
    @Tag("rule-4")
    void bulkWritesOnlyWhatDiffers() {
        var stored = active("2026-03-01T12:00:00Z");
        var news = stored.license("coach_41").change();
        store.apply(stored.change());
        calls.drain();

        var written = Changes.applyAll(store, List.of(stored.change(), news));

        assertEquals(List.of(news), written);
        assertEquals(List.of("BatchGetItem", "PutItem", "GetItem"), calls.drain());
    }

    /** Rule 3: the bulk path goes through the same condition. */
    @Test
    @Tag("rule-3")
    void bulkWithSeveralChangesOfOneLicenseEndsWithTheLatest() {
        var latest = removed("2026-03-03T12:00:00Z").change();

        var written = Changes.applyAll(
                store,
                List.of(
                        active("2026-03-01T12:00:00Z").change(),
                        latest,
                        active("2026-03-02T12:00:00Z").change()));

        assertEquals(List.of(latest), written);
        assertTrue(onlyLicense().removed());
    }

    /** Rule 14: it is asked with the date of the subscription, and kept with the license until something else is written. */
    @Test
    @Tag("rule-14")
    void bulkKeepsWhatAWebhookShouldHaveBrought() {
        var other = new UssfId("2020000004152809");
        var since = Instant.parse("2026-02-01T00:00:00Z");
        profiles.subscribed(VIDAR, since);
        var asked = new HashMap<UssfId, Optional<Instant>>();
        var told = new HashMap<UssfId, Boolean>();

        store.applyAll(
                List.of(
                        active("2026-03-01T12:00:00Z").change(),
                        active("2026-03-01T12:00:00Z").of(other).change()),
                (change, subscribedSince) -> {
                    asked.put(change.ussfId(), Optional.ofNullable(subscribedSince));
                    return subscribedSince != null;
                },
                (change, missed) -> told.put(change.ussfId(), missed));

        assertEquals(Map.of(VIDAR, Optional.of(since), other, Optional.empty()), asked);
        assertEquals(Map.of(VIDAR, true, other, false), told);
        assertTrue(isKeptAsMissed(VIDAR));
        assertFalse(isKeptAsMissed(other));

        store.apply(active("2026-03-02T12:00:00Z").change());
        assertFalse(isKeptAsMissed(VIDAR));
    }

    private boolean isKeptAsMissed(UssfId ussfId) {
        var answer = stack.dynamoDb()
                .getItem(request -> request.tableName(stack.table("LicenseStoreTable"))
                        .key(PersonItems.licenseKey(ussfId, Changes.REFEREE)));
        return PersonItems.isMissed(new Item(answer.item()));
    }

    @Test
    void bulkOfNothingAsksNobody() {
        assertEquals(List.of(), Changes.applyAll(store, List.of()));
        assertEquals(List.of(), calls.drain());
    }

    @Test
    void readsTheProfileBesideTheLicenses() {
        profiles.subscribed(VIDAR, Instant.parse("2026-02-01T00:00:00Z"));
        profiles.refereeExperience(VIDAR, 7, NOW);
        profiles.grassrootsCertificate(VIDAR, new GrassrootsCertificate(true, LocalDate.of(2020, 5, 5)), NOW);
        Changes.takeOver(store, VIDAR, () -> ShownLicenses.NONE, () -> NOW);
        store.apply(active("2026-03-01T12:00:00Z").change());

        var person = store.person(VIDAR).orElseThrow();

        assertEquals(1, person.licenses().size());
        assertEquals(
                new Profile(
                        null,
                        Instant.parse("2026-02-01T00:00:00Z"),
                        NOW,
                        7,
                        new GrassrootsCertificate(true, LocalDate.of(2020, 5, 5))),
                person.profile());
    }

    private License onlyLicense() {
        var licenses = store.person(VIDAR).orElseThrow().licenses();
        assertEquals(1, licenses.size());
        return licenses.getFirst();
    }

    private static Stream<Changes> people(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> active("2026-03-01T12:00:00Z").of(new UssfId(String.format(Locale.ROOT, "%016d", i))));
    }
}
