package org.touchline.license;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;

class UssfIdTest {
    @ParameterizedTest
    @ValueSource(strings = {"2020000004136762", "2020-0000-0413-6762", " 2020 0000 0413 6762 "})
    void spacesAndDashesDoNotCount(String text) {
        assertEquals("2020000004136762", UssfId.parse(text).value());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "202000000413676",
                "20200000041367620",
                "202000000413676x",
                "٢٠٢٠٠٠٠٠٠٤١٣٦٧٦٢",
                "2020.000004136762"
            })
    void anythingButSixteenAsciiDigitsIsRefused(String text) {
        assertThrows(InvalidValueException.class, () -> UssfId.parse(text));
    }

    @Test
    void messageHoldsNothingOfWhatWasThere() {
        var refused = assertThrows(InvalidValueException.class, () -> UssfId.parse("1977-01-01"));

        assertEquals("a USSF-ID has 16 digits", refused.getMessage());
    }
}
