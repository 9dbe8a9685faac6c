package org.touchline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Base64;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtTest {
    /** The library takes the first of these, and fails when it is asked what its header says. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bnVsbA.e30.AAAA",
                "e30.bnVsbA.AAAA",
                "bnVsbA.bnVsbA.AAAA",
                "bnVsbA.e30.",
                "IG51bGwg.e30.AAAA",
                "W10.e30.AAAA",
                "e30.W10.AAAA",
                "MQ.e30.AAAA",
                "e30.MQ.AAAA",
                "dHJ1ZQ.e30.AAAA",
                "InsidHlwIjoxfSI.e30.AAAA",
                ".e30.AAAA",
                "e30..AAAA",
                "e30.e30",
                "e30.e30.AAAA.AAAA",
                "....",
                "."
            })
    void tokenWhosePartsAreNoObjectsIsNone(String token) {
        assertEquals(Optional.empty(), Jwt.decode(token));
    }

    @Test
    void tokenOfTwoObjectsIsOne() {
        assertEquals(
                "a", Jwt.decode(token("{\"typ\":\"a\"}", " {} ")).orElseThrow().getType());
    }

    /** Whatever comes back can be asked for everything that we ask for. */
    @Test
    void whatIsDecodedCanBeAskedForWhatItSays() {
        var random = new Random(11);
        var decoded = 0;
        for (var i = 0; i < 20_000; i++) {
            var jwt = Jwt.decode(token(json(random, 3), json(random, 3)));
            if (jwt.isPresent()) {
                decoded++;
                jwt.get().getType();
                jwt.get().getKeyId();
                jwt.get().getIssuer();
                jwt.get().getClaim("client_id").asString();
                jwt.get().getIssuedAtAsInstant();
                jwt.get().getExpiresAtAsInstant();
            }
        }
        assertTrue(decoded > 500, "tokens are among them: " + decoded);
    }

    private static String token(String header, String payload) {
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(header.getBytes(UTF_8)) + "." + encoder.encodeToString(payload.getBytes(UTF_8))
                + ".AAAA";
    }

    /** JSON, as a rule an object with the fields of a token, and odd values in them. */
    private static String json(Random random, int depth) {
        return switch (random.nextInt(depth > 0 ? 14 : 9)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "\"1772370000\"";
            case 3 -> Long.toString(random.nextLong());
            case 4 -> random.nextInt() + "." + random.nextInt(1000) + "e" + random.nextInt(400);
            case 5 -> "9223372036854775807";
            case 6 -> "-9223372036854775808";
            case 7 -> "1" + "0".repeat(random.nextInt(1100));
            case 8 -> "\"" + "x".repeat(random.nextInt(20)) + "\"";
            case 9 -> "[" + json(random, depth - 1) + "]";
            default -> object(random, depth);
        };
    }

    private static String object(Random random, int depth) {
        var names = new String[] {"typ", "kid", "alg", "iss", "client_id", "iat", "exp", "nbf", "aud", "exp"};
        var fields = new StringBuilder();
        for (var i = random.nextInt(4); i > 0; i--) {
            fields.append(fields.isEmpty() ? "" : ",")
                    .append('"')
                    .append(names[random.nextInt(names.length)])
                    .append("\":")
                    .append(json(random, depth - 1));
        }
        return "{" + fields + "}";
    }
}
