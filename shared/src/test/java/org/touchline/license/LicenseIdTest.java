package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;

class LicenseIdTest {
    /** Wire contract §1. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "referee_8, none, referee_8",
                "' Referee_8 ', none, referee_8",
                "8, referee, referee_8",
                "8, ' Referee ', referee_8",
                "8, '', 8",
                "8, none, 8",
                "coach_41, referee, coach_41"
            })
    void isTrimmedLowerCaseAndPrefixedWhereItIsABareNumber(String text, String discipline, String expected) {
        assertEquals(expected, LicenseId.parse(text, discipline).value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   "})
    void nothingIsRefused(String text) {
        assertThrows(InvalidValueException.class, () -> LicenseId.parse(text, null));
    }

    @Test
    void hasTwoHundredCharactersAtMost() {
        assertEquals(200, new LicenseId("a".repeat(200)).value().length());
        assertThrows(InvalidValueException.class, () -> new LicenseId("a".repeat(201)));
    }

    @Test
    void idsAreOrderedAsText() {
        var ids = Stream.of("referee_8", "coach_5", "coach_15").map(LicenseId::new);

        assertEquals(
                List.of("coach_15", "coach_5", "referee_8"),
                ids.sorted().map(LicenseId::value).toList());
    }
}
