package org.touchline.member;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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

    /** Wire contract §4: what a member pastes with their number is no part of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u00A0",
                "\u200B",
                "\uFEFF",
                "\u2060",
                "\u200C",
                "\u200D",
                "\u200E",
                "\u200F",
                "\u202A",
                "\u202C",
                "\u2066",
                "\u2069",
                "\u00AD",
                "\u061C",
                "\u180E",
                "\u2003",
                "\u2007",
                "\u202F",
                "\u3000",
                "\u1680",
                "\u2028",
                "\u2029",
                "\u0085",
                "\t",
                "\r\n",
                "\u000B",
                "\u001C",
                " \u00A0\u200B\uFEFF ",
                "\uDB40\uDC20"
            })
    void spaceThatNobodySeesAroundItIsNoPartOfIt(String space) {
        assertEquals("AB 12", MemberIdentifier.parse(space + "ab 12" + space).value());
        assertTrue(MemberIdentifier.isBlank(space));
        assertEquals(Optional.empty(), MemberIdentifier.tryParse(space));
        if (!space.isBlank() || space.length() > 1) {
            assertEquals(Optional.empty(), MemberIdentifier.tryParse("ab" + space + "12"), "within it, it is");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "\u0008", "\u007F", "\u0301", "\u2800", "\uD800", "\u3164", "."})
    void otherCharactersAreNoSpace(String character) {
        assertFalse(MemberIdentifier.isBlank(character));
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
