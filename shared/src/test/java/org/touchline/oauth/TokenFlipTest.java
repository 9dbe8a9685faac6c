package org.touchline.oauth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** A token is good as it was issued, and in no other way of writing it. */
class TokenFlipTest {
    private static @Nullable OAuthStack stack;
    private static TokenVerifier verifier;
    private static String token;

    @BeforeContainer
    static void issueToken() {
        stack = new OAuthStack();
        verifier = stack.verifier();
        token = stack.issuer()
                .issue(
                        TokenKind.ACCESS,
                        stack.clients().find("safesport").orElseThrow(),
                        Optional.of(Duration.ofDays(35)));
        assertTrue(verifier.isGoodAccessToken(token));
    }

    @AfterContainer
    static void deleteStack() {
        if (stack != null) {
            stack.close();
        }
    }

    @Property(tries = 2000)
    void noFlipOfAByteVerifies(
            @ForAll @IntRange(max = 1 << 16) int position, @ForAll @IntRange(min = 1, max = 255) int bits) {
        var bytes = token.getBytes(ISO_8859_1);
        bytes[position % bytes.length] ^= (byte) bits;

        assertFalse(verifier.isGoodAccessToken(new String(bytes, ISO_8859_1)));
    }

    /** The last character has two bits that are no part of the signature: a decoder ignores them, we do not. */
    @Property(tries = 100)
    void noOtherLastCharacterVerifies(@ForAll @IntRange(max = 255) int other) {
        var flipped = token.substring(0, token.length() - 1) + (char) other;

        assertEquals(flipped.equals(token), verifier.isGoodAccessToken(flipped));
    }
}
