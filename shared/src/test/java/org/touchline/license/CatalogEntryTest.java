package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CatalogEntryTest {
    /** Wire contract §5. */
    @Test
    void idIsTheNameWhereThereIsNoOther() {
        var id = new LicenseId("referee_8");

        assertEquals("referee_8", CatalogEntry.unknown(id).displayName());
        assertEquals("Referee", new CatalogEntry(id, "Referee", "referee", null, 10, false).displayName());
    }

    @Test
    void statusesAreSpelledInLowerCase() {
        assertEquals(
                List.of("active", "expired", "removed"),
                Stream.of(LicenseStatus.values()).map(LicenseStatus::wireName).toList());
    }
}
