package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.touchline.license.Changes.REFEREE;
import static org.touchline.license.Changes.VIDAR;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.touchline.dynamodb.Item;

/** Items of the license store's table, as its stream shows them to whoever keeps the history (design rule 28). */
class PersonItemsTest {
    private final Item license = new Item(PersonItems.licenseKey(VIDAR, REFEREE));
    private final Item profile = new Item(PersonItems.profileKey(VIDAR));
    private final Item catalog = item("catalog", "catalog");

    @Test
    void licensesAndProfilesAreToldFromEachOtherAndFromWhatIsNobodys() {
        assertTrue(PersonItems.isLicense(license));
        assertFalse(PersonItems.isProfile(license));
        assertTrue(PersonItems.isProfile(profile));
        assertFalse(PersonItems.isLicense(profile));
        for (var person : List.of(license, profile)) {
            assertTrue(PersonItems.isOfPerson(person));
            assertEquals(VIDAR, PersonItems.person(person));
        }
        for (var nobodys : List.of(catalog, item("catalog", "profile"), item("catalog", "license#referee_8"))) {
            assertFalse(PersonItems.isOfPerson(nobodys));
            assertFalse(PersonItems.isLicense(nobodys));
            assertFalse(PersonItems.isProfile(nobodys));
        }
    }

    @Test
    @Tag("rule-24")
    void itemOfNobodyIsToldAndPassedOver() {
        var unreadable = new AtomicInteger();

        assertEquals(
                List.of(VIDAR),
                PersonItems.personIfReadable(profile, unreadable::incrementAndGet)
                        .toList());
        assertEquals(0, unreadable.get());
        for (var odd : List.of(catalog, item("person#12", "profile"))) {
            assertEquals(
                    List.of(),
                    PersonItems.personIfReadable(odd, unreadable::incrementAndGet)
                            .toList());
        }
        assertEquals(2, unreadable.get());
    }

    @Test
    void whatCameAlongIsToldFromWhatWasLearnedHere() {
        profile.with("certificateBy", LearnedBy.MOVE.wireName()).with("refereeExperienceBy", "somebody");

        assertTrue(PersonItems.cameAlong(profile, ProfileStore.CERTIFICATE));
        assertFalse(PersonItems.cameAlong(profile, ProfileStore.EXPERIENCE));
        assertFalse(PersonItems.cameAlong(license, ProfileStore.CERTIFICATE));
    }

    /** Those that an earlier version wrote do not say it, and a later one may say what this one does not know. */
    @Test
    void howALicenseWasLearnedIsKnownWhereItSaysSo() {
        assertNull(PersonItems.learnedBy(license));
        for (var learnedBy : LearnedBy.values()) {
            assertEquals(learnedBy, PersonItems.learnedBy(license.with("learnedBy", learnedBy.wireName())));
        }
        assertNull(PersonItems.learnedBy(license.with("learnedBy", "some day")));
    }

    private static Item item(String pk, String sk) {
        return new Item().with("pk", pk).with("sk", sk);
    }
}
