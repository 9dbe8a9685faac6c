package org.touchline.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.touchline.InvalidValueException;

/** Wire contract §4. */
class MemberIdentifierTest {
    @ParameterizedTest
    @CsvSource({"ab-12, AB-12", "'  A.1 ', A.1", "a b_c~d:e@f, A B_C~D:E@F", "0, 0"})
    void isComparedInUpperCaseWithoutTheSpaceAroundIt(String text, String canonical) {
        assertEquals(canonical, MemberIdentifier.parse(text).value());
    }

    @Test
    void has64CharactersAtMost() {
        assertEquals(64, MemberIdentifier.parse("x".repeat(64)).value().length());
        assertThrows(InvalidValueException.class, () -> MemberIdentifier.parse("x".repeat(65)));
    }

    /** The last ones become letters of ASCII in upper case: ß → SS, ı → I, ﬁ → FI. */
    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "a/b", "a\tb", "a%b", "é", "１", "ß", "ı", "ﬁ", "a\nb"})
    void anyOtherTextIsNone(String text) {
        assertEquals(Optional.empty(), MemberIdentifier.tryParse(text));
    }
}
